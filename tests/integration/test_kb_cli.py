"""`newcomer kb …` as an editor types it, in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from knowledge.cli import kb
from tests.folders import Folder, a_service, small_town, write

Newcomer = Callable[..., Result]


@pytest.fixture
def newcomer(tmp_path: Path) -> Newcomer:
    """Runs `newcomer kb` with its own NEWCOMER_VAR; keyword arguments are further settings."""

    def run(*arguments: object, **settings: str) -> Result:
        environment: dict[str, str | None] = {
            "NEWCOMER_VAR": str(tmp_path / "var"),
            "NEWCOMER_DATABASE_URL": None,
            "NEWCOMER_MUNICIPALITY": None,
        }
        return CliRunner().invoke(kb, [str(one) for one in arguments], env=environment | settings)

    return run


def folder(tmp_path: Path, content: Folder | None = None, name: str = "town") -> Path:
    return write(tmp_path / name, content or small_town())


class TestImport:
    def test_it_says_what_it_did(self, newcomer: Newcomer, tmp_path: Path) -> None:
        done = newcomer("import", "newcomer", folder(tmp_path))
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout.startswith("Imported kleinstadt: 1 organizations, 1 locations, 2 services, 2 articles;")

    def test_a_rejected_record_is_named_and_the_exit_code_says_so(self, newcomer: Newcomer, tmp_path: Path) -> None:
        services = [a_service("office"), a_service("school"), a_service("bad", topics=["nothing"])]
        done = newcomer("import", "newcomer", folder(tmp_path, small_town() | {"services.yml": services}))
        assert done.exit_code == 2
        assert "rejected: services.yml: bad: topics.0: 'nothing' is not a topic" in done.stderr
        assert "2 services" in done.stdout

    def test_replace_takes_out_and_holds_back_where_something_was_rejected(self, newcomer: Newcomer, tmp_path: Path) -> None:
        newcomer("import", "newcomer", folder(tmp_path))
        smaller = small_town() | {"services.yml": [a_service("office")], "translations/en/services.yml": None}
        held = newcomer("import", "newcomer", "--replace", folder(tmp_path, smaller, "broken"))
        assert "Nothing was taken out" in held.stderr and "0 records taken out" in held.stdout
        smaller["articles/schools.yml"] = []
        assert "2 records taken out" in newcomer("import", "newcomer", "--replace", folder(tmp_path, smaller, "smaller")).stdout

    def test_a_dry_run_changes_nothing(self, newcomer: Newcomer, tmp_path: Path) -> None:
        done = newcomer("import", "newcomer", "--dry-run", folder(tmp_path))
        assert done.stdout.startswith("Would import kleinstadt")
        assert "empty" in newcomer("export", "newcomer", tmp_path / "out").stderr

    def test_a_folder_without_a_municipality_is_refused_in_words(self, newcomer: Newcomer, tmp_path: Path) -> None:
        done = newcomer("import", "newcomer", tmp_path)
        assert done.exit_code == 1
        assert "municipality.yml cannot be used: it is not there" in done.stderr

    @pytest.mark.parametrize("arguments", [("import", "nonsense", "."), ("import", "newcomer", "/nowhere")])
    def test_unknown_formats_and_folders_are_usage_errors(self, newcomer: Newcomer, arguments: tuple[str, ...]) -> None:
        assert newcomer(*arguments).exit_code == 2


class TestExport:
    def test_what_is_exported_can_be_imported(self, newcomer: Newcomer, tmp_path: Path) -> None:
        newcomer("import", "newcomer", folder(tmp_path))
        assert newcomer("export", "newcomer", tmp_path / "out").exit_code == 0
        again = newcomer("import", "newcomer", tmp_path / "out")
        assert again.exit_code == 0
        assert "0 texts and 0 translations changed" in again.stdout

    def test_records_that_are_checked_more_often_come_back(self, newcomer: Newcomer, tmp_path: Path) -> None:
        often = {"article": {"registration.address": 45}, "service": {"office": 7}}
        newcomer("import", "newcomer", folder(tmp_path, small_town() | {"checking.yml": often}))
        newcomer("export", "newcomer", tmp_path / "out")
        assert yaml.safe_load((tmp_path / "out" / "checking.yml").read_text(encoding="utf-8")) == often

    def test_how_often_the_desk_checks_is_not_changed_by_a_later_import(self, newcomer: Newcomer, tmp_path: Path) -> None:
        for number, days in enumerate((45, 10)):
            newcomer("import", "newcomer", folder(tmp_path, small_town() | {"checking.yml": {"service": {"office": days}}}, str(number)))
        newcomer("export", "newcomer", tmp_path / "out")
        assert yaml.safe_load((tmp_path / "out" / "checking.yml").read_text(encoding="utf-8")) == {"service": {"office": 45}}

    def test_where_none_is_nothing_is_written_about_it(self, newcomer: Newcomer, tmp_path: Path) -> None:
        newcomer("import", "newcomer", folder(tmp_path))
        newcomer("export", "newcomer", tmp_path / "out")
        assert not (tmp_path / "out" / "checking.yml").exists()

    def test_one_of_several_municipalities(self, newcomer: Newcomer, tmp_path: Path) -> None:
        for town in ("adorf", "bdorf"):
            newcomer("import", "newcomer", folder(tmp_path, small_town(town), town))
        assert "Exported adorf" in newcomer("export", "newcomer", tmp_path / "out").stdout
        assert "Exported bdorf" in newcomer("export", "newcomer", tmp_path / "out", "--municipality", "bdorf").stdout
        assert "Exported bdorf" in newcomer("export", "newcomer", tmp_path / "out", NEWCOMER_MUNICIPALITY="bdorf").stdout
        unknown = newcomer("export", "newcomer", tmp_path / "out", "--municipality", "cdorf")
        assert (unknown.exit_code, unknown.stderr) == (1, "Error: There is no municipality 'cdorf'. Known: adorf, bdorf.\n")


class TestRemove:
    def test_it_asks_first(self, newcomer: Newcomer, tmp_path: Path) -> None:
        newcomer("import", "newcomer", folder(tmp_path))
        assert newcomer("remove", "kleinstadt").exit_code == 1
        assert newcomer("remove", "kleinstadt", "--yes").stdout == "Removed kleinstadt.\n"

    def test_an_unknown_one_names_those_that_are_there(self, newcomer: Newcomer, tmp_path: Path) -> None:
        assert "Known: none." in newcomer("remove", "gone", "--yes").stderr
        newcomer("import", "newcomer", folder(tmp_path))
        assert "Known: kleinstadt." in newcomer("remove", "gone", "--yes").stderr


class TestCheck:
    def test_it_lists_what_to_look_at_and_who_reviewed_the_crisis_texts(self, newcomer: Newcomer, tmp_path: Path) -> None:
        newcomer("import", "newcomer", folder(tmp_path))
        done = newcomer("check")
        assert done.exit_code == 0
        assert "topic without an article:" in done.stdout
        assert "crisis without a helpline:" in done.stdout
        assert "Crisis texts" in done.stdout

    def test_for_programs_it_is_json(self, newcomer: Newcomer, tmp_path: Path) -> None:
        newcomer("import", "newcomer", folder(tmp_path))
        found = json.loads(newcomer("check", "--json").stdout)
        assert {"kind", "record", "detail", "severity"} == set(found["findings"][0])
        assert {"de", "en", "fr", "uk", "ar", "tr"} <= set(found["crisis_texts"])

    def test_where_people_are_failed_the_exit_code_says_so(self, newcomer: Newcomer, tmp_path: Path) -> None:
        town = small_town()["municipality.yml"] | {"information_point": None}
        newcomer("import", "newcomer", folder(tmp_path, small_town() | {"municipality.yml": town}))
        done = newcomer("check")
        assert done.exit_code == 1
        assert "no information point: 1" in done.stdout


class TestWhenSomethingIsMissing:
    @pytest.mark.parametrize("command", [("check",), ("export", "newcomer", "out")])
    def test_an_empty_knowledge_base_says_how_to_fill_it(self, newcomer: Newcomer, command: tuple[str, ...]) -> None:
        done = newcomer(*command)
        assert done.exit_code == 1
        assert "newcomer kb import newcomer FOLDER" in done.stderr

    def test_a_database_that_cannot_be_opened_is_said_in_words(self, newcomer: Newcomer) -> None:
        done = newcomer("check", NEWCOMER_DATABASE_URL="postgresql://nobody@/none?host=/nowhere")
        assert done.exit_code == 1
        assert done.stderr.startswith("Error: The knowledge base cannot be opened:")

    def test_a_wrong_setting_is_named(self, newcomer: Newcomer) -> None:
        done = newcomer("check", NEWCOMER_PORT="eighty")
        assert done.exit_code == 1
        assert "NEWCOMER_PORT" in done.stderr
