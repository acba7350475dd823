"""`newcomer kb import` and `export` of tables, and which municipality a file comes into."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.actor import desk_itself
from knowledge.editorial.publish import publish
from knowledge.editorial.records import body
from knowledge.editorial.save import save
from knowledge.store.desk_tables import ImportItemRow, ImportRunRow, RecordRow
from tests.integration.databases import Database
from tests.integration.kb_formats.acts import CITY, Newcomer, a_table, a_town, do
from tests.integration.store.steps import published, rows


class TestTables:
    def test_valid_rows_are_kept_and_wrong_ones_named(self, newcomer: Newcomer, database: Database, tmp_path: Path) -> None:
        a_town(newcomer, tmp_path)
        table = a_table(tmp_path / "services.csv", "cafe;Café;stadt;language.courses;Gut.", "bad;Schlecht;stadt;nothing;x", ";;stadt;;")
        done = newcomer("import", "csv", table)
        assert done.exit_code == 2
        assert "1 new, 0 changed" in done.stdout
        assert "rejected: services.csv, row 3, topics: Schlecht: “nothing” is not one of the topics." in done.stderr
        assert published(database).services["cafe"].texts["name"].body == "Café"

    def test_a_dry_run_says_what_would_change_and_changes_nothing(self, newcomer: Newcomer, database: Database, tmp_path: Path) -> None:
        a_town(newcomer, tmp_path)
        before = rows(database)
        table = tmp_path / "services.csv"
        lines = ("id;name;organization;topics", "office;Bürgerbüro neu;stadt;registration.address", "cafe;Café;stadt;language.courses", "")
        table.write_text("\n".join(lines), encoding="utf-8")
        done = newcomer("import", "csv", "--dry-run", "--verbose", table)
        assert done.exit_code == 0
        assert done.stdout.startswith("Would import into kleinstadt: 1 new, ")
        assert re.search(r"texts\.name: '.+' -> 'Bürgerbüro neu'", done.stdout)
        assert rows(database) == before

    def test_drafts_are_seen_by_nobody(self, newcomer: Newcomer, database: Database, tmp_path: Path) -> None:
        a_town(newcomer, tmp_path)
        before = published(database)
        done = newcomer("import", "csv", "--drafts", a_table(tmp_path / "services.csv", "cafe;Café;stadt;language.courses;Gut."))
        assert "1 as drafts" in done.stdout
        assert published(database) == before

    def test_what_was_written_at_the_desk_is_kept_unless_the_file_is_to_be_right(
        self, newcomer: Newcomer, database: Database, tmp_path: Path
    ) -> None:
        a_town(newcomer, tmp_path)
        table = a_table(tmp_path / "services.csv", "cafe;Café;stadt;language.courses;Gut.")
        newcomer("import", "csv", table)

        def edit(session: Session) -> None:
            row = session.get_one(RecordRow, "service:kleinstadt/cafe")
            written = dict(body(session, row))
            written["texts"] = {**written["texts"], "name": "Café am Desk"}
            save(session, desk_itself("test"), row.id, written, base=row.newest)
            publish(session, desk_itself("test"), row.id)

        do(database, edit)
        a_table(table, "cafe;Café der Datei;stadt;language.courses;Gut.")
        kept = newcomer("import", "csv", table)
        assert "1 conflicts" in kept.stdout
        assert "--take-theirs" in kept.stdout
        assert published(database).services["cafe"].texts["name"].body == "Café am Desk"
        assert newcomer("import", "csv", "--take-theirs", table).exit_code == 0
        assert published(database).services["cafe"].texts["name"].body == "Café der Datei"

    def test_the_import_stands_at_the_desk_with_its_lines(self, newcomer: Newcomer, database: Database, tmp_path: Path) -> None:
        a_town(newcomer, tmp_path)
        newcomer("import", "csv", a_table(tmp_path / "services.csv", "cafe;Café;stadt;language.courses;Gut.", "bad;B;stadt;nothing;x"))

        def read(session: Session) -> tuple[str, str, list[tuple[str, str | None]]]:
            run = session.scalars(select(ImportRunRow)).one()
            items = session.scalars(select(ImportItemRow).order_by(ImportItemRow.position)).all()
            return run.state, run.author, [(one.section, one.outcome) for one in items]

        assert do(database, read) == ("done", "import", [("create", "written"), ("rejected", None)])

    def test_a_workbook_goes_out_and_comes_back(self, demo: tuple[Newcomer, Database], tmp_path: Path) -> None:
        newcomer, database = demo
        before = published(database, CITY)
        assert newcomer("export", "xlsx", tmp_path / "city.xlsx").exit_code == 0
        done = newcomer("import", "xlsx", tmp_path / "city.xlsx")
        assert done.exit_code == 0, done.output
        assert re.search(r": 0 new, 0 changed, [1-9]\d+ unchanged, 0 conflicts, 0 rejected, 0 skipped", done.stdout), done.output
        assert published(database, CITY) == before


class TestWhereItBelongs:
    def test_with_several_municipalities_one_has_to_be_named(self, newcomer: Newcomer, database: Database, tmp_path: Path) -> None:
        for town in ("adorf", "bdorf"):
            a_town(newcomer, tmp_path, town)
        table = a_table(tmp_path / "services.csv", "cafe;Café;stadt;language.courses;Gut.")
        asked = newcomer("import", "csv", table)
        assert (asked.exit_code, asked.stderr) == (1, "Error: Say with --municipality which one it is for: adorf, bdorf.\n")
        assert newcomer("import", "csv", "--municipality", "bdorf", table).exit_code == 0
        assert "cafe" in published(database, "bdorf").services
        assert "cafe" not in published(database, "adorf").services

    def test_an_empty_knowledge_base_says_how_to_begin(self, newcomer: Newcomer, tmp_path: Path) -> None:
        done = newcomer("import", "csv", a_table(tmp_path / "services.csv", "cafe;Café;stadt;language.courses;Gut."))
        assert done.exit_code == 1
        assert "newcomer kb import newcomer FOLDER" in done.stderr

    def test_a_file_of_another_kind_gives_a_reason(self, newcomer: Newcomer, tmp_path: Path) -> None:
        a_town(newcomer, tmp_path)
        (tmp_path / "alt.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        done = newcomer("import", "xlsx", tmp_path / "alt.xls")
        assert done.exit_code == 1
        assert done.stderr.startswith("Error: ")
        assert "Traceback" not in done.stderr

    @pytest.mark.parametrize(
        "arguments",
        [("newcomer", "--drafts"), ("newcomer", "--take-theirs"), ("newcomer", "--language", "de"), ("csv", "--replace")],
    )
    def test_what_does_not_go_together_is_a_usage_error(self, newcomer: Newcomer, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        done = newcomer("import", *arguments, tmp_path)
        assert done.exit_code == 2
        assert "Usage:" in done.stderr
