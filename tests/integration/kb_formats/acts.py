"""What the tests of `newcomer kb import` and `export` do again and again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from knowledge.cli import kb
from knowledge.config import PROJECT
from tests.folders import small_town, write
from tests.integration.databases import Database

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


def a_town(newcomer: Newcomer, tmp_path: Path, name: str = "kleinstadt") -> None:
    done = newcomer("import", "newcomer", write(tmp_path / f"town-{name}", small_town(name)))
    assert done.exit_code == 0, done.output


def do(database: Database, work: Callable[[Session], object]) -> object:
    with database.sessions() as session, session.begin():
        return work(session)


def a_table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(["id;name;organization;topics;description", *lines]) + "\n", encoding="utf-8")
    return path
