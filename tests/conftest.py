"""Fixtures that several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.server import Desk, prepare, running


@pytest.fixture(scope="session")
def real_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One real desk for the whole session: Rasa, actions, front, the demonstration city."""
    var = tmp_path_factory.mktemp("desk")
    with running(var, prepare(var)) as found:
        yield found


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright keeps an event loop running in this thread, beside which no other test can start one."""
    items.sort(key=lambda item: "tests/browser" in item.path.as_posix())
