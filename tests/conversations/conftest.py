"""The desk that conversations are held with."""

from __future__ import annotations

import pytest

from tests.server import Desk


@pytest.fixture
def desk(real_desk: Desk) -> Desk:
    """The real one."""
    return real_desk
