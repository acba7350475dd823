"""What the desk knows about the records that a batch speaks about, read in a few queries however many they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState, translation_state
from knowledge.editorial.records import State, aware
from knowledge.exchange.tables.values import fold
from knowledge.store import tables as t
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import ImportMemoryRow, PendingTranslationRow, RecordRow, RevisionRow

# Set by one click, beside the revisions (see `availability` and `verify`).
CLICKS = ("capacity", "close", "reopen", "verify")
_AT_ONCE = 500  # below the number of parameters that databases accept


@dataclass(frozen=True, slots=True)
class Waiting:
    """A translation that is there: public, or waiting for its words to be public. `older` are words that it had before."""

    body: str
    state: TranslationState
    at: datetime | None
    by_person: bool
    older: frozenset[str] = frozenset()


@dataclass(slots=True)
class KnownRecord:
    """A record of the desk: its newest words, and what readers see of it that no revision holds."""

    key: str
    newest: int
    published: int | None
    state: State
    name: str
    body: dict[str, Any]
    at: datetime | None
    by_person: bool
    facts: dict[str, Any] = field(default_factory=dict)
    clicked: datetime | None = None
    translations: dict[tuple[str, str], Waiting] = field(default_factory=dict)

    @property
    def current(self) -> dict[str, Any]:
        """The newest document, with the facts of the day as they are now."""
        if self.published is None:
            return self.body
        return {name: value for name, value in (self.body | self.facts).items() if value is not None}


@dataclass
class Known:
    """Everything at the desk that planning needs. `public` tells for every record of the municipality whether readers see it, `names`
    has (kind, folded name) -> key."""

    municipality: str
    language: str
    districts: set[str]
    public: dict[str, bool]
    names: dict[tuple[str, str], str]
    records: dict[str, KnownRecord]
    # key -> (digest of what the source said, when)
    memory: dict[str, tuple[str, datetime | None]]


def look_up(session: Session, municipality: str, keys: Iterable[str], source: str) -> Known:
    """Read what is known about `keys`."""
    town = session.get_one(t.MunicipalityRow, municipality)
    columns = (RecordRow.id, RecordRow.kind, RecordRow.name, RecordRow.published)
    everything = session.execute(select(*columns).where(RecordRow.municipality_id == municipality)).all()
    public = {row.id: row.published is not None for row in everything}
    wanted = sorted(key for key in set(keys) if key in public)
    districts = session.scalars(select(t.DistrictRow.id).where(t.DistrictRow.municipality_id == municipality))
    known = Known(
        municipality,
        town.source_language,
        {one.partition("/")[2] for one in districts},
        public,
        {(row.kind, fold(row.name)): row.id for row in everything},
        _records(session, wanted),
        _memory(session, wanted, source),
    )
    _facts(session, known.records)
    clicks = select(AuditRow.record, func.max(AuditRow.at).label("at")).where(
        AuditRow.municipality_id == municipality, AuditRow.action.in_(CLICKS)
    )
    for row in session.execute(clicks.group_by(AuditRow.record)):
        if row.record in known.records:
            known.records[row.record].clicked = aware(_moment(row.at))
    _translations(session, known)
    return known


def chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    """`keys` in portions that one query can take."""
    for start in range(0, len(keys), _AT_ONCE):
        yield keys[start : start + _AT_ONCE]


def _records(session: Session, keys: Sequence[str]) -> dict[str, KnownRecord]:
    found = {}
    for part in chunks(keys):
        rows = session.execute(
            select(
                RecordRow.id,
                RecordRow.newest,
                RecordRow.published,
                RecordRow.state,
                RecordRow.name,
                RevisionRow.body,
                RevisionRow.at,
                RevisionRow.author_id,
            )
            .join(RevisionRow, (RevisionRow.record_id == RecordRow.id) & (RevisionRow.number == RecordRow.newest))
            .where(RecordRow.id.in_(part))
        )
        for row in rows:
            found[row.id] = KnownRecord(
                row.id,
                row.newest,
                row.published,
                State(row.state),
                row.name,
                row.body,
                aware(row.at),
                row.author_id is not None,
            )
    return found


def _memory(session: Session, keys: Sequence[str], source: str) -> dict[str, tuple[str, datetime | None]]:
    found: dict[str, tuple[str, datetime | None]] = {}
    table = ImportMemoryRow
    for part in chunks(keys):
        rows = session.execute(select(table.record_id, table.digest, table.at).where(table.source == source, table.record_id.in_(part)))
        found |= {row.record_id: (row.digest, aware(row.at)) for row in rows}
    return found


def _facts(session: Session, records: dict[str, KnownRecord]) -> None:
    """As JSON has them, without capacity that nobody knows: the same as in a canonical document."""
    keys = {key.partition(":")[2]: key for key, record in records.items() if record.published is not None}
    services, articles, pages = t.ServiceRow, t.ArticleRow, t.PageRow
    for part in chunks(sorted(keys)):
        columns = (services.id, services.capacity_state, services.capacity_wait_days, services.capacity_as_of)
        more = (services.closed_since, services.closed_until, services.assured_date)
        for row in session.execute(select(*columns, *more).where(services.id.in_(part))):
            capacity = {"state": row.capacity_state, "wait_days": row.capacity_wait_days, "as_of": _day(row.capacity_as_of)}
            closed = {"since": _day(row.closed_since), "until": _day(row.closed_until)}
            facts = {"capacity": _filled(capacity, unknown="unknown"), "closed": _filled(closed), "checked_on": _day(row.assured_date)}
            _put(records, f"service:{row.id}", facts)
        for table, kind in ((articles, "article"), (pages, "page")):
            for id, checked_on in session.execute(select(table.id, table.checked_on).where(table.id.in_(part))):
                _put(records, f"{kind}:{id}", {"checked_on": _day(checked_on)})


def _put(records: dict[str, KnownRecord], key: str, facts: dict[str, Any]) -> None:
    # Ids are the same across kinds now and then: an article's key is no service's.
    if key in records and records[key].published is not None:
        records[key].facts = facts


def _filled(values: dict[str, Any], *, unknown: str | None = None) -> dict[str, Any] | None:
    return {name: value for name, value in values.items() if value not in (None, unknown)} or None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _moment(value: datetime | str) -> datetime:
    """SQLite gives the highest of several moments back as words."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _translations(session: Session, known: Known) -> None:
    keys = sorted(known.records)
    major: dict[tuple[str, str], int] = {}
    words: dict[tuple[str, str], str] = {}
    texts, translated = t.TextRevisionRow, t.TextTranslationRow
    for part in chunks(keys):
        rows = select(texts.record, texts.field, texts.number, texts.minor, texts.body).where(texts.record.in_(part))
        for row in session.execute(rows.order_by(texts.number)):
            words[row.record, row.field] = row.body
            if not row.minor:
                major[row.record, row.field] = row.number
    for part in chunks(keys):
        for row in session.execute(_newest_last(translated, part)):
            record = known.records[row.record]
            state = translation_state(
                of_revision=row.of_number,
                last_major_revision=major.get((row.record, row.field), 1),
                machine=row.machine,
                reviewed=bool(row.reviewed_by),
            )
            if words.get((row.record, row.field)) != source_words(record.body, row.field):
                state = TranslationState.OUTDATED  # a draft has other words by now
            _remember(record, row, state, row.created_at)
        for row in session.execute(_all_pending(part)):
            record = known.records[row.record_id]
            is_public = words.get((row.record_id, row.field)) == source_words(record.body, row.field)
            if is_public and (row.field, row.language) in record.translations:
                continue  # readers see another one already
            state = TranslationState.MACHINE if row.machine and not row.reviewed_by else TranslationState.REVIEWED
            if row.of_text != text_digest(source_words(record.body, row.field) or ""):
                state = TranslationState.OUTDATED
            _remember(record, row, state, row.at)


def _remember(record: KnownRecord, row: Any, state: TranslationState, at: datetime) -> None:
    before = record.translations.get((row.field, row.language))
    older = before.older | {before.body} if before else frozenset()
    by_person = not row.machine or bool(row.reviewed_by)
    record.translations[row.field, row.language] = Waiting(row.body, state, aware(at), by_person, older - {row.body})


def _all_pending(keys: Sequence[str]) -> Any:
    table = PendingTranslationRow
    columns = (table.record_id, table.field, table.language, table.of_text, table.body, table.machine, table.reviewed_by, table.at)
    return select(*columns).where(table.record_id.in_(keys))


def _newest_last(table: Any, keys: Sequence[str]) -> Any:
    columns = (table.record, table.field, table.language, table.of_number, table.body, table.machine, table.reviewed_by, table.created_at)
    return select(*columns).where(table.record.in_(keys)).order_by(table.id)


def source_words(document: dict[str, Any], name: str) -> str | None:
    """A text of a canonical document as the texts' tables keep it."""
    value = document.get("texts", {}).get(name)
    return "\n".join(value) if isinstance(value, list) else value
