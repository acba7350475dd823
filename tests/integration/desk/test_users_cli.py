"""`newcomer users …`: the first administrator, and help from the machine's side."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from knowledge.config import load_settings
from knowledge.users_cli import first_steps
from tests.integration.databases import Database
from tests.integration.desk.accounts_acts import choose, link_in, roles_of
from tests.integration.desk.acts import PASSWORD, give_password, try_to_sign_in, turn_on_second_factor, user
from tests.integration.desk.people import CITY, Desk

Run = Callable[..., Result]


@pytest.fixture
def run(desk_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    monkeypatch.setenv("NEWCOMER_DATABASE_URL", desk_database.url)
    monkeypatch.setenv("NEWCOMER_VAR", str(tmp_path))
    monkeypatch.setenv("NEWCOMER_SECRET", "for the tests only")

    def invoke(*arguments: str, input: str | None = None) -> Result:
        return CliRunner().invoke(main, ["users", *arguments], input=input)

    yield invoke


ANNA = ("add", "Anna@City.example", "--name", "Anna Weber", "--role", "administrator")


async def test_the_first_administrator_chooses_a_password_with_the_printed_link(desk: Desk, run: Run) -> None:
    done = run(*ANNA, "--municipality", CITY)
    assert done.exit_code == 0, done.output
    assert (await choose(desk.browser(), link_in(done.output))).status == 303
    person = desk.browser()
    assert (await try_to_sign_in(person, "anna@city.example")).status == 303
    assert (await person.get("/desk/users")).status == 200


async def test_a_password_may_come_from_another_program(desk: Desk, run: Run) -> None:
    done = run(*ANNA, "--municipality", CITY, "--password-stdin", "--temporary", input=PASSWORD + "\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    person = desk.browser()
    assert (await try_to_sign_in(person, "anna@city.example")).status == 303
    assert (await person.get("/desk/users")).headers["Location"] == "/desk/account"


async def test_the_first_administrator_gets_a_new_link_after_the_first_one_has_run_out(desk: Desk, run: Run) -> None:
    first = link_in(run(*ANNA, "--municipality", CITY).output)
    again = run(*ANNA, "--municipality", CITY)
    assert again.exit_code == 0, again.output
    assert (await desk.browser().get(first)).status == 404
    assert (await choose(desk.browser(), link_in(again.output))).status == 303
    third = run(*ANNA, "--municipality", CITY)
    assert "its password stays as it is" in third.output
    assert "/desk/welcome/" not in third.output


def test_an_account_that_is_switched_off_gets_no_link_and_the_way_out_is_said(desk: Desk, run: Run) -> None:
    run("disable", "editor@desk.example")
    done = run("reset-password", "editor@desk.example")
    assert done.exit_code == 1
    assert "newcomer users disable editor@desk.example --undo" in done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*ANNA,), "Say which municipality"),
        ((*ANNA, "--municipality", "nowhere"), "no municipality 'nowhere'"),
        ((*ANNA, "--municipality", CITY, "--organization", "nobody"), "no organization"),
        (("add", "anna", "--name", "Anna", "--role", "editor", "--municipality", CITY), "not an e-mail address"),
        ((*ANNA, "--municipality", CITY, "--password-stdin"), "too short"),
        (("reset-password", "nobody@city.example"), "no account"),
        (("role", "editor@desk.example", "reviewer", "--take", "--municipality", CITY), "is not reviewer"),
        (("role", "administrator@desk.example", "administrator", "--take", "--municipality", CITY), "last administrator"),
        (("disable", "administrator@desk.example"), "last administrator"),
    ],
)
def test_what_cannot_be_done_is_a_sentence_and_no_traceback(run: Run, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments, input="kurz\n")
    assert done.exit_code == 1
    assert words in done.output
    assert "Traceback" not in done.output


def test_the_list_tells_roles_and_states(desk: Desk, run: Run) -> None:
    turn_on_second_factor(desk, "reviewer")
    run("disable", "staff@desk.example")
    lines = {line.split()[0]: line for line in run("list").output.splitlines()}
    assert "reviewer in ankerstadt" in lines["reviewer@desk.example"]
    assert "second factor" in lines["reviewer@desk.example"]
    assert "disabled" in lines["staff@desk.example"]
    assert "editor in ankerstadt for offene-hand" in lines["organization_editor@desk.example"]
    assert "no role" in lines["without_role@desk.example"]
    assert "editor@desk.example" not in run("list", "--municipality", "kleinstadt").output.split()


@pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
def test_the_list_does_not_wait_for_an_import_that_writes(desk: Desk, run: Run) -> None:
    """On SQLite there is one writer at a time."""
    with desk.database.sessions() as importing:
        importing.connection().exec_driver_sql("BEGIN IMMEDIATE")
        began = time.monotonic()
        done = run("list")
        importing.rollback()
    assert "editor in ankerstadt" in done.output
    assert time.monotonic() - began < 10


def test_roles_are_given_and_taken(desk: Desk, run: Run) -> None:
    run("role", "staff@desk.example", "editor", "--municipality", CITY, "--organization", "offene-hand")
    assert len(roles_of(desk, "staff@desk.example")) == 2
    run("role", "staff@desk.example", "editor", "--municipality", CITY, "--organization", "offene-hand", "--take")
    assert len(roles_of(desk, "staff@desk.example")) == 1


async def test_somebody_who_has_lost_everything_gets_in_again(desk: Desk, run: Run) -> None:
    turn_on_second_factor(desk, "administrator")
    done = run("reset-password", "administrator@desk.example", "--second-factor")
    answer = await choose(desk.browser(), link_in(done.output))
    assert answer.headers["Location"] == "/desk"


async def test_sessions_are_ended_and_accounts_switched_off_and_on(desk: Desk, run: Run) -> None:
    person = await desk.sign_in("editor")
    assert run("end-sessions", "editor@desk.example").exit_code == 0
    assert (await person.get("/desk/account")).status == 303
    run("disable", "editor@desk.example")
    assert user(desk, "editor").disabled
    run("disable", "editor@desk.example", "--undo")
    assert not user(desk, "editor").disabled


async def test_the_start_says_how_to_make_the_first_account_until_there_is_one(database: Database, tmp_path: Path) -> None:
    settings = load_settings({"NEWCOMER_DATABASE_URL": database.url, "NEWCOMER_VAR": str(tmp_path), "NEWCOMER_SECRET": "x"})
    assert "newcomer users add" in first_steps(settings)


def test_and_is_silent_afterwards(desk_database: Database, tmp_path: Path) -> None:
    settings = load_settings({"NEWCOMER_DATABASE_URL": desk_database.url, "NEWCOMER_VAR": str(tmp_path), "NEWCOMER_SECRET": "x"})
    assert first_steps(settings) == ""


async def test_an_address_that_has_changed_is_changed_for_its_owner(desk: Desk, run: Run) -> None:
    give_password(desk)
    assert run("email", "editor@desk.example", "anna").exit_code != 0
    assert "already" in run("email", "editor@desk.example", "staff@desk.example").output
    done = run("email", "editor@desk.example", "Anna@City.example")
    assert done.exit_code == 0, done.output
    assert (await try_to_sign_in(desk.browser(), "anna@city.example")).status == 303
    assert (await try_to_sign_in(desk.browser(), "editor@desk.example")).status == 400


async def test_a_role_that_waits_is_listed_as_such(desk: Desk, run: Run) -> None:
    line = next(line for line in run("list").output.splitlines() if line.startswith("offered@desk.example"))
    assert "no role" in line
    assert f"not accepted yet: administrator in {CITY}" in line


async def test_a_role_that_waits_can_be_taken_back(desk: Desk, run: Run) -> None:
    done = run("role", "offered@desk.example", "administrator", "--municipality", CITY, "--take")
    assert "no longer offered" in done.output
    assert "not accepted yet" not in run("list").output
