"""Lists of records: searched, filtered, sorted, cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from knowledge.editorial.contents import Content, Stamp, fold
from knowledge.editorial.due import is_due
from knowledge.editorial.gaps import Gap, Versions, all_gaps, gaps
from knowledge.editorial.records import State, aware
from knowledge.editorial.sight import Sight
from knowledge.store.desk_tables import RecordRow, RevisionRow
from knowledge.store.tables import ServiceRow

PAGE_SIZE = 50
SORTS = ("name", "changed", "checked")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see; empty means all. Ids are local ones.

    `language` with `gap` ("missing", "outdated" or empty for both) keeps records that have such a gap in that language. `state` empty
    leaves archived records out. `responsible` is a user's id.
    """

    text: str = ""
    state: str = ""
    topic: str = ""
    organization: str = ""
    district: str = ""
    language: str = ""
    gap: str = ""
    due: bool = False
    responsible: int | None = None
    closed: bool = False
    confidential: bool = False
    sort: str = "name"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A record in a list. `place` is its first address, `more_places` how many more there are."""

    key: str
    local: str
    name: str
    state: State
    published: bool
    changed_at: datetime
    changed_by: str
    checked_on: date | None
    due: bool
    closed: bool
    organization: str
    place: str
    more_places: int
    confidential: bool
    gaps: Mapping[str, Gap] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list. `found` counts what fits, `all` what there is without filters (archived records left out)."""

    rows: Sequence[Row]
    found: int
    all: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Line:
    """The columns of a record that decide whether it is listed, as far as the person sees them. `only_public`: they see what readers see;
    `by` then names who wrote that."""

    key: str
    newest: int
    published: int | None
    state: str
    responsible: int | None
    every: int | None
    checked: date | None
    changed: datetime
    only_public: bool = False
    by: str | None = None


def listed(
    sight: Sight,
    kind: str,
    wanted: Wanted,
    *,
    today: date,
    check_days: Mapping[str, int],
    languages: Sequence[str],
) -> Listed:
    """The page of the list that `wanted` describes, of what `sight` sees. `languages` are those whose gaps the rows tell; who may see the
    list at all is checked by the caller. `check_days`: kind -> days after which a record of it is due for checking."""
    session, municipality = sight.session, sight.municipality
    lines, stamps = _lines(sight, kind)
    known = sight.contents(kind, stamps)
    there = [one for one in lines if one.key in known]
    places = sight.contents("location") if kind == "service" else {}
    organizations = sight.contents("organization") if kind in ("service", "contact") else {}
    closed = _closed(session, municipality, today) if kind == "service" else frozenset()
    fits = _tests(municipality, wanted, known, places, organizations, closed, today, check_days.get(kind))
    found = [one for one in there if all(test(one) for test in fits)]
    if wanted.language:
        gap = all_gaps(session, municipality, kind, known, _versions(found), wanted.language)
        found = [one for one in found if _wanted_gap(gap.get(one.key, {}).get(wanted.language), wanted.gap)]
    found.sort(key=_sorting(wanted.sort, known))
    pages = max(1, -(-len(found) // PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    names = _changed_by(session, [one.key for one in shown])
    missing = gaps(session, municipality, known, _versions(shown), languages)
    rows = [
        _row(one, known[one.key], municipality, places, organizations, closed, today, check_days.get(kind), names, missing) for one in shown
    ]
    return Listed(rows, len(found), sum(one.state != State.ARCHIVED for one in there), page, pages)


def _lines(sight: Sight, kind: str) -> tuple[list[_Line], dict[str, Stamp]]:
    """(the lines, what tells whether a record has changed)."""
    r = RecordRow
    sight.session.flush()
    rows: Sequence[Sequence[Any]] = (
        sight.session.connection()
        .execute(
            select(
                r.id, r.newest, r.published, r.state, r.responsible_id, r.check_every_days, r.checked_on, r.changed_at, r.organization_id
            ).where(r.municipality_id == sight.municipality, r.kind == kind)
        )
        .all()
    )
    stamps = {row[0]: (row[1], row[7]) for row in rows}
    organizations = sight.scope.organizations
    if organizations is None:
        return [_Line(*row[:-1]) for row in rows], stamps
    written, public = _publicly_written(sight, kind), State.PUBLISHED.value
    found = []
    for key, newest, published, state, responsible, every, checked, changed, organization in rows:
        if organization in organizations:
            found.append(_Line(key, newest, published, state, responsible, every, checked, changed))
        elif published is not None:
            at, by = written.get(key, (changed, None))
            found.append(_Line(key, newest, published, public, responsible, every, checked, at, True, by))
    return found, stamps


def _publicly_written(sight: Sight, kind: str) -> dict[str, tuple[datetime, str]]:
    """Of records with newer words: when, and by whom, the public ones were written."""
    r, n = RecordRow, RevisionRow
    rows = sight.session.execute(
        select(r.id, n.at, n.author)
        .join(n, (n.record_id == r.id) & (n.number == r.published))
        .where(r.municipality_id == sight.municipality, r.kind == kind, r.published != r.newest)
    )
    return {key: (at, author) for key, at, author in rows}


def _versions(lines: Sequence[_Line]) -> dict[str, Versions]:
    return {one.key: Versions(one.newest, one.published, one.only_public) for one in lines}


def _closed(session: Session, municipality: str, today: date) -> frozenset[str]:
    """Keys of published services that are closed for a while."""
    s = ServiceRow
    now_closed = select(s.id).where(
        s.municipality_id == municipality, s.closed_since <= today, or_(s.closed_until.is_(None), s.closed_until >= today)
    )
    return frozenset(f"service:{key}" for key in session.scalars(now_closed))


def _tests(
    municipality: str,
    wanted: Wanted,
    known: Mapping[str, Content],
    places: Mapping[str, Content],
    organizations: Mapping[str, Content],
    closed: frozenset[str],
    today: date,
    every: int | None,
) -> list[Callable[[_Line], bool]]:
    """What a line has to pass: the quick questions first."""
    tests: list[Callable[[_Line], bool]] = []
    if wanted.state:
        tests.append(lambda one: one.state == wanted.state)
    else:
        tests.append(lambda one: one.state != State.ARCHIVED)
    if wanted.responsible is not None:
        tests.append(lambda one: one.responsible == wanted.responsible)
    if wanted.due:
        tests.append(lambda one: _due(one, every, today))
    if wanted.closed:
        tests.append(lambda one: one.key in closed)
    if wanted.topic:
        tests.append(lambda one: wanted.topic in known[one.key].topics)
    if wanted.organization:
        tests.append(lambda one: known[one.key].organization == wanted.organization)

    def own_places(content: Content) -> list[Content]:
        return [places[key] for local in content.locations if (key := f"location:{municipality}/{local}") in places]

    if wanted.district:
        tests.append(lambda one: wanted.district in {x.district for x in (known[one.key], *own_places(known[one.key]))})
    if wanted.confidential:
        tests.append(lambda one: any(x.confidential for x in (known[one.key], *own_places(known[one.key]))))
    for word in fold(wanted.text).split():
        tests.append(_has_word(word, municipality, known, places, organizations))
    return tests


def _has_word(
    word: str, municipality: str, known: Mapping[str, Content], places: Mapping[str, Content], organizations: Mapping[str, Content]
) -> Callable[[_Line], bool]:
    """Whether a record has the word itself, or one of its places has it, or the name of who runs it."""
    there = {one.local for one in places.values() if word in one.haystack}
    by = {one.local for one in organizations.values() if word in one.sort_name}

    def test(line: _Line) -> bool:
        content = known[line.key]
        return word in content.haystack or content.organization in by or not there.isdisjoint(content.locations)

    return test


def _due(line: _Line, every: int | None, today: date) -> bool:
    return is_due(public=line.published is not None, checked_on=line.checked, own_days=line.every, kind_days=every, today=today)


def _wanted_gap(gap: Gap | None, which: str) -> bool:
    if gap is None:
        return False
    return bool({"missing": gap.missing, "outdated": gap.outdated}.get(which, gap.missing + gap.outdated))


def _sorting(sort: str, known: Mapping[str, Content]) -> Callable[[_Line], tuple[object, ...]]:
    if sort == "changed":
        return lambda one: (-one.changed.timestamp(), one.key)
    if sort == "checked":
        return lambda one: (one.checked or date.min, known[one.key].sort_name, one.key)
    return lambda one: (known[one.key].sort_name, one.key)


def _changed_by(session: Session, keys: Sequence[str]) -> dict[str, str]:
    return {key: name for key, name in session.execute(select(RecordRow.id, RecordRow.changed_by).where(RecordRow.id.in_(keys)))}


def _row(
    line: _Line,
    content: Content,
    municipality: str,
    places: Mapping[str, Content],
    organizations: Mapping[str, Content],
    closed: frozenset[str],
    today: date,
    every: int | None,
    names: Mapping[str, str],
    missing: Mapping[str, Mapping[str, Gap]],
) -> Row:
    own = [places[key] for local in content.locations if (key := f"location:{municipality}/{local}") in places]
    runs = organizations.get(f"organization:{municipality}/{content.organization}")
    return Row(
        key=line.key,
        local=content.local,
        name=content.name,
        state=State(line.state),
        published=line.published is not None,
        changed_at=aware(line.changed) or line.changed,
        changed_by=names.get(line.key, "") if line.by is None else line.by,
        checked_on=line.checked,
        due=_due(line, every, today),
        closed=line.key in closed,
        organization=runs.name if runs else "",
        place=content.place or (own[0].place or own[0].name if own else ""),
        more_places=max(0, len(own) - 1),
        confidential=content.confidential or any(one.confidential for one in own),
        gaps=missing.get(line.key, {}),
    )
