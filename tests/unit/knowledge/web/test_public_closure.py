"""The public page of a service says when it will be closed for a while, before it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from knowledge.domain.records import Closure
from knowledge.web.public.build import Builder
from tests.factories import MONDAY, knowledge, service
from tests.unit.doors import door

WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("closure", "said"),
    [
        (Closure(MONDAY + WEEK), ("Temporarily closed from November 9, 2026.",)),
        (Closure(MONDAY, MONDAY + WEEK), ("Temporarily closed, up to and including November 9, 2026.",)),
        (Closure(MONDAY - WEEK, MONDAY - timedelta(days=1)), ()),
    ],
    ids=["to come", "going on", "over"],
)
def test_what_readers_are_told(closure: Closure, said: tuple[str, ...]) -> None:
    page = Builder(door(knowledge(replace(service("s"), closed=closure))), "en").page("service", "s")
    assert page is not None and page.alerts == said
