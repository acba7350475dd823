"""One rule says what is due for checking: lists, their filter and the home page tell the same of every record on every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.models import MODELS
from knowledge.editorial.actor import Actor
from knowledge.editorial.due import DueRecords, due_on, is_due
from knowledge.editorial.listing import Wanted, listed
from knowledge.editorial.publish import archive
from knowledge.editorial.save import create
from knowledge.editorial.scope import Scope
from knowledge.editorial.sight import whole_city
from knowledge.store.desk_tables import RecordRow
from tests.integration.editorial.steps import ANSWER, OFFICE, SCHOOL, TOWN, Town, club_service

CHECKED = date(2026, 11, 2)
CHECK_DAYS = {"service": 180, "article": 120, "page": 365}
DAYS = [CHECKED + timedelta(days=days) for days in (0, 6, 7, 8, 119, 120, 179, 180, 365, 4000)]


@pytest.mark.parametrize(
    ("public", "checked", "own", "of_kind", "expected"),
    [
        (True, CHECKED, None, 180, CHECKED + timedelta(days=180)),
        (True, CHECKED, 7, 180, CHECKED + timedelta(days=7)),
        (True, CHECKED, 7, None, CHECKED + timedelta(days=7)),
        (True, CHECKED, None, None, None),
        (True, None, None, 180, date(2026, 12, 1)),
        (True, None, None, None, None),
        (False, None, 7, 180, None),
    ],
)
def test_the_day_from_which_a_record_is_due(
    public: bool, checked: date | None, own: int | None, of_kind: int | None, expected: date | None
) -> None:
    today = date(2026, 12, 1)
    assert due_on(public=public, checked_on=checked, own_days=own, kind_days=of_kind, today=today) == expected
    for day in (CHECKED, *DAYS):
        due = is_due(public=public, checked_on=checked, own_days=own, kind_days=of_kind, today=day)
        assert due == (expected is not None and (checked is None or expected <= day))


def test_every_place_tells_the_same_of_every_record_on_every_day(town: Town, editor: Actor, reviewer: Actor) -> None:
    """Given: one never checked, one with its own interval, an organization (whose kind has none) with its own, a draft, an archived one."""

    def prepare(session: Session) -> None:
        session.get_one(RecordRow, SCHOOL).checked_on = None
        session.get_one(RecordRow, OFFICE).check_every_days = 7
        organization = session.get_one(RecordRow, f"organization:{TOWN}/stadt")
        organization.check_every_days, organization.checked_on = 8, CHECKED
        create(session, reviewer, TOWN, "service", club_service("cafe", organization="stadt"))
        archive(session, reviewer, ANSWER)

    town.do(prepare)
    seen: list[set[str]] = []
    with town.database.sessions() as session:
        for today in DAYS:
            for_home = {one.key for one in DueRecords(session, Scope(TOWN), CHECK_DAYS, today).first(1000)}
            in_lists, filtered = set(), set()
            for kind in MODELS:
                rows, only = (
                    listed(whole_city(session, TOWN), kind, wanted, today=today, check_days=CHECK_DAYS, languages=[]).rows
                    for wanted in (Wanted(), Wanted(due=True))
                )
                in_lists |= {row.key for row in rows if row.due}
                filtered |= {row.key for row in only}
            by_the_rule = {
                row.id
                for row in session.scalars(select(RecordRow).where(RecordRow.municipality_id == TOWN))
                if is_due(
                    public=row.published is not None,
                    checked_on=row.checked_on,
                    own_days=row.check_every_days,
                    kind_days=CHECK_DAYS.get(row.kind),
                    today=today,
                )
            }
            assert for_home == in_lists == filtered == by_the_rule, today
            assert DueRecords(session, Scope(TOWN), CHECK_DAYS, today).count() == len(for_home)
            if not seen or seen[-1] != for_home:
                seen.append(for_home)
    enrol = f"article:{TOWN}/schools.enrol:everyone"
    assert [after - before for before, after in zip([set(), *seen], seen, strict=False)] == [
        {SCHOOL},
        {OFFICE},
        {f"organization:{TOWN}/stadt"},
        {enrol},
    ]
