"""Invitations: a one-time link with which somebody chooses a password."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import people
from knowledge.editorial.actor import Membership, Role
from knowledge.editorial.records import now
from knowledge.store.account_tables import AccountLinkRow, MembershipRow, UserRow
from knowledge.web.breakable import breakable
from locales.catalogue import say
from tests.integration.desk.accounts_acts import choose, invite, link_in, roles_of
from tests.integration.desk.acts import PASSWORD, WRONG, give_password, signed_in, try_to_sign_in
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.people import CITY, OTHER_CITY, Desk
from tests.integration.editorial.mailbox import mailbox


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


async def test_somebody_who_works_here_already_gets_the_role_and_no_link(desk: Desk) -> None:
    give_password(desk, "two_cities")
    answer = await invite(await desk.sign_in("administrator"), "two_cities@desk.example", role="staff")
    assert answer.status == 303
    assert Membership(Role.STAFF, CITY) in roles_of(desk, "two_cities@desk.example")
    assert desk.do(lambda session: session.scalars(select(AccountLinkRow)).all()) == []
    assert (await try_to_sign_in(desk.browser(), "two_cities@desk.example")).status == 303


async def test_an_account_that_nobody_ever_used_and_that_works_for_nobody_is_as_good_as_a_new_one(desk: Desk) -> None:
    """Given an invitation of the neighbours who have taken the role away again: their link is void."""
    neighbours = await desk.sign_in("elsewhere")
    theirs = link_in(await (await invite(neighbours)).text())
    number = desk.do(lambda session: session.scalars(select(UserRow.id).where(UserRow.email == "anna@city.example")).one())
    held = desk.do(lambda session: session.scalars(select(MembershipRow.id).where(MembershipRow.user_id == number)).one())
    await neighbours.post(f"/desk/users/{number}/roles/take", membership=held)
    ours = link_in(await (await invite(await desk.sign_in("administrator"))).text())
    assert (await choose(desk.browser(), theirs)).status == 404
    assert (await choose(desk.browser(), ours)).status == 303
    assert roles_of(desk, "anna@city.example") == {Membership(Role.EDITOR, CITY)}


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
