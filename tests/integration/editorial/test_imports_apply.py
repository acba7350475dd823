"""An import done: readers see it and the desk remembers it; what somebody has decided, and what stays a draft."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge.domain.text import TranslationState
from knowledge.editorial.actor import Actor
from knowledge.editorial.availability import close
from knowledge.editorial.errors import NotAllowed
from knowledge.editorial.imports.outcome import Decisions
from knowledge.editorial.publish import publish
from knowledge.editorial.records import State, now
from knowledge.editorial.save import create
from knowledge.store.desk_tables import RevisionRow
from tests.integration.editorial.steps import CLUB, OFFICE, SCHOOL, TOWN, Town
from tests.integration.editorial.tables import (
    NEW,
    TODAY,
    applied,
    city_of_changes,
    edit,
    exported,
    imported,
    planned,
    read,
    read_again,
)
from tests.integration.store.steps import published, rows

CAFE = f"service:{TOWN}/cafe"


class TestDone:
    def test_readers_see_it_and_the_desk_has_a_revision_and_an_entry_in_the_log(self, town: Town, reviewer: Actor) -> None:
        stamp, entries = town.stamp(), len(town.audit())
        report = imported(town, reviewer, NEW)
        assert (report.created, report.published, report.translations, report.drafts) == (1, 1, 1, 0)
        known = published(town.database)
        assert known.services["cafe"].texts["name"].body == "Café"
        assert known.services["cafe"].texts["name"].state_in("en") is TranslationState.MACHINE
        record = town.record(CAFE)
        assert (record.state, record.newest, record.published, record.changed_by) == (State.PUBLISHED.value, 1, 1, "Rike")
        assert town.stamp() != stamp
        log = town.audit()[entries:]
        assert [(one.action, one.record, one.actor) for one in log] == [("import", CAFE, "Rike"), ("import_file", None, "Rike")]
        assert "Café" not in str([one.detail for one in log])

    def test_an_update_is_a_new_revision_and_the_old_one_stays(self, town: Town, reviewer: Actor) -> None:
        imported(town, reviewer, [["id", "name"], ["office", "Bürgeramt"]])
        assert town.numbers(OFFICE) == [1, 2]
        assert published(town.database).services["office"].texts["name"].body == "Bürgeramt"
        assert published(town.database).services["office"].texts["fees"].body == "12,50 Euro."
        with town.database.sessions() as session:
            assert session.scalars(select(RevisionRow.body).where(RevisionRow.record_id == OFFICE)).first()["texts"]["name"] == "Bürgerbüro"

    def test_an_untouched_export_writes_nothing_at_all(self, town: Town, reviewer: Actor, tmp_path: Path) -> None:
        stamp, counted = town.stamp(), rows(town.database, without=("audit_entry", "import_memory"))
        applied(town, reviewer, planned(town, read_again(town, exported(town, tmp_path / "out"))))
        assert (town.stamp(), rows(town.database, without=("audit_entry", "import_memory"))) == (stamp, counted)

    def test_every_kind_comes_in_with_one_import(self, town: Town, reviewer: Actor) -> None:
        batch = read(town, [["id", "kind", "name"], ["verein", "association", "Verein"]], "organizations.csv")
        for name, table in {
            "locations.csv": [["id", "name", "street", "district"], ["nord", "Haus Nord", "Weg 1", "mitte"]],
            "contacts.csv": [["id", "name", "organization", "phones"], ["hotline", "Telefon", "verein", "+49 30 23125 100"]],
            "services.csv": [[*NEW[0][:4], "contact", "location_1"], ["cafe", "Café", "verein", "language.courses", "hotline", "nord"]],
            "articles.csv": [
                ["topic", "title", "answer", "source_title", "source_url", "source_level", "checked_on", "services"],
                ["language.courses", "Kurse", "Es gibt Kurse.", "Stadt", "https://www.kleinstadt.example/", "city", "2026-11-02", "cafe"],
            ],
            "pages.csv": [["id", "title", "body"], ["sprache", "Sprache", "# Sprache"]],
        }.items():
            batch.patches += read(town, table, name).patches
        report = applied(town, reviewer, planned(town, batch))
        assert (report.created, report.published) == (6, 6)
        known = published(town.database)
        assert known.services["cafe"].contact == "hotline"
        assert known.articles["language.courses:everyone"].services == ("cafe",)
        assert (known.pages["sprache"].texts["body"].body, known.locations["nord"].district) == ("# Sprache", "mitte")

    def test_another_town_is_not_touched(self, town: Town, reviewer: Actor) -> None:
        before = published(town.database, "nachbarstadt")
        imported(town, reviewer, [["id", "name"], ["office", "Bürgeramt"]])
        assert published(town.database, "nachbarstadt") == before

    def test_facts_of_the_day_stay_as_somebody_has_set_them(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        town.do(lambda session: close(session, editor, OFFICE, TODAY, None))
        imported(town, reviewer, [["id", "name"], ["office", "Bürgeramt"]])
        closed = published(town.database).services["office"].closed
        assert closed is not None and closed.since == TODAY


class TestDrafts:
    def test_without_publishing_everything_waits_with_its_translations(self, town: Town, reviewer: Actor) -> None:
        report = applied(town, reviewer, planned(town, read(town, NEW)), Decisions(publish=False))
        assert (report.created, report.published, report.drafts) == (1, 0, 1)
        assert "cafe" not in published(town.database).services
        town.do(lambda session: publish(session, reviewer, CAFE))
        assert published(town.database).services["cafe"].texts["name"].translations["en"].body == "Café"

    def test_a_draft_that_somebody_is_writing_stays_a_draft(self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path) -> None:
        out = exported(town, tmp_path / "out")
        town.change(editor, OFFICE, fees="Im Entwurf.")
        edit(out, "services.csv", "office", name="Bürgeramt")
        report = applied(town, reviewer, planned(town, read_again(town, out)))
        assert (report.updated, report.drafts) == (1, 1)
        assert published(town.database).services["office"].texts["name"].body == "Bürgerbüro"
        assert town.record(OFFICE).state == State.DRAFT.value
        texts = town.words(OFFICE)["texts"]
        assert (texts["name"], texts["fees"]) == ("Bürgeramt", "Im Entwurf.")

    def test_what_is_planned_for_a_day_to_come_stays_planned(self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path) -> None:
        out = exported(town, tmp_path / "out")
        town.change(editor, OFFICE, fees="Bald.")
        town.do(lambda session: publish(session, reviewer, OFFICE, at=now() + timedelta(days=3)))
        edit(out, "services.csv", "office", name="Bürgeramt")
        applied(town, reviewer, planned(town, read_again(town, out)))
        record = town.record(OFFICE)
        assert (record.state, record.publish_at is not None, record.newest) == (State.SCHEDULED.value, True, 3)

    def test_what_points_at_a_draft_is_a_draft(self, town: Town, administrator: Actor) -> None:
        draft = {"id": "verein", "kind": "association", "texts": {"name": "Verein"}}
        town.do(lambda session: create(session, administrator, TOWN, "organization", draft))
        report = imported(town, administrator, [NEW[0], ["cafe", "Café", "verein", "language.courses", ""]])
        assert (report.created, report.published, report.drafts) == (1, 0, 1)
        town.do(lambda session: publish(session, administrator, CLUB))
        town.do(lambda session: publish(session, administrator, CAFE))
        assert "cafe" in published(town.database).services


class TestDecisions:
    def conflict(self, town: Town, editor: Actor, reviewer: Actor, folder: Path) -> Path:
        out = city_of_changes(town, folder)
        town.change(editor, OFFICE, put_out=reviewer, name="Aus der Redaktion")
        return out

    def test_a_conflict_is_kept_and_the_rest_is_done(self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path) -> None:
        report = applied(town, reviewer, planned(town, read_again(town, self.conflict(town, editor, reviewer, tmp_path))))
        assert (report.updated, report.kept) == (1, [OFFICE])
        assert town.words(OFFICE)["texts"]["name"] == "Aus der Redaktion"
        assert town.words(SCHOOL)["texts"]["name"] == "Schulbüro"

    def test_a_conflict_that_is_taken_is_as_the_file_says(self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path) -> None:
        made = planned(town, read_again(town, self.conflict(town, editor, reviewer, tmp_path)))
        report = applied(town, reviewer, made, Decisions(take=frozenset({OFFICE})))
        assert (report.updated, report.kept) == (2, [])
        assert published(town.database).services["office"].texts["name"].body == "Bürgeramt"
        assert town.numbers(OFFICE) == [1, 2, 3]

    def test_a_record_can_be_left_out_with_what_needs_it(self, town: Town, reviewer: Actor) -> None:
        batch = read(town, [["id", "kind", "name"], ["verein", "association", "Verein"]], "organizations.csv")
        batch.patches += read(
            town, [NEW[0][:4], ["cafe", "Café", "verein", "language.courses"], ["chor", "Chor", "stadt", "language.courses"]]
        ).patches
        report = applied(town, reviewer, planned(town, batch), Decisions(skip=frozenset({CLUB})))
        assert (report.created, sorted(report.skipped)) == (1, [CLUB, CAFE])

    def test_only_what_was_shown_is_done(self, town: Town, reviewer: Actor, tmp_path: Path) -> None:
        out = city_of_changes(town, tmp_path)
        shown = planned(town, read_again(town, out)).fingerprints()
        edit(out, "services.csv", "office", name="Etwas anderes")
        report = applied(town, reviewer, planned(town, read_again(town, out)), Decisions(seen=shown))
        assert (report.updated, report.overtaken) == (1, [OFFICE])
        assert town.words(OFFICE)["texts"]["name"] == "Bürgerbüro"

    def test_who_may_not_import_does_not(self, town: Town, editor: Actor) -> None:
        with pytest.raises(NotAllowed):
            applied(town, editor, planned(town, read(town, NEW)))
        assert "cafe" not in published(town.database).services
