"""Saving, conflicts, history: nobody's work is overwritten, and nothing that was saved is lost."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor
from knowledge.editorial.errors import Conflict, DeskError, NotFound
from knowledge.editorial.history import restore, revisions
from knowledge.editorial.publish import archive
from knowledge.editorial.records import body, get
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.save import create, save
from knowledge.store.desk_tables import RecordRow
from tests.integration.editorial.steps import ANSWER, OFFICE, TOWN, Town, at_once, club_service
from tests.integration.store.steps import published

PAGE = {"id": "arrival", "texts": {"title": "Ankommen"}}


def renamed(town: Town, actor: Actor, name: str, base: int, key: str = OFFICE) -> RecordRow:
    def work(session: Session) -> RecordRow:
        document = body(session, session.get_one(RecordRow, key))
        return save(session, actor, key, {**document, "texts": {**document["texts"], "name": name}}, base=base)

    return town.do(work)


def test_a_save_is_a_new_revision_and_readers_see_nothing_of_it(town: Town, editor: Actor) -> None:
    before, stamp = published(town.database), town.stamp()
    record = renamed(town, editor, "Neues Büro", 1)
    assert (record.newest, record.published, record.state, record.name) == (2, 1, "draft", "Neues Büro")
    assert (record.changed_by, town.numbers(OFFICE)) == ("Edda", [1, 2])
    assert (published(town.database), town.stamp()) == (before, stamp)


def test_saving_what_is_there_already_changes_nothing(town: Town, editor: Actor) -> None:
    record = renamed(town, editor, "Bürgerbüro", 1)
    assert (record.newest, record.state) == (1, "published")


def test_a_save_on_an_old_revision_is_a_conflict_that_names_who_was_faster(town: Town, editor: Actor, reviewer: Actor) -> None:
    renamed(town, reviewer, "Erster", 1)
    with pytest.raises(Conflict) as caught:
        renamed(town, editor, "Zweiter", 1)
    assert (caught.value.fields["by"], caught.value.fields["newest"]) == ("Rike", 2)
    assert town.words(OFFICE)["texts"]["name"] == "Erster"


def test_of_two_who_save_in_the_same_moment_one_wins_and_the_other_is_told(town: Town, editor: Actor, reviewer: Actor) -> None:
    for base in (1, 2, 3):
        first, second = at_once(
            lambda base=base: renamed(town, editor, f"Edda {base}", base), lambda base=base: renamed(town, reviewer, f"Rike {base}", base)
        )
        assert sorted((type(first), type(second)), key=lambda one: one.__name__) == [Conflict, RecordRow]
        assert town.numbers(OFFICE) == list(range(1, base + 2))


def test_many_who_save_and_try_again_each_get_one_number(town: Town, editor: Actor) -> None:
    def until_it_works(name: str) -> int:
        while True:
            try:
                return renamed(town, editor, name, town.record(OFFICE).newest).newest
            except Conflict:
                continue

    outcomes = at_once(*(lambda name=name: until_it_works(f"Name {name}") for name in range(5)))
    assert sorted(outcomes) == [2, 3, 4, 5, 6]  # type: ignore[type-var]
    assert town.numbers(OFFICE) == [1, 2, 3, 4, 5, 6]


def test_of_two_who_take_the_same_new_id_one_is_told_that_it_is_taken(town: Town, editor: Actor, reviewer: Actor) -> None:
    outcomes = at_once(*(lambda by=by: town.do(lambda s: create(s, by, TOWN, "page", PAGE)) for by in (editor, reviewer)))
    assert sorted(type(one).__name__ for one in outcomes) == ["DeskError", "RecordRow"]
    assert next(one.key for one in outcomes if isinstance(one, DeskError)) == "desk.exists"
    assert town.numbers(f"page:{TOWN}/arrival") == [1]


def test_a_broken_rule_saves_nothing(town: Town, editor: Actor) -> None:
    with pytest.raises(ValidationError):
        renamed(town, editor, "", 1)
    assert town.numbers(OFFICE) == [1]


@pytest.mark.parametrize("change", [{"id": "other"}], ids=str)
def test_an_id_stays(town: Town, editor: Actor, change: dict[str, str]) -> None:
    with pytest.raises(DeskError, match=r"desk\.identity"):
        town.do(lambda session: save(session, editor, OFFICE, {**town.words(OFFICE), **change}, base=1))


def test_topic_and_audience_of_an_answer_stay(town: Town, editor: Actor) -> None:
    with pytest.raises(DeskError, match=r"desk\.identity"):
        town.do(lambda session: save(session, editor, ANSWER, {**town.words(ANSWER), "topic": "schools.enrol"}, base=1))


def test_a_new_record_is_a_draft_of_the_person_who_made_it(town: Town, editor: Actor) -> None:
    record = town.do(lambda session: create(session, editor, TOWN, "service", club_service("cafe", organization="stadt")))
    assert (record.state, record.newest, record.published, record.responsible_id) == ("draft", 1, None, editor.id)
    assert record.organization_id == f"{TOWN}/stadt"
    assert "cafe" not in published(town.database).services


def test_several_verbs_in_one_transaction_build_on_one_another(town: Town, editor: Actor, reviewer: Actor) -> None:
    def work(session: Session) -> RecordRow:
        document = body(session, session.get_one(RecordRow, OFFICE))
        for number in (1, 2):
            save(session, editor, OFFICE, {**document, "texts": {**document["texts"], "name": f"Name {number}"}}, base=number)
        submit(session, editor, OFFICE)
        send_back(session, reviewer, OFFICE, "Noch einmal")
        return restore(session, editor, OFFICE, 1)

    record = town.do(work)
    assert (record.newest, record.state, record.review_note) == (4, "draft", "Noch einmal")


class TestHistory:
    def test_every_revision_says_who_when_and_what(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        renamed(town, editor, "Zwei", 1)
        renamed(town, reviewer, "Drei", 2)
        with town.database.sessions() as session:
            found = revisions(session, session.get_one(RecordRow, OFFICE))
        assert [(one.number, one.author, one.body["texts"]["name"]) for one in found] == [
            (3, "Rike", "Drei"),
            (2, "Edda", "Zwei"),
            (1, "import", "Bürgerbüro"),
        ]

    def test_restoring_writes_the_old_words_as_the_newest_draft(self, town: Town, editor: Actor) -> None:
        old = town.words(OFFICE)
        renamed(town, editor, "Zwei", 1)
        record = town.do(lambda session: restore(session, editor, OFFICE, 1))
        assert (record.newest, record.state, record.name) == (3, "draft", "Bürgerbüro")
        assert town.words(OFFICE) == old

    def test_restoring_what_is_newest_makes_no_draft_of_what_is_published(self, town: Town, editor: Actor) -> None:
        record = town.do(lambda session: restore(session, editor, OFFICE, 1))
        assert (record.newest, record.state) == (1, "published")

    def test_restoring_brings_an_archived_record_back_as_a_draft(self, town: Town, reviewer: Actor) -> None:
        town.do(lambda session: archive(session, reviewer, ANSWER))
        record = town.do(lambda session: restore(session, reviewer, ANSWER, 1))
        assert (record.state, record.published) == ("draft", None)

    def test_a_revision_that_is_not_there_is_said_so(self, town: Town, editor: Actor) -> None:
        with pytest.raises(NotFound):
            town.do(lambda session: restore(session, editor, OFFICE, 7))

    def test_an_older_revision_can_be_read(self, town: Town, editor: Actor) -> None:
        renamed(town, editor, "Zwei", 1)
        with town.database.sessions() as session:
            assert body(session, get(session, editor, OFFICE), 1)["texts"]["name"] == "Bürgerbüro"
