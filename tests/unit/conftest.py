"""What several folders of unit tests share."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture
def threads_take_turns_often() -> Iterator[None]:
    """So often that two of them are in the midst of the same work again and again."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)
