"""Workbooks as people make them: dates, numbers, merged cells, hidden sheets, formulas, and what is no workbook of ours."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from knowledge.exchange.tables import limits
from knowledge.exchange.tables.problems import UnreadableFile
from tests.unit.knowledge.exchange.tables.files import ORGANIZATIONS, documents, keys, read_book, read_bytes, reasons, workbook

SERVICE = ["id", "name", "topics", "organization"]


def refusal(folder: Path, content: bytes, name: str = "book.xlsx") -> str:
    with pytest.raises(UnreadableFile) as raised:
        read_bytes(folder, content, name)
    return raised.value.key.rpartition(".")[2]


def as_bytes(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(content: bytes, part: str, change: dict[bytes, bytes]) -> bytes:
    """The workbook with words of one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == part:
                for before, after in change.items():
                    assert before in data
                    data = data.replace(before, after)
            new.writestr(name, data)
    return out.getvalue()


def with_formula(book: Workbook, cell: bytes, result: bytes) -> bytes:
    """The workbook as a spreadsheet saves it once it has calculated the formula in `cell`."""
    before, after = b'<c r="%b"><f>1</f><v /></c>' % cell, b'<c r="%b" t="str"><f>1</f><v>%b</v></c>' % (cell, result)
    return with_part(as_bytes(book), "xl/worksheets/sheet1.xml", {before: after})


class TestWhatExcelMakesOfValues:
    def test_numbers_dates_and_booleans(self, tmp_path: Path) -> None:
        head = [*SERVICE, "capacity_wait_days", "cost_amount", "checked_on", "cost_free", "closed_since"]
        row = ["office", 2024.0, "registration.address", 12.0, 14.0, 12.5, datetime(2026, 11, 2), True, date(2026, 12, 1)]
        (found,) = documents(read_book(tmp_path, workbook({"services": [head, row]}))).values()
        assert (found["texts"]["name"], found["organization"]) == ("2024", "12")
        assert (found["capacity"]["wait_days"], found["cost"]) == (14, {"free": True, "amount": 12.5})
        assert (found["checked_on"], found["closed"]) == ("2026-11-02", {"since": "2026-12-01"})

    def test_a_postal_code_keeps_the_zeros_that_it_is_shown_with(self, tmp_path: Path) -> None:
        book = workbook({"locations": [["id", "postal_code"], ["rathaus", 1067]]})
        book["locations"]["B2"].number_format = "00000"
        assert read_book(tmp_path, book).patches[0].values["address.postal_code"] == "01067"

    def test_hours_that_became_a_date_are_refused_in_words(self, tmp_path: Path) -> None:
        book = workbook({"services": [["id", "location_1", "hours_1"], ["office", "rathaus", datetime(2026, 7, 24)]]})
        assert reasons(read_book(tmp_path, book)) == [(2, "hours_1", "made_date")]

    def test_the_result_of_a_formula_is_read(self, tmp_path: Path) -> None:
        book = workbook({"organizations": [*ORGANIZATIONS, ["neu", "public", "=1"]]})
        content = with_part(
            as_bytes(book), "xl/worksheets/sheet1.xml", {b'<c r="C4"><f>1</f><v /></c>': b'<c r="C4" t="str"><f>1</f><v>Neu</v></c>'}
        )
        assert read_bytes(tmp_path, content, "book.xlsx").patches[2].values["texts.name"] == "Neu"

    def test_a_formula_that_nobody_has_calculated_does_not_count_as_empty(self, tmp_path: Path) -> None:
        book = workbook({"organizations": [["id", "kind", "website"], ["neu", "public", '=CONCATENATE("a","b")']]})
        assert reasons(read_book(tmp_path, book)) == [(2, "website", "formula")]

    def test_a_formula_with_an_empty_result_is_empty(self, tmp_path: Path) -> None:
        book = workbook({"organizations": [["id", "kind", "website"], ["neu", "public", "=1"]]})
        content = with_part(
            as_bytes(book), "xl/worksheets/sheet1.xml", {b'<c r="C2"><f>1</f><v /></c>': b'<c r="C2" t="str"><f>1</f><v></v></c>'}
        )
        assert read_bytes(tmp_path, content, "book.xlsx").patches[0].values["website"] is None

    def test_an_error_of_a_formula_is_named(self, tmp_path: Path) -> None:
        book = workbook({"organizations": [["id", "kind", "name"], ["neu", "public", "#REF!"]]})
        assert reasons(read_book(tmp_path, book)) == [(2, "name", "formula_error")]


class TestShapes:
    def test_each_sheet_is_a_table_and_hidden_ones_are_left_out_with_a_notice(self, tmp_path: Path) -> None:
        book = workbook(
            {"Angebote": [SERVICE, ["office", "Amt", "registration.address", "stadt"]], "organizations": ORGANIZATIONS, "locations": []}
        )
        book.create_sheet("contacts").append(["id", "name"])
        book["contacts"].append(["hotline", "Telefon"])
        book["contacts"].sheet_state = "hidden"
        batch = read_book(tmp_path, book)
        assert [patch.kind for patch in batch.patches] == ["organization", "organization", "service"]
        assert [(one.record, one.key) for one in batch.notices] == [("contacts", "tables.problem.sheet_hidden")]

    def test_trailing_empty_rows_and_marks_far_away_cost_nothing(self, tmp_path: Path) -> None:
        book = workbook({"organizations": ORGANIZATIONS})
        book["organizations"].cell(row=100_000, column=1, value=" ")
        book["organizations"].cell(row=5, column=16_000, value="x")
        batch = read_book(tmp_path, book)
        assert [patch.id for patch in batch.patches] == ["stadt", "verein"]
        assert batch.rejected == []

    def test_a_sheet_that_is_wrong_about_its_own_size_is_read_whole(self, tmp_path: Path) -> None:
        content = as_bytes(workbook({"organizations": ORGANIZATIONS}))
        smaller = with_part(content, "xl/worksheets/sheet1.xml", {b'<dimension ref="A1:C3" />': b'<dimension ref="A1:A1" />'})
        assert len(read_bytes(tmp_path, smaller, "book.xlsx").patches) == 2

    def test_a_cell_joined_over_rows_holds_for_each_of_them(self, tmp_path: Path) -> None:
        rows = [SERVICE, *([f"s{n}", f"Amt {n}", "registration.address", "stadt" if n == 1 else None] for n in (1, 2, 3))]
        book = workbook({"services": rows})
        book["services"].merge_cells("D2:D4")
        batch = read_book(tmp_path, book)
        assert [patch.values["organization"] for patch in batch.patches] == ["stadt"] * 3

    def test_a_cell_joined_over_columns_makes_its_row_unclear(self, tmp_path: Path) -> None:
        book = workbook({"organizations": [["Träger der Stadt", None, None], *ORGANIZATIONS]})
        book["organizations"].merge_cells("A1:C1")
        book["organizations"].merge_cells("B3:C3")
        batch = read_book(tmp_path, book)
        assert [patch.id for patch in batch.patches] == ["verein"]
        assert reasons(batch) == [(3, "kind", "merged")]

    def test_rows_hidden_by_a_filter_are_read(self, tmp_path: Path) -> None:
        book = workbook({"organizations": ORGANIZATIONS})
        book["organizations"].row_dimensions[2].hidden = True
        assert len(read_book(tmp_path, book).patches) == 2

    def test_rejections_name_file_and_sheet(self, tmp_path: Path) -> None:
        book = workbook({"organizations": [*ORGANIZATIONS, ["x", "shop", "X"]], "services": [SERVICE]})
        (wrong,) = read_book(tmp_path, book).rejected
        assert str(wrong).startswith("book.xlsx, organizations, row 4, kind: X: ")

    def test_a_workbook_without_any_table_of_ours_is_refused(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, as_bytes(workbook({"Tabelle1": [["Katzen", "Hunde"], [1, 2]]}))) == "no_tables"


class TestRefused:
    def test_old_excel(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xls") == "old_excel"

    def test_a_password(self, tmp_path: Path) -> None:
        container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
        assert refusal(tmp_path, container) == "password"

    @pytest.mark.parametrize(
        ("members", "key"),
        [(("mimetype", "content.xml"), "open_document"), (("[Content_Types].xml", "xl/workbook.bin"), "binary_excel")],
    )
    def test_workbooks_of_other_forms(self, tmp_path: Path, members: tuple[str, ...], key: str) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in members:
                archive.writestr(name, "x")
        assert refusal(tmp_path, out.getvalue()) == key

    def test_a_damaged_workbook(self, tmp_path: Path) -> None:
        content = as_bytes(workbook({"organizations": ORGANIZATIONS}))
        assert refusal(tmp_path, content[: len(content) // 2]) == "broken"
        assert refusal(tmp_path, with_part(content, "xl/worksheets/sheet1.xml", {b"<sheetData>": b"<sheetData><row"})) == "broken"

    def test_a_bomb(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MOST_UNPACKED", 20 * limits.MEBIBYTE)
        out = io.BytesIO(as_bytes(workbook({"organizations": ORGANIZATIONS})))
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/a.bin", b"\0" * (20 * limits.MEBIBYTE))
        assert refusal(tmp_path, out.getvalue()) == "too_large"

    def test_entities_that_grow_without_end(self, tmp_path: Path) -> None:
        laughs = (
            b'<!DOCTYPE x [<!ENTITY a0 "ha">'
            + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
            + b"]><worksheet"
        )
        content = as_bytes(workbook({"organizations": ORGANIZATIONS}))
        bomb = with_part(content, "xl/worksheets/sheet1.xml", {b"<worksheet": laughs, b"<sheetData>": b"<sheetData>&a9;"})
        assert refusal(tmp_path, bomb) == "broken"


def test_what_a_person_saves_again_with_another_program_is_still_read(tmp_path: Path) -> None:
    book = workbook({"organizations": ORGANIZATIONS})
    book.save(tmp_path / "one.xlsx")
    again = load_workbook(tmp_path / "one.xlsx")
    again["organizations"]["C2"] = "Stadt Neu"
    assert read_book(tmp_path, again, "two.xlsx").patches[0].values["texts.name"] == "Stadt Neu"
    assert keys(read_book(tmp_path, again, "two.xlsx").skipped) == []
