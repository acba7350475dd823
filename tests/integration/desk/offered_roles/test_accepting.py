"""A role for somebody who works elsewhere waits until the owner of the account has accepted it: it takes the link and being signed in."""

from __future__ import annotations

from html import unescape

import pytest
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import links
from locales.catalogue import say
from tests.integration.desk.accounts_acts import choose, id_of, invite, roles_of
from tests.integration.desk.acts import PASSWORD, WRONG, give_password, sessions_of, signed_in, try_to_sign_in, user
from tests.integration.desk.offered_roles.acts import (
    EMAIL,
    HERE,
    NEW,
    THERE,
    accept,
    acceptance_in,
    offered,
    offers_to,
    take_role_there,
    told,
)
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, user_of


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
