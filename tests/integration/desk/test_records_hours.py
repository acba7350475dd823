"""Opening hours in the form of a service: saved once the editor has seen what was understood."""

from __future__ import annotations

import re

from tests.integration.desk.people import Desk, Person
from tests.integration.desk.records_filled import OFFICE, new_service, newest
from tests.integration.desk.records_form import open_form


async def test_hours_are_saved_after_they_were_shown(desk: Desk, editor: Person) -> None:
    form = (await new_service(editor)).fill({"at.0.location": "rathaus", "at.0.hours": "Mo bis Fr 9-12, Do auch 14-18"})
    back = await form.refused()
    assert "save again" in back.mistakes["f-at-0-hours"]
    assert "Thursday 9:00 to 12:00 and 14:00 to 18:00" in back.page
    await back.saved()
    hours = newest(desk, "service", "lesecafe-lindenau")["at"][0]["hours"]
    assert {"days": ["thursday"], "opens": "14:00", "closes": "18:00"} in hours


async def test_hours_that_were_shown_and_then_changed_are_shown_again(editor: Person) -> None:
    form = (await new_service(editor)).fill({"at.0.location": "rathaus", "at.0.hours": "Mo 9-12"})
    back = await form.refused()
    again = await back.fill({"at.0.hours": "Di 9-12"}).refused()
    assert "f-at-0-hours" in again.mistakes
    assert "Tuesday" in again.page


async def test_what_was_not_understood_of_hours_is_marked_and_left_out_only_when_asked(desk: Desk, editor: Person) -> None:
    form = (await new_service(editor)).fill({"at.0.location": "rathaus", "at.0.hours": "Mo-Fr 9-12, bei Vollmond immer"})
    back = await form.refused()
    assert re.search(r"<mark>[^<]*Vollmond[^<]*</mark>", back.page)
    assert back["at.0.hours"] == "Mo-Fr 9-12, bei Vollmond immer"
    assert "f-at-0-hours" in (await back.refused()).mistakes
    await back.fill({"_leave_out.at.0.hours": "yes"}).saved()
    assert len(newest(desk, "service", "lesecafe-lindenau")["at"][0]["hours"]) == 1


async def test_saved_hours_need_no_second_look(desk: Desk, editor: Person) -> None:
    form = await open_form(editor, f"/desk/record/service/{OFFICE}/edit")
    assert "8:00" in form["at.0.hours"]
    hours = newest(desk, "service", OFFICE)["at"]
    await form.fill({"texts.fees": "Frei."}).saved()
    assert newest(desk, "service", OFFICE)["texts"]["fees"] == "Frei."
    assert newest(desk, "service", OFFICE)["at"] == hours
