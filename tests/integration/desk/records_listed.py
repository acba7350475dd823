"""Lists of records in tests: which names a page shows, and how many it says there are."""

from __future__ import annotations

import html
import re

from tests.integration.desk.people import CITY

OFFICE = f"service:{CITY}/citizens-office-altstadt"


def names(page: str) -> list[str]:
    """What the list shows, in order."""
    return [html.unescape(found) for found in re.findall(r"<bdi lang=[^>]*>([^<]*)</bdi></a>", page)]


def count(page: str) -> int:
    """How many fit."""
    found = re.search(r'id="found"[^>]*>([\d,.]+) of', page)
    assert found is not None
    return int(found.group(1).replace(",", ""))
