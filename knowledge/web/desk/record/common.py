"""What the pages below /desk/record/{kind}/{id} share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import Conflict, DeskError
from knowledge.editorial.records import State, aware, get, hold_row, record_key
from knowledge.editorial.sight import Sight
from knowledge.replies.times import day_words
from knowledge.store.desk_tables import RecordRow
from knowledge.store.tables import MunicipalityRow
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.records.formats import Formats
from knowledge.web.desk.records.sheets import record_url
from knowledge.web.desk.request import DeskRequest
from locales.catalogue import say


@dataclass(frozen=True)
class Place:
    """The municipality somebody works in: its clock and its language."""

    zone: ZoneInfo
    source_language: str
    language: str

    @property
    def today(self) -> date:
        """The date on the calendars there."""
        return datetime.now(self.zone).date()

    def moment(self, moment: datetime | None) -> str:
        """ "Nov 2, 2026, 08:30" by the clocks there, in the reader's language; empty for None."""
        known = aware(moment)
        return Formats(self.language, self.zone.key).moment(known) if known else ""

    def day(self, day: date | None) -> str:
        """ "2 November 2026" in the reader's language; empty for None."""
        return day_words(day, self.language) if day else ""

    def field(self, moment: datetime | None) -> str:
        """A moment as a field of a form has it: ``2026-11-02T08:30``, by the clocks there."""
        known = aware(moment)
        return known.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M") if known else ""

    def read(self, typed: str) -> datetime | None:
        """What was typed into such a field, in UTC; None where it is empty. Raises DeskError("desk.no_moment")."""
        if not typed:
            return None
        try:
            return datetime.fromisoformat(typed).replace(tzinfo=self.zone).astimezone(UTC)
        except (ValueError, OverflowError) as error:  # a year of "0001" has no beginning in UTC
            raise DeskError("desk.no_moment", typed=typed[:40]) from error


def read_day(typed: str) -> date | None:
    """A day of a form; None where it is empty. Raises DeskError("desk.no_day")."""
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise DeskError("desk.no_day", typed=typed[:40]) from error


def place_of(session: Session, desk: DeskRequest) -> Place:
    """Where `desk` works."""
    row = session.get_one(MunicipalityRow, desk.municipality)
    return Place(ZoneInfo(row.timezone), row.source_language, desk.language)


def key_of(desk: DeskRequest) -> str:
    """Key of the record in the address, in the municipality the person works in."""
    return record_key(desk.request.match_info["kind"], desk.municipality, desk.request.match_info["id"])


def url_of(key: str, under: str = "") -> str:
    """The page of a record by its key, or one below it."""
    kind, _, place = key.partition(":")
    return record_url(kind, place.partition("/")[2], under)


def own_url(desk: DeskRequest, under: str = "") -> str:
    """The page of the record in the address."""
    return record_url(desk.request.match_info["kind"], desk.request.match_info["id"], under)


def hold(session: Session, actor: Actor, key: str, number: str, permission: Permission) -> RecordRow:
    """The record, held for this transaction, if its newest revision is still the one that the person has seen.

    Raises Conflict("desk.changed_meanwhile") where it is not: nobody publishes or restores over words they have not read.
    """
    record = get(session, actor, key, permission)
    hold_row(session, record)
    if whole(number) != record.newest:
        raise Conflict("desk.changed_meanwhile", record=key, newest=record.newest, by=record.changed_by)
    return record


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another record, to be linked to."""

    key: str
    kind: str
    name: str
    state: str
    url: str


def neighbours(sight: Sight, keys: Iterable[str], language: str) -> list[Neighbour]:
    """Records by their keys, in that order, as `sight` sees them; a key of nothing is shown as it is."""
    wanted = list(dict.fromkeys(keys))
    known = {row.id: row for row in sight.session.scalars(select(RecordRow).where(RecordRow.id.in_(wanted)))}
    names = sight.names(wanted)
    found = []
    for key in wanted:
        row = known.get(key)
        kind = key.partition(":")[0]
        if row is None:
            found.append(Neighbour(key, kind, key.partition("/")[2] or key, "", ""))
        elif key not in names:
            found.append(Neighbour("", kind, say("desk.record.not_shown", language), "", ""))
        else:
            found.append(Neighbour(key, kind, names[key], row.state if sight.covers(row) else State.PUBLISHED.value, url_of(key)))
    return found
