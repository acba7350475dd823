"""Rows to measure on: JSON lines of others, or our own held-back examples."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.nlu.signals import load_ordinary
from knowledge.config import PROJECT
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.topics import load_topics
from locales.registry import base_code

HELD_BACK = PROJECT / "data" / "heldout"
CRISIS, ORDINARY = "crisis", "not_crisis"


@dataclass(frozen=True, slots=True)
class Row:
    """A message with its language and, as far as the row says, its topic or label."""

    text: str
    language: str
    truth: str


def read_rows(what: str, files: Iterable[Path]) -> tuple[list[Row], int]:
    """(usable rows, number of unusable ones). Without files, our own held-back examples."""
    files = list(files)
    raw = [row for path in files for row in _lines(path)] if files else list(own_rows(what))
    rows = [_usable(what, row) for row in raw]
    good = [row for row in rows if row is not None]
    return good, len(rows) - len(good)


def _lines(path: Path) -> Iterable[object]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError:
            yield None


def _usable(what: str, row: object) -> Row | None:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not row["text"].strip():
        return None
    language = base_code(row.get("language")) if isinstance(row.get("language"), str) else None
    if language is None:
        return None
    if what == "language":
        return Row(row["text"], language, language)
    if what == "topics":
        topics = load_topics()
        topic = row.get("topic")
        return Row(row["text"], language, topic) if topic in (*topics.topics, *topics.acts) else None
    label = row.get("label")
    if label is None and isinstance(row.get("topic"), str):
        label = CRISIS if row["topic"] in CRISIS_TOPICS else ORDINARY
    return Row(row["text"], language, label) if label in (CRISIS, ORDINARY) else None


def other_languages() -> dict[str, str]:
    """text -> language of held-back messages that are wholly in another language than the person's ("none": in none)."""
    document = yaml.safe_load((HELD_BACK / "other_language.yml").read_text(encoding="utf-8"))
    return {str(text): language for language, texts in document.items() for text in texts}


def own_rows(what: str) -> Iterable[dict[str, str]]:
    """Our held-back examples in the form of the files."""
    follow_ups = load_topics().follow_ups
    elsewhere = other_languages() if what == "language" else {}
    for path in sorted(HELD_BACK.glob("*/*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            # Follow-ups have no meaning without an answer before them, so they are measured in conversations.
            if what == "topics" and entry["intent"] in follow_ups:
                continue
            for line in entry["examples"].splitlines():
                if line.strip().startswith("- "):
                    text = line.strip()[2:].strip()
                    language = elsewhere.get(text, path.parent.name)
                    if language != "none":
                        yield {"text": text, "language": language, "topic": entry["intent"]}
    if what == "safety":
        for one in load_ordinary(section="ordinary_heldout"):
            yield {"text": one.text, "language": one.language, "topic": one.topic}
    if what == "language":
        for path in sorted((HELD_BACK / "languages").glob("*.txt")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if line.strip():
                    yield {"text": line.strip(), "language": path.stem}
