"""A role for somebody who works elsewhere waits until the owner of the account has accepted it: it takes the link and being signed in.

"elsewhere" works for the other town only. Its administrators may know the password; those of the city have the link.
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientResponse
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import links, offers, roles, sessions
from knowledge.editorial.actor import Membership, Role, desk_itself
from knowledge.editorial.records import now
from knowledge.store.account_tables import AcceptanceLinkRow, AuditRow, MembershipRow, OfferedRoleRow
from locales.catalogue import say
from tests.integration.desk.accounts_acts import choose, id_of, invite, link_in, membership, roles_of
from tests.integration.desk.acts import PASSWORD, WRONG, give_password, sessions_of, signed_in, try_to_sign_in, user
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.people import CITY, ORGANIZATION, OTHER_CITY, Desk, Person, user_of
from tests.integration.editorial.mailbox import mailbox

EMAIL, NEW = "elsewhere@desk.example", "sechs Stühle am Fluss"
THERE, HERE = Membership(Role.ADMINISTRATOR, OTHER_CITY), Membership(Role.EDITOR, CITY)


def acceptance_in(text: str) -> str:
    """Path of the link to accept a role that a page shows."""
    found = re.search(r"https?://[^\s\"<]+/desk/accept/[\w-]+", unescape(text))
    assert found is not None, text
    return urlsplit(found[0]).path


async def offered(desk: Desk, email: str = EMAIL, role: str = "editor") -> str:
    """The administrator of the city gives the account a role: the link that is shown."""
    give_password(desk, "elsewhere")
    answer = await invite(await desk.sign_in("administrator"), email, role=role)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return acceptance_in(await answer.text())


async def accept(person: Person, link: str, password: str = NEW) -> ClientResponse:
    await person.get(link)
    return await person.post(link, password=password, again=password)


def offers_to(desk: Desk, name: str = "elsewhere") -> list[tuple[str, str]]:
    rows = select(OfferedRoleRow.role, OfferedRoleRow.municipality_id).where(OfferedRoleRow.user_id == id_of(desk, name))
    return [(role, town) for role, town in desk.do(lambda session: session.execute(rows).all())]


def told(desk: Desk, municipality: str, name: str = "elsewhere") -> list[str]:
    """What the log of a municipality tells about an account."""
    rows = select(AuditRow.action).where(AuditRow.record == f"user:{id_of(desk, name)}", AuditRow.municipality_id == municipality)
    return list(desk.do(lambda session: session.scalars(rows.order_by(AuditRow.id)).all()))


def take_role_there(desk: Desk) -> None:
    """The other town no longer employs them."""
    there = MembershipRow.municipality_id == OTHER_CITY
    desk.do(lambda session: session.execute(delete(MembershipRow).where(MembershipRow.user_id == id_of(desk, "elsewhere"), there)))


# The way of it


async def test_the_role_works_from_the_moment_its_owner_accepts_it(desk: Desk) -> None:
    link = await offered(desk)
    person = await desk.sign_in("elsewhere")
    assert roles_of(desk, EMAIL) == {THERE}
    assert "Ankerstadt gives you this role" in await person.page(link)
    answer = await accept(person, link)
    assert answer.headers["Location"] == "/desk"
    assert roles_of(desk, EMAIL) == {THERE, HERE}
    found = signed_in(desk, person)
    assert found is not None
    assert found.municipality == CITY  # they begin where they have just come to
    assert offers_to(desk) == []
    assert told(desk, CITY) == ["role_offer", "role_accept", "password"]
    assert told(desk, OTHER_CITY) == ["password"]


@pytest.mark.parametrize("path", ["/desk/records/service", "/desk/record/service/entwurf", "/desk/users", "/desk/audit"])
async def test_until_then_it_opens_nothing(desk: Desk, path: str) -> None:
    """Given somebody without any other role, to whom the highest one is offered."""
    person = await desk.sign_in("offered")
    assert (await person.get(path)).headers["Location"] == "/desk/no-role"
    assert desk.actor("offered").memberships == ()


async def test_who_has_no_other_role_is_told_what_to_do_and_whom_to_ask(desk: Desk) -> None:
    page = await (await desk.sign_in("offered")).page("/desk")
    assert "Administrator · Ankerstadt" in page
    assert say("desk.accounts.no_role.open_link", "en") in page
    administrator = user(desk, "administrator").name
    assert f"<li>{administrator}</li>" in page
    assert say("desk.accounts.no_role.then", "en") not in page  # that list is about others


async def test_the_own_account_tells_what_waits(desk: Desk) -> None:
    await offered(desk)
    page = await (await desk.sign_in("elsewhere")).page("/desk/account")
    assert say("desk.accounts.account.offered", "en") in page


async def test_who_is_not_signed_in_does_so_first_and_comes_back(desk: Desk) -> None:
    link = await offered(desk)
    person = desk.browser()
    page = await person.page(link)
    assert say("desk.accounts.to_sign_in", "en") in page
    assert 'name="password"' not in page
    answer = await try_to_sign_in(person, EMAIL)
    assert answer.headers["Location"] == link
    assert (await accept(person, link)).status == 303
    assert HERE in roles_of(desk, EMAIL)


async def test_a_form_that_comes_without_a_session_leads_to_signing_in_and_back(desk: Desk) -> None:
    link = await offered(desk)
    person = desk.browser()
    answer = await person.post(link, password=NEW, again=NEW)
    assert answer.headers["Location"] == "/desk/sign-in"
    assert (await try_to_sign_in(person, EMAIL)).headers["Location"] == link
    assert roles_of(desk, EMAIL) == {THERE}


async def test_looking_at_the_link_uses_nothing_up_and_it_works_once(desk: Desk) -> None:
    link = await offered(desk)
    person = await desk.sign_in("elsewhere")
    for _ in range(3):
        assert (await person.get(link)).status == 200
    assert (await accept(person, link)).status == 303
    assert (await person.get(link)).status == 404
    assert (await accept(person, link, PASSWORD)).status == 404


# It takes both


async def test_the_password_alone_accepts_nothing(desk: Desk) -> None:
    """An administrator of the other town who knows the password guesses at the link."""
    await offered(desk)
    person = desk.browser()
    await try_to_sign_in(person, EMAIL)
    assert (await accept(person, "/desk/accept/no-such-token")).status == 404
    assert roles_of(desk, EMAIL) == {THERE}


@pytest.mark.parametrize("name", ["administrator", "reviewer", "two_cities"])
async def test_the_link_alone_accepts_nothing(desk: Desk, name: str) -> None:
    """Not even where the administrator who has made it opens it."""
    link = await offered(desk)
    person = await desk.sign_in(name)
    before = desk.actor(name)
    assert 'name="password"' not in await person.page(link)
    answer = await accept(person, link)
    assert answer.status == 404
    assert say("desk.error.acceptance_of_another", "en") in await answer.text()
    assert roles_of(desk, EMAIL) == {THERE}
    assert desk.actor(name) == before
    assert (await try_to_sign_in(desk.browser(), EMAIL)).status == 303  # nor has it set a password


async def test_it_is_no_link_for_a_password_nor_the_other_way_round(desk: Desk) -> None:
    token = (await offered(desk)).rpartition("/")[2]
    assert (await choose(desk.browser(), f"/desk/welcome/{token}")).status == 404
    other = desk.do(lambda session: links.make(session, user_of(session, "elsewhere")))
    assert (await accept(await desk.sign_in("elsewhere"), f"/desk/accept/{other}")).status == 404
    assert roles_of(desk, EMAIL) == {THERE}


async def test_who_knew_the_password_is_out_when_the_role_is_accepted(desk: Desk) -> None:
    """Given an administrator of the other town who has a session and a link for the password, and knows the one there is."""
    other = await desk.sign_in("elsewhere")
    kept = desk.do(lambda session: links.path(links.make(session, user_of(session, "elsewhere"))))
    link = await offered(desk)
    owner = await desk.sign_in("elsewhere")
    assert (await accept(owner, link)).status == 303
    assert signed_in(desk, other) is None
    assert (await choose(desk.browser(), kept)).status == 404
    assert (await try_to_sign_in(desk.browser(), EMAIL)).status == 400
    assert (await try_to_sign_in(desk.browser(), EMAIL, NEW)).status == 303
    assert len(sessions_of(desk, "elsewhere")) == 2


async def test_a_city_account_that_was_connected_is_no_way_in_any_more(desk: Desk) -> None:
    """Given one that was connected by whoever knew the password."""
    link = await offered(desk)

    def connect(session: Session) -> None:
        row = user_of(session, "elsewhere")
        row.oidc_issuer, row.oidc_subject = "https://city.example", "12"

    desk.do(connect)
    person = await desk.sign_in("elsewhere")
    assert say("desk.accounts.accept.city", "en") in unescape(await person.page(link))
    await accept(person, link)
    assert user(desk, "elsewhere").oidc_subject is None
    assert "city_account_unlinked" in told(desk, CITY)


@pytest.mark.parametrize(
    ("password", "again", "key"),
    [
        (PASSWORD, PASSWORD, "same_password"),
        ("", "", "password_short"),
        (NEW, WRONG, "passwords_differ"),
        (EMAIL, EMAIL, "password_common"),
    ],
)
async def test_a_password_that_others_may_know_or_guess_accepts_nothing(desk: Desk, password: str, again: str, key: str) -> None:
    link = await offered(desk)
    person = await desk.sign_in("elsewhere")
    answer = await person.post(link, password=password, again=again)
    assert answer.status == 400
    assert say(f"desk.error.{key}", "en", least=12) in unescape(await answer.text())
    assert roles_of(desk, EMAIL) == {THERE}
    assert (await accept(person, link)).status == 303


async def test_who_offers_a_role_may_do_nothing_with_the_account_yet(desk: Desk) -> None:
    await offered(desk)
    number, here = id_of(desk, "elsewhere"), await desk.sign_in("administrator")
    for action in ("disable", "end-sessions", "reset-password", "reset-second-factor"):
        assert (await here.post(f"/desk/users/{number}/{action}")).status == 403
    take_role_there(desk)  # whoever works for nobody is not in the hands of those who only offer something either
    assert (await here.post(f"/desk/users/{number}/reset-password")).status == 403
    assert say("desk.accounts.person.after_acceptance", "en") in await here.page(f"/desk/users/{number}")


async def test_those_there_may_still_manage_and_see_nothing_of_the_offer(desk: Desk) -> None:
    give_password(desk, "staff")
    answer = await invite(await desk.sign_in("elsewhere"), "staff@desk.example")
    link = acceptance_in(await answer.text())
    administrator, number = await desk.sign_in("administrator"), id_of(desk, "staff")
    page = await administrator.page(f"/desk/users/{number}")
    assert "Kleinstadt" not in page
    assert say("desk.accounts.state.offered", "en") not in page
    assert (await administrator.page("/desk/users")).count(say("desk.accounts.users.elsewhere", "en")) == 1  # somebody else, in fact
    assert (await administrator.post(f"/desk/users/{number}/end-sessions")).status == 303
    assert (await accept(await desk.sign_in("staff"), link)).status == 303
    assert (await administrator.post(f"/desk/users/{number}/end-sessions")).status == 403


# What the administrator sees and does


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


# Which roles wait, and which do not


async def test_a_further_role_of_somebody_who_has_accepted_one_works_at_once(desk: Desk) -> None:
    await accept(await desk.sign_in("elsewhere"), await offered(desk))
    administrator, number = await desk.sign_in("administrator"), id_of(desk, "elsewhere")
    assert (await administrator.post(f"/desk/users/{number}/roles/add", role="reviewer", organization="")).status == 303
    held = membership(desk, "elsewhere", role="editor", municipality_id=CITY)
    await administrator.post(f"/desk/users/{number}/roles/take", membership=held)
    assert roles_of(desk, EMAIL) == {THERE, Membership(Role.REVIEWER, CITY)}


async def test_a_role_that_was_taken_away_and_is_given_again_is_accepted_again(desk: Desk) -> None:
    await accept(await desk.sign_in("elsewhere"), await offered(desk))
    administrator, number = await desk.sign_in("administrator"), id_of(desk, "elsewhere")
    held = membership(desk, "elsewhere", role="editor", municipality_id=CITY)
    await administrator.post(f"/desk/users/{number}/roles/take", membership=held)
    acceptance_in(await (await invite(administrator, EMAIL)).text())
    assert roles_of(desk, EMAIL) == {THERE}


async def test_a_role_waits_also_for_an_account_whose_last_role_was_taken_away(desk: Desk) -> None:
    """Otherwise those who know the password would only have to let the person go first."""
    give_password(desk, "elsewhere")
    take_role_there(desk)
    acceptance_in(await (await invite(await desk.sign_in("administrator"), EMAIL)).text())
    assert roles_of(desk, EMAIL) == set()


async def test_a_role_waits_also_where_the_first_invitation_was_not_taken_yet(desk: Desk) -> None:
    """Given an invitation of the other town: whoever takes it gets nothing here without the link of the city."""
    theirs = link_in(await (await invite(await desk.sign_in("elsewhere"))).text())
    ours = acceptance_in(await (await invite(await desk.sign_in("administrator"))).text())
    person = desk.browser()
    await person.get(ours)
    answer = await choose(person, theirs)
    assert answer.headers["Location"] == ours  # and on to what they came for
    assert roles_of(desk, "anna@city.example") == {Membership(Role.EDITOR, OTHER_CITY)}
    assert (await accept(person, ours)).status == 303
    assert roles_of(desk, "anna@city.example") == {Membership(Role.EDITOR, OTHER_CITY), HERE}


def by_city_account(desk: Desk) -> None:
    def connect(session: Session) -> None:
        row = user_of(session, "elsewhere")
        row.password, row.oidc_issuer, row.oidc_subject = None, "https://city.example", "12"

    desk.do(connect)


async def test_who_comes_by_a_city_account_alone_needs_to_accept_nothing(desk: Desk) -> None:
    """And a link for a password that the other town may have made is void."""
    by_city_account(desk)
    kept = desk.do(lambda session: links.path(links.make(session, user_of(session, "elsewhere"))))
    assert (await invite(await desk.sign_in("administrator"), EMAIL)).status == 303
    assert roles_of(desk, EMAIL) == {THERE, HERE}
    assert (await choose(desk.browser(), kept)).status == 404


async def test_a_city_account_beside_a_password_vouches_for_nothing(desk: Desk) -> None:
    by_city_account(desk)
    await offered(desk)  # gives a password
    assert roles_of(desk, EMAIL) == {THERE}


async def test_who_has_only_a_city_account_by_now_accepts_without_a_password(desk: Desk) -> None:
    """Given an invitation that was never taken, whose owner came by the city account instead."""
    link = await offered(desk)
    by_city_account(desk)
    kept = desk.do(lambda session: links.path(links.make(session, user_of(session, "elsewhere"))))
    person = await desk.sign_in("elsewhere")
    assert 'name="password"' not in await person.page(link)
    assert (await person.post(link)).status == 303
    assert HERE in roles_of(desk, EMAIL)
    assert user(desk, "elsewhere").oidc_subject == "12"
    assert (await choose(desk.browser(), kept)).status == 404


async def test_a_role_given_on_the_command_line_works_at_once_and_nothing_is_offered_any_more(desk: Desk) -> None:
    await offered(desk)
    operator = desk_itself("command line")
    desk.do(lambda session: roles.add_role(session, operator, user_of(session, "elsewhere"), Role.EDITOR, CITY))
    assert roles_of(desk, EMAIL) == {THERE, HERE}
    assert offers_to(desk) == []


async def test_an_account_that_is_switched_off_is_offered_nothing_and_accepts_nothing(desk: Desk) -> None:
    link = await offered(desk)
    person = await desk.sign_in("elsewhere")

    def switch_off(session: Session) -> None:
        user_of(session, "elsewhere").disabled = True

    desk.do(switch_off)
    assert (await person.get(link)).status == 404
    administrator = await desk.sign_in("administrator")
    answer = await invite(administrator, EMAIL, role="staff")
    assert answer.status == 400
    assert say("desk.error.user_switched_off", "en") in await answer.text()
    assert (await administrator.post(f"/desk/users/{id_of(desk, 'elsewhere')}/offers/link")).status == 400
    assert offers_to(desk) == [("editor", CITY)]


# Who waits does not count


async def test_an_administrator_who_has_not_accepted_yet_does_not_count_as_another(desk: Desk) -> None:
    await offered(desk, role="administrator")
    administrator = await desk.sign_in("administrator")
    held = membership(desk, "administrator", role="administrator", municipality_id=CITY)
    answer = await administrator.post(f"/desk/users/{id_of(desk, 'administrator')}/roles/take", membership=held)
    assert answer.status == 400
    assert "last administrator" in await answer.text()


async def test_nobody_is_chosen_to_answer_for_records_by_a_role_that_waits(desk: Desk) -> None:
    page = await (await desk.sign_in("administrator")).page("/desk/record/service/citizens-office-altstadt")
    assert user(desk, "second_editor").name in page  # otherwise the next line would prove nothing
    assert f">{user(desk, 'offered').name}<" not in page


def test_an_offer_is_no_membership(desk: Desk) -> None:
    assert desk.do(lambda session: sessions.actor_of(session, user_of(session, "offered"))).memberships == ()
    assert desk.do(lambda session: len(offers.offered_to(session, user_of(session, "offered").id))) == 1
    assert "Offered" not in desk.do(lambda session: roles.administrators(session, CITY))
