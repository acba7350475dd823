"""Edit locks and autosave: a courtesy that anybody can take over, and typing that stays with its person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor
from knowledge.editorial.autosave import discard, find, keep, unfinished
from knowledge.editorial.locks import STALE, Holder, acquire, release_lock
from knowledge.editorial.records import now
from knowledge.store.desk_tables import EditLockRow
from tests.integration.editorial.steps import OFFICE, TOWN, Town, at_once


def take(town: Town, actor: Actor, *, take_over: bool = False) -> Holder | None:
    return town.do(lambda session: acquire(session, actor, OFFICE, take_over=take_over))


def test_the_first_one_holds_it_and_others_are_told_who(town: Town, editor: Actor, reviewer: Actor) -> None:
    assert take(town, editor) is None
    holder = take(town, reviewer)
    assert holder is not None and holder.name == "Edda"
    assert take(town, editor) is None


def test_it_is_taken_over_with_one_click_and_the_first_one_is_told(town: Town, editor: Actor, reviewer: Actor) -> None:
    take(town, editor)
    assert take(town, reviewer, take_over=True) is None
    holder = take(town, editor)
    assert holder is not None and holder.name == "Rike"
    assert [one.action for one in town.audit()] == ["take_over"]


def test_a_browser_that_has_gone_holds_nothing(town: Town, editor: Actor, reviewer: Actor) -> None:
    take(town, editor)

    def grow_old(session: Session) -> None:
        session.get_one(EditLockRow, OFFICE).seen_at = now() - STALE - timedelta(seconds=1)

    town.do(grow_old)
    assert take(town, reviewer) is None
    assert take(town, editor) is not None


def test_giving_it_free_gives_it_to_the_next(town: Town, editor: Actor, reviewer: Actor) -> None:
    take(town, editor)
    town.do(lambda session: release_lock(session, reviewer, OFFICE))
    assert take(town, reviewer) is not None
    town.do(lambda session: release_lock(session, editor, OFFICE))
    assert take(town, reviewer) is None


def test_of_two_who_open_it_at_once_one_holds_it(town: Town, editor: Actor, reviewer: Actor) -> None:
    for _ in range(5):
        outcomes = at_once(lambda: take(town, editor), lambda: take(town, reviewer))
        assert sorted(type(one).__name__ for one in outcomes) == ["Holder", "NoneType"]
        town.do(lambda session: release_lock(session, editor, OFFICE))
        town.do(lambda session: release_lock(session, reviewer, OFFICE))


class TestAutosave:
    @pytest.fixture(autouse=True)
    def typed(self, town: Town, editor: Actor) -> None:
        """Given: something that could not even be saved."""
        town.do(lambda session: keep(session, editor, TOWN, OFFICE, "service", 1, {"texts.name": "", "topics": ["a", "b"]}))

    def test_it_comes_back_as_it_was(self, town: Town, editor: Actor) -> None:
        with town.database.sessions() as session:
            found = find(session, editor, OFFICE)
        assert found is not None and (found.fields, found.base) == ({"texts.name": "", "topics": ["a", "b"]}, 1)

    def test_it_is_one_persons(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        with town.database.sessions() as session:
            assert find(session, reviewer, OFFICE) is None
            assert list(unfinished(session, reviewer, TOWN)) == []
            assert [one.form for one in unfinished(session, editor, TOWN)] == [OFFICE]

    def test_the_newest_typing_counts(self, town: Town, editor: Actor) -> None:
        town.do(lambda session: keep(session, editor, TOWN, OFFICE, "service", 2, {"texts.name": "Neu"}))
        with town.database.sessions() as session:
            assert [one.fields for one in unfinished(session, editor, TOWN)] == [{"texts.name": "Neu"}]

    def test_it_is_gone_when_it_was_saved_or_thrown_away(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        town.do(lambda session: keep(session, reviewer, TOWN, OFFICE, "service", 1, {}))
        town.do(lambda session: discard(session, editor, OFFICE))
        with town.database.sessions() as session:
            assert find(session, editor, OFFICE) is None
            assert find(session, reviewer, OFFICE) is not None

    def test_two_windows_of_one_person_at_once_are_no_error(self, town: Town, reviewer: Actor) -> None:
        def typing() -> None:
            town.do(lambda session: keep(session, reviewer, TOWN, "new:page:abc", "page", 0, {"a": "b"}))

        assert at_once(typing, typing, typing) == [None, None, None]
