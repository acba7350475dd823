"""What the tests of forms that came after the end of a session do again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from knowledge.editorial.accounts import sessions
from knowledge.editorial.records import body, now
from knowledge.store.account_tables import DeskSessionRow, KeptFormRow
from knowledge.store.desk_tables import RecordRow
from tests.integration.desk.acts import give_password, try_to_sign_in
from tests.integration.desk.people import CITY, Desk, Person, user_of
from tests.integration.desk.records_form import Form

OFFICE = "citizens-office-altstadt"
KEY, PAGE = f"service:{CITY}/{OFFICE}", f"/desk/record/service/{OFFICE}"
EDIT, SHEET = f"{PAGE}/edit", f"{PAGE}/translate/tr"
TYPED = "Zwölf Euro,\nund <b>fünfzig</b> Cent."
End = Callable[[Desk, Person], None]


def ended_elsewhere(desk: Desk, person: Person) -> None:
    """By the person on another device, or by an administrator."""
    desk.do(lambda session: sessions.end_all(session, user_of(session, person.name).id))


def timed_out(desk: Desk, person: Person) -> None:
    """By the clock."""
    desk.do(lambda session: session.execute(update(DeskSessionRow).values(expires_at=now() - timedelta(seconds=1))))


def erased(desk: Desk, person: Person) -> None:
    """Signed out in another tab: the browser has no cookie any longer either."""
    ended_elsewhere(desk, person)
    person.browser.cookie_jar.clear()


def fees(desk: Desk) -> str:
    """What the record says about fees."""
    return str(desk.do(lambda session: body(session, session.get_one(RecordRow, KEY))["texts"]["fees"]))


def rows(desk: Desk) -> list[KeptFormRow]:
    """What is kept."""
    return list(desk.do(lambda session: session.scalars(select(KeptFormRow)).all()))


async def sent_too_late(desk: Desk, person: Person, form: Form, end: End = ended_elsewhere) -> str:
    """The page of signing in to which the form leads."""
    end(desk, person)
    answer = await form.send()
    assert (answer.status, answer.headers["Location"]) == (303, "/desk/sign-in")
    return await person.page("/desk/sign-in")


async def signs_in(desk: Desk, person: Person, name: str = "editor") -> str:
    """Where somebody gets to who signs in."""
    answer = await try_to_sign_in(person, give_password(desk, name))
    assert answer.status == 303
    return answer.headers["Location"]
