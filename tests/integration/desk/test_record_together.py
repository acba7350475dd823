"""Publishing a record with what it needs, and taking all of it back: on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor
from knowledge.editorial.errors import DeskError, NotAllowed
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.records import State, body, now
from knowledge.editorial.save import create, save
from knowledge.editorial.schedule import run_due
from knowledge.editorial.together import needs, publish_together
from knowledge.editorial.undo import may_undo, undo, undoable
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import RecordRow
from knowledge.store.reader import read_knowledge
from tests.folders import a_service
from tests.integration.databases import Database
from tests.integration.desk.people import CITY
from tests.integration.desk.record_verbs import SERVICE, Do, Who, change, take_it_back


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
