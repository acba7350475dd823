"""`newcomer bench` where it cannot measure says so at once, with the way out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.evaluation import bench as measuring
from knowledge.config import Settings
from tests.folders import small_town, write


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server would be waited for: whoever asks for one has got further than this file goes."""

    async def refused(settings: Settings, rounds: int) -> dict[str, Any]:
        raise AssertionError("a server was started")

    monkeypatch.setattr(measuring, "run_bench", refused)


def newcomer(tmp_path: Path, *arguments: str, **settings: str) -> Result:
    environment: dict[str, str | None] = {
        "NEWCOMER_VAR": str(tmp_path / "var"),
        "NEWCOMER_DATABASE_URL": None,
        "NEWCOMER_MUNICIPALITY": None,
    }
    return CliRunner().invoke(main, arguments, env=environment | settings)


def test_given_no_city_then_it_says_how_to_get_one(tmp_path: Path) -> None:
    done = newcomer(tmp_path, "bench")
    assert done.exit_code == 1
    assert "newcomer kb import newcomer FOLDER" in done.stderr and "make run" in done.stderr


def test_given_a_city_that_is_not_there_then_it_names_those_that_are(tmp_path: Path) -> None:
    newcomer(tmp_path, "kb", "import", "newcomer", str(write(tmp_path / "town", small_town())))
    done = newcomer(tmp_path, "bench", NEWCOMER_MUNICIPALITY="nowhere")
    assert done.exit_code == 1
    assert "nowhere" in done.stderr and "kleinstadt" in done.stderr


def test_given_a_city_then_the_server_is_started(tmp_path: Path) -> None:
    newcomer(tmp_path, "kb", "import", "newcomer", str(write(tmp_path / "town", small_town())))
    assert isinstance(newcomer(tmp_path, "bench").exception, AssertionError)
