"""Who lays a question aside by mistake brings it back with the next click."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from knowledge.editorial.questions.keeping import note
from knowledge.store.desk_tables import UnansweredRow
from tests.integration.desk.people import CITY, OTHER_CITY, Desk

LIST = "/desk/questions"


async def test_the_list_offers_to_bring_it_back(desk: Desk) -> None:
    desk.do(lambda s: note(s, CITY, "Wo ist das Freibad?", "de", date.today()))
    number = desk.do(lambda s: s.scalar(select(UnansweredRow.id)))
    editor = await desk.sign_in("editor")
    page = await (await editor.post(f"{LIST}/{number}/handled", follow=True)).text()
    assert "Wo ist das Freibad?" in page
    (way_back,) = re.findall(r'action="([^"]+/reopened)"', page)
    assert (await editor.post(way_back)).status == 303
    assert not desk.do(lambda s: s.scalar(select(UnansweredRow.handled)))
    # The same address once more, for instance by the browser's button to go back.
    assert "/reopened" not in await editor.page(f"{LIST}?aside={number}")


@pytest.mark.parametrize("aside", ["x", "999999", "99999999999999999999"])
async def test_nothing_is_offered_where_nothing_was_laid_aside(desk: Desk, aside: str) -> None:
    assert "/reopened" not in await (await desk.sign_in("editor")).page(f"{LIST}?aside={aside}")


async def test_a_question_of_another_city_is_not_shown(desk: Desk) -> None:
    desk.do(lambda s: note(s, OTHER_CITY, "Wo ist das Hallenbad?", "de", date.today()))
    number = desk.do(lambda s: s.scalar(select(UnansweredRow.id)))
    assert "Hallenbad" not in await (await desk.sign_in("editor")).page(f"{LIST}?aside={number}")
