"""What administrators see of a role that waits, and what they do with it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import select, update

from knowledge.editorial.accounts import offers
from knowledge.editorial.actor import Membership, Role
from knowledge.editorial.records import now
from knowledge.store.account_tables import AcceptanceLinkRow, OfferedRoleRow
from locales.catalogue import say
from tests.integration.desk.accounts_acts import id_of, invite, roles_of
from tests.integration.desk.acts import give_password
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.offered_roles.acts import (
    EMAIL,
    HERE,
    NEW,
    THERE,
    accept,
    acceptance_in,
    offered,
    offers_to,
    told,
)
from tests.integration.desk.people import CITY, ORGANIZATION, Desk
from tests.integration.editorial.mailbox import mailbox


async def test_the_list_says_that_the_role_waits_and_that_the_link_ran_out(desk: Desk) -> None:
    await offered(desk)
    administrator = await desk.sign_in("administrator")
    assert f">{say('desk.accounts.state.offered', 'en')}</span>" in await administrator.page("/desk/users")
    desk.do(lambda session: session.execute(update(AcceptanceLinkRow).values(expires_at=now())))
    assert f">{say('desk.accounts.state.offer_lapsed', 'en')}</span>" in await administrator.page("/desk/users")
    desk.do(offers.purge)
    assert desk.do(lambda session: session.scalars(select(AcceptanceLinkRow)).all()) == []
    assert offers_to(desk) == [("editor", CITY)]


async def test_a_link_is_over_after_three_days_and_another_one_ends_it(desk: Desk) -> None:
    link = await offered(desk)
    row = desk.do(lambda session: session.scalars(select(AcceptanceLinkRow)).one())
    assert timedelta(days=2, hours=23) < row.expires_at.replace(tzinfo=now().tzinfo) - now() <= timedelta(days=3)
    assert row.id not in link  # the database knows the digest only
    administrator, person = await desk.sign_in("administrator"), await desk.sign_in("elsewhere")
    path = f"/desk/users/{id_of(desk, 'elsewhere')}/offers/link"
    another = acceptance_in(await (await administrator.post(path)).text())
    assert (await accept(person, link)).status == 404
    desk.do(lambda session: session.execute(update(AcceptanceLinkRow).values(expires_at=now())))
    assert (await accept(person, another)).status == 404
    last = acceptance_in(await (await administrator.post(path)).text())
    assert (await accept(person, last)).status == 303
    assert told(desk, CITY) == ["role_offer", "role_link", "role_link", "role_accept", "password"]


async def test_what_was_offered_can_be_taken_back(desk: Desk) -> None:
    link = await offered(desk)
    administrator, number = await desk.sign_in("administrator"), id_of(desk, "elsewhere")
    waiting = desk.do(lambda session: session.scalars(select(OfferedRoleRow.id).where(OfferedRoleRow.user_id == number)).one())
    assert (await administrator.post(f"/desk/users/{number}/offers/take", offer=waiting)).headers["Location"] == "/desk/users"
    assert (await accept(await desk.sign_in("elsewhere"), link)).status == 404
    assert (await administrator.get(f"/desk/users/{number}")).status == 404
    assert (await administrator.post(f"/desk/users/{number}/offers/link")).status == 404
    assert told(desk, CITY) == ["role_offer", "role_offer_take"]


async def test_the_link_from_before_does_not_take_what_is_offered_again(desk: Desk) -> None:
    link = await offered(desk)
    administrator, number = await desk.sign_in("administrator"), id_of(desk, "elsewhere")
    waiting = desk.do(lambda session: session.scalars(select(OfferedRoleRow.id).where(OfferedRoleRow.user_id == number)).one())
    await administrator.post(f"/desk/users/{number}/offers/take", offer=waiting)
    another = await offered(desk)
    person = await desk.sign_in("elsewhere")
    assert (await accept(person, link)).status == 404
    assert (await accept(person, another)).status == 303


async def test_an_administrator_elsewhere_neither_takes_an_offer_back_nor_makes_its_link(desk: Desk) -> None:
    await offered(desk)
    number, others = id_of(desk, "elsewhere"), await desk.sign_in("elsewhere")
    waiting = desk.do(lambda session: session.scalars(select(OfferedRoleRow.id).where(OfferedRoleRow.user_id == number)).one())
    assert (await others.post(f"/desk/users/{number}/offers/take", offer=waiting)).status == 404
    assert (await others.post(f"/desk/users/{number}/offers/link")).status == 404
    assert offers_to(desk) == [("editor", CITY)]


async def test_several_roles_wait_together_and_are_accepted_together(desk: Desk) -> None:
    first = await offered(desk)
    administrator, number = await desk.sign_in("administrator"), id_of(desk, "elsewhere")
    answer = await administrator.post(f"/desk/users/{number}/roles/add", role="reviewer", organization=ORGANIZATION)
    link = acceptance_in(await answer.text())
    person = await desk.sign_in("elsewhere")
    assert (await accept(person, first)).status == 404
    await accept(person, link)
    assert roles_of(desk, EMAIL) == {THERE, HERE, Membership(Role.REVIEWER, CITY, ORGANIZATION)}


async def test_two_who_offer_the_same_at_once_offer_it_once_and_one_link_works(desk: Desk) -> None:
    give_password(desk, "elsewhere")
    administrators = [await desk.sign_in("administrator") for _ in range(2)]
    answers = await asyncio.gather(*(invite(one, EMAIL) for one in administrators))
    assert [answer.status for answer in answers] == [200, 200]
    assert offers_to(desk) == [("editor", CITY)]
    assert len(desk.do(lambda session: session.scalars(select(AcceptanceLinkRow)).all())) == 1
    found = [acceptance_in(await answer.text()) for answer in answers]
    person = await desk.sign_in("elsewhere")
    assert sorted([(await person.get(link)).status for link in found]) == [200, 404]


async def test_accepting_twice_in_one_moment_gives_the_role_once(desk: Desk) -> None:
    link = await offered(desk)
    windows = [await desk.sign_in("elsewhere") for _ in range(2)]
    answers = await asyncio.gather(*(one.post(link, password=NEW, again=NEW) for one in windows))
    assert sorted(answer.status for answer in answers) == [303, 404]
    assert roles_of(desk, EMAIL) == {THERE, HERE}


async def test_the_link_is_not_sent_to_a_mailbox_that_others_may_read(make_desk: MakeDesk) -> None:
    with mailbox() as box:
        desk = await make_desk(NEWCOMER_SMTP_URL=box.url, NEWCOMER_MAIL_FROM="desk@city.example")
        await offered(desk)
    assert box.letters == []
