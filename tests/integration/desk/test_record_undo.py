"""Taking back what was published or archived, and going back to old words: on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from knowledge.documents.canonical import text_digest
from knowledge.domain.records import CapacityState
from knowledge.domain.text import TranslationState
from knowledge.editorial.availability import close, reopen, set_capacity
from knowledge.editorial.errors import DeskError, NotAllowed
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.records import State, body, now
from knowledge.editorial.save import create
from knowledge.editorial.schedule import run_due
from knowledge.editorial.translate import sections, source_texts, translate
from knowledge.editorial.undo import undo, undoable
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import RecordRow
from knowledge.store.reader import read_knowledge
from tests.folders import a_service
from tests.integration.databases import Database
from tests.integration.desk.people import CITY
from tests.integration.desk.record_verbs import SERVICE, Do, Who, change, name_for_readers, take_it_back


class TestUndo:
    def test_what_was_public_before_is_public_again_and_the_new_words_stay_a_draft(self, do: Do[Any], who: Who) -> None:
        reviewer = who("reviewer")
        before = do(name_for_readers)
        do(lambda s: change(s, reviewer, SERVICE, name="Ganz anders"))
        do(lambda s: publish(s, reviewer, SERVICE))
        assert do(name_for_readers) == "Ganz anders"
        record = do(lambda s: take_it_back(s, reviewer, SERVICE))
        assert do(name_for_readers) == before
        assert (record.state, record.published, record.newest) == (State.DRAFT, 1, 2)
        assert do(lambda s: body(s, s.get_one(RecordRow, SERVICE))["texts"]["name"]) == "Ganz anders"

    def test_translations_are_what_they_were(self, do: Do[Any], who: Who) -> None:
        reviewer = who("reviewer")
        states = lambda s: {one.field: (one.translation, one.state) for one in sections(s, s.get_one(RecordRow, SERVICE), "ar")}  # noqa: E731
        public = lambda s: read_knowledge(s, CITY).services["welcome-point"].texts["name"].read(("ar",))  # noqa: E731
        as_it_was, read_before = do(states), do(public)
        do(lambda s: change(s, reviewer, SERVICE, name="Ganz anders"))
        do(lambda s: publish(s, reviewer, SERVICE))
        assert do(states)["name"][1] is TranslationState.OUTDATED
        do(lambda s: take_it_back(s, reviewer, SERVICE))
        assert do(public) == read_before
        # The draft's name differs from the public one again; everything else is as it was.
        assert {field: one for field, one in do(states).items() if field != "name"} == {
            f: one for f, one in as_it_was.items() if f != "name"
        }

    def test_translations_of_the_words_taken_back_come_along_when_they_are_published_again(self, do: Do[Any], who: Who) -> None:
        reviewer = who("reviewer")
        do(lambda s: change(s, reviewer, SERVICE, name="Ganz anders"))
        do(lambda s: publish(s, reviewer, SERVICE))
        do(lambda s: translate(s, reviewer, SERVICE, "name", "en", "Quite different", of=text_digest("Ganz anders")))
        do(lambda s: take_it_back(s, reviewer, SERVICE))
        assert do(lambda s: name_for_readers(s, "en")) != "Quite different"
        do(lambda s: publish(s, reviewer, SERVICE))
        read = do(lambda s: read_knowledge(s, CITY).services["welcome-point"].texts["name"].read(("en",)))
        assert (read.body, read.state) == ("Quite different", TranslationState.REVIEWED)

    def test_an_archived_record_comes_back_with_the_facts_of_the_day(self, do: Do[Any], who: Who) -> None:
        reviewer, key = who("reviewer"), f"service:{CITY}/frei"
        today = now().date()
        do(lambda s: create(s, reviewer, CITY, "service", a_service("frei", organization="offene-hand", at=[])))
        do(lambda s: publish(s, reviewer, key))
        do(lambda s: set_capacity(s, reviewer, key, CapacityState.FULL, None, today))
        do(lambda s: close(s, reviewer, key, today, None))
        do(lambda s: archive(s, reviewer, key))
        assert "frei" not in do(lambda s: read_knowledge(s, CITY)).services
        record = do(lambda s: take_it_back(s, reviewer, key))
        service = do(lambda s: read_knowledge(s, CITY)).services["frei"]
        assert (service.capacity.state, service.closed.since) == (CapacityState.FULL, today)
        assert record.state == State.PUBLISHED

    def test_what_was_opened_again_before_it_was_archived_comes_back_open(self, do: Do[Any], who: Who) -> None:
        """Given a service that was written down as closed, as imports bring it."""
        reviewer, key = who("reviewer"), f"service:{CITY}/frei"
        document = a_service("frei", organization="offene-hand", at=[])
        do(lambda s: create(s, reviewer, CITY, "service", {**document, "closed": {"since": "2026-01-01"}}))
        do(lambda s: publish(s, reviewer, key))
        do(lambda s: reopen(s, reviewer, key))
        do(lambda s: archive(s, reviewer, key))
        do(lambda s: take_it_back(s, reviewer, key))
        assert do(lambda s: read_knowledge(s, CITY)).services["frei"].closed is None

    def test_a_first_publication_becomes_a_draft_again(self, do: Do[Any], who: Who) -> None:
        reviewer, key = who("reviewer"), f"service:{CITY}/frei"
        do(lambda s: create(s, reviewer, CITY, "service", a_service("frei", organization="offene-hand", at=[])))
        do(lambda s: publish(s, reviewer, key))
        record = do(lambda s: take_it_back(s, reviewer, key))
        assert (record.state, record.published) == (State.DRAFT, None)
        assert "frei" not in do(lambda s: read_knowledge(s, CITY)).services

    def test_nothing_is_taken_back_twice_nor_after_something_else(self, do: Do[Any], who: Who) -> None:
        reviewer = who("reviewer")
        assert do(lambda s: undoable(s, s.get_one(RecordRow, SERVICE))) is None
        do(lambda s: change(s, reviewer, SERVICE, name="Eins"))
        do(lambda s: publish(s, reviewer, SERVICE))
        first = do(lambda s: undoable(s, s.get_one(RecordRow, SERVICE)))
        do(lambda s: change(s, reviewer, SERVICE, name="Zwei"))
        do(lambda s: publish(s, reviewer, SERVICE))
        with pytest.raises(DeskError, match="nothing_to_undo"):
            do(lambda s: undo(s, reviewer, SERVICE, first.entry))
        do(lambda s: take_it_back(s, reviewer, SERVICE))
        assert do(name_for_readers) == "Eins"
        assert do(lambda s: undoable(s, s.get_one(RecordRow, SERVICE))) is None

    def test_what_was_published_by_the_clock_can_be_taken_back_too(self, do: Do[Any], who: Who, desk_database: Database) -> None:
        reviewer = who("reviewer")
        before = do(name_for_readers)
        do(lambda s: change(s, reviewer, SERVICE, name="Ab morgen"))
        do(lambda s: publish(s, reviewer, SERVICE, at=now() + timedelta(days=1)))
        with desk_database.sessions() as session:
            assert run_due(session, now() + timedelta(days=2)) == [SERVICE]
        assert do(name_for_readers) == "Ab morgen"
        do(lambda s: take_it_back(s, reviewer, SERVICE))
        assert do(name_for_readers) == before

    def test_it_is_logged_and_needs_the_right_to_publish(self, do: Do[Any], who: Who) -> None:
        reviewer = who("reviewer")
        do(lambda s: change(s, reviewer, SERVICE, name="Eins"))
        do(lambda s: publish(s, reviewer, SERVICE))
        editor = who("editor")
        with pytest.raises(NotAllowed):
            do(lambda s: take_it_back(s, editor, SERVICE))
        do(lambda s: take_it_back(s, reviewer, SERVICE))
        entry = do(lambda s: s.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first())
        assert (entry.action, entry.actor_id, entry.record) == ("undo", reviewer.id, SERVICE)


def test_restoring_and_publishing_old_words_brings_their_translations_back(do: Do[Any], who: Who) -> None:
    reviewer = who("reviewer")
    before = do(lambda s: source_texts(s, s.get_one(RecordRow, SERVICE))["name"])
    english = do(lambda s: name_for_readers(s, "en"))
    for words in ("Ganz anders", before):
        do(lambda s, words=words: change(s, reviewer, SERVICE, name=words))
        do(lambda s: publish(s, reviewer, SERVICE))
    read = do(lambda s: read_knowledge(s, CITY).services["welcome-point"].texts["name"].read(("en",)))
    assert (read.body, read.state is TranslationState.OUTDATED) == (english, False)
