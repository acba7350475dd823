"""The people of a municipality: invitations, roles, help, and what administrators of two municipalities cannot do to one another."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import threading
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientResponse
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import people, sessions
from knowledge.editorial.actor import Membership, Role
from knowledge.editorial.records import now
from knowledge.store.account_tables import AccountLinkRow, MembershipRow, UserRow
from knowledge.web.breakable import breakable
from locales.catalogue import say
from tests.integration.desk.acts import (
    PASSWORD,
    WRONG,
    give_password,
    log_about,
    signed_in,
    try_to_sign_in,
    turn_on_second_factor,
    user,
)
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.people import CITY, ORGANIZATION, OTHER_CITY, Desk, Person, user_of
from tests.integration.editorial.mailbox import mailbox

ACTIONS = ("", "/roles/add", "/roles/take", "/disable", "/enable", "/end-sessions", "/reset-password", "/reset-second-factor")


def link_in(text: str) -> str:
    """Path of the one-time link on a page or in an e-mail."""
    found = re.search(r"https?://[^\s\"<]+/desk/welcome/[\w-]+", unescape(text))
    assert found is not None, text
    return urlsplit(found[0]).path


async def invite(person: Person, email: str = "anna@city.example", **fields: str) -> ClientResponse:
    return await person.post("/desk/users/new", {"email": email, "name": "Anna Weber", "role": "editor", "organization": "", **fields})


async def choose(person: Person, link: str, password: str = PASSWORD) -> ClientResponse:
    await person.get(link)
    return await person.post(link, password=password, again=password)


def roles_of(desk: Desk, email: str) -> set[Membership]:
    def read(session: Session) -> set[Membership]:
        found = session.scalars(select(UserRow).where(UserRow.email == email)).one()
        return set(sessions.actor_of(session, found).memberships)

    return set(desk.do(read))


def id_of(desk: Desk, name: str) -> int:
    return user(desk, name).id


def membership(desk: Desk, name: str, **which: str) -> int:
    """Number of a role that somebody has."""
    found = select(MembershipRow.id).filter_by(user_id=id_of(desk, name), **which)
    return int(desk.do(lambda session: session.scalars(found).one()))


# Invitations


async def test_somebody_invited_chooses_a_password_and_is_in(desk: Desk) -> None:
    administrator = await desk.sign_in("administrator")
    answer = await invite(administrator, " Anna@City.Example ")
    link = link_in(await answer.text())
    assert answer.headers["Cache-Control"] == "no-store"
    assert "invited" in await administrator.page("/desk/users")
    anna = desk.browser()
    assert "Welcome, Anna Weber" in await anna.page(link)
    assert (await choose(anna, link)).status == 303
    found = signed_in(desk, anna)
    assert found is not None
    assert found.actor.memberships == (Membership(Role.EDITOR, CITY),)
    assert (await try_to_sign_in(desk.browser(), "anna@city.example")).status == 303


async def test_a_link_works_once_and_looking_at_it_uses_nothing_up(desk: Desk) -> None:
    link = link_in(await (await invite(await desk.sign_in("administrator"))).text())
    person = desk.browser()
    for _ in range(3):
        assert (await person.get(link)).status == 200
    assert (await choose(person, link)).status == 303
    other = desk.browser()
    assert (await other.get(link)).status == 404
    answer = await choose(other, link, WRONG)
    assert answer.status == 404
    assert "used already" in await answer.text()
    assert (await try_to_sign_in(desk.browser(), "anna@city.example")).status == 303


async def test_a_link_used_twice_in_one_moment_sets_one_password(desk: Desk) -> None:
    link = link_in(await (await invite(await desk.sign_in("administrator"))).text())
    people = [desk.browser(), desk.browser()]
    answers = await asyncio.gather(choose(people[0], link, PASSWORD), choose(people[1], link, WRONG))
    assert sorted(answer.status for answer in answers) == [303, 404]


async def test_a_link_is_over_after_three_days(desk: Desk) -> None:
    link = link_in(await (await invite(await desk.sign_in("administrator"))).text())
    row = desk.do(lambda session: session.scalars(select(AccountLinkRow)).one())
    assert timedelta(days=2, hours=23) < row.expires_at.replace(tzinfo=now().tzinfo) - now() <= timedelta(days=3)
    assert row.id not in link  # the database knows the digest only
    desk.do(lambda session: session.execute(update(AccountLinkRow).values(expires_at=now())))
    assert (await choose(desk.browser(), link)).status == 404


async def test_somebody_whose_link_is_over_is_no_active_person_and_gets_another_one(desk: Desk) -> None:
    administrator = await desk.sign_in("administrator")
    link = link_in(await (await invite(administrator)).text())
    desk.do(lambda session: session.execute(update(AccountLinkRow).values(expires_at=now())))
    number = desk.do(lambda session: session.scalars(select(UserRow.id).where(UserRow.email == "anna@city.example")).one())
    words = say("desk.accounts.state.lapsed", "en")
    assert f">{words}</span>" in await administrator.page("/desk/users")
    assert f"<dd>{words}</dd>" in await administrator.page(f"/desk/users/{number}")
    another = link_in(await (await administrator.post(f"/desk/users/{number}/reset-password")).text())
    assert f"<dd>{words}</dd>" not in await administrator.page(f"/desk/users/{number}")
    assert (await choose(desk.browser(), link)).status == 404
    assert (await choose(desk.browser(), another)).status == 303


async def test_a_password_that_is_refused_leaves_the_link(desk: Desk) -> None:
    link = link_in(await (await invite(await desk.sign_in("administrator"))).text())
    person = desk.browser()
    answer = await choose(person, link, "anna@city.example")
    assert answer.status == 400
    assert "easy to guess" in await answer.text()
    assert (await choose(person, link)).status == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "anna"}, "not an e-mail address"),
        ({"name": ""}, "fill in a name"),
        ({"role": ""}, "choose what this person may do"),
        ({"role": "emperor"}, "choose what this person may do"),
        ({"organization": f"{OTHER_CITY}/stadt"}, "no organization"),
    ],
)
async def test_a_mistake_in_an_invitation_is_said_beside_its_field_and_loses_nothing(
    desk: Desk, fields: dict[str, str], words: str
) -> None:
    given = {"email": "anna@city.example", "name": "Anna Weber", **fields}
    answer = await invite(await desk.sign_in("administrator"), **given)
    text = await answer.text()
    assert answer.status == 400
    assert words in text
    assert all(f'value="{given[name]}"' in text for name in ("email", "name"))
    assert desk.do(lambda session: session.scalar(select(UserRow).where(UserRow.email == "anna@city.example"))) is None


async def test_somebody_with_an_account_gets_the_role_and_no_link(desk: Desk) -> None:
    give_password(desk, "elsewhere")
    answer = await invite(await desk.sign_in("administrator"), "elsewhere@desk.example", role="staff")
    assert answer.status == 303
    assert roles_of(desk, "elsewhere@desk.example") == {Membership(Role.ADMINISTRATOR, OTHER_CITY), Membership(Role.STAFF, CITY)}
    assert desk.do(lambda session: session.scalars(select(AccountLinkRow)).all()) == []
    assert (await try_to_sign_in(desk.browser(), "elsewhere@desk.example")).status == 303


async def test_the_link_goes_out_by_e_mail_where_there_is_a_mail_server(make_desk: MakeDesk) -> None:
    with mailbox() as box:
        desk = await make_desk(NEWCOMER_SMTP_URL=box.url, NEWCOMER_MAIL_FROM="desk@city.example")
        answer = await invite(await desk.sign_in("administrator"))
        assert breakable("We have sent the link to anna@city.example") in await answer.text()
    letter = box.letters[0]
    assert letter["To"] == "anna@city.example"
    assert (await choose(desk.browser(), link_in(letter.get_content()))).status == 303


async def test_a_mail_server_that_is_gone_leaves_the_link_on_the_page(make_desk: MakeDesk) -> None:
    desk = await make_desk(NEWCOMER_SMTP_URL="smtp://127.0.0.1:9", NEWCOMER_MAIL_FROM="desk@city.example")
    text = await (await invite(await desk.sign_in("administrator"))).text()
    assert "could not be sent" in text
    assert (await choose(desk.browser(), link_in(text))).status == 303


async def test_the_link_has_the_public_address(make_desk: MakeDesk) -> None:
    desk = await make_desk(NEWCOMER_PUBLIC_URL="https://desk.city.example/")
    assert "https://desk.city.example/desk/welcome/" in await (await invite(await desk.sign_in("administrator"))).text()


async def test_an_invitation_that_is_sent_twice_in_one_moment_makes_one_account(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a double click, each of which finds no account yet."""
    both, real, looked = threading.Barrier(2), people.user_with, itertools.count()

    def look(session: Session, email: str) -> UserRow | None:
        found = real(session, email)
        if next(looked) < 4:
            with contextlib.suppress(threading.BrokenBarrierError):  # on SQLite the second waits with looking until the first has written
                both.wait(1)
        return found

    monkeypatch.setattr(people, "user_with", look)
    administrator = await desk.sign_in("administrator")
    answers = await asyncio.gather(invite(administrator), invite(administrator))
    assert sorted(answer.status for answer in answers)[0] == 200
    assert sorted(answer.status for answer in answers)[1] in (303, 400)
    assert roles_of(desk, "anna@city.example") == {Membership(Role.EDITOR, CITY)}


# Roles


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


# Help for people


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
