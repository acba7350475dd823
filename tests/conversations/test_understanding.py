"""Floors by language on our own held-back examples: a language that gets worse fails, even if the mean gets better.

The figures themselves, and what the goals are, stand in docs/measurements.md. Floors lie a little below what was measured there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.rows import read_rows
from bot.evaluation.run import metrics, parse_all, prediction
from bot.model import newest_model
from knowledge.config import PROJECT, load_settings

# The first test waits until the model has read all messages, some 8,000.
pytestmark = pytest.mark.timeout(1800)
FLOORS: dict[str, dict[str, float]] = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, Any]]:
    """All three evaluations, each message read once by the model as it is served."""
    model = newest_model(load_settings().models)
    if model is None:
        pytest.skip("no trained model; `make train` makes one")
    rows = {what: read_rows(what, ())[0] for what in ("language", "topics", "safety")}
    texts = sorted({row.text for found in rows.values() for row in found})
    parsed = dict(zip(texts, parse_all(model, texts), strict=True))
    return {what: metrics(what, found, [prediction(what, parsed[row.text]) for row in found]) for what, found in rows.items()}


@pytest.mark.parametrize("language", sorted(FLOORS["topics"]))
def test_topics_do_not_fall_below_their_floor(measured: dict[str, Any], language: str) -> None:
    assert measured["topics"]["accuracy"]["by_language"][language]["value"] >= FLOORS["topics"][language]


@pytest.mark.parametrize("language", sorted(FLOORS["language"]))
def test_language_identification_does_not_fall_below_its_floor(measured: dict[str, Any], language: str) -> None:
    assert measured["language"]["accuracy"]["by_language"][language]["value"] >= FLOORS["language"][language]


@pytest.mark.parametrize("language", sorted(FLOORS["recall"]))
def test_no_more_crises_are_missed(measured: dict[str, Any], language: str) -> None:
    assert measured["safety"]["recall"]["by_language"][language]["value"] >= FLOORS["recall"][language]


@pytest.mark.parametrize("language", sorted(FLOORS["recall_with_perhaps"]))
def test_nearly_every_crisis_gets_the_emergency_number_first(measured: dict[str, Any], language: str) -> None:
    assert measured["safety"]["recall_with_perhaps"]["by_language"][language]["value"] >= FLOORS["recall_with_perhaps"][language]


@pytest.mark.parametrize("language", sorted(FLOORS["false_alarms"]))
def test_no_more_false_alarms_are_raised(measured: dict[str, Any], language: str) -> None:
    assert measured["safety"]["false_alarms"]["by_language"][language]["value"] <= FLOORS["false_alarms"][language]


def test_every_language_that_is_measured_has_a_floor(measured: dict[str, Any]) -> None:
    assert set(FLOORS["topics"]) == set(measured["topics"]["accuracy"]["by_language"])
    assert set(FLOORS["language"]) == set(measured["language"]["accuracy"]["by_language"])


def test_the_command_gives_the_figures_of_the_contract(tmp_path: Path) -> None:
    rows = [
        {"text": "where do i register my address", "language": "en", "topic": "registration.address"},
        {"text": "wo ist ein Zahnarzt", "language": "de", "topic": "health.dentist"},
        {"text": "nothing to label", "language": "en"},
        {"text": 5, "language": "en", "topic": "health.dentist"},
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows) + "not json\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "evaluate", "topics", str(file), "--json"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    assert (result["n"], result["unusable"]) == (2, 3)
    accuracy = result["metrics"]["accuracy"]
    assert accuracy["mean"] == 1.0
    assert accuracy["by_language"]["de"] == {"n": 1, "value": 1.0}
    assert set(accuracy["worst"]) == {"language", "value"}
