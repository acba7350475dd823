"""Talks that go on after weeks, and talks that an earlier version began: the conversations' database is written as it was then."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from bot.channels.rest.routes import conversation_id
from locales.catalogue import say
from tests.server import Desk, answer_of, safety_of, words_of

HOUR = 3_600


@contextmanager
def conversations(desk: Desk) -> Iterator[sqlite3.Connection]:
    """The database of conversations, written at the end."""
    with closing(sqlite3.connect(desk.var / "conversations.db", timeout=30)) as database:
        yield database
        database.commit()


def hours_pass(desk: Desk, sender: str, hours: float) -> None:
    """As if everything in this talk had been said so much earlier."""
    with conversations(desk) as database:
        rows = database.execute("SELECT id, data FROM events WHERE sender_id = ?", (conversation_id(sender),)).fetchall()
        assert rows
        for id, data in rows:
            event = json.loads(data)
            event["timestamp"] -= hours * HOUR
            database.execute("UPDATE events SET data = ?, timestamp = ? WHERE id = ?", (json.dumps(event), event["timestamp"], id))


def as_written_then(desk: Desk, sender: str, *events: dict[str, Any]) -> None:
    """Add `events` to a talk as an earlier version has stored them."""
    with conversations(desk) as database:
        for event in events:
            row = {**event, "timestamp": time.time()}
            values = (conversation_id(sender), row["event"], row["timestamp"], None, row.get("name"), json.dumps(row))
            columns = "sender_id, type_name, timestamp, intent_name, action_name, data"
            database.execute(f"INSERT INTO events ({columns}) VALUES (?, ?, ?, ?, ?, ?)", values)


def payloads(reply: list[dict[str, Any]]) -> list[str]:
    """The payloads of all buttons."""
    return [button["payload"] for one in reply for button in one["buttons"]]


class TestACrisisOfLongAgo:
    @pytest.mark.parametrize("message", ["where is that?", "and on saturday?"])
    def test_is_not_what_a_follow_up_is_about(self, desk: Desk, message: str) -> None:
        sender = uuid.uuid4().hex
        safety_of(desk.say(sender, "my husband hits me every day"))
        hours_pass(desk, sender, 4)
        reply = desk.say(sender, message)
        assert say("follow_up.nothing", "en") in words_of(reply)
        assert payloads(reply) == ["/help"]

    def test_is_not_said_again_in_another_language(self, desk: Desk) -> None:
        sender = uuid.uuid4().hex
        safety_of(desk.say(sender, "my husband hits me every day"))
        hours_pass(desk, sender, 4)
        desk.say(sender, "hello")
        reply = desk.say(sender, '/change_language{"language": "tr"}')
        assert not any("safety" in one["custom"] for one in reply)
        assert "112" not in words_of(reply)

    def test_of_an_hour_ago_it_is_still_what_is_talked_about(self, desk: Desk) -> None:
        sender = uuid.uuid4().hex
        safety_of(desk.say(sender, "my husband hits me every day"))
        hours_pass(desk, sender, 1)
        assert "112" in words_of(desk.say(sender, "thanks"))


class TestAnAnswerOfLongAgo:
    def test_the_next_morning_it_is_still_talked_about(self, desk: Desk) -> None:
        sender = uuid.uuid4().hex
        desk.say(sender, "where can i register my new address after arriving")
        hours_pass(desk, sender, 15)
        assert answer_of(desk.say(sender, "which documents do i need"))["topic"] == "registration.address"

    def test_after_days_a_follow_up_is_asked_what_it_means_but_a_button_still_means_its_answer(self, desk: Desk) -> None:
        sender = uuid.uuid4().hex
        cost = next(one for one in payloads(desk.say(sender, "where can i register my new address after arriving")) if "cost" in one)
        hours_pass(desk, sender, 50)
        assert say("follow_up.nothing", "en") in words_of(desk.say(sender, "where is that?"))
        assert answer_of(desk.say(sender, cost))["topic"] == "registration.address"

    def test_the_language_that_was_chosen_stays_and_nobody_is_introduced_twice(self, desk: Desk) -> None:
        sender = uuid.uuid4().hex
        desk.say(sender, '/change_language{"language": "tr"}')
        hours_pass(desk, sender, 500)
        (reply,) = desk.say(sender, "hello")
        assert reply["language"] == "tr"


class TestATalkThatAnEarlierVersionBegan:
    def test_goes_on_though_it_has_slots_and_actions_that_are_gone(self, desk: Desk) -> None:
        sender = uuid.uuid4().hex
        desk.say(sender, "where can i register my new address after arriving")
        as_written_then(
            desk,
            sender,
            {"event": "slot", "name": "pending", "value": "choice"},
            {"event": "slot", "name": "day", "value": "saturday"},
            {"event": "user", "text": "/original", "parse_data": {"intent": {"name": "original", "confidence": 1.0}, "entities": []}},
            {"event": "action", "name": "action_original", "policy": None, "confidence": 1.0},
            {"event": "bot", "text": "Im Original", "data": {"buttons": [{"title": "Unterlagen", "payload": "/follow_up.documents"}]}},
            {"event": "action", "name": "action_listen", "policy": None, "confidence": 1.0},
        )
        said_before = desk.log().count("pending")
        documents = desk.say(sender, "which documents do i need for that")
        assert answer_of(documents)["topic"] == "registration.address"
        assert "custom" in documents[-1] and not any("error" in one["custom"] for one in documents)
        assert answer_of(desk.say(sender, "how do i find a dentist"))["topic"] == "health.dentist"
        # What is gone is no fault that somebody could mend.
        assert desk.log().count("pending") == said_before
