"""Who has which role: given, taken, and the last administrator."""

from __future__ import annotations

import asyncio

from aiohttp import ClientResponse
from sqlalchemy import select

from knowledge.editorial.actor import Membership, Role
from knowledge.store.account_tables import MembershipRow
from knowledge.web.breakable import breakable
from tests.integration.desk.accounts_acts import id_of, membership, roles_of
from tests.integration.desk.acts import log_about
from tests.integration.desk.people import CITY, ORGANIZATION, Desk, Person


async def test_a_role_works_from_the_next_click_on_and_ends_with_it(desk: Desk) -> None:
    administrator, staff = await desk.sign_in("administrator"), await desk.sign_in("staff")
    number = id_of(desk, "staff")
    await administrator.post(f"/desk/users/{number}/roles/add", role="administrator", organization="")
    assert (await staff.get("/desk/users")).status == 200
    held = membership(desk, "staff", role="administrator")
    await administrator.post(f"/desk/users/{number}/roles/take", membership=held)
    assert (await staff.get("/desk/users")).status == 403
    assert log_about(desk, "staff") == ["role_add", "role_take"]


async def test_a_role_for_one_organization(desk: Desk) -> None:
    administrator = await desk.sign_in("administrator")
    for _ in range(2):  # giving it twice gives it once
        await administrator.post(f"/desk/users/{id_of(desk, 'staff')}/roles/add", role="editor", organization=ORGANIZATION)
    assert roles_of(desk, "staff@desk.example") == {Membership(Role.STAFF, CITY), Membership(Role.EDITOR, CITY, ORGANIZATION)}
    assert "only for" in await administrator.page(f"/desk/users/{id_of(desk, 'staff')}")
    assert len(desk.do(lambda session: session.scalars(select(MembershipRow).filter_by(user_id=id_of(desk, "staff"))).all())) == 2


async def take_administrator(person: Person, desk: Desk, name: str) -> ClientResponse:
    held = membership(desk, name, role="administrator", municipality_id=CITY)
    return await person.post(f"/desk/users/{id_of(desk, name)}/roles/take", membership=held)


async def test_the_last_administrator_stays(desk: Desk) -> None:
    administrator = await desk.sign_in("administrator")
    answer = await take_administrator(administrator, desk, "administrator")
    assert answer.status == 400
    assert "last administrator" in await answer.text()
    assert Membership(Role.ADMINISTRATOR, CITY) in roles_of(desk, "administrator@desk.example")


async def test_one_who_is_switched_off_or_serves_one_organization_does_not_count_as_another(desk: Desk) -> None:
    administrator = await desk.sign_in("administrator")
    number = id_of(desk, "reviewer")
    await administrator.post(f"/desk/users/{number}/roles/add", role="administrator", organization="")
    await administrator.post(f"/desk/users/{number}/disable")
    assert (await take_administrator(administrator, desk, "administrator")).status == 400
    await administrator.post(f"/desk/users/{number}/enable")
    assert (await take_administrator(administrator, desk, "administrator")).status == 303
    assert (await administrator.get("/desk/users")).headers["Location"] == "/desk/no-role"


async def test_two_administrators_who_take_each_others_role_at_once_leave_one(desk: Desk) -> None:
    first = await desk.sign_in("administrator")
    await first.post(f"/desk/users/{id_of(desk, 'reviewer')}/roles/add", role="administrator", organization="")
    second = await desk.sign_in("reviewer")
    await asyncio.gather(take_administrator(first, desk, "reviewer"), take_administrator(second, desk, "administrator"))
    left = desk.do(
        lambda session: session.scalars(
            select(MembershipRow).where(
                MembershipRow.municipality_id == CITY, MembershipRow.role == "administrator", MembershipRow.organization_id.is_(None)
            )
        ).all()
    )
    assert len(left) == 1


async def test_somebody_whose_last_role_was_taken_is_gone_from_the_list(desk: Desk) -> None:
    administrator = await desk.sign_in("administrator")
    number = id_of(desk, "staff")
    held = membership(desk, "staff")
    answer = await administrator.post(f"/desk/users/{number}/roles/take", membership=held)
    assert answer.headers["Location"] == "/desk/users"
    assert breakable("staff@desk.example") not in await administrator.page("/desk/users")
    assert (await administrator.get(f"/desk/users/{number}")).status == 404
