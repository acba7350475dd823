"""Questions that found no answer: noted beside the reply without their sender, grouped, handled, erased."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from actions.conversation import Human
from actions.finding import Search
from actions.turn import read_turn
from knowledge.api import KnowledgeApi
from knowledge.editorial.actor import Actor
from knowledge.editorial.errors import NotAllowed, NotFound
from knowledge.editorial.questions import keeping
from knowledge.editorial.questions.grouping import Grouper
from knowledge.editorial.questions.keeping import MOST_A_DAY, erase, group, group_new, groups, kept_since, note, set_handled
from knowledge.search.embedder import NoEmbedder
from knowledge.store.desk_tables import UnansweredRow
from knowledge.store.library import Library
from tests.integration.editorial.steps import NEIGHBOUR, TOWN, Town

DAY = date(2026, 11, 20)
POOL = "Wann macht das Schwimmbad auf?"


@pytest.fixture
def api(town: Town) -> KnowledgeApi:
    return KnowledgeApi(Library(town.database.sessions, TOWN), NoEmbedder(), town.database.sessions)


def kept(town: Town) -> list[UnansweredRow]:
    with town.database.sessions() as session:
        return list(session.scalars(select(UnansweredRow).order_by(UnansweredRow.id)))


def said(text: str, *, intent: str = "nlu_fallback", before: list[dict[str, Any]] | None = None, **parsed: Any) -> Any:
    """The turn of a message, as Rasa's tracker would have it."""
    message = {"text": text, "intent": {"name": intent}, "language": {"code": "de", "clear": True}, **parsed}
    events = [*(before or []), {"event": "user", "text": text, "parse_data": message}]
    return read_turn({"slots": {}, "latest_message": message, "events": events}, "de")


def answer(api: KnowledgeApi, turn: Any, action: Any = None) -> None:
    """Reply, and wait until everything is written."""
    assert list((action or Search()).reply(turn, api))
    api.questions.drain()


class TestNoting:
    def test_a_question_without_answer_is_noted_with_its_language_and_day(self, town: Town, api: KnowledgeApi) -> None:
        answer(api, said(f"Guten Tag, ich heiße Leyla Hassan, Tel. 0151 234. {POOL}"))
        (row,) = kept(town)
        assert (row.municipality_id, row.language, row.day, row.handled) == (TOWN, "de", api.now().date(), False)
        assert row.text.endswith(POOL) and "Leyla" not in row.text and "151" not in row.text

    def test_nothing_else_of_the_conversation_is_kept(self) -> None:
        assert set(UnansweredRow.__table__.columns.keys()) == {"id", "municipality_id", "text", "language", "day", "group_id", "handled"}

    def test_a_question_that_is_answered_is_not(self, town: Town, api: KnowledgeApi) -> None:
        ranking = [{"name": "registration.address", "confidence": 0.5}]
        answer(api, said("anmelden", intent_ranking=ranking))
        assert kept(town) == []

    @pytest.mark.parametrize(
        "how",
        [{"safety": {"kind": "safety.violence"}}, {"perhaps_safety": {"kind": "safety.violence"}}, {"intent": "safety.violence"}],
        ids=["finding", "perhaps", "intent"],
    )
    def test_a_message_with_a_sign_of_a_crisis_never_is(self, town: Town, api: KnowledgeApi, how: dict[str, Any]) -> None:
        answer(api, said("Er schlägt mich jeden Tag", **how))
        assert kept(town) == []

    def test_a_button_never_is(self, town: Town, api: KnowledgeApi) -> None:
        answer(api, said('/contact{"service": "nothing"}'))
        assert kept(town) == []

    def test_none_of_these_notes_the_question_that_was_asked(self, town: Town, api: KnowledgeApi) -> None:
        before = [{"event": "user", "text": POOL, "parse_data": {}}, {"event": "action", "name": "action_search"}, {"event": "bot"}]
        answer(api, said("/human", intent="human", before=before), Human())
        assert [row.text for row in kept(town)] == [POOL]

    @pytest.mark.parametrize(
        ("action", "parsed"),
        [("action_answer", {}), ("action_search", {"safety": {"kind": "safety.violence"}})],
        ids=["after an answer", "after a crisis"],
    )
    def test_asking_for_a_person_otherwise_notes_nothing(self, town: Town, api: KnowledgeApi, action: str, parsed: dict[str, Any]) -> None:
        before = [{"event": "user", "text": POOL, "parse_data": parsed}, {"event": "action", "name": action}]
        answer(api, said("/human", intent="human", before=before), Human())
        assert kept(town) == []

    def test_somebody_who_plays_does_not_fill_the_database(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        assert MOST_A_DAY >= 500
        monkeypatch.setattr(keeping, "MOST_A_DAY", 3)
        noted = [town.do(lambda s: note(s, TOWN, POOL, "de", DAY)) for _ in range(5)]
        assert noted == [True, True, True, False, False]
        assert town.do(lambda s: note(s, TOWN, POOL, "de", DAY + timedelta(days=1)))
        assert town.do(lambda s: note(s, NEIGHBOUR, POOL, "de", DAY))

    def test_a_database_that_fails_neither_delays_nor_tells_what_was_asked(self, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken() -> Session:
            raise OperationalError(f"INSERT {POOL}", {}, Exception(POOL))

        api = KnowledgeApi(Library(town.database.sessions, TOWN), NoEmbedder(), broken)
        api.knowledge()
        with structlog.testing.capture_logs() as logs:
            answer(api, said(POOL))
        assert [one["event"] for one in logs] == ["questions.not_noted"]
        assert POOL not in json.dumps(logs, default=str)


class TestGroups:
    @pytest.fixture(autouse=True)
    def asked(self, town: Town) -> Iterator[None]:
        """Given: three questions about a pool, one about a mosque; one of the neighbour's."""
        for text, language, days in (
            (POOL, "de", 2),
            ("wann macht schwimmbad auf", "de", 1),
            ("When does the pool open?", "en", 0),
            ("Schwimmbad auf?", "de", 0),
        ):
            town.do(lambda s, text=text, language=language, days=days: note(s, TOWN, text, language, DAY - timedelta(days=days)))  # type: ignore[misc]
        town.do(lambda s: note(s, NEIGHBOUR, POOL, "de", DAY))
        group_new(town.database.sessions, Grouper(NoEmbedder()))
        yield

    def shown(self, town: Town, actor: Actor) -> list[tuple[int, int]]:
        with town.database.sessions() as session:
            return [(one.id, one.count) for one in groups(session, actor, TOWN)[0]]

    def test_the_most_asked_comes_first_with_examples_and_days(self, town: Town, editor: Actor) -> None:
        with town.database.sessions() as session:
            (pool, english), total = groups(session, editor, TOWN)
        assert (pool.count, pool.last, pool.languages, total) == (3, DAY, [("de", 3)], 2)
        assert pool.examples[0] == ("de", "Schwimmbad auf?")
        assert english.examples == [("en", "When does the pool open?")]

    def test_grouping_again_changes_nothing_and_new_questions_join(self, town: Town, editor: Actor) -> None:
        assert group_new(town.database.sessions, Grouper(NoEmbedder())) == 0
        town.do(lambda s: note(s, TOWN, "macht das Schwimmbad auf", "de", DAY))
        assert group_new(town.database.sessions, Grouper(NoEmbedder())) == 1
        assert self.shown(town, editor) == [(1, 4), (3, 1)]

    def test_what_is_not_grouped_yet_stands_alone(self, town: Town, editor: Actor) -> None:
        town.do(lambda s: note(s, TOWN, "Wo ist die Moschee?", "de", DAY))
        assert self.shown(town, editor) == [(1, 3), (3, 1), (6, 1)]

    def test_a_handled_group_is_gone_until_somebody_asks_anew(self, town: Town, editor: Actor) -> None:
        town.do(lambda s: set_handled(s, editor, TOWN, 1))
        assert self.shown(town, editor) == [(3, 1)]
        town.do(lambda s: note(s, TOWN, POOL, "de", DAY))
        group_new(town.database.sessions, Grouper(NoEmbedder()))
        assert self.shown(town, editor) == [(1, 1), (3, 1)]

    def test_handling_is_undone(self, town: Town, editor: Actor) -> None:
        town.do(lambda s: set_handled(s, editor, TOWN, 1))
        town.do(lambda s: set_handled(s, editor, TOWN, 1, False))
        assert self.shown(town, editor) == [(1, 3), (3, 1)]
        assert [(one.action, one.detail) for one in town.audit()] == [
            ("question_handled", {"group": 1}),
            ("question_reopened", {"group": 1}),
        ]

    def test_nobody_sees_or_handles_those_of_another_town(self, town: Town, editor: Actor, staff: Actor) -> None:
        with pytest.raises(NotFound):
            town.do(lambda s: set_handled(s, editor, TOWN, 5))
        with pytest.raises(NotAllowed), town.database.sessions() as session:
            groups(session, editor, NEIGHBOUR)
        with pytest.raises(NotAllowed):
            town.do(lambda s: set_handled(s, staff, TOWN, 1))

    def test_somebody_of_one_organization_has_nothing_to_do_with_them(self, town: Town, club_editor: Actor) -> None:
        with pytest.raises(NotAllowed), town.database.sessions() as session:
            groups(session, club_editor, TOWN)

    def test_after_their_time_they_are_erased(self, town: Town, editor: Actor) -> None:
        assert town.do(lambda s: erase(s, kept_since(DAY + timedelta(days=29), 30))) == 1
        assert town.do(lambda s: erase(s, kept_since(DAY + timedelta(days=31), 30))) == 4
        with pytest.raises(NotFound), town.database.sessions() as session:
            group(session, editor, TOWN, 1)
