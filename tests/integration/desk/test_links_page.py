"""The list of web addresses that are broken, over HTTP: who has seen one working takes it off the list."""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.editorial.links.checking import BROKEN_FROM
from knowledge.editorial.records import now
from knowledge.store.desk_tables import LinkCheckRow
from tests.integration.desk.home_page import a_service, plain
from tests.integration.desk.people import Desk

LIST, ADDRESS = "/desk/todo/links", "https://shy.example/page"


def a_broken_address(desk: Desk) -> tuple[str, int]:
    """(key of the record, number of the address)."""
    key, _ = a_service(desk)

    def add(session: Session) -> int:
        row = LinkCheckRow(record_id=key, url=ADDRESS, status=404, problem="not_found", failures=BROKEN_FROM, checked_at=now())
        session.add(row)
        session.flush()
        return row.id

    return key, desk.do(add)


async def test_given_somebody_saw_it_working_then_it_is_off_the_list_and_in_the_log(desk: Desk) -> None:
    key, number = a_broken_address(desk)
    editor = await desk.sign_in("editor")
    assert f'<a href="{ADDRESS}"' in await editor.page(LIST)
    said = plain(await (await editor.post(LIST, record=key, link=number, follow=True)).text())
    assert "Off the list." in said and ADDRESS not in said
    log = plain(await (await desk.sign_in("administrator")).page("/desk/audit?action=link_works"))
    assert f"Web address: {ADDRESS}" in log


async def test_given_it_was_taken_out_of_the_record_meanwhile_then_that_is_said(desk: Desk) -> None:
    key, number = a_broken_address(desk)
    desk.do(lambda session: session.delete(session.get_one(LinkCheckRow, number)))
    answer = await (await desk.sign_in("editor")).post(LIST, record=key, link=number)
    assert answer.status == 404 and "not in the record any more" in plain(await answer.text())
