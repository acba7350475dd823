"""`newcomer kb import` and `export` in every format, as the person types it who looks after the machine; on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.cli import DEMO_CITY, kb
from knowledge.config import PROJECT
from knowledge.domain.records import Knowledge, Location
from knowledge.editorial.actor import desk_itself
from knowledge.editorial.publish import publish
from knowledge.editorial.records import body
from knowledge.editorial.save import save
from knowledge.exchange.hsds import export_datapackage
from knowledge.exchange.hsds.ids import uuid_of
from knowledge.store.desk_tables import ImportItemRow, ImportRunRow, RecordRow
from knowledge.store.reader import read_knowledge
from knowledge.store.tables import Base
from tests.folders import small_town, write
from tests.integration.conftest import MakeDatabase
from tests.integration.databases import Database
from tests.integration.store.steps import published, rows
from tests.unit.knowledge.exchange.hsds.towns import TODAY, full_town, hsds_folder

Newcomer = Callable[..., Result]
CITY = "ankerstadt"
PAGES = PROJECT.parent / "shared" / "data" / "city-pages"
WAIT_SECONDS = 120


def runner(database: Database, var: Path) -> Newcomer:
    """Runs `newcomer kb` on `database`."""

    def run(*arguments: object) -> Result:
        environment: dict[str, str | None] = {
            "NEWCOMER_VAR": str(var),
            "NEWCOMER_DATABASE_URL": database.url,
            "NEWCOMER_MUNICIPALITY": None,
        }
        return CliRunner().invoke(kb, [str(one) for one in arguments], env=environment, catch_exceptions=False)

    return run


@pytest.fixture
def newcomer(database: Database, tmp_path: Path) -> Newcomer:
    return runner(database, tmp_path / "var")


@pytest.fixture(scope="module")
def demo_file(make_database: MakeDatabase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the demonstration city, to copy."""
    made = make_database("sqlite")
    done = runner(made, tmp_path_factory.mktemp("var"))("import", "newcomer", DEMO_CITY)
    assert done.exit_code == 0, done.output
    with made.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # what is still in the log beside the file
    made.engine.dispose()
    return Path(str(made.engine.url.database))


@pytest.fixture
def demo(demo_file: Path, make_database: MakeDatabase, tmp_path: Path) -> tuple[Newcomer, Database]:
    """The command line on a knowledge base with the demonstration city."""
    made = make_database("sqlite")
    path = Path(str(made.engine.url.database))
    made.engine.dispose()
    shutil.copy(demo_file, path)
    return runner(made, tmp_path / "var"), made


def a_town(newcomer: Newcomer, tmp_path: Path, name: str = "kleinstadt") -> None:
    done = newcomer("import", "newcomer", write(tmp_path / f"town-{name}", small_town(name)))
    assert done.exit_code == 0, done.output


def do(database: Database, work: Callable[[Session], object]) -> object:
    with database.sessions() as session, session.begin():
        return work(session)


def a_table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["id;name;organization;topics;description", *lines]) + "\n", encoding="utf-8")
    return path


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
        assert (done.exit_code, "0 new, 0 changed, 153 unchanged" in done.stdout) == (0, True), done.output
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


def by_order(knowledge: Knowledge) -> list[list[str]]:
    return [list(getattr(knowledge, name)) for name in ("organizations", "locations", "contacts", "services", "articles", "pages")]


class TestHsds:
    @pytest.mark.parametrize("format", ["hsds", "hsds-csv"])
    def test_the_whole_city_goes_out_and_into_an_empty_database_as_the_same(
        self, demo: tuple[Newcomer, Database], database: Database, tmp_path: Path, format: str
    ) -> None:
        newcomer, source = demo
        assert newcomer("export", format, tmp_path / "out", "--private").exit_code == 0
        done = runner(database, tmp_path / "var2")("import", "hsds", tmp_path / "out")
        assert done.exit_code == 0, done.output
        before, after = published(source, CITY), published(database, CITY)
        assert after == before
        assert by_order(after) == by_order(before)
        assert after.municipality.texts["name"].translations == before.municipality.texts["name"].translations

    @pytest.mark.parametrize("format", ["hsds", "hsds-csv"])
    def test_of_a_public_export_only_secrets_are_missing(
        self, demo: tuple[Newcomer, Database], database: Database, tmp_path: Path, format: str
    ) -> None:
        newcomer, source = demo
        before = published(source, CITY)
        said = newcomer("export", format, tmp_path / "out")
        assert "Without the addresses of 1 confidential places" in said.stderr
        assert runner(database, tmp_path / "var2")("import", "hsds", tmp_path / "out").exit_code == 0
        after = published(database, CITY)
        (secret,) = (place for place in before.locations.values() if place.confidential)
        (hidden,) = (place for place in after.locations.values() if place.confidential)
        silent = Location(hidden.id, None, None, None, None, None, None, True, secret.accessibility, {})
        services = {
            id: replace(one, at=tuple(replace(at, location=hidden.id if at.location == secret.id else at.location) for at in one.at))
            for id, one in before.services.items()
        }
        locations = {id: place for id, place in before.locations.items() if id != secret.id} | {hidden.id: silent}
        assert after == replace(before, locations=locations, services=services)

    def test_a_public_export_that_comes_back_takes_nothing_away(self, demo: tuple[Newcomer, Database], tmp_path: Path) -> None:
        newcomer, database = demo
        before = published(database, CITY)
        for format in ("hsds", "hsds-csv", "csv", "newcomer"):
            assert newcomer("export", format, tmp_path / format).exit_code == 0
            done = newcomer("import", format.removesuffix("-csv"), tmp_path / format)
            assert done.exit_code == 0, done.output
            assert published(database, CITY) == before, format

    def test_every_example_of_the_specification_comes_in(self, newcomer: Newcomer, database: Database, tmp_path: Path) -> None:
        a_town(newcomer, tmp_path)
        examples = hsds_folder() / "examples"
        for path in sorted(examples.iterdir()):
            done = newcomer("import", "hsds", path)
            # Their location is not on earth, which is told and kept without.
            assert done.exit_code == (2 if "latitude 100 and longitude 101" in done.stderr else 0), (path.name, done.output)
            assert done.stderr.count("rejected:") <= 1, (path.name, done.stderr)
        services = [one for one in published(database).services.values() if one.texts["name"].body == "Community Counselling"]
        assert len(services) == 1
        ids = {one["id"] for one in json.loads((examples / "service_list.json").read_text(encoding="utf-8"))["contents"]}
        assert len(ids) == 1

    def test_ids_are_the_same_at_every_export(self, demo: tuple[Newcomer, Database], tmp_path: Path) -> None:
        newcomer, _ = demo
        newcomer("export", "hsds", tmp_path / "one")
        newcomer("export", "hsds", tmp_path / "two")
        assert (tmp_path / "one" / "tabular.json").read_text() == (tmp_path / "two" / "tabular.json").read_text()
        assert uuid_of(CITY, "service", "welcome-point") in (tmp_path / "one" / "service_package.json").read_text()


@pytest.fixture(scope="module")
def real_pages() -> list[Path]:
    """The pages of a real district; skipped with a reason where they are absent, which fails in CI."""
    found = [PAGES / f"lkaugsburg-{code}.json" for code in ("de", "en")]
    if not all(path.exists() for path in found):
        reason = f"the real pages are not in {PAGES}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return found


class TestIntegreat:
    def test_the_real_pages_of_a_district_come_in_in_both_languages_and_every_page_is_accounted_for(
        self, newcomer: Newcomer, database: Database, tmp_path: Path, real_pages: list[Path]
    ) -> None:
        a_town(newcomer, tmp_path)
        done = newcomer("import", "integreat", *real_pages)
        assert done.exit_code == 0, done.output
        accounts = re.findall(
            r"(\w\w): (\d+) pages in the file: (\d+) pages, (\d+) translations, (\d+) skipped, (\d+) rejected\.", done.stdout
        )
        numbers = {code: tuple(map(int, found)) for code, *found in accounts}
        in_files = {path.stem[-2:]: len(json.loads(path.read_text(encoding="utf-8"))) for path in real_pages}
        assert {code: found[0] for code, found in numbers.items()} == in_files == {"de": 238, "en": 233}
        assert all(found[0] == sum(found[1:]) for found in numbers.values())
        guide = published(database).pages
        assert len(guide) == numbers["de"][1] == 238
        titles = [page.texts["title"] for page in guide.values()]
        assert sum("en" in title.translations for title in titles) == numbers["en"][2] == 233
        assert {one.state.value for title in titles for one in title.translations.values()} == {"machine"}
        bodies = [page.texts["body"] for page in guide.values() if "body" in page.texts]
        assert len(bodies) == 207
        run = do(database, lambda session: session.scalars(select(ImportRunRow)).one())
        assert isinstance(run, ImportRunRow)
        assert run.plan["figures"]["en"]["translation"] == 233

        again = newcomer("import", "integreat", PAGES, "--reviewed")
        assert "0 new, 233 changed, 5 unchanged" in again.stdout
        states = {one.state.value for page in published(database).pages.values() for one in page.texts["title"].translations.values()}
        assert states == {"reviewed"}

    def test_files_and_languages_are_named_in_their_order(self, newcomer: Newcomer, tmp_path: Path, real_pages: list[Path]) -> None:
        a_town(newcomer, tmp_path)
        wrong = newcomer("import", "integreat", *real_pages, "--language", "de")
        assert wrong.exit_code == 1
        assert "There are 2 files and 1 languages" in wrong.stderr
        done = newcomer("import", "integreat", "--dry-run", *real_pages, "--language", "de", "--language", "en", "--source-language", "en")
        assert "en: 233 pages in the file: 233 pages" in done.stdout
        missing = newcomer("import", "integreat", real_pages[1], "--source-language", "fr")
        assert missing.exit_code == 1


def dump(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Everything that is in the database."""
    with database.sessions() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data package with enough services that somebody can stop its import."""
    town = full_town()
    office = town.services["office"]
    services = {f"office-{number}": replace(office, id=f"office-{number}") for number in range(500)}
    folder = tmp_path_factory.mktemp("many")
    municipality = replace(town.municipality, information_point=None)
    export_datapackage(replace(town, services=services, municipality=municipality), folder, include_confidential=True, today=TODAY)
    return folder


class TestStopping:
    @pytest.mark.parametrize("when", ["Checking", "Writing"])
    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "kill"])
    def test_given_it_is_stopped_in_the_middle_then_the_database_is_as_before(
        self, newcomer: Newcomer, database: Database, tmp_path: Path, many: Path, when: str, how: signal.Signals
    ) -> None:
        a_town(newcomer, tmp_path)
        before = dump(database)
        environment = os.environ | {"NEWCOMER_VAR": str(tmp_path / "var"), "NEWCOMER_DATABASE_URL": database.url}
        command = [sys.executable, "-c", "from knowledge.cli import kb; kb()", "import", "hsds", str(many)]
        # A process in the background ignores Ctrl-C, and so would its child: the one that is stopped here listens, wherever the tests run.
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        assert process.stderr is not None
        until = time.monotonic() + WAIT_SECONDS
        said = ""
        while f"{when}: " not in said and time.monotonic() < until:
            said += process.stderr.readline()
        process.send_signal(how)
        output, rest = process.communicate(timeout=WAIT_SECONDS)
        assert f"{when}: " in said, said + rest
        assert "Imported" not in output
        if how is signal.SIGINT:
            assert process.returncode == 130, rest
            assert "Interrupted; nothing was changed." in rest
        assert dump(database) == before
        # Nothing is locked, and the same file comes in.
        again = newcomer("import", "hsds", many)
        assert re.search(r"Written: 5\d\d new", again.stdout), again.output
        with database.sessions() as session:
            assert len(read_knowledge(session, "kleinstadt").services) >= 500
