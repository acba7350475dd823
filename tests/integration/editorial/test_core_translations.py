"""Which changes age translations, and translations of words that are not public yet."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState
from knowledge.editorial.actor import Actor
from knowledge.editorial.errors import Conflict, DeskError
from knowledge.editorial.history import restore
from knowledge.editorial.publish import publish
from knowledge.editorial.translate import Section, sections, translate
from knowledge.store.desk_tables import RecordRow
from tests.integration.editorial.steps import OFFICE, Town
from tests.integration.store.steps import published

MACHINE, REVIEWED, OUTDATED, MISSING = (TranslationState(name) for name in ("machine", "reviewed", "outdated", "missing"))


def section(town: Town, field: str = "name", language: str = "en") -> Section:
    with town.database.sessions() as session:
        return next(one for one in sections(session, session.get_one(RecordRow, OFFICE), language) if one.field == field)


def say_in_english(town: Town, actor: Actor, words: str, field: str = "name", *, machine: bool = False) -> None:
    of = section(town, field).source_digest
    town.do(lambda session: translate(session, actor, OFFICE, field, "en", words, of=of, machine=machine))


def read_in_english(town: Town) -> tuple[str, TranslationState]:
    """What readers get, and its state."""
    found = published(town.database).services["office"].texts["name"].translations["en"]
    return found.body, found.state


def test_a_draft_ages_no_translation(town: Town, editor: Actor) -> None:
    town.change(editor, OFFICE, name="Ganz neu")
    assert read_in_english(town) == ("Citizens' office", MACHINE)


def test_a_published_change_ages_the_translations_of_its_field_only(town: Town, editor: Actor, reviewer: Actor) -> None:
    town.change(editor, OFFICE, put_out=reviewer, name="Ganz neu")
    assert read_in_english(town) == ("Citizens' office", OUTDATED)
    assert section(town, "required_documents").state is MACHINE


def test_a_minor_edit_ages_nothing(town: Town, editor: Actor, reviewer: Actor) -> None:
    town.change(editor, OFFICE, minor=True, put_out=reviewer, name="Bürgerbüro!")
    assert published(town.database).services["office"].texts["name"].body == "Bürgerbüro!"
    assert read_in_english(town) == ("Citizens' office", MACHINE)


def test_one_real_change_among_minor_ones_ages(town: Town, editor: Actor, reviewer: Actor) -> None:
    town.change(editor, OFFICE, name="Ganz neu")
    town.change(editor, OFFICE, minor=True, put_out=reviewer, name="Ganz neu!")
    assert read_in_english(town)[1] is OUTDATED


def test_going_back_before_publishing_ages_nothing(town: Town, editor: Actor, reviewer: Actor) -> None:
    town.change(editor, OFFICE, name="Ganz neu")
    town.do(lambda session: restore(session, editor, OFFICE, 1))
    town.do(lambda session: publish(session, reviewer, OFFICE))
    assert read_in_english(town)[1] is MACHINE


def test_a_translation_of_public_words_is_public_at_once(town: Town, editor: Actor) -> None:
    stamp = town.stamp()
    say_in_english(town, editor, "Residents' office")
    assert read_in_english(town) == ("Residents' office", REVIEWED)
    assert section(town).reviewed_by == "Edda"
    assert town.stamp() != stamp


def test_a_machines_words_are_marked_until_a_person_has_read_them(town: Town, editor: Actor) -> None:
    say_in_english(town, editor, "Citizen bureau", machine=True)
    assert (read_in_english(town), section(town).reviewed_by) == (("Citizen bureau", MACHINE), None)
    say_in_english(town, editor, "Citizen bureau")
    assert read_in_english(town)[1] is REVIEWED


class TestOfWordsThatAreNotPublicYet:
    @pytest.fixture(autouse=True)
    def draft(self, town: Town, editor: Actor) -> None:
        """Given: a draft with another name, and its translation."""
        town.change(editor, OFFICE, name="Ganz neu")
        say_in_english(town, editor, "Brand new")

    def test_readers_keep_the_old_ones(self, town: Town) -> None:
        assert read_in_english(town) == ("Citizens' office", MACHINE)

    def test_the_desk_shows_the_new_ones(self, town: Town) -> None:
        assert (section(town).translation, section(town).state, section(town).public) == ("Brand new", REVIEWED, False)

    def test_they_come_out_with_their_words(self, town: Town, reviewer: Actor) -> None:
        town.do(lambda session: publish(session, reviewer, OFFICE))
        assert read_in_english(town) == ("Brand new", REVIEWED)

    def test_they_wait_where_other_words_come_out(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        town.change(editor, OFFICE, put_out=reviewer, name="Doch anders")
        assert read_in_english(town) == ("Citizens' office", OUTDATED)

    def test_a_further_change_makes_them_outdated(self, town: Town, editor: Actor) -> None:
        town.change(editor, OFFICE, name="Noch neuer")
        assert section(town).state is OUTDATED

    def test_a_machines_words_stay_marked_when_they_come_out(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        say_in_english(town, editor, "Very new", machine=True)
        town.do(lambda session: publish(session, reviewer, OFFICE))
        assert read_in_english(town) == ("Very new", MACHINE)


def test_words_that_changed_while_somebody_translated_are_a_conflict(town: Town, editor: Actor, reviewer: Actor) -> None:
    of = section(town).source_digest
    town.change(reviewer, OFFICE, name="Ganz neu")
    with pytest.raises(Conflict, match=r"desk\.source_changed"):
        town.do(lambda session: translate(session, editor, OFFICE, "name", "en", "Old", of=of))


@pytest.mark.parametrize(
    ("field", "language", "key"), [("name", "xx", "desk.no_language"), ("nothing", "en", "desk.no_field")], ids=["language", "field"]
)
def test_an_unknown_language_or_field_is_said(town: Town, editor: Actor, field: str, language: str, key: str) -> None:
    with pytest.raises(DeskError) as caught:
        town.do(lambda session: translate(session, editor, OFFICE, field, language, "x", of=text_digest("Bürgerbüro")))
    assert caught.value.key == key


@pytest.mark.parametrize(("language", "words"), [("en", "  "), ("de", "Amt")], ids=["empty words", "the city's own language"])
def test_nothing_to_keep_keeps_nothing(town: Town, editor: Actor, language: str, words: str) -> None:
    def work(session: Session) -> None:
        translate(session, editor, OFFICE, "name", language, words, of=text_digest("Bürgerbüro"))

    before = published(town.database)
    town.do(work)
    assert published(town.database) == before
