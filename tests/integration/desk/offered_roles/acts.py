"""What the tests of roles that wait do again and again.

"elsewhere" works for the other town only. Its administrators may know the password; those of the city have the link.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

from aiohttp import ClientResponse
from sqlalchemy import delete, select

from knowledge.editorial.actor import Membership, Role
from knowledge.store.account_tables import AuditRow, MembershipRow, OfferedRoleRow
from tests.integration.desk.accounts_acts import id_of, invite
from tests.integration.desk.acts import give_password
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, Person

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
