"""Signing in with a second factor: a code of the app, or a recovery code."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from knowledge.store.account_tables import AuditRow
from knowledge.web.desk.routing import COOKIE
from tests.integration.desk.acts import PASSWORD, WRONG, code_now, give_password, sessions_of, try_to_sign_in, turn_on_second_factor
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.people import Desk


async def test_with_a_second_factor_the_password_alone_opens_nothing(desk: Desk) -> None:
    email = give_password(desk)
    secret, _ = turn_on_second_factor(desk)
    person = desk.browser()
    await person.get("/desk/account")
    assert (await try_to_sign_in(person, email)).headers["Location"] == "/desk/sign-in/code"
    assert (await person.get("/desk/account")).headers["Location"] == "/desk/sign-in"
    halfway = person.cookie(COOKIE)
    answer = await person.post("/desk/sign-in/code", code=code_now(secret))
    assert answer.headers["Location"] == "/desk/account"
    assert person.cookie(COOKIE) != halfway
    assert "My account" in await person.page("/desk/account")
    assert len(sessions_of(desk, "editor")) == 1  # the halfway one has ended


async def test_a_code_opens_once(desk: Desk) -> None:
    email = give_password(desk)
    secret, _ = turn_on_second_factor(desk)
    code, statuses = code_now(secret), []
    for _ in range(2):
        person = desk.browser()
        await try_to_sign_in(person, email)
        statuses.append((await person.post("/desk/sign-in/code", code=code)).status)
    assert statuses == [303, 400]


async def test_the_same_code_sent_twice_in_one_moment_opens_once(desk: Desk) -> None:
    email = give_password(desk)
    secret, _ = turn_on_second_factor(desk)
    people = [desk.browser() for _ in range(2)]
    for person in people:
        await try_to_sign_in(person, email)
    code = code_now(secret)
    answers = await asyncio.gather(*(person.post("/desk/sign-in/code", code=code) for person in people))
    assert sorted(answer.status for answer in answers) == [303, 400]


async def test_a_recovery_code_opens_once_and_a_warning_comes_with_the_last_ones(desk: Desk) -> None:
    email = give_password(desk)
    _, codes = turn_on_second_factor(desk)
    for number, code in enumerate(codes[:6], start=1):
        person = desk.browser()
        await try_to_sign_in(person, email)
        assert (await person.post("/desk/sign-in/code", code=code)).status == 303
        assert (person.cookie("desk_notice") == "few_recovery_codes") is (8 - number < 4)
    person = desk.browser()
    await try_to_sign_in(person, email)
    assert (await person.post("/desk/sign-in/code", code=codes[0])).status == 400


async def test_guessing_codes_locks_the_account_also_for_who_knows_the_password(desk: Desk) -> None:
    """The password in between does not begin the counting anew."""
    email = give_password(desk)
    turn_on_second_factor(desk)
    statuses = []
    for _ in range(3):
        person = desk.browser()
        statuses.append((await try_to_sign_in(person, email)).status)
        for _ in range(2):
            statuses.append((await person.post("/desk/sign-in/code", code="000000")).status)
    assert statuses == [303, 400, 400, 303, 400, 400, 303, 429, 429]
    assert (await try_to_sign_in(desk.browser(), email)).status == 429


async def test_somebody_halfway_can_begin_again_as_somebody_else(desk: Desk) -> None:
    email = give_password(desk)
    turn_on_second_factor(desk)
    person = desk.browser()
    await try_to_sign_in(person, email)
    assert "Sign in as somebody else" in await person.page("/desk/sign-in/code")
    await person.post("/desk/sign-out")
    assert sessions_of(desk, "editor") == []
    assert 'name="password"' in await person.page("/desk/sign-in")


async def test_a_secret_of_another_installation_leaves_the_recovery_codes(desk: Desk, make_desk: MakeDesk) -> None:
    email = give_password(desk)
    secret, codes = turn_on_second_factor(desk)
    moved = await make_desk(NEWCOMER_SECRET="a new secret")
    person = moved.browser()
    await try_to_sign_in(person, email)
    answer = await person.post("/desk/sign-in/code", code=code_now(secret))
    assert answer.status == 400
    assert "recovery code" in await answer.text()
    assert (await person.post("/desk/sign-in/code", code=codes[0])).status == 303


async def test_nothing_secret_is_in_the_log(desk: Desk) -> None:
    email = give_password(desk)
    secret, codes = turn_on_second_factor(desk)
    person = desk.browser()
    await try_to_sign_in(person, email, WRONG)
    await try_to_sign_in(person, email)
    await person.post("/desk/sign-in/code", code=codes[0])
    told = desk.do(lambda session: " ".join(f"{e.actor} {e.action} {e.detail}" for e in session.scalars(select(AuditRow))))
    for word in (PASSWORD, WRONG, secret, codes[0], person.cookie(COOKIE), email):
        assert word not in told
