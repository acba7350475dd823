"""Taking back what was published or archived, publishing together, and who looks after a record: on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.domain.records import CapacityState
from knowledge.domain.text import TranslationState
from knowledge.editorial import care
from knowledge.editorial.actor import Actor
from knowledge.editorial.availability import close, reopen, set_capacity
from knowledge.editorial.due import due_on
from knowledge.editorial.errors import DeskError, NotAllowed
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.records import State, body, get, now
from knowledge.editorial.save import create, save
from knowledge.editorial.schedule import run_due
from knowledge.editorial.together import needs, publish_together
from knowledge.editorial.translate import sections, source_texts, translate
from knowledge.editorial.undo import may_undo, undo, undoable
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import RecordRow
from knowledge.store.engine import begin_writing
from knowledge.store.reader import read_knowledge
from tests.folders import a_service
from tests.integration.databases import Database
from tests.integration.desk.people import CITY, actor_of, user_of

SERVICE = f"service:{CITY}/welcome-point"
Result = TypeVar("Result")
Do = Callable[[Callable[[Session], Result]], Result]
Who = Callable[[str], Actor]


@pytest.fixture
def do(desk_database: Database) -> Callable[[Callable[[Session], Any]], Any]:
    """Runs work in a transaction of its own, as the desk does."""

    def run(work: Callable[[Session], Any]) -> Any:
        with desk_database.sessions() as session, session.begin():
            begin_writing(session)
            return work(session)

    return run


@pytest.fixture
def who(do: Do[Actor]) -> Who:
    """People by name."""
    return lambda name: do(lambda session: actor_of(session, name))


def due(record: RecordRow) -> date | None:
    """By the city's interval for services of 180 days."""
    return due_on(
        public=record.published is not None,
        checked_on=record.checked_on,
        own_days=record.check_every_days,
        kind_days=180,
        today=date.today(),
    )


def change(session: Session, actor: Actor, key: str, *, minor: bool = False, **texts: str) -> RecordRow:
    record = session.get_one(RecordRow, key)
    document = body(session, record)
    return save(session, actor, key, {**document, "texts": {**document["texts"], **texts}}, base=record.newest, minor=minor)


def name_for_readers(session: Session, language: str = "de") -> str:
    service = read_knowledge(session, CITY).services["welcome-point"]
    return service.texts["name"].read((language,)).body


def take_it_back(session: Session, actor: Actor, key: str) -> RecordRow:
    last = undoable(session, session.get_one(RecordRow, key))
    assert last is not None
    return undo(session, actor, key, last.entry)


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


class TestTogether:
    def drafts(self, session: Session, actor: Actor) -> None:
        create(session, actor, CITY, "organization", {"id": "neu", "kind": "association", "texts": {"name": "Neuer Verein"}})
        create(session, actor, CITY, "location", {"id": "neues-haus", "texts": {"name": "Neues Haus"}})
        create(session, actor, CITY, "contact", {"id": "neue-nummer", "organization": "neu", "texts": {"name": "Neue Nummer"}})
        document = a_service("neu", organization="neu", at=[{"location": "neues-haus"}])
        create(session, actor, CITY, "service", {**document, "contact": "neue-nummer"})

    def test_everything_that_is_needed_is_found_in_the_order_of_publishing(self, do: Do[Any], who: Who) -> None:
        reviewer = who("reviewer")
        do(lambda s: self.drafts(s, reviewer))
        found = do(lambda s: needs(s, s.get_one(RecordRow, f"service:{CITY}/neu")))
        assert [one.kind for one in found.records] == ["organization", "location", "contact"]
        assert not found.missing

    def test_all_are_published_with_one_click(self, do: Do[Any], who: Who) -> None:
        reviewer = who("reviewer")
        do(lambda s: self.drafts(s, reviewer))
        done = do(lambda s: publish_together(s, reviewer, f"service:{CITY}/neu"))
        assert [one.kind for one in done] == ["organization", "location", "contact", "service"]
        assert "neu" in do(lambda s: read_knowledge(s, CITY)).services

    def published(self, do: Do[Any], reviewer: Actor) -> tuple[str, ...]:
        """Given a service that was published together with what it needs: their keys, the service last."""
        do(lambda s: self.drafts(s, reviewer))
        return tuple(one.id for one in do(lambda s: publish_together(s, reviewer, f"service:{CITY}/neu")))

    def states(self, do: Do[Any], keys: Sequence[str]) -> list[tuple[str, int | None]]:
        rows = do(lambda s: [s.get_one(RecordRow, key) for key in keys])
        return [(row.state, row.published) for row in rows]

    @pytest.mark.parametrize("asked_on", [0, 1, -1])
    def test_all_of_them_are_taken_back_whichever_page_it_is_asked_on(self, do: Do[Any], who: Who, asked_on: int) -> None:
        reviewer = who("reviewer")
        keys = self.published(do, reviewer)
        last = do(lambda s: undoable(s, s.get_one(RecordRow, keys[asked_on])))
        assert tuple(last.together) == keys
        do(lambda s: undo(s, reviewer, keys[asked_on], last.entry))
        assert self.states(do, keys) == [(State.DRAFT, None)] * 4
        known = do(lambda s: read_knowledge(s, CITY))
        assert ("neu" in known.services, "neu" in known.organizations, "neues-haus" in known.locations) == (False, False, False)
        logged = do(lambda s: s.scalars(select(AuditRow.record).where(AuditRow.action == "undo").order_by(AuditRow.id)).all())
        assert tuple(logged) == tuple(reversed(keys))
        # They can be published together again, and that can be taken back again.
        assert tuple(one.id for one in do(lambda s: publish_together(s, reviewer, keys[-1]))) == keys
        do(lambda s: take_it_back(s, reviewer, keys[-1]))
        assert self.states(do, keys) == [(State.DRAFT, None)] * 4

    def test_what_readers_saw_before_of_the_record_itself_comes_back(self, do: Do[Any], who: Who) -> None:
        """Given a public service that moves into a house that is published with the change."""
        reviewer = who("reviewer")
        do(lambda s: create(s, reviewer, CITY, "location", {"id": "neues-haus", "texts": {"name": "Neues Haus"}}))

        def move(session: Session) -> None:
            record = session.get_one(RecordRow, SERVICE)
            document = body(session, record)
            save(session, reviewer, SERVICE, {**document, "at": [{"location": "neues-haus"}]}, base=record.newest)
            publish_together(session, reviewer, SERVICE)

        before = do(lambda s: [place.location for place in read_knowledge(s, CITY).services["welcome-point"].at])
        do(move)
        assert do(lambda s: [place.location for place in read_knowledge(s, CITY).services["welcome-point"].at]) == ["neues-haus"]
        do(lambda s: take_it_back(s, reviewer, SERVICE))
        known = do(lambda s: read_knowledge(s, CITY))
        assert [place.location for place in known.services["welcome-point"].at] == before
        assert "neues-haus" not in known.locations
        assert self.states(do, [SERVICE]) == [(State.DRAFT, 1)]

    @pytest.mark.parametrize("edited", [1, -1])
    def test_nothing_is_taken_back_where_one_was_edited_since_and_it_is_named(self, do: Do[Any], who: Who, edited: int) -> None:
        reviewer, editor = who("reviewer"), who("editor")
        keys = self.published(do, reviewer)
        do(lambda s: change(s, editor, keys[edited], name="Inzwischen anders"))
        with pytest.raises(DeskError, match="undo_changed") as refused:
            do(lambda s: take_it_back(s, reviewer, keys[0]))
        assert refused.value.fields["records"] == ["Inzwischen anders"]
        assert [published for _, published in self.states(do, keys)] == [1] * 4

    def test_nothing_is_taken_back_where_one_was_archived_since(self, do: Do[Any], who: Who) -> None:
        reviewer = who("reviewer")
        keys = self.published(do, reviewer)
        do(lambda s: archive(s, reviewer, keys[-1]))
        with pytest.raises(DeskError, match="undo_changed") as refused:
            do(lambda s: take_it_back(s, reviewer, keys[0]))
        assert refused.value.fields["records"] == [do(lambda s: s.get_one(RecordRow, keys[-1]).name)]
        assert [published for _, published in self.states(do, keys)] == [1, 1, 1, None]

    def test_nothing_is_taken_back_where_others_use_one_by_now_and_they_are_named(self, do: Do[Any], who: Who) -> None:
        reviewer = who("reviewer")
        keys = self.published(do, reviewer)
        other = a_service("nachbar", organization="offene-hand", at=[{"location": "neues-haus"}], texts={"name": "Nachbar"})
        do(lambda s: create(s, reviewer, CITY, "service", other))
        do(lambda s: publish(s, reviewer, f"service:{CITY}/nachbar"))
        with pytest.raises(DeskError, match="undo_in_use") as refused:
            do(lambda s: take_it_back(s, reviewer, keys[-1]))
        assert refused.value.fields == {"name": "Neues Haus", "records": ["Nachbar"]}
        assert [published for _, published in self.states(do, keys)] == [1] * 4

    def test_a_set_that_was_published_by_the_clock_is_taken_back_whole(self, do: Do[Any], who: Who, desk_database: Database) -> None:
        reviewer = who("reviewer")
        do(lambda s: self.drafts(s, reviewer))
        do(lambda s: publish_together(s, reviewer, f"service:{CITY}/neu", at=now() + timedelta(days=1)))
        with desk_database.sessions() as session:
            keys = run_due(session, now() + timedelta(days=2))
        assert len(keys) == 4
        do(lambda s: take_it_back(s, reviewer, keys[-1]))
        assert self.states(do, keys) == [(State.DRAFT, None)] * 4

    def test_whoever_may_not_take_back_all_takes_back_nothing(self, do: Do[Any], who: Who) -> None:
        """Given a set of a new association and another's reviewer."""
        reviewer, other = who("reviewer"), who("organization_reviewer")
        keys = self.published(do, reviewer)
        last = do(lambda s: undoable(s, s.get_one(RecordRow, keys[-1])))
        assert do(lambda s: may_undo(s, reviewer, last))
        assert not do(lambda s: may_undo(s, other, last))
        with pytest.raises(NotAllowed):
            do(lambda s: undo(s, other, keys[-1], last.entry))

    def test_what_is_missing_altogether_is_named_and_nothing_is_published(self, do: Do[Any], who: Who) -> None:
        reviewer = who("reviewer")
        document = a_service("neu", organization="offene-hand", at=[{"location": "nirgendwo"}])
        do(lambda s: create(s, reviewer, CITY, "service", document))
        found = do(lambda s: needs(s, s.get_one(RecordRow, f"service:{CITY}/neu")))
        assert found.missing == [f"location:{CITY}/nirgendwo"]
        with pytest.raises(DeskError, match="needs"):
            do(lambda s: publish_together(s, reviewer, f"service:{CITY}/neu"))

    def test_scheduled_together_they_come_out_in_the_right_order(self, do: Do[Any], who: Who, desk_database: Database) -> None:
        reviewer = who("reviewer")
        do(lambda s: self.drafts(s, reviewer))
        do(lambda s: publish_together(s, reviewer, f"service:{CITY}/neu", at=now() + timedelta(days=1)))
        with desk_database.sessions() as session:
            done = run_due(session, now() + timedelta(days=2))
        assert [key.partition(":")[0] for key in done] == ["organization", "location", "contact", "service"]
        assert "neu" in do(lambda s: read_knowledge(s, CITY)).services


class TestCare:
    def test_only_those_who_may_edit_it_can_be_responsible(self, do: Do[Any], who: Who) -> None:
        editor = who("editor")
        names = [user.name for user in do(lambda s: care.carers(s, s.get_one(RecordRow, SERVICE)))]
        assert "Second Editor" in names
        assert not {"Staff", "Elsewhere", "Organization Editor"} & set(names)
        second = do(lambda s: user_of(s, "second_editor").id)
        assert do(lambda s: care.set_responsible(s, editor, SERVICE, second)).responsible_id == second
        with pytest.raises(DeskError, match="not_an_editor"):
            do(lambda s: care.set_responsible(s, editor, SERVICE, user_of(s, "staff").id))
        assert do(lambda s: care.set_responsible(s, editor, SERVICE, None)).responsible_id is None

    def test_the_interval_of_a_record_counts_before_that_of_its_kind(self, do: Do[Any], who: Who) -> None:
        editor = who("editor")
        record = do(lambda s: care.set_interval(s, editor, SERVICE, 30))
        checked = record.checked_on
        assert due(record) == checked + timedelta(days=30)
        record = do(lambda s: care.set_interval(s, editor, SERVICE, None))
        assert due(record) == checked + timedelta(days=180)
        with pytest.raises(DeskError, match="interval"):
            do(lambda s: care.set_interval(s, editor, SERVICE, 0))

    def test_a_record_that_is_not_public_is_never_due(self, do: Do[Any], who: Who) -> None:
        editor = who("editor")
        record = do(lambda s: get(s, editor, f"service:{CITY}/entwurf"))
        assert due(record) is None


def test_restoring_and_publishing_old_words_brings_their_translations_back(do: Do[Any], who: Who) -> None:
    reviewer = who("reviewer")
    before = do(lambda s: source_texts(s, s.get_one(RecordRow, SERVICE))["name"])
    english = do(lambda s: name_for_readers(s, "en"))
    for words in ("Ganz anders", before):
        do(lambda s, words=words: change(s, reviewer, SERVICE, name=words))
        do(lambda s: publish(s, reviewer, SERVICE))
    read = do(lambda s: read_knowledge(s, CITY).services["welcome-point"].texts["name"].read(("en",)))
    assert (read.body, read.state is TranslationState.OUTDATED) == (english, False)
