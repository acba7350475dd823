"""CSV files from everywhere: encodings, separators, quotation marks, folders and zips."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from knowledge.exchange.tables import limits
from knowledge.exchange.tables.problems import UnreadableFile
from knowledge.exchange.tables.reading import read_content, read_tables
from tests.unit.knowledge.exchange.tables.files import ORGANIZATIONS, csv_bytes, keys, read_bytes, reasons

UMLAUTS = [["id", "kind", "name"], ["buero", "public", "Bürgerbüro Straße"]]


def refusal(folder: Path, content: bytes, name: str = "organizations.csv") -> str:
    with pytest.raises(UnreadableFile) as raised:
        read_bytes(folder, content, name)
    return raised.value.key.rpartition(".")[2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_found_out(tmp_path: Path, encoding: str, separator: str) -> None:
    batch = read_bytes(tmp_path, csv_bytes(UMLAUTS, separator=separator, encoding=encoding))
    assert batch.patches[0].values["texts.name"] == "Bürgerbüro Straße"
    assert batch.notices == []


def test_windows_1252_is_a_guess_and_is_said(tmp_path: Path) -> None:
    batch = read_bytes(tmp_path, csv_bytes(UMLAUTS, separator=";", encoding="cp1252"))
    assert batch.patches[0].values["texts.name"] == "Bürgerbüro Straße"
    assert keys(batch.notices) == ["encoding_guessed"]


def test_bytes_in_no_known_encoding_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"id,name\nx,\x81\x8d\xff") == "encoding"


def test_the_line_by_which_excel_is_told_the_separator_is_obeyed(tmp_path: Path) -> None:
    batch = read_bytes(tmp_path, b"sep=;\r\nid;kind;name\r\na;public;A, B, C, D\r\n")
    assert batch.patches[0].values["texts.name"] == "A, B, C, D"
    assert batch.patches[0].place.endswith("row 2")


def test_many_commas_in_a_text_are_no_separators(tmp_path: Path) -> None:
    batch = read_bytes(tmp_path, "id;kind;name\na;public;eins, zwei, drei, vier, fünf\n".encode())
    assert batch.patches[0].values["texts.name"] == "eins, zwei, drei, vier, fünf"


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    content = b'id,kind,name\na,public,"A\nin\nthree lines"\n\nb,shop,B\n,,\n,,\n'
    batch = read_bytes(tmp_path, content)
    assert len(batch.patches) == 1
    assert reasons(batch) == [(4, "kind", "choice")]


def test_a_quotation_mark_that_is_never_closed_is_reported_and_what_came_before_is_kept(tmp_path: Path) -> None:
    batch = read_bytes(tmp_path, b'id,kind,name\na,public,A\nb,public,"B\nc,public,C\n')
    assert [patch.id for patch in batch.patches] == ["a"]
    assert [(one.row, one.key, one.fields["line"]) for one in batch.rejected] == [(3, "tables.problem.quote_open", 3)]


def test_quotation_marks_that_do_not_fit_cost_one_row_only(tmp_path: Path) -> None:
    batch = read_bytes(tmp_path, b'id,kind,name\na,public,"A"x\nb,public,B\n')
    assert [patch.id for patch in batch.patches] == ["b"]
    assert [(one.row, one.key) for one in batch.rejected] == [(2, "tables.problem.quotes")]


def test_a_very_long_text_is_read(tmp_path: Path) -> None:
    body = "Wort " * 60_000
    batch = read_bytes(tmp_path, csv_bytes([["id", "title", "body"], ["p", "Seite", body]]), "pages.csv")
    assert batch.patches[0].values["texts.body"] == body.strip()


def test_guarded_cells_are_restored(tmp_path: Path) -> None:
    rows = [["id", "name", "phones"], ["a", "'=SUM(A1)", "'+49 30 23125 100"], ["b", "=SUM(A1)", "+49 30 23125 100"]]
    one, other = read_bytes(tmp_path, csv_bytes(rows), "contacts.csv").patches
    assert one.values["texts.name"] == other.values["texts.name"] == "=SUM(A1)"
    assert one.values["phones"] == other.values["phones"] == [{"number": "+49 30 23125 100", "kind": "voice"}]


class TestSeveralFiles:
    def test_a_folder_is_read_in_the_order_in_which_records_point_at_each_other(self, tmp_path: Path) -> None:
        (tmp_path / "a-services.csv").write_bytes(csv_bytes([["id", "name"], ["office", "Amt"]]))
        (tmp_path / "organizations.csv").write_bytes(csv_bytes(ORGANIZATIONS))
        (tmp_path / "notes.docx").write_bytes(b"not ours")
        assert [patch.kind for patch in read_tables(tmp_path).patches] == ["organization", "organization", "service"]

    def test_a_zip_is_a_folder(self, tmp_path: Path) -> None:
        path = tmp_path / "city.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("export/organizations.csv", csv_bytes(ORGANIZATIONS))
            archive.writestr("__MACOSX/._organizations.csv", b"\x00\x05")
        assert len(read_tables(path).patches) == 2

    def test_a_table_that_nobody_knows_is_left_out_and_said(self, tmp_path: Path) -> None:
        (tmp_path / "organizations.csv").write_bytes(csv_bytes(ORGANIZATIONS))
        (tmp_path / "zoo.csv").write_bytes(b"animal,legs\ncat,4\n")
        batch = read_tables(tmp_path)
        assert [(one.file, one.key) for one in batch.skipped] == [("zoo.csv", "tables.problem.no_header")]

    def test_a_broken_file_among_others_does_not_lose_the_others(self, tmp_path: Path) -> None:
        (tmp_path / "organizations.csv").write_bytes(csv_bytes(ORGANIZATIONS))
        (tmp_path / "services.csv").write_bytes(b"")
        batch = read_tables(tmp_path)
        assert len(batch.patches) == 2
        assert [(one.file, one.key) for one in batch.rejected] == [("services.csv", "tables.file.empty")]


class TestRefused:
    def test_what_is_empty_or_no_table(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, b"") == "empty"
        assert refusal(tmp_path, b"just some words\n", "letter.txt") == "no_tables"
        (tmp_path / "empty").mkdir()
        with pytest.raises(UnreadableFile):
            read_tables(tmp_path / "empty")

    def test_what_is_too_large_to_be_meant_for_us(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MOST_BYTES", 10)
        with pytest.raises(UnreadableFile) as raised:
            read_content(csv_bytes(ORGANIZATIONS), "organizations.csv")
        assert raised.value.key == "tables.file.too_large"

    def test_a_zip_bomb_before_it_is_unpacked(self, tmp_path: Path) -> None:
        path = tmp_path / "bomb.zip"
        with (
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("organizations.csv", "w", force_zip64=True) as member,
        ):
            for _ in range(limits.MOST_UNPACKED // limits.MEBIBYTE + 1):
                member.write(b"\0" * limits.MEBIBYTE)
        assert path.stat().st_size < limits.MEBIBYTE
        assert refusal(tmp_path, path.read_bytes(), "bomb.zip") == "too_large"

    def test_a_zip_of_very_many_files(self, tmp_path: Path) -> None:
        path = tmp_path / "many.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for number in range(limits.MOST_MEMBERS + 1):
                archive.writestr(f"{number}.csv", "")
        assert refusal(tmp_path, path.read_bytes(), "many.zip") == "too_large"

    def test_a_zip_that_lies_about_its_sizes(self, tmp_path: Path) -> None:
        path = tmp_path / "liar.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("organizations.csv", b"id,name\n" + b"a,b\n" * 100_000)
        # The directory at the end says that it is ten bytes long.
        content = bytearray(path.read_bytes())
        entry = content.rindex(b"PK\x01\x02")
        content[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
        assert refusal(tmp_path, bytes(content), "liar.zip") == "broken"

    def test_a_damaged_zip(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, b"PK\x03\x04 and then nothing", "x.zip") == "broken"

    def test_a_refusal_is_said_in_words(self, tmp_path: Path) -> None:
        with pytest.raises(UnreadableFile, match=r"^The file is empty\.$"):
            read_bytes(tmp_path, b"")
