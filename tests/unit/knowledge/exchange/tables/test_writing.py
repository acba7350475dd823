"""What is written: opened rightly by a spreadsheet, harmless, explained, and read back as it was."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from knowledge.documents.canonical import canonical
from knowledge.documents.from_records import documents as published
from knowledge.documents.models import MODELS
from knowledge.domain import records as r
from knowledge.domain.text import TranslationState
from knowledge.exchange.tables.csv_writer import export_csv, separator_for
from knowledge.exchange.tables.reading import read_tables
from knowledge.exchange.tables.rows import UNCHANGED
from knowledge.exchange.tables.xlsx_writer import LONGEST_CELL, export_xlsx
from locales.catalogue import catalogue
from tests import factories as f
from tests.unit.knowledge.exchange.tables.files import documents

PHONE = "+49 30 23125 100"
AWKWARD = '=HYPERLINK("http://a")\nzweite Zeile; mit, allem \'und\' "mehr" _x000D_ \x0b Ende'


def a_city() -> r.Knowledge:
    """A town in which every kind has a record, with awkward words."""
    when = f.hours(
        f.rule("09:00", "12:00"),
        f.rule("14:00", "18:00"),
        f.rule("10:00", "12:00", "saturday", valid_from=date(2026, 6, 1)),
        exceptions=[f.closed_on(date(2026, 12, 24)), f.open_on(date(2026, 12, 31), "09:00", "10:00")],
    )
    office = f.service(
        "office",
        name=f.text("Bürgerbüro", en="Citizens' office", ar="مكتب المواطنين"),
        description=AWKWARD,
        required_documents=f.text("Pass | Ausweis\n=1+1", state=TranslationState.REVIEWED, en="Passport\nContract"),
        fees=f.text("12 Euro", state=TranslationState.OUTDATED, en="10 euros"),
        at={"rathaus": when, "nord": f.day_and_night(), "sued": f.hours(closed_on_holidays=False)},
        speaks=("de", f.spoken("ar", "interpreter", "tuesday", "friday")),
        phones=(r.Phone(PHONE), r.Phone("+49 30 23125 101", "fax")),
        also=("Meldeamt", "Amt | Stadt"),
    )
    office = replace(office, contact="hotline", closed=r.Closure(date(2026, 11, 2)), cost=r.Cost(False, 12.5, "EUR"))
    places = [f.location(), f.location("nord", confidential=True), f.location("sued", district=None)]
    city = f.knowledge(*places, office, f.article(services=("office",), steps="Termin machen\nHingehen"))
    contact = r.Contact("hotline", "stadt", "a@example.org", (r.Phone(PHONE),), f.texts(name="Telefon"))
    page = r.Page("wohnen", None, 3, "housing.search", None, date(2026, 11, 2), f.texts(title="Wohnen", body="# Wohnen\n\n- eins"))
    return replace(city, contacts={"hotline": contact}, pages={"wohnen": page, "unten": replace(page, id="unten", parent="wohnen")})


def compared(city: r.Knowledge) -> dict[tuple[str, str], dict[str, Any]]:
    return {(kind, id): canonical(MODELS[kind].parse_obj(one)) for kind, group in published(city).items() for id, one in group.items()}


def exported(city: r.Knowledge, folder: Path, form: str, **options: Any) -> Path:
    """The city as CSV files or as a workbook."""
    if form == "csv":
        export_csv(city, folder / "tables", {("service", "office"): 4}, **options)
        return folder / "tables"
    return export_xlsx(city, folder / "city.xlsx", {("service", "office"): 4}, **options)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
class TestBackAndForth:
    def test_documents_are_the_same(self, tmp_path: Path, form: str) -> None:
        batch = read_tables(exported(a_city(), tmp_path, form))
        assert documents(batch) == compared(a_city())
        assert (batch.rejected, batch.skipped, batch.notices, batch.format) == ([], [], [], form)

    def test_translations_and_their_states_are_the_same(self, tmp_path: Path, form: str) -> None:
        batch = read_tables(exported(a_city(), tmp_path, form))
        found = {
            (one.field, one.language): (one.body, one.machine, one.stated) for one in batch.translations if one.id == "office" and one.body
        }
        assert found == {
            ("name", "en"): ("Citizens' office", True, True),
            ("name", "ar"): ("مكتب المواطنين", True, True),
            ("required_documents", "en"): ("Passport\nContract", False, True),
            ("fees", "en"): ("10 euros", True, False),
        }

    def test_the_revision_comes_along(self, tmp_path: Path, form: str) -> None:
        assert read_tables(exported(a_city(), tmp_path, form)).revisions == {("service", "office"): 4}

    def test_the_moment_of_reading_comes_along(self, tmp_path: Path, form: str) -> None:
        moment = datetime(2026, 11, 22, 5, 38, 12, 345678, tzinfo=UTC)
        batch = read_tables(exported(replace(a_city(), loaded_at=moment), tmp_path, form))
        assert set(batch.exported.values()) == {moment}


class TestCsv:
    def test_languages_without_translations_have_columns_when_they_are_asked_for(self, tmp_path: Path) -> None:
        export_csv(a_city(), tmp_path, languages=["tr"], separator=",")
        header = (tmp_path / "organizations.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        assert header.endswith("name@tr,name@tr:state,description@tr,description@tr:state")

    def test_excel_recognises_the_letters_and_finds_the_columns(self, tmp_path: Path) -> None:
        export_csv(a_city(), tmp_path)
        content = (tmp_path / "services.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbfid;revision;")
        assert {path.name for path in tmp_path.iterdir()} == {
            "organizations.csv", "locations.csv", "contacts.csv", "services.csv", "articles.csv", "pages.csv",
        }  # fmt: skip

    def test_the_separator_is_the_one_that_the_language_leaves_free(self) -> None:
        assert (separator_for("de"), separator_for("en"), separator_for("xx")) == (";", ",", ",")

    def test_no_cell_begins_like_a_formula(self, tmp_path: Path) -> None:
        export_csv(a_city(), tmp_path, separator=",")
        with (tmp_path / "services.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert f"'{PHONE} | +49 30 23125 101 (fax)" in cells
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []


class TestXlsx:
    def test_text_is_text_and_is_not_calculated_when_it_is_edited(self, tmp_path: Path) -> None:
        sheet = load_workbook(export_xlsx(a_city(), tmp_path / "a.xlsx"))["services"]
        by_key = {cell.value: cell.column for cell in sheet[1]}
        description, phones = sheet.cell(3, by_key["description"]), sheet.cell(3, by_key["phones"])
        assert (description.data_type, phones.data_type) == ("s", "s")
        assert (description.quotePrefix, phones.quotePrefix) == (True, True)
        assert phones.value == f"{PHONE} | +49 30 23125 101 (fax)"
        assert not sheet.cell(3, by_key["name"]).quotePrefix

    def test_numbers_and_dates_are_numbers_and_dates(self, tmp_path: Path) -> None:
        sheet = load_workbook(export_xlsx(a_city(), tmp_path / "a.xlsx", {("service", "office"): 4}))["services"]
        by_key = {cell.value: cell.column for cell in sheet[1]}
        found = [sheet.cell(3, by_key[key]) for key in ("revision", "cost_amount", "checked_on")]
        assert [(cell.value, cell.is_date) for cell in found[:2]] == [(4, False), (12.5, False)]
        assert (found[2].value.date(), found[2].is_date) == (f.MONDAY, True)

    def test_columns_of_text_stay_text_in_new_rows(self, tmp_path: Path) -> None:
        sheet = load_workbook(export_xlsx(a_city(), tmp_path / "a.xlsx"))["services"]
        by_key = {cell.value: cell.column_letter for cell in sheet[1]}
        assert sheet.column_dimensions[by_key["hours_1"]].number_format == "@"
        assert sheet.column_dimensions[by_key["checked_on"]].number_format == "General"

    def test_the_header_stays_in_view_and_labels_are_in_the_citys_language(self, tmp_path: Path) -> None:
        sheet = load_workbook(export_xlsx(a_city(), tmp_path / "a.xlsx"))["services"]
        assert sheet.freeze_panes == "B3"
        labels = {key.value: label.value for key, label in zip(sheet[1], sheet[2], strict=True)}
        assert labels["id"] == "# Kennung"
        assert (labels["location_3"], labels["name@ar"]) == ("Ort 3", "Name (العربية)")
        assert labels["name@ar:state"] == "Name (العربية): Stand"

    def test_closed_lists_can_be_chosen_from(self, tmp_path: Path) -> None:
        sheet = load_workbook(export_xlsx(a_city(), tmp_path / "a.xlsx"))["services"]
        by_key = {cell.value: cell.column_letter for cell in sheet[1]}
        lists = {letter: one for one in sheet.data_validations.dataValidation for letter in by_key.values() if f"{letter}3" in one.sqref}
        assert lists[by_key["appointment"]].formula1 == '"required,possible,none"'
        assert lists[by_key["cost_free"]].formula1 == '"yes,no"'
        assert lists[by_key["name@ar:state"]].formula1 == '"machine,reviewed,outdated"'
        assert lists[by_key["organization"]].formula1.startswith("organizations!$A$3")
        assert by_key["topics"] not in lists
        assert all(len(one.formula1) <= 257 for one in lists.values())

    def test_a_sheet_explains_everything_in_the_citys_language(self, tmp_path: Path) -> None:
        book = load_workbook(export_xlsx(a_city(), tmp_path / "a.xlsx"))
        assert book.sheetnames[0] == "Lies mich"
        words = [str(cell) for row in book["Lies mich"].values for cell in row if cell]
        assert "So arbeiten Sie mit dieser Datei" in words
        assert [word for word in words if word.startswith("tables.")] == []
        english = load_workbook(export_xlsx(a_city(), tmp_path / "b.xlsx", reader="en"))
        assert english.sheetnames[0] == "Read me"
        assert "registration.address" in [row[0] for row in english["lists"].values]

    def test_a_text_that_no_cell_can_hold_is_left_as_it_is(self, tmp_path: Path) -> None:
        city = a_city()
        page = replace(city.pages["wohnen"], texts=f.texts(title="Wohnen", body="a" * (LONGEST_CELL + 1)))
        path = export_xlsx(replace(city, pages={"wohnen": page}), tmp_path / "a.xlsx")
        patch = next(one for one in read_tables(path).patches if one.kind == "page")
        assert "texts.body" not in patch.values
        assert patch.values["texts.title"] == "Wohnen"
        assert UNCHANGED in [cell.value for cell in load_workbook(path)["pages"][3]]

    def test_an_empty_city_gives_tables_to_begin_with(self, tmp_path: Path) -> None:
        path = export_xlsx(replace(f.knowledge(), organizations={}, locations={}), tmp_path / "a.xlsx")
        batch = read_tables(path)
        assert (batch.patches, batch.rejected, batch.skipped) == ([], [], [])


def test_the_words_of_tables_are_complete_in_english_and_german() -> None:
    english, german = ({key for key in catalogue(code) if key.startswith("tables.")} for code in ("en", "de"))
    assert english == german
