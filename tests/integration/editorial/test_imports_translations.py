"""Translations that come with an import."""

from __future__ import annotations

from pathlib import Path

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState
from knowledge.editorial.actor import Actor
from knowledge.editorial.imports.outcome import Action, Decisions
from knowledge.editorial.publish import publish
from knowledge.editorial.translate import translate
from tests.integration.editorial.steps import ANSWER, OFFICE, Town
from tests.integration.editorial.tables import (
    applied,
    edit,
    exported,
    imported,
    planned,
    read,
    read_again,
)
from tests.integration.store.steps import published


class TestTranslations:
    def state(self, town: Town, field: str = "title", key: str = "registration.address:everyone") -> TranslationState:
        return published(town.database).articles[key].texts[field].state_in("en")

    def test_new_words_of_the_source_age_a_translation_that_stayed(self, town: Town, reviewer: Actor, tmp_path: Path) -> None:
        out = exported(town, tmp_path / "out")
        edit(out, "articles.csv", "registration.address:everyone", title="Adresse anmelden")
        applied(town, reviewer, planned(town, read_again(town, out)))
        assert self.state(town) is TranslationState.OUTDATED
        assert self.state(town, "answer") is TranslationState.MACHINE

    def test_new_words_of_both_belong_together(self, town: Town, reviewer: Actor, tmp_path: Path) -> None:
        out = exported(town, tmp_path / "out")
        changed = {"title": "Adresse anmelden", "title__at__en": "Register an address", "title__at__en__state": "reviewed"}
        edit(out, "articles.csv", "registration.address:everyone", **changed)
        report = applied(town, reviewer, planned(town, read_again(town, out)))
        assert report.translations == 1
        assert self.state(town) is TranslationState.REVIEWED

    def test_a_machines_words_are_marked_as_reviewed_by_the_file_and_never_the_other_way_round(
        self, town: Town, reviewer: Actor, tmp_path: Path
    ) -> None:
        machine = exported(town, tmp_path / "machine")
        out = exported(town, tmp_path / "out")
        edit(out, "articles.csv", "registration.address:everyone", title__at__en__state="reviewed")
        assert applied(town, reviewer, planned(town, read_again(town, out))).translations == 1
        assert self.state(town) is TranslationState.REVIEWED
        assert town.numbers(ANSWER) == [1]
        assert applied(town, reviewer, planned(town, read_again(town, machine))).updated == 0
        assert self.state(town) is TranslationState.REVIEWED

    def test_what_a_translator_wrote_after_the_export_is_asked_about(self, town: Town, reviewer: Actor, tmp_path: Path) -> None:
        out = exported(town, tmp_path / "out")
        words = {"of": text_digest("Anmelden")}
        town.do(lambda session: translate(session, reviewer, ANSWER, "title", "en", "By hand", **words))
        assert [one for one in planned(town, read_again(town, out)).items if one.action is not Action.UNCHANGED] == []
        edit(out, "articles.csv", "registration.address:everyone", title__at__en="From the file")
        (item,) = [one for one in planned(town, read_again(town, out)).items if one.action is not Action.UNCHANGED]
        assert (item.action, item.changes[0].path, item.changes[0].doubt) == (Action.CONFLICT, "texts.title@en", True)

    def test_words_that_come_back_bring_their_translations(self, town: Town, reviewer: Actor) -> None:
        for name in ("Bürgeramt", "Bürgerbüro"):
            imported(town, reviewer, [["id", "name"], ["office", name]])
        text = published(town.database).services["office"].texts["name"]
        assert (text.translations["en"].body, text.state_in("en")) == ("Citizens' office", TranslationState.MACHINE)

    def test_translations_that_waited_for_these_words_become_public(
        self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path
    ) -> None:
        town.change(editor, OFFICE, name="Bürgeramt")
        words = {"of": text_digest("Bürgeramt")}
        town.do(lambda session: translate(session, editor, OFFICE, "name", "en", "Town office", **words))
        made = planned(town, read(town, [["id", "name", "fees"], ["office", "Bürgeramt", "Frei."]]))
        report = applied(town, reviewer, made, Decisions(take=frozenset({OFFICE})))
        assert (report.updated, report.drafts) == (1, 1)
        town.do(lambda session: publish(session, reviewer, OFFICE))
        assert published(town.database).services["office"].texts["name"].translations["en"].body == "Town office"

    def test_a_translation_of_what_is_not_there_is_left_out_and_said(self, town: Town) -> None:
        made = planned(town, read(town, [["id", "description@en"], ["office", "What we do"]]))
        assert [one.key for one in made.skipped] == ["desk.imports.rejected.no_source"]
        assert made.items[0].action is Action.UNCHANGED
