"""Rows become patches; what is wrong is named with its file, row and column, and everything else is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from knowledge.exchange.tables.columns import TABLES
from knowledge.exchange.tables.headers import kind_by_headers, kind_by_name, use_of
from knowledge.exchange.tables.problems import reason
from knowledge.exchange.tables.values import Context
from tests.unit.knowledge.exchange.tables.files import ORGANIZATIONS, documents, keys, read_bytes, read_csv_rows, reasons


def test_every_row_is_a_record(tmp_path: Path) -> None:
    batch = read_csv_rows(tmp_path, ORGANIZATIONS)
    assert documents(batch) == {
        ("organization", "stadt"): {"id": "stadt", "kind": "public", "texts": {"name": "Stadt"}},
        ("organization", "verein"): {"id": "verein", "kind": "association", "texts": {"name": "Verein"}},
    }
    assert (batch.rejected, batch.skipped, batch.notices) == ([], [], [])


class TestMistakes:
    def test_a_wrong_row_is_named_with_row_and_column_and_the_others_are_kept(self, tmp_path: Path) -> None:
        batch = read_csv_rows(tmp_path, [*ORGANIZATIONS, ["firma", "shop", "Firma"], ["amt", "public", "Amt"]])
        assert [patch.id for patch in batch.patches] == ["stadt", "verein", "amt"]
        (wrong,) = batch.rejected
        assert (wrong.file, wrong.row, wrong.column, wrong.record) == ("organizations.csv", 4, "kind", "Firma")
        assert "“shop”" in wrong.reason
        assert "„shop“" in reason(wrong, "de")

    @pytest.mark.parametrize(
        ("row", "called"),
        [
            (["", "Bürgerhaus Süd", "shop"], "Bürgerhaus Süd"),
            (["sued", "Bürgerhaus Süd", "shop"], "Bürgerhaus Süd"),
            (["sued", "", "shop"], "sued"),
        ],
        ids=["the id is made out of the name", "it has both", "it has no name"],
    )
    def test_a_row_is_called_by_the_name_that_stands_in_it(self, tmp_path: Path, row: list[str], called: str) -> None:
        batch = read_csv_rows(tmp_path, [["id", "name", "kind"], row])
        assert {(one.record, one.row) for one in batch.rejected} == {(called, 2)}

    def test_every_mistake_of_a_row_is_named(self, tmp_path: Path) -> None:
        rows = [["id", "name", "latitude", "confidential"], ["rathaus", "Rathaus", "north", "perhaps"]]
        assert reasons(read_csv_rows(tmp_path, rows, "locations.csv")) == [(2, "latitude", "number"), (2, "confidential", "yes_no")]

    def test_what_a_record_must_have_may_not_be_emptied(self, tmp_path: Path) -> None:
        rows = [["id", "organization", "topics", "name"], ["office", "", "registration.address", ""]]
        assert reasons(read_csv_rows(tmp_path, rows, "services.csv")) == [(2, "organization", "missing"), (2, "name", "missing")]

    def test_rules_of_documents_are_named_with_the_column(self, tmp_path: Path) -> None:
        rows = [
            ["id", "topics", "phones", "hours_1", "location_1", "closed_since", "closed_until", "cost_currency"],
            ["office", "nothing.known", "12", "Mo 12:00-09:00", "rathaus", "2026-11-02", "2026-11-01", "EURO"],
        ]
        found = reasons(read_csv_rows(tmp_path, rows, "services.csv"))
        assert sorted(found) == sorted(
            [(2, "topics", "topic"), (2, "hours_1", "time_order"), (2, "closed_since", "closure_order"), (2, "cost_currency", "too_long")]
        )

    def test_hours_without_a_place_are_refused(self, tmp_path: Path) -> None:
        rows = [["id", "name", "location_1", "hours_1"], ["office", "Amt", "", "Mo 09:00-10:00"]]
        assert reasons(read_csv_rows(tmp_path, rows, "services.csv")) == [(2, "location_1", "missing")]

    def test_an_answer_that_is_too_long_is_named(self, tmp_path: Path) -> None:
        rows = [["topic", "title", "answer"], ["registration.address", "Anmelden", "Eins. Zwei. Drei. Vier."]]
        assert reasons(read_csv_rows(tmp_path, rows, "articles.csv")) == [(2, "answer", "sentences")]

    def test_the_second_row_with_an_id_is_refused_also_across_files(self, tmp_path: Path) -> None:
        (tmp_path / "organizations.csv").write_text("id,name,kind\nstadt,Stadt,public\nstadt,Stadt 2,public\n", encoding="utf-8")
        (tmp_path / "organizations-2.csv").write_text("id,name,kind\nstadt,Stadt 3,public\n", encoding="utf-8")
        from knowledge.exchange.tables.reading import read_tables

        batch = read_tables(tmp_path)
        assert len(batch.patches) == 1
        assert [(one.file, one.row, one.key) for one in batch.rejected] == [
            ("organizations.csv", 2, "tables.problem.id_twice"),
            ("organizations.csv", 3, "tables.problem.id_twice"),
        ]
        assert "organizations-2.csv, row 2" in batch.rejected[0].reason


class TestColumns:
    def test_a_missing_column_leaves_the_value_and_an_empty_cell_takes_it_away(self, tmp_path: Path) -> None:
        (patch,) = read_csv_rows(tmp_path, [["id", "email", "website"], ["stadt", "a@example.org", ""]]).patches
        assert patch.values == {"id": "stadt", "email": "a@example.org", "website": None}
        assert patch.place == "organizations.csv, row 2"

    def test_an_emptied_cell_does_not_make_a_secret_address_public(self, tmp_path: Path) -> None:
        (patch,) = read_csv_rows(tmp_path, [["id", "city", "confidential"], ["haus", "", ""]], "locations.csv").patches
        assert patch.values == {"id": "haus", "address.city": None}

    def test_a_column_that_nobody_knows_is_listed_and_left_out(self, tmp_path: Path) -> None:
        batch = read_csv_rows(tmp_path, [["id", "name", "kind", "Haustier", ""], ["stadt", "Stadt", "public", "Katze", "?"]])
        assert [(one.column, one.key) for one in batch.skipped] == [
            ("Haustier", "tables.problem.column_unknown"),
            ("E", "tables.problem.column_nameless"),
        ]
        assert len(batch.patches) == 1

    def test_of_two_columns_for_the_same_the_first_is_read(self, tmp_path: Path) -> None:
        batch = read_csv_rows(tmp_path, [["id", "name", "Bezeichnung"], ["stadt", "Stadt", "Dorf"]])
        assert keys(batch.skipped) == ["column_twice"]
        assert batch.patches[0].values["texts.name"] == "Stadt"

    def test_headers_are_understood_in_german_and_in_other_spellings(self, tmp_path: Path) -> None:
        rows = [
            [
                "Träger",
                "NAME",
                "Öffnungszeiten",
                "Standort",
                "Öffnungszeiten 2",
                "Ort 2",
                "Telefon",
                "E-Mail",
                "Themen",
                "Was man mitbringt",
            ],
            [
                "Stadt",
                "Amt",
                "Mo 09:00-10:00",
                "Rathaus",
                "Di 9:00-10:00",
                "Nord",
                "112",
                "a@example.org",
                "registration.address",
                "Pass\nVertrag",
            ],
        ]
        (document,) = documents(read_csv_rows(tmp_path, rows, "Angebote (1).csv")).values()
        assert (document["id"], document["organization"]) == ("amt", "stadt")
        assert [(at["location"], at["hours"][0]["days"]) for at in document["at"]] == [("rathaus", ["monday"]), ("nord", ["tuesday"])]
        assert document["texts"]["required_documents"] == ["Pass", "Vertrag"]

    @pytest.mark.parametrize("header", ["name@uk", "Name (uk)", "name_uk", "NAME@UK", "name [uk]"])
    def test_a_translation_is_known_by_its_language(self, header: str) -> None:
        use = use_of(TABLES["service"], header)
        assert (use.column.key, use.language, use.state) == ("name", "uk", False)  # type: ignore[union-attr]

    def test_every_label_of_a_catalogue_means_its_column(self) -> None:
        from locales.catalogue import say

        for table in TABLES.values():
            for column in table.columns:
                if column.key.endswith("_2"):
                    continue
                for language in ("en", "de"):
                    use = use_of(table, say(column.label, language))
                    assert use is not None and use.column == column, (table.kind, column.key, language)  # type: ignore[union-attr]


class TestKinds:
    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("services", "service"),
            ("Angebote_neu", "service"),
            ("Orte", "location"),
            ("organizations (2)", "organization"),
            ("liste", None),
        ],
    )
    def test_by_the_name_of_the_file(self, name: str, kind: str | None) -> None:
        assert kind_by_name(name) == kind

    def test_by_the_headers_if_they_fit_one_kind_best(self) -> None:
        assert kind_by_headers(["id", "street", "postal_code", "latitude"]) == "location"
        assert kind_by_headers(["topic", "title", "answer"]) == "article"
        assert kind_by_headers(["id", "name", "email", "phones"]) is None

    def test_titles_and_remarks_may_stand_above_the_header(self, tmp_path: Path) -> None:
        batch = read_csv_rows(tmp_path, [["Unsere Träger"], [], ["Stand: heute"], *ORGANIZATIONS])
        assert len(batch.patches) == 2
        assert batch.patches[0].place == "organizations.csv, row 5"

    def test_a_name_is_on_one_line_also_where_somebody_broke_it_in_the_cell(self, tmp_path: Path) -> None:
        batch = read_csv_rows(tmp_path, [["name", "description", "name@en"], ["Amt für\nArbeit", "Eins.\nZwei.", "Employment \noffice"]])
        assert batch.patches[0].values["texts.name"] == "Amt für Arbeit"
        assert batch.patches[0].values["texts.description"] == "Eins.\nZwei."
        assert batch.translations[0].body == "Employment office"

    def test_a_row_whose_id_begins_with_a_hash_is_a_note(self, tmp_path: Path) -> None:
        batch = read_csv_rows(tmp_path, [ORGANIZATIONS[0], ["# Kennung", "Art", "Name"], *ORGANIZATIONS[1:]])
        assert [patch.id for patch in batch.patches] == ["stadt", "verein"]
        assert not batch.rejected


class TestIdentity:
    def test_without_an_id_the_name_gives_the_same_one_every_time(self, tmp_path: Path) -> None:
        rows = [["name", "kind"], ["Stadt Köln", "public"]]
        first, second = (read_csv_rows(tmp_path, rows).patches[0].id for _ in range(2))
        assert first == second == "stadt-koeln"

    def test_an_id_of_another_list_becomes_one_of_ours_in_rows_and_in_what_points_at_them(self, tmp_path: Path) -> None:
        rows = [["id", "name", "organization", "topics"], ["A-4711", "Amt", "ORG 1", "registration.address"]]
        (document,) = documents(read_csv_rows(tmp_path, rows, "services.csv")).values()
        assert (document["id"], document["organization"]) == ("a-4711", "org-1")

    def test_a_row_without_id_and_name_is_refused(self, tmp_path: Path) -> None:
        assert reasons(read_csv_rows(tmp_path, [["id", "name", "kind"], ["", "", "public"]])) == [(2, "id", "id_missing")]

    def test_an_article_is_known_by_topic_and_audience(self, tmp_path: Path) -> None:
        head = ["id", "topic", "audience", "title"]
        rows = [
            head,
            ["", "registration.address", "", "A"],
            ["schools.enrol:families", "", "", "B"],
            ["schools.enrol:women", "schools.enrol", "families", "C"],
            ["", "", "", "D"],
        ]
        batch = read_csv_rows(tmp_path, rows, "articles.csv")
        assert [patch.id for patch in batch.patches] == ["registration.address:everyone", "schools.enrol:families"]
        assert reasons(batch) == [(4, "id", "article_id"), (5, "id", "topic_missing")]

    def test_the_revision_that_a_row_was_made_from_is_kept(self, tmp_path: Path) -> None:
        batch = read_csv_rows(tmp_path, [["id", "revision", "name"], ["stadt", "7", "Stadt"], ["neu", "", "Neu"], ["x", "new", "X"]])
        assert batch.revisions == {("organization", "stadt"): 7}
        assert reasons(batch) == [(4, "revision", "number")]

    @pytest.mark.parametrize(
        ("written", "known"), [("2026-11-22T05:00:00Z", True), ("2026-11-22T06:00:00+01:00", True), ("today", False), ("", False)]
    )
    def test_the_moment_at_which_a_row_was_made_is_kept(self, tmp_path: Path, written: str, known: bool) -> None:
        batch = read_csv_rows(tmp_path, [["id", "exported", "name"], ["stadt", written, "Stadt"]])
        assert batch.exported == ({("organization", "stadt"): datetime(2026, 11, 22, 5, tzinfo=UTC)} if known else {})
        assert len(batch.patches) == 1


class TestTranslations:
    HEAD = ("id", "name", "name@uk", "name@uk:state")

    def test_a_translation_says_how_far_it_can_be_trusted(self, tmp_path: Path) -> None:
        rows = [self.HEAD, ["a", "A", "А", "reviewed"], ["b", "B", "Б", "machine"], ["c", "C", "Ц", ""], ["d", "D", "Д", "outdated"]]
        found = {one.id: (one.body, one.machine, one.stated) for one in read_csv_rows(tmp_path, rows).translations}
        assert found == {"a": ("А", False, True), "b": ("Б", True, True), "c": ("Ц", True, False), "d": ("Д", True, False)}

    @pytest.mark.parametrize("words", ["Бюро громадян", "مكتب", "Служба 115 (Bürgeramt)"])
    def test_what_excel_has_saved_without_its_letters_takes_no_place(self, tmp_path: Path, words: str) -> None:
        """Saved as "CSV" and not as "CSV UTF-8": letters that western Europe has not are question marks."""
        rows = [["id", "name", "name@uk"], ["a", "Bürgeramt", words], ["b", "Wo? Wie? Was?", "What??"]]
        batch = read_bytes(tmp_path, "\n".join(";".join(row) for row in rows).encode("cp1252", "replace"))
        assert [(one.row, one.column, one.key) for one in batch.rejected] == [(2, "name@uk", "tables.problem.letters_lost")]
        assert [one.id for one in batch.patches] == ["b"]

    def test_an_empty_cell_takes_no_translation_away(self, tmp_path: Path) -> None:
        assert read_csv_rows(tmp_path, [["id", "name", "name@uk"], ["a", "A", ""]]).translations == []

    def test_translated_lists_have_one_item_a_line(self, tmp_path: Path) -> None:
        rows = [["id", "required_documents@en"], ["office", "Passport | Contract"]]
        (one,) = read_csv_rows(tmp_path, rows, "services.csv").translations
        assert one.body == "Passport\nContract"

    def test_the_source_language_by_its_code_is_the_source(self, tmp_path: Path) -> None:
        batch = read_csv_rows(tmp_path, [["id", "name@de", "name@en"], ["a", "Amt", "Office"]], context=Context(source_language="de"))
        assert batch.patches[0].values["texts.name"] == "Amt"
        assert [one.language for one in batch.translations] == ["en"]

    def test_a_state_without_its_translation_is_left_out_and_said(self, tmp_path: Path) -> None:
        batch = read_csv_rows(tmp_path, [["id", "name", "name@uk:state"], ["a", "A", "reviewed"]])
        assert keys(batch.skipped) == ["state_alone"]
        assert batch.translations == []
