"""Fixtures that several folders share, and in which order and process tests run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.server import Desk, prepare, running

# Modules that start Rasa. One process takes all of them: two of it at once are more than a small machine holds.
WITH_RASA = (
    "tests/conversations/test_answers.py",
    "tests/conversations/test_command_line.py",
    "tests/conversations/test_failures.py",
    "tests/conversations/test_long_talks.py",
    "tests/conversations/test_safety.py",
    "tests/browser/test_desk_walk.py",
    "tests/browser/test_real_desk.py",
)


@pytest.fixture(scope="session")
def real_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One real desk for the whole session: Rasa, actions, front, the demonstration city."""
    var = tmp_path_factory.mktemp("desk")
    with running(var, prepare(var)) as found:
        yield found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright keeps an event loop running in this thread, beside which no other test can start one. Those with
    Rasa come right before, and the browser tests among them between the two, so that they can stay together."""
    items.sort(key=_place)
    wrong = {_module(item) for item in items if "real_desk" in getattr(item, "fixturenames", ())} - set(WITH_RASA)
    if wrong:
        raise pytest.UsageError(f"These start Rasa: add them to WITH_RASA in tests/conftest.py: {sorted(wrong)}")


def _module(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _place(item: pytest.Item) -> int:
    with_rasa, in_browser = _module(item) in WITH_RASA, _module(item).startswith("tests/browser/")
    if with_rasa:
        return 2 if in_browser else 1
    return 3 if in_browser else 0


class _RasaInOneProcess(LoadFileScheduling):
    """A process takes a whole file; all files with Rasa count as one."""

    def _split_scope(self, nodeid: str) -> str:
        scope = str(super()._split_scope(nodeid))
        return "with Rasa" if scope in WITH_RASA else scope


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """For `--dist loadfile`; other ways are left as they are."""
    return _RasaInOneProcess(config, log) if config.getoption("dist") == "loadfile" else None
