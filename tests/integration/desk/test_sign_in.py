"""Signing in with a password and signing out, lockout, the cookie of a session."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import own, passwords, sessions
from knowledge.editorial.accounts.passwords import outdated
from knowledge.editorial.records import now
from knowledge.store.account_tables import DeskSessionRow, SignInFailureRow, UserRow
from knowledge.store.engine import begin_writing
from knowledge.web.desk.accounts.parts import SignInLimits
from knowledge.web.desk.routing import COOKIE
from tests.integration.desk.acts import PASSWORD, WRONG, give_password, log_about, sessions_of, signed_in, try_to_sign_in, user
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.people import Desk, user_of


async def test_the_right_password_opens_the_page_that_was_asked_for(desk: Desk) -> None:
    email = give_password(desk, "administrator")
    person = desk.browser()
    assert (await person.get("/desk/users")).headers["Location"] == "/desk/sign-in"
    answer = await try_to_sign_in(person, email)
    assert answer.headers["Location"] == "/desk/users"
    assert "People" in await person.page("/desk/users")
    assert log_about(desk, "administrator") == ["sign_in"]


async def test_the_address_may_be_typed_in_capitals_and_with_spaces(desk: Desk) -> None:
    give_password(desk)
    person = desk.browser()
    assert (await try_to_sign_in(person, " Editor@Desk.Example ")).status == 303
    assert signed_in(desk, person) is not None


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example", "/desk/../api", "/elsewhere", "/desk\\@evil.example"])
async def test_nobody_is_sent_to_another_site(desk: Desk, next_page: str) -> None:
    email = give_password(desk)
    person = desk.browser()
    await person.get("/desk/sign-in")
    answer = await person.post("/desk/sign-in", email=email, password=PASSWORD, headers={"Cookie": cookies(person, desk_next=next_page)})
    assert answer.headers["Location"] in ("/desk", "/desk/../api")  # a browser makes /api of the last one: our own site


def cookies(person: object, **more: str) -> str:
    kept = {"desk_visitor": person.cookie("desk_visitor"), **more}  # type: ignore[attr-defined]
    return "; ".join(f"{name}={value}" for name, value in kept.items())


async def test_a_wrong_password_an_unknown_address_and_a_disabled_account_get_the_same_answer(desk: Desk) -> None:
    email = give_password(desk)
    disabled = give_password(desk, "second_editor")

    def disable(session: Session) -> None:
        user_of(session, "second_editor").disabled = True

    desk.do(disable)
    answers = []
    for address, password in ((email, WRONG), ("nobody@desk.example", PASSWORD), (disabled, PASSWORD), ("staff@desk.example", PASSWORD)):
        person = desk.browser()
        answer = await try_to_sign_in(person, address, password)
        assert person.cookie(COOKIE) == ""
        text = re.sub(r'name="csrf" value="\w+"', "", (await answer.text()).replace(address, "…"))
        answers.append((answer.status, text))
    assert answers[0][0] == 400
    assert "wrong" in answers[0][1]
    assert all(one == answers[0] for one in answers)


async def test_what_was_typed_as_address_is_kept_and_the_password_is_not(desk: Desk) -> None:
    answer = await try_to_sign_in(desk.browser(), "anna@desk.example", "a very secret thing")
    text = await answer.text()
    assert 'value="anna@desk.example"' in text
    assert "a very secret thing" not in text


async def test_an_empty_form_says_what_is_missing(desk: Desk) -> None:
    person = desk.browser()
    await person.get("/desk/sign-in")
    answer = await person.post("/desk/sign-in", email="", password="")
    assert answer.status == 400
    assert "fill in" in await answer.text()


@pytest.mark.parametrize("known", [True, False])
async def test_after_five_wrong_tries_even_the_right_password_waits(desk: Desk, known: bool) -> None:
    """The same for an address that nobody has: otherwise the lockout would tell which are known."""
    email = give_password(desk) if known else "nobody@desk.example"
    person = desk.browser()
    answers = [await try_to_sign_in(person, email, WRONG) for _ in range(5)]
    assert [answer.status for answer in answers] == [400, 400, 400, 400, 429]
    assert "try again in 15 min." in await answers[-1].text()
    again = await try_to_sign_in(person, email)
    assert again.status == 429
    assert "administrator" in await again.text()  # what to do
    if known:
        assert log_about(desk, "editor") == ["locked"]


async def test_the_lockout_ends_by_itself(desk: Desk) -> None:
    email = give_password(desk)
    for _ in range(5):
        await try_to_sign_in(desk.browser(), email, WRONG)
    desk.do(lambda session: session.execute(update(SignInFailureRow).values(locked_until=now() - timedelta(seconds=1))))
    person = desk.browser()
    assert (await try_to_sign_in(person, email, WRONG)).status == 400  # counting begins anew
    assert (await try_to_sign_in(person, email)).status == 303
    assert desk.do(lambda session: session.scalars(select(SignInFailureRow)).all()) == []


async def test_four_wrong_tries_and_the_right_one_are_forgotten(desk: Desk) -> None:
    email = give_password(desk)
    for _ in range(2):
        for _ in range(4):
            assert (await try_to_sign_in(desk.browser(), email, WRONG)).status == 400
        assert (await try_to_sign_in(desk.browser(), email)).status == 303


async def test_many_tries_in_one_moment_get_five_looks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    email, looks = give_password(desk), []
    real = passwords.matches

    def counted(stored: str | None, password: str) -> bool:
        looks.append(password)
        return real(stored, password)

    monkeypatch.setattr(passwords, "matches", counted)
    people = [desk.browser() for _ in range(12)]
    answers = await asyncio.gather(*(try_to_sign_in(person, email, WRONG) for person in people))
    assert len(looks) == 5
    assert {answer.status for answer in answers} <= {400, 429}


async def test_the_old_password_opens_nothing_in_the_moment_in_which_it_is_changed(desk: Desk) -> None:
    """Given a change that is not written yet when the old password is looked at: it ends all sessions, this one too."""
    email = give_password(desk)
    with desk.database.sessions() as session:
        begin_writing(session)
        row = session.get_one(UserRow, user(desk, "editor").id, with_for_update=True)
        own.set_password(session, row, passwords.hashed(WRONG))
        trying = asyncio.create_task(try_to_sign_in(desk.browser(), email))
        await asyncio.sleep(2)
        session.commit()
    assert (await trying).status == 400
    assert sessions_of(desk, "editor") == []


@pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
async def test_one_network_address_tries_for_many_accounts_only_so_often(desk: Desk) -> None:
    """Counted in the process, whatever the database. All at once, as each try takes a hash."""
    person = desk.browser()
    await person.get("/desk/sign-in")
    tries = (
        person.post("/desk/sign-in", email=f"nobody{number}@desk.example", password="x") for number in range(SignInLimits.A_MINUTE + 1)
    )
    answers = sorted(await asyncio.gather(*tries), key=lambda answer: answer.status)
    assert [answer.status for answer in answers] == [400] * SignInLimits.A_MINUTE + [429]
    assert "Too many tries from your network" in await answers[-1].text()


async def test_each_sign_in_has_a_token_of_its_own_and_the_database_knows_only_its_digest(desk: Desk) -> None:
    email = give_password(desk)
    first, second = desk.browser(), desk.browser()
    first.keep_cookie(COOKIE, "chosen by somebody else")
    await try_to_sign_in(first, email)
    await try_to_sign_in(second, email)
    tokens = {first.cookie(COOKIE), second.cookie(COOKIE)}
    assert len(tokens) == 2
    assert "chosen by somebody else" not in tokens
    kept = " ".join(row.id for row in sessions_of(desk, "editor"))
    assert not any(token in kept for token in tokens)


async def test_signing_in_again_in_the_same_browser_leaves_one_session(desk: Desk) -> None:
    email = give_password(desk)
    person = desk.browser()
    await try_to_sign_in(person, email)
    await person.post("/desk/sign-in", email=email, password=PASSWORD)
    assert len(sessions_of(desk, "editor")) == 1
    assert signed_in(desk, person) is not None


@pytest.mark.parametrize(("proxies", "proto", "secure"), [("0", "https", False), ("1", "https", True), ("1", "http", False)])
async def test_the_cookie_is_for_the_desk_only_and_for_https_where_there_is_https(
    make_desk: MakeDesk, proxies: str, proto: str, secure: bool
) -> None:
    desk = await make_desk(NEWCOMER_PROXIES=proxies)
    email = give_password(desk)
    person = desk.browser()
    await person.get("/desk/sign-in")
    answer = await person.post("/desk/sign-in", email=email, password=PASSWORD, headers={"X-Forwarded-Proto": proto})
    cookie = answer.cookies[COOKIE]
    assert cookie["path"] == "/desk"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) is secure
    assert not cookie["max-age"]  # it ends with the browser
    asked = await desk.browser().get("/desk/users", headers={"X-Forwarded-Proto": proto})
    assert bool(asked.cookies["desk_next"]["secure"]) is secure


async def test_pages_of_the_desk_are_kept_by_no_cache(desk: Desk) -> None:
    person = await desk.sign_in("editor")
    for path in ("/desk/account", "/desk/sign-in", "/desk/account/second-factor"):
        answer = await person.get(path)
        assert answer.status != 200 or answer.headers["Cache-Control"] == "no-store"


async def test_a_session_ends_when_its_time_is_over(make_desk: MakeDesk) -> None:
    desk = await make_desk(NEWCOMER_DESK_HOURS="2")
    person = desk.browser()
    await try_to_sign_in(person, give_password(desk))
    row = sessions_of(desk, "editor")[0]
    assert timedelta(hours=1, minutes=59) < row.expires_at.replace(tzinfo=now().tzinfo) - now() <= timedelta(hours=2)
    desk.do(lambda session: session.execute(update(DeskSessionRow).values(expires_at=now())))
    assert (await person.get("/desk/account")).headers["Location"] == "/desk/sign-in"
    desk.do(sessions.purge)
    assert desk.do(lambda session: session.scalars(select(DeskSessionRow)).all()) == []


async def test_signing_out_ends_the_session_on_the_server(desk: Desk) -> None:
    person = desk.browser()
    await try_to_sign_in(person, give_password(desk))
    token = person.cookie(COOKIE)
    assert (await person.post("/desk/sign-out")).headers["Location"] == "/desk/sign-in"
    assert person.cookie(COOKIE) == ""
    assert "You are signed out" in await person.page("/desk/sign-in")
    thief = desk.browser()
    thief.keep_cookie(COOKIE, token)
    assert (await thief.get("/desk/account")).headers["Location"] == "/desk/sign-in"


async def test_a_hash_with_old_parameters_is_made_anew_at_the_next_sign_in(desk: Desk) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)

    def give(session: Session) -> None:
        user_of(session, "editor").password = old

    desk.do(give)
    person = desk.browser()
    assert (await try_to_sign_in(person, "editor@desk.example")).status == 303
    stored = user(desk, "editor").password
    assert stored is not None
    assert outdated(old)
    assert not outdated(stored)
    assert (await try_to_sign_in(desk.browser(), "editor@desk.example")).status == 303


async def test_the_page_speaks_the_language_of_the_browser_until_another_is_chosen(desk: Desk) -> None:
    person = desk.browser()
    german = {"Accept-Language": "de-DE,de;q=0.9,en;q=0.8"}
    assert "Anmelden" in await (await person.get("/desk/sign-in", headers=german)).text()
    await person.post("/desk/language", language="en", back="/desk/sign-in")
    assert 'lang="en"' in await (await person.get("/desk/sign-in", headers=german)).text()
    await person.post("/desk/language", language="ar", back="https://evil.example")
    assert 'dir="rtl"' in await (await person.get("/desk/sign-in", headers=german)).text()
    answer = await person.post("/desk/language", language="tlh", back="https://evil.example")
    assert answer.headers["Location"] == "/desk/sign-in"
    assert 'dir="rtl"' in await person.page("/desk/sign-in")
