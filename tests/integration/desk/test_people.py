"""What the other tests of the desk rest on: people of every role, a second municipality, one draft in each."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from knowledge.editorial.accounts import sessions
from knowledge.editorial.actor import Permission
from knowledge.store.desk_tables import RecordRow
from knowledge.web.desk.routing import COOKIE
from tests.integration.desk.conftest import DRAFT_HERE, DRAFT_THERE, PUBLISHED_THERE
from tests.integration.desk.people import CITY, OTHER_CITY, PEOPLE, Desk


def test_both_municipalities_have_a_draft_and_published_records(desk: Desk) -> None:
    rows = desk.do(lambda session: {row.id: row for row in session.scalars(select(RecordRow))})
    assert rows[DRAFT_HERE].published is None
    assert rows[DRAFT_THERE].published is None
    assert rows[PUBLISHED_THERE].published == 1
    assert {row.municipality_id for row in rows.values()} == {CITY, OTHER_CITY}


@pytest.mark.parametrize("name", PEOPLE)
async def test_somebody_signed_in_is_known_by_the_cookie(desk: Desk, name: str) -> None:
    person = await desk.sign_in(name)
    found = desk.do(lambda session: sessions.find(session, person.cookie(COOKIE)))
    assert found is not None
    assert found.complete
    assert found.actor == desk.actor(name)


def test_an_administrator_elsewhere_has_nothing_to_say_here(desk: Desk) -> None:
    actor = desk.actor("elsewhere")
    assert not any(actor.may_anywhere(permission, CITY) for permission in Permission)
    assert actor.may(Permission.USERS, OTHER_CITY)
