"""An import done: readers see it, the desk remembers it, and nothing is ever half-done."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState
from knowledge.editorial.actor import Actor
from knowledge.editorial.availability import close
from knowledge.editorial.errors import NotAllowed
from knowledge.editorial.import_runs.writing import Written, write
from knowledge.editorial.imports.apply import apply
from knowledge.editorial.imports.outcome import Action, Cancelled, Decisions
from knowledge.editorial.publish import publish
from knowledge.editorial.records import State, aware, now
from knowledge.editorial.save import create
from knowledge.editorial.translate import sections, translate
from knowledge.store.desk_tables import RecordRow, RevisionRow
from knowledge.store.engine import begin_writing
from knowledge.store.texts import newest_translations
from tests.integration.editorial.steps import ANSWER, CLUB, OFFICE, SCHOOL, TOWN, Town, at_once
from tests.integration.editorial.tables import TODAY, Table, applied, edit, exported, imported, planned, read, read_again
from tests.integration.statements import counted
from tests.integration.store.steps import published, rows

CAFE = f"service:{TOWN}/cafe"
NEW: Table = [["id", "name", "organization", "topics", "name@en"], ["cafe", "Café", "stadt", "language.courses", "Café"]]


def city_of_changes(town: Town, folder: Path) -> Path:
    """An export with a change in each of two services."""
    out = exported(town, folder / "out")
    edit(out, "services.csv", "office", name="Bürgeramt")
    edit(out, "services.csv", "school", name="Schulbüro")
    return out


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


class TestMeanwhile:
    def test_what_somebody_saves_between_plan_and_import_is_left_alone(
        self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path
    ) -> None:
        made = planned(town, read_again(town, city_of_changes(town, tmp_path)))
        town.change(editor, OFFICE, name="Im letzten Moment")
        report = applied(town, reviewer, made)
        assert (report.updated, report.overtaken) == (1, [OFFICE])
        assert town.words(OFFICE)["texts"]["name"] == "Im letzten Moment"

    def test_a_click_after_the_plan_is_not_undone(self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path) -> None:
        made = planned(town, read_again(town, city_of_changes(town, tmp_path)))
        town.do(lambda session: close(session, editor, OFFICE, TODAY, None))
        assert applied(town, reviewer, made).overtaken == [OFFICE]
        assert published(town.database).services["office"].closed is not None

    def test_what_the_import_waits_for_is_not_of_the_import(self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path) -> None:
        """Its undo takes back what was written between its beginning and its end."""
        made = planned(town, read_again(town, city_of_changes(town, tmp_path)))
        done: list[Written] = []

        def bring_in() -> None:
            with town.database.sessions() as session, session.begin():
                begin_writing(session)
                done.append(write(session, reviewer, made, Decisions()))

        importing = threading.Thread(target=bring_in)
        with town.database.sessions() as session, session.begin():
            begin_writing(session)
            session.get_one(RecordRow, OFFICE, with_for_update=True)
            importing.start()
            time.sleep(0.5)
            (words, *_) = sections(session, session.get_one(RecordRow, OFFICE), "tr")
            translate(session, editor, OFFICE, words.field, "tr", "Benim sözlerim", of=words.source_digest)
        importing.join(30)
        with town.database.sessions() as session:
            translated = newest_translations(session, OFFICE)[words.field, "tr"]
        assert done[0].report.updated
        assert aware(translated.created_at) < done[0].began

    def test_two_imports_of_the_same_new_record_make_one(self, town: Town, reviewer: Actor) -> None:
        plans = [planned(town, read(town, NEW)) for _ in range(2)]
        reports = at_once(*(lambda made=made: applied(town, reviewer, made) for made in plans))  # type: ignore[misc]
        assert sorted((one.created, len(one.overtaken)) for one in reports) == [(0, 1), (1, 0)]  # type: ignore[attr-defined]
        assert town.numbers(CAFE) == [1]


class TestAllOrNothing:
    @pytest.mark.parametrize("error", [Cancelled(), RuntimeError("power cut")])
    @pytest.mark.parametrize("after", [0, 1, 2])
    def test_an_import_that_stops_anywhere_leaves_nothing_behind(self, town: Town, reviewer: Actor, error: Exception, after: int) -> None:
        batch = read(town, [["id", "kind", "name"], ["verein", "association", "Verein"]], "organizations.csv")
        batch.patches += read(
            town, [NEW[0], ["cafe", "Café", "verein", "language.courses", "Café"], ["office", "Neu", "stadt", "schools.enrol", ""]]
        ).patches
        made = planned(town, batch)
        before, counted, stamp = published(town.database), rows(town.database), town.stamp()
        told: list[int] = []

        def progress(done: int, total: int) -> None:
            told.append(done)
            if len(told) > after:
                raise error

        with pytest.raises(type(error)):
            applied(town, reviewer, made, progress=progress)
        assert (published(town.database), rows(town.database), town.stamp()) == (before, counted, stamp)
        assert applied(town, reviewer, made).created == 2

    def test_progress_goes_from_nothing_to_everything(self, town: Town, reviewer: Actor) -> None:
        told: list[tuple[int, int]] = []
        many = [NEW[0][:4], *([f"s{n}", f"Angebot {n}", "stadt", "language.courses"] for n in range(450))]
        applied(town, reviewer, planned(town, read(town, many)), progress=lambda done, total: told.append((done, total)))
        assert told[0] == (0, 450)
        assert told[-1] == (450, 450)
        assert [done for done, _ in told] == sorted(done for done, _ in told)
        assert len(told) >= 4


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


def many_services(first: int, last: int) -> Table:
    """Services with the numbers from `first` to `last`, with hours, languages and an English translation."""
    columns = ["id", "name", "organization", "topics", "description", "phones"]
    same = {
        "languages": "de | ar (interpreter: Tu) | uk",
        "location_1": "rathaus",
        "hours_1": "Mo-Fr 09:00-12:00, 14:00-18:00; 2026-12-24 closed",
    }
    table: list[list[str]] = [[*columns, *same, "name@en", "description@en"]]
    for n in range(first, last):
        own = [f"s{n}", f"Angebot {n}", "stadt", "language.courses | language.interpreting", f"Beschreibung {n}", "+49 30 23125 100"]
        table.append([*own, *same.values(), f"Service {n}", f"About {n}"])
    return table


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_five_thousand_services_come_in_at_once(town: Town, reviewer: Actor) -> None:
    told: list[tuple[int, int]] = []
    made = planned(town, read(town, many_services(0, 5000)))
    report = applied(town, reviewer, made, progress=lambda done, total: told.append((done, total)))
    assert (report.created, report.published, report.translations) == (5000, 5000, 10_000)
    assert told[0] == (0, 5000) and told[-1] == (5000, 5000) and len(told) > 10 and told == sorted(told)
    assert len(published(town.database).services) == 5002
    again = planned(town, read(town, many_services(0, 5000)))
    assert (again.counts["unchanged"], again.counts["create"], again.counts["update"]) == (5000, 0, 0)


def test_ten_times_as_many_services_are_written_by_few_more_statements(town: Town, reviewer: Actor) -> None:
    """Reading what is there, the plan, the writing; rows go in together, in parts of hundreds."""
    asked = []
    for first, last in ((0, 40), (40, 440)):
        batch = read(town, many_services(first, last))
        with counted(town.database) as sent:
            made = planned(town, batch)
            report = applied(town, reviewer, made)
        assert report.published == last - first
        asked.append(len(sent))
    assert asked[1] <= asked[0] + 40
    assert len(published(town.database).services) == 442


def test_the_whole_of_an_import_is_one_transaction_of_the_caller(town: Town, reviewer: Actor) -> None:
    made = planned(town, read(town, NEW))
    with town.database.sessions() as session:
        apply(session, reviewer, made)
        session.rollback()
    assert "cafe" not in published(town.database).services
