"""After an import there is always a way on: to the drafts it made, or to another file where there was nothing to bring in."""

from __future__ import annotations

from tests.integration.desk.exchange_acts import as_csv, bring_in, planned
from tests.integration.desk.people import Desk

HEADERS = ("name", "organization", "topics")
GOOD = {"name": "Näh-Café", "organization": "stadt-ankerstadt", "topics": "language.courses"}


async def test_drafts_that_were_made_are_one_click_away(desk: Desk) -> None:
    reviewer = await desk.sign_in("reviewer")
    url = await planned(reviewer, [("services.csv", as_csv(HEADERS, [GOOD]))])
    assert 'href="/desk/todo/drafts?whose=all"' in await bring_in(reviewer, url, publish="no")
    assert "Näh-Café" in await reviewer.page("/desk/todo/drafts?whose=all")


async def test_where_every_row_is_wrong_the_corrected_file_can_be_chosen(desk: Desk) -> None:
    reviewer = await desk.sign_in("reviewer")
    page = await reviewer.page(await planned(reviewer, [("services.csv", as_csv(HEADERS, [{**GOOD, "topics": "nothing"}]))]))
    assert "There is nothing to bring in" in page
    assert 'class="button main" href="/desk/exchange/import"' in page
