"""A talk of an earlier version holds slots that are gone: passed over in silence, while a mistake of today is still reported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from rasa.shared.core import trackers
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.rasa_side.earlier import GONE, be_silent_about_gone_slots


@pytest.fixture(autouse=True)
def silent() -> Iterator[None]:
    before = list(trackers.logger.filters)
    be_silent_about_gone_slots()
    yield
    trackers.logger.filters[:] = before


@pytest.mark.parametrize("name", GONE)
def test_a_slot_that_is_gone_is_skipped_and_nobody_hears_of_it(name: str, caplog: pytest.LogCaptureFixture) -> None:
    talk = DialogueStateTracker.from_events("someone", [SlotSet(name, "saturday"), UserUttered("hello")], [])
    assert talk.latest_message is not None and talk.latest_message.text == "hello"
    assert caplog.messages == []


def test_any_other_unknown_slot_is_reported(caplog: pytest.LogCaptureFixture) -> None:
    DialogueStateTracker.from_events("someone", [SlotSet("dya", "saturday")], [])
    assert any("dya" in one for one in caplog.messages)


def test_a_slot_that_is_there_is_not_gone() -> None:
    there = yaml.safe_load(Path("bot/domain/conversation.yml").read_text(encoding="utf-8"))["slots"]
    assert not set(GONE) & set(there)
