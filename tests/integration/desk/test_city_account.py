"""Signing in with a city account, against a real provider (django-oauth-toolkit) on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import identity, openid, sessions
from knowledge.editorial.actor import Role
from knowledge.store.account_tables import AuditRow, UserRow
from knowledge.store.engine import begin_writing
from knowledge.web.desk.accounts.city_account import BACK
from knowledge.web.desk.routing import COOKIE
from tests.integration.desk.acts import ANNA, come_in, signed_in, to_provider
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.openid_provider import CLIENT_ID, Provider, agree
from tests.integration.desk.people import CITY, Desk


@pytest.fixture
async def desk(desk_with_provider: Desk) -> Desk:
    return desk_with_provider


def entries_about(session: Session, user_id: int) -> Sequence[AuditRow]:
    return session.scalars(select(AuditRow).where(AuditRow.record == f"user:{user_id}").order_by(AuditRow.id)).all()


def the_user(desk: Desk, email: str) -> UserRow:
    return desk.do(lambda session: session.scalars(select(UserRow).where(UserRow.email == email)).one())


async def test_the_page_for_signing_in_offers_it(desk: Desk) -> None:
    assert "Sign in with Ankerstadt-Konto" in await desk.browser().page("/desk/sign-in")


async def test_it_is_not_offered_where_there_is_no_provider(make_desk: MakeDesk) -> None:
    person = (await make_desk()).browser()
    assert "/desk/sign-in/city" not in await person.page("/desk/sign-in")
    assert (await person.get("/desk/sign-in/city")).status == 404


async def test_the_request_carries_state_nonce_and_proof_of_the_code(desk: Desk) -> None:
    query = parse_qs(urlsplit(await to_provider(desk.browser())).query)
    assert query["response_type"] == ["code"]
    assert query["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(query)
    assert query["redirect_uri"] == [str(desk.server.make_url(BACK))]


async def test_somebody_unknown_is_let_in_without_a_role_and_told_whom_to_ask(desk: Desk) -> None:
    person = desk.browser()
    assert await come_in(person) == "/desk"
    page = await person.page("/desk/no-role")
    assert "Anna Weber" in page
    assert "Administrator" in page  # whom to ask
    assert (await person.get("/desk/users")).headers["Location"] == "/desk/no-role"
    user = the_user(desk, ANNA["email"])
    assert desk.do(lambda session: sessions.actor_of(session, user).memberships) == ()


async def test_who_comes_in_twice_in_one_moment_for_the_first_time_has_one_account(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given two windows, both of which find no account yet."""
    both, real, looked = threading.Barrier(2), identity.user_with, itertools.count()

    def look(session: Session, email: str) -> UserRow | None:
        found = real(session, email)
        if next(looked) < 2:
            with contextlib.suppress(threading.BrokenBarrierError):  # on SQLite the second waits with looking until the first has written
                both.wait(1)
        return found

    monkeypatch.setattr(identity, "user_with", look)

    async def anna(*_: object) -> openid.Identity:  # the provider of the tests does not answer two in one moment
        return openid.Identity("https://city.example", "12", ANNA["email"], True, ANNA["name"])

    monkeypatch.setattr(openid.Provider, "identity", anna)
    people = [desk.browser(), desk.browser()]
    for one in people:
        await to_provider(one)
    answers = await asyncio.gather(*(one.get(BACK) for one in people))
    assert [answer.headers.get("Location") for answer in answers] == ["/desk", "/desk"]
    found = [signed_in(desk, one) for one in people]
    assert found[0] and found[1] and found[0].user_id == found[1].user_id
    told = desk.do(lambda session: [entry.action for entry in entries_about(session, the_user(desk, ANNA["email"]).id)])
    assert sorted(told) == ["city_account_linked", "sign_in", "sign_in", "user_add"]


async def test_who_has_no_name_at_the_provider_is_called_by_the_address(desk: Desk, provider: Provider) -> None:
    provider.people({"anna": ANNA | {"name": "  "}})
    assert await come_in(desk.browser()) == "/desk"
    assert the_user(desk, ANNA["email"]).name == "anna"


async def test_an_administrator_sees_who_waits_and_gives_the_role(desk: Desk) -> None:
    person = desk.browser()
    await come_in(person)
    user = the_user(desk, ANNA["email"])
    administrator = await desk.sign_in("administrator")
    assert "Anna Weber" in await administrator.page("/desk/users")
    answer = await administrator.post(f"/desk/users/{user.id}/roles/add", role="editor", organization="")
    assert answer.status == 303
    assert (await person.get("/desk/no-role")).headers["Location"] == "/desk"
    assert desk.do(lambda session: [(m.role, m.municipality) for m in sessions.actor_of(session, user).memberships]) == [
        (Role.EDITOR, CITY)
    ]


async def test_an_account_with_the_same_verified_address_is_linked_and_keeps_its_roles(desk: Desk, provider: Provider) -> None:
    provider.people({"anna": ANNA | {"email": "Editor@desk.example"}})
    person = desk.browser()
    assert await come_in(person) == "/desk"
    user = the_user(desk, "editor@desk.example")
    assert user.oidc_issuer == provider.issuer
    assert user.oidc_subject
    found = desk.do(lambda session: sessions.find(session, person.cookie(COOKIE)))
    assert found is not None
    assert found.actor == desk.actor("editor")


async def test_from_then_on_the_subject_counts_and_not_the_address(desk: Desk, provider: Provider) -> None:
    person = desk.browser()
    await come_in(person)
    before = the_user(desk, ANNA["email"])
    provider.people({"anna": ANNA | {"email": "administrator@desk.example"}})
    other = desk.browser()
    assert await come_in(other) == "/desk"
    found = desk.do(lambda session: sessions.find(session, other.cookie(COOKIE)))
    assert found is not None
    assert found.user_id == before.id


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": None}, {"email": ""}])
async def test_an_address_that_is_not_verified_opens_nothing(desk: Desk, provider: Provider, claims: dict[str, object]) -> None:
    provider.people({"anna": {**ANNA, "email": "editor@desk.example", **claims}})
    person = desk.browser()
    assert "does not confirm an e-mail address" in await come_in(person)
    assert person.cookie(COOKIE) == ""
    assert the_user(desk, "editor@desk.example").oidc_subject is None


async def test_somebody_without_a_verified_address_links_the_city_account_when_signed_in(desk: Desk, provider: Provider) -> None:
    provider.people({"anna": {"name": "Anna"}})
    person = await desk.sign_in("editor")
    back = await agree(person.browser, await to_provider(person, "/desk/account/city"), "anna")
    answer = await person.get(urlsplit(back).path + "?" + urlsplit(back).query)
    assert answer.headers["Location"] == "/desk/account"
    other = desk.browser()
    assert await come_in(other) == "/desk"
    found = desk.do(lambda session: sessions.find(session, other.cookie(COOKIE)))
    assert found is not None
    assert found.actor == desk.actor("editor")


async def test_another_site_cannot_lead_somebody_into_linking_an_account(desk: Desk) -> None:
    """It could have signed the browser in at the provider as somebody else before, who would get into this account."""
    person = await desk.sign_in("editor")
    answer = await person.get("/desk/account/city", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.headers["Location"] == "/desk/account"
    assert person.cookie("desk_city_account") == ""
    own = await person.get("/desk/account/city", headers={"Sec-Fetch-Site": "same-origin"})
    assert own.headers["Location"].startswith("http")


async def test_a_city_account_that_belongs_to_somebody_is_not_linked_to_another(desk: Desk) -> None:
    await come_in(desk.browser())
    person = await desk.sign_in("editor")
    back = await agree(person.browser, await to_provider(person, "/desk/account/city"), "anna")
    answer = await person.get(urlsplit(back).path + "?" + urlsplit(back).query)
    text = await answer.text()
    assert "belongs to another account" in text
    assert "My account" in text  # where the button was: the person is signed in


async def test_an_account_that_is_switched_off_stays_so(desk: Desk) -> None:
    await come_in(desk.browser())
    user = the_user(desk, ANNA["email"])

    def switch_off(session: Session) -> None:
        session.get_one(UserRow, user.id).disabled = True

    desk.do(switch_off)
    person = desk.browser()
    assert "switched off" in await come_in(person)
    assert person.cookie(COOKIE) == ""


async def test_who_has_a_second_factor_here_is_asked_for_it(desk: Desk) -> None:
    await come_in(desk.browser())
    user = the_user(desk, ANNA["email"])

    def with_factor(session: Session) -> None:
        row = session.get_one(UserRow, user.id)
        row.totp_secret, row.totp_last_step = "sealed", 1

    desk.do(with_factor)
    assert await come_in(desk.browser()) == "/desk/sign-in/code"


async def test_another_browser_cannot_finish_what_one_began(desk: Desk) -> None:
    """Somebody sends a link with the answer for their own account: it does nothing."""
    attacker, victim = desk.browser(), desk.browser()
    back = await agree(attacker.browser, await to_provider(attacker), "anna")
    path = urlsplit(back).path + "?" + urlsplit(back).query
    answer = await victim.get(path)
    assert answer.status == 400
    assert "another window" in await answer.text()
    await to_provider(victim)  # with a beginning of their own the state is another one
    answer = await victim.get(path)
    assert answer.status == 400
    assert victim.cookie(COOKIE) == ""


async def test_an_answer_counts_once(desk: Desk) -> None:
    person = desk.browser()
    back = await agree(person.browser, await to_provider(person), "anna")
    path = urlsplit(back).path + "?" + urlsplit(back).query
    kept = person.cookie("desk_city_account")
    assert (await person.get(path)).status == 303
    again = desk.browser()
    again.keep_cookie("desk_city_account", kept)
    assert (await again.get(path)).status == 400  # the provider takes a code once
    assert again.cookie(COOKIE) == ""


async def test_who_does_not_agree_is_told_so_and_can_use_a_password(desk: Desk) -> None:
    person = desk.browser()
    back = await agree(person.browser, await to_provider(person), "anna", allow=False)
    answer = await person.get(urlsplit(back).path + "?" + urlsplit(back).query)
    assert answer.status == 400
    text = await answer.text()
    assert "stopped signing in" in text
    assert 'name="password"' in text


async def test_keys_that_the_provider_changes_are_learned(desk: Desk, provider: Provider) -> None:
    assert await come_in(desk.browser()) == "/desk"
    provider.stop()
    provider.new_key()
    provider.start()
    assert await come_in(desk.browser()) == "/desk"


async def test_an_answer_in_the_name_of_another_provider_is_refused(desk: Desk) -> None:
    person = desk.browser()
    back = await agree(person.browser, await to_provider(person), "anna")
    query = urlsplit(back).query.replace("&iss=", "&was=") + "&iss=http%3A%2F%2Fother.example%2Fo"
    answer = await person.get(urlsplit(back).path + "?" + query)
    assert answer.status == 400
    assert person.cookie(COOKIE) == ""


async def test_a_provider_that_is_gone_leaves_passwords_working(make_desk: MakeDesk, tmp_path: Path) -> None:
    gone = Provider(tmp_path)
    desk = await make_desk(NEWCOMER_OIDC_ISSUER=gone.issuer, NEWCOMER_OIDC_CLIENT_ID=CLIENT_ID)
    person = desk.browser()
    answer = await person.get("/desk/sign-in/city")
    assert answer.status == 503
    text = await answer.text()
    assert "does not answer" in text
    assert 'name="password"' in text


async def test_a_provider_that_goes_away_in_between_is_said_so(desk: Desk, provider: Provider) -> None:
    person = desk.browser()
    back = await agree(person.browser, await to_provider(person), "anna")
    provider.stop()
    try:
        answer = await person.get(urlsplit(back).path + "?" + urlsplit(back).query)
        assert answer.status == 503
        assert "does not answer" in await answer.text()
    finally:
        provider.start()


async def test_what_was_asked_for_before_is_shown_afterwards(desk: Desk, provider: Provider) -> None:
    provider.people({"anna": ANNA | {"email": "administrator@desk.example"}})
    person = desk.browser()
    await person.get("/desk/users")
    assert await come_in(person) == "/desk/users"


async def test_the_log_names_the_way_and_no_secret(desk: Desk) -> None:
    await come_in(desk.browser())
    user = the_user(desk, ANNA["email"])
    entries = desk.do(lambda session: [(e.action, e.detail) for e in entries_about(session, user.id)])
    assert [action for action, _ in entries] == ["user_add", "city_account_linked", "sign_in"]
    assert entries[-1][1] == {"way": "city_account"}


async def test_an_account_that_is_disconnected_in_this_moment_is_not_got_into(desk: Desk, provider: Provider) -> None:
    """Given an owner who disconnects the city account of somebody else, and has not quite done so when that person comes back."""
    person = await desk.sign_in("editor")
    back = await agree(person.browser, await to_provider(person, "/desk/account/city"), "anna")
    await person.get(urlsplit(back).path + "?" + urlsplit(back).query)
    other = desk.browser()
    with desk.database.sessions() as session:
        begin_writing(session)
        row = session.get_one(UserRow, the_user(desk, "editor@desk.example").id, with_for_update=True)
        row.oidc_issuer, row.oidc_subject = None, None
        session.flush()
        coming = asyncio.create_task(come_in(other))
        await asyncio.sleep(2)
        session.commit()
    assert await coming == "/desk"
    found = signed_in(desk, other)
    assert found is not None
    assert found.user_id == the_user(desk, ANNA["email"]).id
