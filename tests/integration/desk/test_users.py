"""What an administrator does for somebody who cannot get in, and what those of two municipalities cannot do to one another."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Membership, Role
from knowledge.store.account_tables import AccountLinkRow, MembershipRow
from knowledge.web.breakable import breakable
from tests.integration.desk.accounts_acts import choose, id_of, invite, link_in, membership, roles_of
from tests.integration.desk.acts import WRONG, give_password, log_about, signed_in, try_to_sign_in, turn_on_second_factor, user
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, user_of

ACTIONS = ("", "/roles/add", "/roles/take", "/disable", "/enable", "/end-sessions", "/reset-password", "/reset-second-factor")


# Help


async def test_somebody_switched_off_is_out_at_once_and_cannot_come_back(desk: Desk) -> None:
    email = give_password(desk)
    person = desk.browser()
    await try_to_sign_in(person, email)
    administrator = await desk.sign_in("administrator")
    link = link_in(await (await administrator.post(f"/desk/users/{id_of(desk, 'editor')}/reset-password")).text())
    await administrator.post(f"/desk/users/{id_of(desk, 'editor')}/disable")
    assert signed_in(desk, person) is None
    assert (await try_to_sign_in(desk.browser(), email)).status == 400
    assert (await desk.browser().get(link)).status == 404
    await administrator.post(f"/desk/users/{id_of(desk, 'editor')}/enable")
    assert (await try_to_sign_in(desk.browser(), email)).status == 303
    assert log_about(desk, "editor") == ["sign_in", "password_link", "user_disable", "user_enable", "sign_in"]


async def test_nobody_switches_the_own_account_off(desk: Desk) -> None:
    administrator = await desk.sign_in("administrator")
    answer = await administrator.post(f"/desk/users/{id_of(desk, 'administrator')}/disable")
    assert answer.status == 400
    assert signed_in(desk, administrator) is not None


async def test_a_link_for_a_new_password_lifts_the_lockout_and_keeps_the_second_factor(desk: Desk) -> None:
    email = give_password(desk)
    turn_on_second_factor(desk)
    for _ in range(5):
        await try_to_sign_in(desk.browser(), email, WRONG)
    administrator = await desk.sign_in("administrator")
    link = link_in(await (await administrator.post(f"/desk/users/{id_of(desk, 'editor')}/reset-password")).text())
    assert (await try_to_sign_in(desk.browser(), email)).headers["Location"] == "/desk/sign-in/code"  # the old one still works
    person = desk.browser()
    answer = await choose(person, link, "sechs Stühle am Fluss")
    assert answer.headers["Location"] == "/desk/sign-in/code"


async def test_a_lost_phone_is_forgotten(desk: Desk) -> None:
    email = give_password(desk)
    turn_on_second_factor(desk)
    await (await desk.sign_in("administrator")).post(f"/desk/users/{id_of(desk, 'editor')}/reset-second-factor")
    assert (await try_to_sign_in(desk.browser(), email)).headers["Location"] == "/desk"
    assert "second_factor_reset" in log_about(desk, "editor")


async def test_an_administrator_signs_somebody_out_everywhere(desk: Desk) -> None:
    victim, administrator = await desk.sign_in("editor"), await desk.sign_in("administrator")
    await administrator.post(f"/desk/users/{id_of(desk, 'editor')}/end-sessions")
    assert signed_in(desk, victim) is None


# Between municipalities


async def test_an_administrator_sees_only_the_own_people_and_their_roles_here(desk: Desk) -> None:
    page = await (await desk.sign_in("administrator")).page("/desk/users")
    assert breakable("editor@desk.example") in page
    assert breakable("elsewhere@desk.example") not in page
    assert breakable("without_role@desk.example") not in page
    other = await (await desk.sign_in("elsewhere")).page("/desk/users")
    assert breakable("two_cities@desk.example") in other
    assert f">{breakable('editor@desk.example')}" not in other
    two = await (await desk.sign_in("administrator")).page(f"/desk/users/{id_of(desk, 'two_cities')}")
    assert "Editor · Ankerstadt" in two
    assert "Kleinstadt" not in two


@pytest.mark.parametrize("action", ACTIONS)
async def test_people_of_another_municipality_are_not_there(desk: Desk, action: str) -> None:
    administrator = await desk.sign_in("administrator")
    path = f"/desk/users/{id_of(desk, 'elsewhere')}{action}"
    answer = await (administrator.get(path) if not action else administrator.post(path, role="staff", organization="", membership=1))
    assert answer.status == 404
    assert roles_of(desk, "elsewhere@desk.example") == {Membership(Role.ADMINISTRATOR, OTHER_CITY)}


@pytest.mark.parametrize("action", ["disable", "end-sessions", "reset-password", "reset-second-factor"])
async def test_nobody_takes_over_an_account_that_has_rights_in_another_municipality(desk: Desk, action: str) -> None:
    """By inviting the administrator of the neighbours and making a link for their password."""
    give_password(desk, "elsewhere")
    turn_on_second_factor(desk, "elsewhere")
    victim, administrator = await desk.sign_in("elsewhere"), await desk.sign_in("administrator")
    await invite(administrator, "elsewhere@desk.example", role="staff")
    answer = await administrator.post(f"/desk/users/{id_of(desk, 'elsewhere')}/{action}")
    assert answer.status == 403
    assert signed_in(desk, victim) is not None
    now_is = user(desk, "elsewhere")
    assert not now_is.disabled
    assert now_is.totp_secret is not None
    assert desk.do(lambda session: session.scalars(select(AccountLinkRow)).all()) == []


async def test_a_role_of_another_municipality_is_not_taken_by_its_number(desk: Desk) -> None:
    administrator = await desk.sign_in("administrator")
    number = id_of(desk, "two_cities")
    there = membership(desk, "two_cities", municipality_id=OTHER_CITY)
    assert (await administrator.post(f"/desk/users/{number}/roles/take", membership=there)).status == 404
    assert Membership(Role.ADMINISTRATOR, OTHER_CITY) in roles_of(desk, "two_cities@desk.example")


async def test_who_is_administrator_in_both_may_do_all_of_it(desk: Desk) -> None:
    def promote(session: Session) -> None:
        session.add(
            MembershipRow(
                user_id=user_of(session, "administrator").id, role="administrator", municipality_id=OTHER_CITY, organization_id=None
            )
        )

    desk.do(promote)
    administrator = await desk.sign_in("administrator", municipality=CITY)
    assert (await administrator.post(f"/desk/users/{id_of(desk, 'two_cities')}/end-sessions")).status == 303
