"""Which addresses the published records name, what came of asking for them, and which are broken."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from knowledge.domain.errors import KnowledgeError
from knowledge.editorial.links.addresses import addresses_in
from knowledge.editorial.links.asking import Asker, Outcome, Problem
from knowledge.editorial.links.seen_working import is_believed
from knowledge.editorial.records import aware
from knowledge.store.desk_tables import LinkCheckRow, RecordRow, RevisionRow
from knowledge.store.engine import begin_writing

# A website may be down for a day: only what fails on two days is called broken.
BROKEN_FROM = 2
_CHUNK = 500
# Where nothing but these comes back, it is our own line that is down, and no website.
_OUR_LINE = frozenset({Problem.NO_ANSWER, Problem.UNKNOWN_HOST})


class NoNetwork(KnowledgeError):
    """None of the addresses answered."""

    permanent = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What an inspection came to: addresses asked for, how many of them did not answer well, how many are broken by now."""

    asked: int
    failed: int
    broken: int


def read_addresses(session: Session) -> dict[str, list[str]]:
    """Record key -> addresses, of everything that readers see, in all municipalities."""
    rows = session.execute(
        select(RecordRow.id, RevisionRow.body)
        .join(RevisionRow, (RevisionRow.record_id == RecordRow.id) & (RevisionRow.number == RecordRow.published))
        .order_by(RecordRow.id)
    ).yield_per(_CHUNK)
    found = {}
    for key, body in rows:
        named = addresses_in(body)
        if named:
            found[key] = named
    return found


async def inspect(sessions: sessionmaker[Session], asker: Asker, now: datetime) -> Checked:
    """Ask for every address and keep what came of it.

    Raises NoNetwork where nobody answered at all: then nothing is kept.
    """

    def read() -> dict[str, list[str]]:
        with sessions() as session:
            return read_addresses(session)

    named = await asyncio.to_thread(read)
    outcomes = await asker.ask_all(one for addresses in named.values() for one in addresses)
    if outcomes and all(one.problem in _OUR_LINE for one in outcomes.values()):
        raise NoNetwork("links.no_network", asked=len(outcomes))

    def write() -> int:
        with sessions() as session, session.begin():
            begin_writing(session)
            keep(session, named, outcomes, now)
            session.flush()
            return session.scalar(select(func.count()).select_from(LinkCheckRow).where(is_broken())) or 0

    broken = await asyncio.to_thread(write)
    return Checked(len(outcomes), sum(one.problem is not None for one in outcomes.values()), broken)


def keep(session: Session, named: Mapping[str, Sequence[str]], outcomes: Mapping[str, Outcome], now: datetime) -> None:
    """Write what came of asking. A failure counts once a day; an answer wipes all failures out.

    What somebody has called no failure counts for none.
    """
    known = {(row.record_id, row.url): row for row in session.scalars(select(LinkCheckRow))}
    # A record may have been taken away while its addresses were asked for.
    there = set(session.scalars(select(RecordRow.id).where(RecordRow.published.is_not(None))))
    wanted = {(record, url) for record, urls in named.items() if record in there for url in urls if url in outcomes}
    gone = [row.id for place, row in known.items() if place not in wanted]
    for start in range(0, len(gone), _CHUNK):
        session.execute(delete(LinkCheckRow).where(LinkCheckRow.id.in_(gone[start : start + _CHUNK])))
    for record, url in sorted(wanted):
        outcome, row = outcomes[url], known.get((record, url))
        if row is None:
            row = LinkCheckRow(record_id=record, url=url, failures=0)
            session.add(row)
        last = aware(row.checked_at)
        if outcome.problem is None or not is_believed(row, outcome.problem, now):
            row.seen_working_at = None
        if outcome.problem is None:
            row.failures = 0
        elif row.seen_working_at is not None:
            pass
        elif row.failures == 0 or last is None or last.date() < now.date():
            row.failures += 1
        row.status, row.problem, row.checked_at = outcome.status, outcome.problem, now


def is_broken() -> ColumnElement[bool]:
    """As a condition on `LinkCheckRow`."""
    return LinkCheckRow.failures >= BROKEN_FROM


def broken(municipality: str, *restrict: ColumnElement[bool]) -> Select[LinkCheckRow, RecordRow]:
    """Broken addresses with their records, by the record's name; `restrict` are more conditions on the record."""
    return (
        select(LinkCheckRow, RecordRow)
        .join(RecordRow, RecordRow.id == LinkCheckRow.record_id)
        .where(RecordRow.municipality_id == municipality, RecordRow.published.is_not(None), is_broken(), *restrict)
        .order_by(RecordRow.name, LinkCheckRow.url)
    )


def broken_everywhere(session: Session) -> list[tuple[str, str, str]]:
    """(record, address, problem) of all broken addresses, in all municipalities."""
    rows = session.execute(
        select(LinkCheckRow.record_id, LinkCheckRow.url, LinkCheckRow.problem).where(is_broken()).order_by(LinkCheckRow.id)
    )
    return [(record, url, problem or "") for record, url, problem in rows]
