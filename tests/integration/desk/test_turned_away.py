"""Somebody who came by a city account and works for nobody: any administrator may switch the account off, and on again."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.store.account_tables import AuditRow, MembershipRow, OfferedRoleRow
from knowledge.web.breakable import breakable
from locales.catalogue import say
from tests.integration.desk.accounts_acts import id_of
from tests.integration.desk.acts import signed_in, user
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, user_of

NAME = "without_role"
EMAIL = breakable(f"{NAME}@desk.example")


@pytest.fixture(autouse=True)
def somebody_waits(desk: Desk) -> None:
    """Given somebody who has signed in with a city account and waits for a role."""

    def connect(session: Session) -> None:
        row = user_of(session, NAME)
        row.oidc_issuer, row.oidc_subject = "https://city.example", "12"

    desk.do(connect)


async def test_the_list_of_those_who_wait_has_a_button_that_switches_them_off(desk: Desk) -> None:
    person, administrator, number = await desk.sign_in(NAME), await desk.sign_in("administrator"), id_of(desk, NAME)
    assert f'action="/desk/users/{number}/disable"' in await administrator.page("/desk/users")
    answer = await administrator.post(f"/desk/users/{number}/disable")
    assert answer.headers["Location"] == f"/desk/users/{number}"
    assert signed_in(desk, person) is None
    page = await administrator.page("/desk/users")
    assert say("desk.accounts.users.waiting", "en") not in page
    assert EMAIL in page.partition("<details")[2]  # not forgotten: there it can be undone


async def test_it_can_be_undone(desk: Desk) -> None:
    administrator, number = await desk.sign_in("administrator"), id_of(desk, NAME)
    await administrator.post(f"/desk/users/{number}/disable")
    assert f'action="/desk/users/{number}/enable"' in await administrator.page(f"/desk/users/{number}")
    await administrator.post(f"/desk/users/{number}/enable")
    assert not user(desk, NAME).disabled
    assert say("desk.accounts.users.waiting", "en") in await administrator.page("/desk/users")


async def test_the_log_of_the_city_whose_administrator_did_it_tells_so(desk: Desk) -> None:
    await (await desk.sign_in("administrator")).post(f"/desk/users/{id_of(desk, NAME)}/disable")
    rows = select(AuditRow.action, AuditRow.municipality_id).where(AuditRow.record == f"user:{id_of(desk, NAME)}")
    assert [tuple(row) for row in desk.do(lambda session: session.execute(rows).all())] == [("user_disable", CITY)]


@pytest.mark.parametrize("table", [MembershipRow, OfferedRoleRow])
async def test_somebody_whom_another_city_knows_is_left_alone(desk: Desk, table: type[MembershipRow | OfferedRoleRow]) -> None:
    def known(session: Session) -> None:
        session.add(table(user_id=user_of(session, NAME).id, role="staff", municipality_id=OTHER_CITY, organization_id=None))

    desk.do(known)
    administrator, number = await desk.sign_in("administrator"), id_of(desk, NAME)
    assert EMAIL not in await administrator.page("/desk/users")
    assert (await administrator.post(f"/desk/users/{number}/disable")).status in (403, 404)
    assert not user(desk, NAME).disabled


@pytest.mark.parametrize("action", ["end-sessions", "reset-password", "reset-second-factor"])
async def test_nothing_else_is_done_with_the_account(desk: Desk, action: str) -> None:
    """A link for a password would open somebody's account to whoever asks for it."""
    administrator = await desk.sign_in("administrator")
    assert (await administrator.post(f"/desk/users/{id_of(desk, NAME)}/{action}")).status == 403


async def test_who_has_no_city_account_is_not_there(desk: Desk) -> None:
    desk.do(lambda session: setattr(user_of(session, NAME), "oidc_subject", None))
    administrator = await desk.sign_in("administrator")
    assert (await administrator.post(f"/desk/users/{id_of(desk, NAME)}/disable")).status == 404
    assert not user(desk, NAME).disabled
