"""`newcomer evaluate`: the trained model as it is served, each row as the first message of a conversation. Never trains."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from bot.evaluation.figures import metric
from bot.evaluation.rows import CRISIS, ORDINARY, Row, read_rows
from bot.model import newest_model
from knowledge.config import Settings
from knowledge.replies.alternatives import other_topics, topics_to_choose

PERHAPS = "perhaps"


async def evaluate_files(settings: Settings, what: str, files: Iterable[Path], errors: Path | None = None) -> dict[str, Any]:
    """The figures in the form of the contract: ``{"n", "unusable", "metrics"}``."""
    rows, unusable = read_rows(what, files)
    model = newest_model(settings.models)
    if model is None:
        raise click.ClickException("There is no trained model yet. Train one with `newcomer train`.")
    parsed = await asyncio.to_thread(parse_all, model, [row.text for row in rows])
    found = [prediction(what, one) for one in parsed]
    if errors is not None:
        wrong = [
            {"text": row.text, "language": row.language, "truth": row.truth, "found": guess}
            for row, guess in zip(rows, found, strict=True)
            if guess != row.truth
        ]
        lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in wrong)
        await asyncio.to_thread(errors.write_text, lines, encoding="utf-8")
    figures = metrics(what, rows, found)
    if what == "topics":
        figures["within_one_tap"] = within_one_tap(rows, parsed)
    return {"n": len(rows), "unusable": unusable, "metrics": figures}


def within_one_tap(rows: list[Row], parsed: list[dict[str, Any]]) -> dict[str, Any]:
    """Beside the contract's accuracy: messages whose topic is answered, or stands on a button above the answer or in the choice."""
    return metric((row.language, row.truth in shown_topics(one)) for row, one in zip(rows, parsed, strict=True))


def shown_topics(parsed: dict[str, Any]) -> tuple[str, ...]:
    """The topics that a reply answers or offers by their probability (what a search finds besides is not counted)."""
    ranking = [(str(one["name"]), float(one["confidence"])) for one in parsed.get("intent_ranking") or ()]
    if parsed["intent"]["name"] == "nlu_fallback":
        return topics_to_choose(ranking)
    return (prediction("topics", parsed), *other_topics(ranking))


def metrics(what: str, rows: list[Row], found: list[str]) -> dict[str, Any]:
    """The metrics of one kind of evaluation."""
    pairs = list(zip(rows, found, strict=True))
    if what != "safety":
        return {"accuracy": metric((row.language, guess == row.truth) for row, guess in pairs)}
    crises = [(row.language, guess == CRISIS) for row, guess in pairs if row.truth == CRISIS]
    ordinary = [(row.language, guess == CRISIS) for row, guess in pairs if row.truth != CRISIS]
    # Beside the contract's two: crises whose reply at least begins with the emergency number, and ordinary messages that carry it too.
    warned = [(row.language, guess != ORDINARY) for row, guess in pairs if row.truth == CRISIS]
    burdened = [(row.language, guess == PERHAPS) for row, guess in pairs if row.truth != CRISIS]
    return {
        "recall": metric(crises),
        "false_alarms": metric(ordinary, low_is_good=True),
        "recall_with_perhaps": metric(warned),
        "perhaps": metric(burdened, low_is_good=True),
    }


def prediction(what: str, parsed: dict[str, Any]) -> str:
    """What the model says, in the terms of the rows."""
    if what == "language":
        return str((parsed.get("language") or {}).get("code"))
    if what == "safety":
        return CRISIS if parsed.get("safety") else PERHAPS if parsed.get("perhaps_safety") else ORDINARY
    intent = str(parsed["intent"]["name"])
    if intent == "nlu_fallback" and parsed.get("intent_ranking"):
        # The assistant asks here; which topic it would have offered first is what is measured.
        intent = str(parsed["intent_ranking"][0]["name"])
    return intent


def parse_all(model: Path, texts: list[str]) -> list[dict[str, Any]]:
    """The NLU's output for each text, through Rasa's own loading and graph."""
    import os

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    import warnings

    warnings.simplefilter("ignore")
    import logging

    import structlog
    from rasa.core.agent import Agent

    # Rasa logs each message it reads at its lowest level; held-back or not, texts do not belong into a log.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    agent = Agent.load(str(model))

    async def parse() -> list[dict[str, Any]]:
        return [await agent.parse_message(text) for text in texts]

    return asyncio.run(parse())
