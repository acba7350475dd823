"""One's own account: name, language, password, second factor, sessions, municipality."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import sessions
from knowledge.web.desk.routing import COOKIE
from tests.integration.desk.acts import (
    PASSWORD,
    WRONG,
    code_now,
    give_password,
    log_about,
    sessions_of,
    signed_in,
    try_to_sign_in,
    turn_on_second_factor,
    user,
)
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, Person, user_of

NEW = "sechs Stühle am Fluss"


async def test_name_and_language_are_changed_at_once(desk: Desk) -> None:
    person = await desk.sign_in("editor")
    await person.post("/desk/account/details", name="  Anna   Weber ", language="de")
    page = await person.page("/desk/account")
    assert "Anna Weber" in page
    assert 'lang="de"' in page
    assert "Gespeichert." in page
    await person.post("/desk/account/details", name="Anna Weber", language="")
    assert user(desk, "editor").language is None


@pytest.mark.parametrize("fields", [{"name": " "}, {"name": "x" * 121}, {"name": "Anna", "language": "tlh"}])
async def test_what_cannot_be_a_name_or_a_language_is_said_and_changes_nothing(desk: Desk, fields: dict[str, str]) -> None:
    person = await desk.sign_in("editor")
    answer = await person.post("/desk/account/details", {"language": "en", **fields})
    assert answer.status == 400
    assert 'class="mistake"' in await answer.text()
    assert user(desk, "editor").name == "Editor"


async def test_the_digest_is_switched_off_and_on(desk: Desk) -> None:
    person = await desk.sign_in("editor")
    await person.post("/desk/account/digest")
    assert not user(desk, "editor").digest
    await person.post("/desk/account/digest", digest="on")
    assert user(desk, "editor").digest


# Password


async def change(person: Person, present: str = PASSWORD, password: str = NEW, again: str = NEW) -> tuple[int, str]:
    answer = await person.post("/desk/account/password", present=present, password=password, again=again)
    return answer.status, await answer.text()


async def test_a_new_password_ends_all_other_sessions_and_gives_this_one_a_new_token(desk: Desk) -> None:
    email = give_password(desk)
    here, elsewhere = desk.browser(), desk.browser()
    for person in (here, elsewhere):
        await try_to_sign_in(person, email)
    before = here.cookie(COOKIE)
    assert (await change(here))[0] == 303
    assert signed_in(desk, elsewhere) is None
    assert signed_in(desk, here) is not None
    assert here.cookie(COOKIE) != before
    assert (await try_to_sign_in(desk.browser(), email, PASSWORD)).status == 400
    assert (await try_to_sign_in(desk.browser(), email, NEW)).status == 303
    assert "password" in log_about(desk, "editor")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"present": WRONG}, "not your password"),
        ({"again": "something else"}, "not the same"),
        ({"password": "kurz", "again": "kurz"}, "too short"),
        ({"password": "passwordpassword", "again": "passwordpassword"}, "easy to guess"),
        ({"password": "Editor@desk.example", "again": "Editor@desk.example"}, "easy to guess"),
    ],
)
async def test_a_password_that_is_refused_says_why_and_the_old_one_stays(desk: Desk, fields: dict[str, str], words: str) -> None:
    email = give_password(desk)
    person = await desk.sign_in("editor")
    status, text = await change(person, **fields)
    assert status == 400
    assert words in text
    assert not any(value in text for value in (WRONG, "something else", "passwordpassword"))
    assert (await try_to_sign_in(desk.browser(), email)).status == 303


async def test_an_open_session_is_no_way_to_guess_the_password(desk: Desk) -> None:
    email = give_password(desk)
    person = await desk.sign_in("editor")
    statuses = [(await change(person, present=WRONG))[1].count("Too many wrong tries") for _ in range(6)]
    assert statuses == [0, 0, 0, 0, 0, 1]
    assert (await try_to_sign_in(desk.browser(), email)).status == 429


async def test_a_password_that_somebody_else_knows_has_to_be_changed_first(desk: Desk) -> None:
    email = give_password(desk, "administrator")

    def must(session: Session) -> None:
        user_of(session, "administrator").must_change_password = True

    desk.do(must)
    person = desk.browser()
    await try_to_sign_in(person, email)
    assert (await person.get("/desk/users")).headers["Location"] == "/desk/account"
    assert "choose a new one now" in await person.page("/desk/account")
    assert (await change(person))[0] == 303
    assert (await person.get("/desk/users")).status == 200


# Second factor


async def test_the_second_factor_is_set_up_with_a_code_and_shows_recovery_codes_once(desk: Desk) -> None:
    email = give_password(desk)
    person = await desk.sign_in("editor")
    await person.post("/desk/account/second-factor/begin")
    page = await person.page("/desk/account/second-factor")
    key = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert key is not None
    picture = await person.get("/desk/account/second-factor/qr.svg")
    assert picture.content_type == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert (await try_to_sign_in(desk.browser(), email)).headers["Location"] == "/desk"  # not in force yet
    assert (await person.post("/desk/account/second-factor/confirm", code="000000")).status == 400
    assert key[1] in await person.page("/desk/account/second-factor")  # the same key is still there
    answer = await person.post("/desk/account/second-factor/confirm", code=code_now(key[1].replace(" ", "")))
    codes = re.findall(r"<code>([A-Z2-7-]{19})</code>", await answer.text())
    assert len(codes) == 8
    assert answer.headers["Cache-Control"] == "no-store"
    assert log_about(desk, "editor")[-1] == "second_factor_on"
    later = await person.page("/desk/account/second-factor")
    assert not any(one in later for one in (*codes, key[1]))
    assert (await person.get("/desk/account/second-factor/qr.svg")).status == 400
    other = desk.browser()
    assert (await try_to_sign_in(other, email)).headers["Location"] == "/desk/sign-in/code"
    assert (await other.post("/desk/sign-in/code", code=codes[3])).status == 303


async def test_it_is_switched_off_with_the_password_only(desk: Desk) -> None:
    email = give_password(desk)
    turn_on_second_factor(desk)
    person = await desk.sign_in("editor")
    answer = await person.post("/desk/account/second-factor/off", password=WRONG)
    assert answer.status == 400
    assert user(desk, "editor").totp_secret is not None
    assert (await person.post("/desk/account/second-factor/off", password=PASSWORD)).status == 303
    assert user(desk, "editor").totp_secret is None
    assert (await try_to_sign_in(desk.browser(), email)).headers["Location"] == "/desk"


async def test_somebody_without_a_password_switches_it_off_with_a_code(desk: Desk) -> None:
    secret, _ = turn_on_second_factor(desk)
    person = await desk.sign_in("editor")
    assert (await person.post("/desk/account/second-factor/off", code="000000")).status == 400
    assert (await person.post("/desk/account/second-factor/off", code=code_now(secret))).status == 303


async def test_new_recovery_codes_replace_the_old_ones(desk: Desk) -> None:
    email = give_password(desk)
    _, old = turn_on_second_factor(desk)
    person = await desk.sign_in("editor")
    answer = await person.post("/desk/account/second-factor/codes", password=PASSWORD)
    new = re.findall(r"<code>([A-Z2-7-]{19})</code>", await answer.text())
    other = desk.browser()
    await try_to_sign_in(other, email)
    assert (await other.post("/desk/sign-in/code", code=old[0])).status == 400
    assert (await other.post("/desk/sign-in/code", code=new[0])).status == 303


async def test_one_that_is_in_force_is_not_replaced_behind_somebodys_back(desk: Desk) -> None:
    turn_on_second_factor(desk)
    before = user(desk, "editor").totp_secret
    person = await desk.sign_in("editor")
    assert (await person.post("/desk/account/second-factor/begin")).status == 400
    assert user(desk, "editor").totp_secret == before


# Sessions


async def test_a_person_sees_the_own_sessions_and_ends_them(desk: Desk) -> None:
    email = give_password(desk)
    here, elsewhere, third = desk.browser(), desk.browser(), desk.browser()
    phone = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1"}
    for person in (here, elsewhere, third):
        await person.get("/desk/sign-in")
        await person.post("/desk/sign-in", email=email, password=PASSWORD, headers=phone if person is elsewhere else None)
    page = await here.page("/desk/account")
    assert "Safari, iPhone" in page
    of_elsewhere = signed_in(desk, elsewhere)
    assert of_elsewhere is not None
    assert elsewhere.cookie(COOKIE) not in page
    await here.post("/desk/account/sessions/end", session=of_elsewhere.session_id)
    assert signed_in(desk, elsewhere) is None
    assert signed_in(desk, third) is not None
    await here.post("/desk/account/sessions/end-others")
    assert signed_in(desk, third) is None
    assert signed_in(desk, here) is not None


async def test_nobody_ends_the_session_of_somebody_else(desk: Desk) -> None:
    victim, person = await desk.sign_in("reviewer"), await desk.sign_in("administrator")
    found = signed_in(desk, victim)
    assert found is not None
    await person.post("/desk/account/sessions/end", session=found.session_id)
    assert signed_in(desk, victim) is not None


async def test_when_a_session_was_seen_is_written_down_from_time_to_time(desk: Desk) -> None:
    person = await desk.sign_in("editor")
    before = sessions_of(desk, "editor")[0].seen_at

    def long_ago(session: Session) -> None:
        for row in session.query(type(sessions_of(desk, "editor")[0])):
            row.seen_at = row.created_at.replace(year=2020)

    desk.do(long_ago)
    await person.page("/desk/account")
    assert sessions_of(desk, "editor")[0].seen_at >= before


async def test_pages_open_while_somebody_else_writes_for_a_long_time(desk: Desk) -> None:
    """An import holds the only pen of SQLite for minutes: reading goes on, and when somebody was last seen can wait."""
    person = await desk.sign_in("editor")

    def long_ago(session: Session) -> None:
        for row in session.query(type(sessions_of(desk, "editor")[0])):
            row.seen_at = row.created_at.replace(year=2020)

    desk.do(long_ago)
    with desk.database.sessions() as writing:
        user_of(writing, "staff").name = "Being written"
        writing.flush()
        assert (await person.get("/desk/account")).status == 200
        writing.rollback()


# Municipalities


async def test_somebody_with_several_municipalities_chooses_where_to_work(desk: Desk) -> None:
    person = await desk.sign_in("two_cities")
    assert (await person.get("/desk/users")).status == 403  # an editor in the first one
    page = await person.page("/desk/municipality")
    assert "Ankerstadt" in page
    assert "Kleinstadt" in page
    await person.post("/desk/municipality", municipality=OTHER_CITY)
    assert "Kleinstadt" in await person.page("/desk/users")
    await person.post("/desk/municipality", municipality=CITY)
    assert (await person.get("/desk/users")).status == 403


async def test_who_signs_in_again_works_where_they_worked_last(desk: Desk) -> None:
    """Given a page of that city, opened after the session has ended: in the other city there is none of this name."""
    email, person = give_password(desk, "two_cities"), desk.browser()
    await try_to_sign_in(person, email)
    await person.post("/desk/municipality", municipality=OTHER_CITY)
    desk.do(lambda session: sessions.end_all(session, user_of(session, "two_cities").id))
    assert (await person.get("/desk/record/service/office")).headers["Location"] == "/desk/sign-in"
    assert (await try_to_sign_in(person, email)).headers["Location"] == "/desk/record/service/office"
    assert "Kleinstadt" in await person.page("/desk/record/service/office")


async def test_where_somebody_else_worked_last_gives_no_rights_there(desk: Desk) -> None:
    email, person = give_password(desk), await desk.sign_in("two_cities")
    await person.post("/desk/municipality", municipality=OTHER_CITY)
    await person.post("/desk/sign-out")
    await try_to_sign_in(person, email)
    found = signed_in(desk, person)
    assert found is not None
    assert found.municipality == CITY


async def test_nobody_chooses_a_municipality_without_a_role_there(desk: Desk) -> None:
    person = await desk.sign_in("editor")
    assert (await person.post("/desk/municipality", municipality=OTHER_CITY)).status == 404
    found = signed_in(desk, person)
    assert found is not None
    assert found.municipality == CITY
