"""What kind of file it is, seen from what is in it and never from its name alone."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from knowledge.cli import DEMO_CITY
from knowledge.exchange.hsds import export_datapackage, export_json, read_hsds
from knowledge.exchange.recognise import recognise
from knowledge.exchange.tables.csv_writer import export_csv
from knowledge.exchange.tables.problems import UnreadableFile
from knowledge.exchange.tables.reading import read_tables
from knowledge.exchange.tables.xlsx_writer import export_xlsx
from knowledge.exchange.unpack import packed
from tests.unit.knowledge.exchange.hsds.towns import full_town, hsds_folder
from tests.unit.knowledge.exchange.integreat.pages import a_page, write_export


def put(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_our_own_exports_are_known_as_folders_and_as_zip_files(tmp_path: Path) -> None:
    town = full_town()
    for name, export, expected in (("json", export_json, "hsds"), ("package", export_datapackage, "hsds"), ("csv", export_csv, "csv")):
        export(town, tmp_path / name)  # type: ignore[operator]
        assert recognise([tmp_path / name]) == expected
        assert recognise([packed(tmp_path / name, tmp_path / f"{name}.zip")]) == expected
    assert recognise([export_xlsx(town, tmp_path / "town.xlsx")]) == "xlsx"
    assert recognise([DEMO_CITY]) == "newcomer"
    assert recognise([packed(DEMO_CITY, tmp_path / "city.zip")]) == "newcomer"


def test_names_of_files_decide_nothing(tmp_path: Path) -> None:
    workbook = export_xlsx(full_town(), tmp_path / "town.xlsx")
    assert recognise([put(tmp_path / "liste.csv.txt", "id;name;organization\nx;X;stadt\n")]) == "csv"
    assert recognise([put(tmp_path / "ohne-endung", workbook.read_bytes())]) == "xlsx"
    assert recognise([put(tmp_path / "data", json.dumps([a_page("gesundheit")]))]) == "integreat"


def test_a_packed_export_of_hsds_is_read_whatever_a_browser_has_called_it(tmp_path: Path) -> None:
    export_json(full_town(), tmp_path / "json")
    path = packed(tmp_path / "json", tmp_path / "download")
    assert recognise([path]) == "hsds"
    assert read_hsds(path).documents["service"]


def test_pages_of_integreat_are_known_even_where_the_first_is_long(tmp_path: Path) -> None:
    folder = write_export(tmp_path, de=[a_page("lang", content="<p>" + "Wort " * 40_000 + "</p>")], en=[a_page("long", language="en")])
    assert recognise([folder]) == "integreat"
    assert recognise([packed(folder, tmp_path / "pages.zip")]) == "integreat"


def test_what_is_damaged_or_another_programs_goes_to_the_reader_that_says_so(tmp_path: Path) -> None:
    town = full_town()
    export_csv(town, tmp_path / "csv")
    content = bytearray(packed(tmp_path / "csv", tmp_path / "csv.zip").read_bytes())
    content[60:120] = b"\xff" * 60
    ods = tmp_path / "liste.ods"
    with zipfile.ZipFile(ods, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office/>")
    for path, problem in (
        (put(tmp_path / "kaputt.zip", bytes(content)), "broken"),
        (put(tmp_path / "abgebrochen.zip", b"PK\x03\x04 kaputt"), "broken"),
        (put(tmp_path / "alt.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le")), "old_excel"),
        (ods, "open_document"),
    ):
        assert recognise([path]) == "csv"
        with pytest.raises(UnreadableFile) as raised:
            read_tables(path)
        assert raised.value.key == f"tables.file.{problem}"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("services.csv", "id;name;organization;topics\nx;X;stadt;health.doctor\n", "csv"),
        ("services.csv", "id,organization_id,name,status\n1,2,X,active\n", "hsds"),
        ("organizations.csv", "id,name,description,website\n1,X,Y,Z\n", "csv"),
        ("organizations.csv", "id,name,description,legal_status,website\n1,X,Y,,Z\n", "hsds"),
        ("liste.csv", "Name;Adresse;Telefon\nX;Weg 1;030 1\n", "csv"),
        ("mit-marke.csv", "\ufeffid;name\nx;X\n", "csv"),
        ("dienste.json", '{"id": "1", "name": "X", "status": "active"}', "hsds"),
        ("dienste.ndjson", '{"id": "1"}\n{"id": "2"}\n', "hsds"),
        ("bild.png", b"\x89PNG\r\n\x1a\n", None),
        ("leer.csv", "", None),
        ("brief.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), None),
    ],
)
def test_other_files(tmp_path: Path, name: str, content: str | bytes, expected: str | None) -> None:
    assert recognise([put(tmp_path / name, content)]) == expected


def test_every_example_of_the_specification_is_known() -> None:
    examples = hsds_folder() / "examples"
    assert {path.name: recognise([path]) for path in examples.iterdir()} == {path.name: "hsds" for path in examples.iterdir()}


def test_several_files_are_what_most_of_them_are(tmp_path: Path) -> None:
    files = [put(tmp_path / "readme.txt", "Hallo"), *(put(tmp_path / f"{code}.json", json.dumps([a_page("a")])) for code in ("de", "en"))]
    assert recognise(files) == "integreat"


def test_what_macintosh_computers_add_to_a_zip_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "pages.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("__MACOSX/._de.json", "nichts")
        archive.writestr(".DS_Store", "nichts")
        archive.writestr("de.json", json.dumps([a_page("a")]))
    assert recognise([path]) == "integreat"
