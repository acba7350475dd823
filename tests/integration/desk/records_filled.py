"""Forms of records in tests: a service with everything that it must have, and what came of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from knowledge.editorial.records import body
from knowledge.store.desk_tables import RecordRow
from tests.integration.desk.people import CITY, Desk, Person
from tests.integration.desk.records_form import Form, open_form

OFFICE = "citizens-office-altstadt"
FULL = {
    "texts.name": "Lesecafé Lindenau",
    "texts.description": "Hier lesen Menschen zusammen.",
    "topics": ["language.courses", "schools.adult_education"],
    "organization": "stadt-ankerstadt",
}


def newest(desk: Desk, kind: str, local: str) -> dict[str, Any]:
    """The newest document of a record."""
    found: dict[str, Any] = desk.do(lambda session: body(session, session.get_one(RecordRow, f"{kind}:{CITY}/{local}")))
    return found


def count(desk: Desk, kind: str = "service") -> int:
    """How many records there are."""
    return len(desk.do(lambda session: session.scalars(select(RecordRow.id).where(RecordRow.kind == kind)).all()))


async def new_service(editor: Person) -> Form:
    return (await open_form(editor, "/desk/records/service/new")).fill(FULL)
