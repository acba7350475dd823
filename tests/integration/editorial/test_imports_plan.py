"""What an import would do: every change named, nobody's work overwritten unasked, nothing done yet."""

from __future__ import annotations

from pathlib import Path

from knowledge.documents.models import OrganizationModel
from knowledge.domain.records import CapacityState
from knowledge.editorial.actor import Actor
from knowledge.editorial.availability import close, reopen, set_capacity
from knowledge.editorial.imports.outcome import Action, Doubt, Plan
from knowledge.editorial.imports.plan import plan
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.save import create
from knowledge.editorial.verify import still_true
from knowledge.exchange.batch import Batch
from tests.integration.editorial.steps import OFFICE, SCHOOL, TOWN, Town
from tests.integration.editorial.tables import (
    TODAY,
    applied,
    changes,
    edit,
    exported,
    imported,
    only,
    planned,
    read,
    read_again,
)
from tests.integration.store.steps import rows

NEW = [["id", "name", "organization", "topics"], ["cafe", "Café", "stadt", "language.courses"]]
CITY = f"organization:{TOWN}/stadt"


def interesting(made: Plan) -> dict[str, Action]:
    """Key -> action of everything that does not stay as it is."""
    return {item.key: item.action for item in made.items if item.action is not Action.UNCHANGED}


class TestWhatWouldHappen:
    def test_a_new_record_is_created_and_planning_writes_nothing(self, town: Town) -> None:
        before, stamp = rows(town.database), town.stamp()
        item = only(planned(town, read(town, NEW)))
        assert (item.action, item.key, item.name, item.publish) == (Action.CREATE, f"service:{TOWN}/cafe", "Café", True)
        assert item.place == "services.csv, row 2"
        assert (rows(town.database), town.stamp()) == (before, stamp)

    def test_changes_are_named_field_by_field_with_old_and_new(self, town: Town) -> None:
        item = only(planned(town, read(town, [["id", "name", "email"], ["office", "Bürgeramt", "a@example.org"]])))
        assert item.action is Action.UPDATE
        assert changes(item) == {"texts.name": ("Bürgerbüro", "Bürgeramt"), "email": (None, "a@example.org")}

    def test_a_missing_column_changes_nothing_and_an_empty_cell_takes_away(self, town: Town) -> None:
        item = only(planned(town, read(town, [["id", "fees"], ["office", ""]])))
        assert changes(item) == {"texts.fees": ("12,50 Euro.", None)}
        assert item.document["texts"]["name"] == "Bürgerbüro"

    def test_hours_are_understood_as_people_write_them(self, town: Town) -> None:
        made = planned(town, read(town, [["id", "location_1", "hours_1"], ["office", "rathaus", "Montag bis Freitag von 9 bis 12 Uhr"]]))
        (place,) = only(made).document["at"]
        assert [(rule["days"][0], len(rule["days"]), rule["opens"], rule["closes"]) for rule in place["hours"]] == [
            ("monday", 5, "09:00", "12:00")
        ]

    def test_an_export_that_nobody_touched_changes_nothing(self, town: Town, tmp_path: Path) -> None:
        made = planned(town, read_again(town, exported(town, tmp_path / "out")))
        assert interesting(made) == {}
        assert (made.rejected, made.skipped, made.counts["unchanged"]) == ([], [], 6)

    def test_a_new_record_with_the_name_of_an_old_one_is_pointed_out(self, town: Town) -> None:
        made = planned(town, read(town, [NEW[0], ["amt-2", " bürgerbüro ", "stadt", "language.courses"]]))
        assert only(made).action is Action.CREATE
        assert [(one.record, one.key, one.fields) for one in made.notices] == [
            ("bürgerbüro", "desk.imports.notice.same_name", {"id": "office"})
        ]

    def test_a_plan_can_be_kept_and_shown(self, town: Town) -> None:
        kept = planned(town, read(town, [*NEW, ["x", "X", "nobody", "language.courses"]])).as_json()
        assert kept["counts"] == {"create": 1, "update": 0, "unchanged": 0, "conflict": 0, "rejected": 1, "skipped": 0, "notices": 0}
        assert [item["key"] for item in kept["items"]] == [f"service:{TOWN}/cafe"]
        assert kept["rejected"][0]["key"] == "desk.imports.rejected.no_organization"


class TestEditedMeanwhile:
    """The file says from which revision a row is."""

    def test_the_same_field_edited_at_the_desk_is_a_conflict(self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path) -> None:
        out = exported(town, tmp_path / "out")
        edit(out, "services.csv", "office", name="Aus der Datei", fees="Frei.")
        town.change(editor, OFFICE, put_out=reviewer, name="Aus der Redaktion")
        (item,) = [one for one in planned(town, read_again(town, out)).items if one.action is not Action.UNCHANGED]
        assert (item.action, item.doubt) == (Action.CONFLICT, Doubt.CHANGED)
        assert {change.path: change.doubt for change in item.changes} == {"texts.name": True, "texts.fees": False}

    def test_another_field_edited_at_the_desk_stays_beside_the_change(
        self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path
    ) -> None:
        out = exported(town, tmp_path / "out")
        edit(out, "services.csv", "office", fees="Frei.")
        town.change(editor, OFFICE, put_out=reviewer, name="Aus der Redaktion")
        made = planned(town, read_again(town, out))
        assert interesting(made) == {OFFICE: Action.UPDATE}
        applied(town, reviewer, made)
        texts = town.words(OFFICE)["texts"]
        assert (texts["name"], texts["fees"]) == ("Aus der Redaktion", "Frei.")

    def test_a_row_that_the_file_left_alone_does_not_take_back_what_the_desk_did(self, town: Town, editor: Actor, tmp_path: Path) -> None:
        out = exported(town, tmp_path / "out")
        town.change(editor, OFFICE, name="Aus der Redaktion")
        assert interesting(planned(town, read_again(town, out))) == {}

    def test_both_sides_saying_the_same_is_no_conflict(self, town: Town, editor: Actor, tmp_path: Path) -> None:
        out = exported(town, tmp_path / "out")
        edit(out, "services.csv", "office", name="Gleich")
        town.change(editor, OFFICE, name="Gleich")
        assert interesting(planned(town, read_again(town, out))) == {}

    def test_what_was_archived_meanwhile_is_asked_about(self, town: Town, administrator: Actor, tmp_path: Path) -> None:
        town.new_club(administrator)
        town.do(lambda session: publish(session, administrator, f"service:{TOWN}/cafe"))
        out = exported(town, tmp_path / "out")
        edit(out, "services.csv", "cafe", name="Neu")
        town.do(lambda session: archive(session, administrator, f"service:{TOWN}/cafe"))
        (item,) = [one for one in planned(town, read_again(town, out)).items if one.action is not Action.UNCHANGED]
        assert (item.action, item.doubt, item.publish) == (Action.CONFLICT, Doubt.ARCHIVED, False)


class TestWithoutARevision:
    def test_what_a_person_wrote_at_the_desk_is_asked_about(self, town: Town, editor: Actor) -> None:
        town.change(editor, OFFICE, name="Von Hand")
        item = only(planned(town, read(town, [["id", "name"], ["office", "Aus der Liste"]])))
        assert (item.action, item.doubt) == (Action.CONFLICT, Doubt.UNKNOWN)

    def test_what_came_from_a_file_is_updated(self, town: Town) -> None:
        assert only(planned(town, read(town, [["id", "name"], ["office", "Aus der Liste"]]))).action is Action.UPDATE

    def test_the_same_file_again_changes_nothing(self, town: Town, reviewer: Actor) -> None:
        assert imported(town, reviewer, NEW).created == 1
        assert only(planned(town, read(town, NEW))).action is Action.UNCHANGED
        before = rows(town.database, without=("audit_entry",))
        report = imported(town, reviewer, NEW)
        assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
        assert rows(town.database, without=("audit_entry",)) == before

    def test_the_same_source_with_news_updates_and_makes_no_second_record(self, town: Town, reviewer: Actor) -> None:
        imported(town, reviewer, NEW)
        made = planned(town, read(town, [NEW[0], ["cafe", "Sprachcafé", "stadt", "language.courses"]]))
        assert (only(made).action, changes(only(made))) == (Action.UPDATE, {"texts.name": ("Café", "Sprachcafé")})

    def test_edited_at_the_desk_since_the_last_import_is_a_conflict_only_where_the_source_has_news(
        self, town: Town, editor: Actor, reviewer: Actor
    ) -> None:
        cafe = f"service:{TOWN}/cafe"
        imported(town, reviewer, NEW)
        town.change(editor, cafe, put_out=reviewer, name="Von Hand")
        assert only(planned(town, read(town, NEW))).action is Action.UNCHANGED
        news = [NEW[0], ["cafe", "Neu aus der Liste", "stadt", "language.courses"]]
        assert only(planned(town, read(town, news))).doubt is Doubt.CHANGED
        elsewhere = [NEW[0], ["cafe", "Café", "stadt", "language.interpreting"]]
        item = only(planned(town, read(town, elsewhere)))
        assert (item.action, changes(item)) == (Action.UPDATE, {"topics": (["language.courses"], ["language.interpreting"])})

    def test_asking_again_does_not_forget_what_the_source_said_last(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        imported(town, reviewer, NEW)
        town.change(editor, f"service:{TOWN}/cafe", put_out=reviewer, name="Von Hand")
        for _ in range(2):
            report = imported(town, reviewer, NEW)
            assert (report.updated, report.unchanged) == (0, 1)
        assert town.words(f"service:{TOWN}/cafe")["texts"]["name"] == "Von Hand"

    def test_whole_documents_of_another_format_are_compared_in_the_same_way(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        def feed(name: str) -> Batch:
            batch = Batch("hsds")
            batch.add("organization", [OrganizationModel(id="stadt", kind="public", texts={"name": name, "description": "Das Rathaus."})])
            return batch

        assert only(planned(town, feed("Stadt"), "hsds")).action is Action.UNCHANGED
        applied(town, reviewer, planned(town, feed("Stadt"), "hsds"))
        town.change(editor, CITY, put_out=reviewer, name="Von Hand")
        assert only(planned(town, feed("Stadt"), "hsds")).action is Action.UNCHANGED
        assert only(planned(town, feed("Gemeinde"), "hsds")).action is Action.CONFLICT


class TestFactsOfTheDay:
    """Capacity, closure and the checked date are set by one click, beside the revisions."""

    def test_a_click_after_the_export_is_not_taken_back_by_an_untouched_row(self, town: Town, editor: Actor, tmp_path: Path) -> None:
        out = exported(town, tmp_path / "out")
        town.do(lambda session: set_capacity(session, editor, OFFICE, CapacityState.FULL, None, TODAY))
        town.do(lambda session: still_true(session, editor, OFFICE, TODAY))
        town.do(lambda session: close(session, editor, SCHOOL, TODAY, None))
        assert interesting(planned(town, read_again(town, out))) == {}

    def test_a_click_before_the_export_is_in_the_file_and_may_be_changed_there(self, town: Town, editor: Actor, tmp_path: Path) -> None:
        town.do(lambda session: set_capacity(session, editor, OFFICE, CapacityState.FULL, None, TODAY))
        out = exported(town, tmp_path / "out")
        assert interesting(planned(town, read_again(town, out))) == {}
        edit(out, "services.csv", "office", capacity_state="open")
        (item,) = [one for one in planned(town, read_again(town, out)).items if one.action is not Action.UNCHANGED]
        assert (item.action, changes(item)) == (Action.UPDATE, {"capacity.state": ("full", "open")})

    def test_a_place_that_was_reopened_meanwhile_is_not_closed_again(self, town: Town, editor: Actor, tmp_path: Path) -> None:
        town.do(lambda session: close(session, editor, OFFICE, TODAY, None))
        out = exported(town, tmp_path / "out")
        town.do(lambda session: reopen(session, editor, OFFICE))
        found = interesting(planned(town, read_again(town, out)))
        assert found in ({}, {OFFICE: Action.CONFLICT})

    def test_a_click_and_a_change_in_the_file_are_a_conflict(self, town: Town, editor: Actor, tmp_path: Path) -> None:
        out = exported(town, tmp_path / "out")
        edit(out, "services.csv", "office", capacity_state="open", capacity_wait_days="")
        town.do(lambda session: set_capacity(session, editor, OFFICE, CapacityState.FULL, None, TODAY))
        assert interesting(planned(town, read_again(town, out))) == {OFFICE: Action.CONFLICT}

    def test_a_format_that_knows_no_facts_takes_none_back(self, town: Town, reviewer: Actor, editor: Actor) -> None:
        town.do(lambda session: close(session, editor, OFFICE, TODAY, None))
        item = only(planned(town, read(town, [["id", "name"], ["office", "Neu"]])))
        assert item.document["closed"] == {"since": TODAY.isoformat()}
        assert list(changes(item)) == ["texts.name"]


class TestLeftOut:
    def reasons(self, made: Plan) -> list[tuple[str, str]]:
        return [(one.record, (one.key or "").rpartition(".")[2]) for one in made.rejected]

    def test_what_points_at_nothing_and_what_points_at_that(self, town: Town) -> None:
        batch = read(town, [["id", "name", "organization"], ["hotline", "Telefon", "nobody"]], "contacts.csv")
        more = read(
            town,
            [
                [*NEW[0], "contact"],
                ["cafe", "Café", "stadt", "language.courses", "hotline"],
                ["ok", "Gut", "stadt", "language.courses", ""],
            ],
        )
        batch.patches += more.patches
        made = planned(town, batch)
        assert self.reasons(made) == [("Telefon", "no_organization"), ("Café", "no_contact")]
        assert interesting(made) == {f"service:{TOWN}/ok": Action.CREATE}

    def test_a_district_a_place_and_a_page_that_are_not_there(self, town: Town) -> None:
        places = read(town, [["id", "district"], ["nord", "atlantis"]], "locations.csv")
        services = read(town, [[*NEW[0], "location_1"], ["cafe", "Café", "stadt", "language.courses", "mond"]])
        pages = read(town, [["id", "title", "parent"], ["unten", "Unten", "oben"]], "pages.csv")
        batch = places
        batch.patches += services.patches + pages.patches
        assert self.reasons(planned(town, batch)) == [("nord", "no_district"), ("Café", "no_location"), ("Unten", "no_page")]

    def test_pages_may_come_in_any_order(self, town: Town) -> None:
        made = planned(town, read(town, [["id", "title", "parent"], ["unten", "Unten", "oben"], ["oben", "Oben", ""]], "pages.csv"))
        assert len(interesting(made)) == 2

    def test_a_new_record_that_lacks_what_it_must_have_is_named_by_column(self, town: Town) -> None:
        made = planned(town, read(town, [["id", "name"], ["neu", "Neu"]]))
        assert sorted((one.column or "", one.key or "") for one in made.rejected) == [
            ("organization", "tables.problem.missing"),
            ("topics", "tables.problem.missing"),
        ]
        assert {(one.record, one.file, one.row) for one in made.rejected} == {("Neu", "services.csv", 2)}

    def test_a_row_that_breaks_a_rule_only_together_with_the_record(self, town: Town, editor: Actor) -> None:
        town.do(lambda session: close(session, editor, OFFICE, TODAY, None))
        made = planned(town, read(town, [["id", "closed_until"], ["office", "2020-01-01"]]))
        assert [(one.record, one.key) for one in made.rejected] == [("office", "problem.closure_order")]

    def test_records_of_another_town_are_others(self, town: Town, reviewer: Actor) -> None:
        imported(town, reviewer, NEW)
        with town.database.sessions() as session:
            made = plan(session, "nachbarstadt", read(town, NEW), "csv")
        assert interesting(made) == {"service:nachbarstadt/cafe": Action.CREATE}


def test_creating_by_hand_what_the_file_also_has_is_asked_about(town: Town, editor: Actor) -> None:
    document = {"id": "cafe", "organization": "stadt", "topics": ["language.courses"], "texts": {"name": "Von Hand"}}
    town.do(lambda session: create(session, editor, TOWN, "service", document))
    item = only(planned(town, read(town, NEW)))
    assert (item.action, item.doubt, item.publish) == (Action.CONFLICT, Doubt.UNKNOWN, False)
