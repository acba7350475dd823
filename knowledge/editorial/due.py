"""Which public records have to be looked at again: each kind has an interval, and a record may have its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from heapq import merge
from itertools import islice

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from knowledge.editorial.care import may_edit
from knowledge.editorial.scope import Scope
from knowledge.store.account_tables import MembershipRow, UserRow
from knowledge.store.desk_tables import RecordRow


@dataclass(frozen=True, slots=True)
class Due:
    """A record to be checked. `on` is the day from which it is due; None: it was never checked."""

    key: str
    kind: str
    name: str
    on: date | None
    checked_on: date | None


def due_on(*, public: bool, checked_on: date | None, own_days: int | None, kind_days: int | None, today: date) -> date | None:
    """The day from which a record has to be checked; None where nobody has to.

    Only what readers see is ever due. `own_days` is the record's own interval, which counts before its kind's (`kind_days`); without any
    it is never due. What was never checked is due at once.
    """
    days = own_days or kind_days
    if not public or not days:
        return None
    return checked_on + timedelta(days=days) if checked_on else today


def is_due(*, public: bool, checked_on: date | None, own_days: int | None, kind_days: int | None, today: date) -> bool:
    """Whether somebody has to look at a record again today."""
    on = due_on(public=public, checked_on=checked_on, own_days=own_days, kind_days=kind_days, today=today)
    return on is not None and on <= today


@dataclass(frozen=True)
class DueRecords:
    """What is due in `scope` on `today`: the rule of `due_on`, asked of the database. `check_days` are the city's intervals by kind."""

    session: Session
    scope: Scope
    check_days: Mapping[str, int]
    today: date

    def count(self, *restrict: ColumnElement[bool]) -> int:
        """How many are due."""
        return self.session.scalar(select(func.count()).select_from(RecordRow).where(self._is_due(), *self._public(), *restrict)) or 0

    def first(self, limit: int, *restrict: ColumnElement[bool], offset: int = 0) -> list[Due]:
        """The most overdue ones: what was never checked, then by the day from which it is due."""
        streams = [self._stream(days, limit + offset, restrict) for days in self._intervals]
        return list(islice(merge(*streams, key=lambda one: (one.on or date.min, one.name, one.key)), offset, offset + limit))

    def next(self, *restrict: ColumnElement[bool]) -> Due | None:
        """Where nothing is due: what will be due first."""
        coming: list[Due] = []
        for days in self._intervals:
            for record in self._rows(days, 1, restrict):
                coming.append(_due(record, days[1]))
        return min(coming, key=lambda one: one.on or date.min, default=None)

    @cached_property
    def _intervals(self) -> list[tuple[ColumnElement[bool], int]]:
        """(which records, their interval in days): each record falls under one."""
        own = self.session.scalars(
            select(RecordRow.check_every_days).where(*self._public(), RecordRow.check_every_days.is_not(None)).distinct()
        )
        found: list[tuple[ColumnElement[bool], int]] = [(RecordRow.check_every_days == days, days) for days in own if days]
        kinds: dict[int, list[str]] = {}
        for kind, days in self.check_days.items():
            kinds.setdefault(days, []).append(kind)
        return found + [(and_(RecordRow.check_every_days.is_(None), RecordRow.kind.in_(names)), days) for days, names in kinds.items()]

    def _is_due(self) -> ColumnElement[bool]:
        return or_(false(), *(and_(which, self._passed(days)) for which, days in self._intervals))

    def _passed(self, days: int) -> ColumnElement[bool]:
        return or_(RecordRow.checked_on.is_(None), RecordRow.checked_on <= self.today - timedelta(days=days))

    def _public(self) -> tuple[ColumnElement[bool], ...]:
        return (*self.scope.records(), RecordRow.published.is_not(None))

    def _stream(self, interval: tuple[ColumnElement[bool], int], limit: int, restrict: tuple[ColumnElement[bool], ...]) -> Iterator[Due]:
        return (_due(record, interval[1]) for record in self._rows(interval, limit, (self._passed(interval[1]), *restrict)))

    def _rows(
        self, interval: tuple[ColumnElement[bool], int], limit: int, restrict: tuple[ColumnElement[bool], ...]
    ) -> list[tuple[str, str, str, date | None]]:
        which, _ = interval
        rows = self.session.execute(
            select(RecordRow.id, RecordRow.kind, RecordRow.name, RecordRow.checked_on)
            .where(which, *self._public(), *restrict)
            .order_by(RecordRow.checked_on.asc().nulls_first(), RecordRow.name, RecordRow.id)
            .limit(limit)
        )
        return [(key, kind, name, checked) for key, kind, name, checked in rows]


def _due(record: tuple[str, str, str, date | None], days: int) -> Due:
    key, kind, name, checked = record
    return Due(key, kind, name, checked + timedelta(days=days) if checked else None, checked)


def answered_for_by(user_id: int | None) -> ColumnElement[bool]:
    """Records that `user_id` answers for, and those that nobody does: each editor takes care of these."""
    return or_(RecordRow.responsible_id == user_id, nobody_answers())


def nobody_answers() -> ColumnElement[bool]:
    """Records without a responsible person, or whose person may no longer edit them: has left, or has another role now."""
    still = (
        select(UserRow.id)
        .join(MembershipRow, MembershipRow.user_id == UserRow.id)
        .where(UserRow.id == RecordRow.responsible_id, *may_edit(RecordRow.municipality_id, RecordRow.organization_id))
    )
    return or_(RecordRow.responsible_id.is_(None), ~still.correlate(RecordRow).exists())
