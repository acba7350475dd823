"""Lists of records by their state: half typed, sent back, drafts, to review, due, without a responsible person, planned."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from knowledge.editorial.autosave import unfinished as unfinished_forms
from knowledge.editorial.due import DueRecords, answered_for_by, nobody_answers
from knowledge.editorial.home.parts import AHEAD, TYPING_KEPT, TYPING_WARNED, Asking, Item, Listed
from knowledge.editorial.records import State, aware
from knowledge.editorial.scope import Scope
from knowledge.editorial.sight import sight_of
from knowledge.store.desk_tables import RecordRow, RevisionRow

_TITLES = ("texts.name", "texts.title")


def unfinished(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """What this person has typed and not saved. `when` tells the day on which it will be thrown away, where that is near."""
    rows = unfinished_forms(asking.session, asking.actor, asking.municipality)
    shown = rows[offset : offset + limit]
    # The role may have been taken meanwhile: what they typed is theirs, and what others wrote since is not.
    names = sight_of(asking.session, asking.actor, asking.municipality).names(row.form for row in shown)
    items = []
    for row in shown:
        new = row.form.startswith("new:")
        typed = next((words for field in _TITLES if (words := _first(row.fields.get(field)))), "")
        gone = (aware(row.at) or asking.now) + TYPING_KEPT
        soon = gone - asking.now < TYPING_WARNED
        # A record that was taken away leaves its typing behind: then the typing is all that names it.
        name = names.get(row.form, "") if not new else typed
        items.append(Item(name, None if new else row.form, row.kind, ref=row.form, when=gone.date() if soon else None))
    return Listed(len(rows), items)


def _first(values: object) -> str:
    """Of a field's values as forms keep them, the first."""
    return str(values[0] if values else "").strip() if isinstance(values, list) else str(values or "").strip()


def sent_back(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """Drafts with a word of a reviewer, for whoever wrote them or answers for them; and what is public and should have gone by itself."""
    draft = and_(RecordRow.state == State.DRAFT, _of_mine(asking))
    public = RecordRow.state == State.PUBLISHED
    if not asking.everybody:
        public = and_(public, or_(_of_mine(asking), nobody_answers()))
    return _list(asking, scope, limit, offset, RecordRow.review_note.is_not(None), or_(draft, public))


def drafts(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """Drafts that nobody was asked to look at yet."""
    return _list(asking, scope, limit, offset, RecordRow.state == State.DRAFT, RecordRow.review_note.is_(None), _of_mine(asking))


def review(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """What waits for a reviewer, the longest waiting first."""
    return _list(asking, scope, limit, offset, RecordRow.state == State.REVIEW)


def due(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """What has to be checked, the most overdue first."""
    records = DueRecords(asking.session, scope, asking.check_days, asking.today)
    mine = () if asking.everybody else (answered_for_by(asking.actor.id),)
    items = [Item(one.name, one.key, one.kind, when=one.on) for one in records.first(limit, *mine, offset=offset)]
    return Listed(records.count(*mine), items)


def nobody(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """Public services that nobody answers for."""
    return _list(
        asking,
        scope,
        limit,
        offset,
        RecordRow.kind == "service",
        RecordRow.published.is_not(None),
        nobody_answers(),
        order=(RecordRow.name, RecordRow.id),
    )


def scheduled(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """What goes out or goes away in the next days. `note` is "publish" or "expire"."""
    end = asking.now + AHEAD
    planned = []
    for column, act in ((RecordRow.publish_at, "publish"), (RecordRow.expire_at, "expire")):
        rows = asking.session.execute(
            select(RecordRow.id, RecordRow.kind, RecordRow.name, column).where(*scope.records(), column.is_not(None), column <= end)
        )
        planned += [Item(name, key, kind, when=aware(at), note=act) for key, kind, name, at in rows]
    planned.sort(key=lambda one: (str(one.when), one.name))
    return Listed(len(planned), planned[offset : offset + limit])


def _of_mine(asking: Asking) -> ColumnElement[bool]:
    if asking.everybody:
        return RecordRow.id.is_not(None)
    wrote = (
        select(RevisionRow.id)
        .where(RevisionRow.record_id == RecordRow.id, RevisionRow.number == RecordRow.newest, RevisionRow.author_id == asking.actor.id)
        .exists()
    )
    return or_(wrote, RecordRow.responsible_id == asking.actor.id)


def _list(
    asking: Asking,
    scope: Scope,
    limit: int,
    offset: int,
    *where: ColumnElement[bool],
    order: tuple[InstrumentedAttribute[str], ...] | None = None,
) -> Listed:
    conditions = (*scope.records(), *where)
    count = asking.session.scalar(select(func.count()).select_from(RecordRow).where(*conditions)) or 0
    if not count:
        return Listed(0, ())
    rows = asking.session.scalars(
        select(RecordRow).where(*conditions).order_by(*(order or (RecordRow.changed_at, RecordRow.id))).offset(offset).limit(limit)
    )
    return Listed(count, [_item(row) for row in rows])


def _item(row: RecordRow) -> Item:
    return Item(row.name, row.id, row.kind, when=aware(row.changed_at), who=row.changed_by, note=row.review_note or "")
