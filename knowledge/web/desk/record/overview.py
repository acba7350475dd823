"""GET /desk/record/{kind}/{id}: everything about one record on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import title
from knowledge.documents.changes import changes, flatten, is_words
from knowledge.domain.text import TranslationState
from knowledge.editorial import autosave
from knowledge.editorial.care import carers
from knowledge.editorial.due import due_on
from knowledge.editorial.history import revisions
from knowledge.editorial.locks import STALE
from knowledge.editorial.publish import live_facts
from knowledge.editorial.records import State, aware, body, get, now, revision
from knowledge.editorial.references import references, used_by
from knowledge.editorial.sight import Sight
from knowledge.editorial.suggestions import open_suggestions
from knowledge.editorial.sync import FACTS_OF_THE_DAY
from knowledge.editorial.together import needs
from knowledge.editorial.translate import sections_in
from knowledge.editorial.undo import may_undo, undoable
from knowledge.store.account_tables import UserRow
from knowledge.store.desk_tables import EditLockRow, LinkCheckRow, RecordRow
from knowledge.web.desk.record.common import Place, key_of, neighbours, own_url, place_of
from knowledge.web.desk.record.next_step import Situation, next_step
from knowledge.web.desk.records.choices import Choices
from knowledge.web.desk.records.wording import Wording
from knowledge.web.desk.request import DeskRequest
from knowledge.web.public.content import KINDS, page_address
from locales.registry import direction, served

# Of thousands of services of one organization, so many are named.
MOST_SHOWN = 30
# For so long the page offers to take back what was published: later on it is the history that one goes back in.
_UNDO = timedelta(days=1)
# Kinds that readers open as pages of their own.
PUBLIC_KINDS = KINDS


@dataclass(frozen=True, slots=True)
class Said:
    """A value of the document in words. `text` tells words in the city's language from values in the reader's."""

    label: str
    value: str
    text: bool


@dataclass(frozen=True, slots=True)
class InLanguage:
    """How far a record is translated into one language: how many of its texts are in which state."""

    code: str
    counts: Mapping[TranslationState, int]

    @property
    def state(self) -> TranslationState:
        """The state that most needs somebody."""
        return max(self.counts, key=lambda one: one.rank, default=TranslationState.REVIEWED)

    @property
    def wanting(self) -> int:
        """Texts that are missing or of older words."""
        return sum(self.counts.get(one, 0) for one in (TranslationState.MISSING, TranslationState.OUTDATED))


async def show(desk: DeskRequest) -> web.Response:
    """The page."""
    return await page(desk)


async def page(desk: DeskRequest, *, status: int = 200, problem: str = "", at: str = "") -> web.Response:
    """The page as it is now; with a `problem` in words for the form `at` that was just sent, what was typed into it stands there still."""
    template, fields = await desk.run(lambda session: _template(session, desk))
    typed = {name: str(value) for name, value in desk.form.items()} if desk.form is not None and problem else {}
    return desk.page(template, status=status, problem=problem, problem_at=at, typed=typed, **fields)


def _template(session: Session, desk: DeskRequest) -> tuple[str, dict[str, Any]]:
    """(the page, what it shows): all of a record that the person's role covers, of others what is public."""
    record, sight = get(session, desk.actor, key_of(desk)), desk.sight(session)
    if sight.covers(record):
        return "record/overview.html", _fields(session, desk, record, sight)
    return "record/of_others.html", _public_fields(session, desk, record, sight)


def _public_fields(session: Session, desk: DeskRequest, record: RecordRow, sight: Sight) -> dict[str, Any]:
    """A record of others as readers have it. Raises NotFound where they have none, or none that may be told."""
    place, document = place_of(session, desk), sight.document(record)
    wording = Wording(record.kind, Choices(sight, desk.language), place.today)
    users = used_by(session, record.kind, record.municipality_id, record.local_id)
    return {
        "name": title(record.kind, document),
        "kind": record.kind,
        "url": own_url(desk),
        "place": place,
        "source_language": place.source_language,
        "source_direction": direction(place.source_language),
        "said": said(wording, document),
        "checked_on": record.checked_on,
        "hidden": bool(document.get("confidential")) and "address" not in document,
        "used_by": neighbours(sight, users[:MOST_SHOWN], desk.language),
        "users": len(users),
        "uses": neighbours(sight, references(record.kind, record.municipality_id, document), desk.language),
        "public_url": public_url(desk, record, place),
    }


def _fields(session: Session, desk: DeskRequest, record: RecordRow, sight: Sight) -> dict[str, Any]:
    place = place_of(session, desk)
    wording = Wording(record.kind, Choices(sight, desk.language), place.today)
    newest = revision(session, record)
    public = revision(session, record, record.published) if record.published is not None else None
    needed = needs(session, record)
    states = _languages(session, record, place)
    due = due_on(
        public=record.published is not None,
        checked_on=record.checked_on,
        own_days=record.check_every_days,
        kind_days=desk.settings.check_days.get(record.kind),
        today=place.today,
    )
    unsaved = autosave.find(session, desk.actor, record.id)
    organization = record.organization_id
    situation = Situation(
        state=State(record.state),
        published=record.published is not None,
        may_edit=desk.may("edit", organization),
        may_publish=desk.may("publish", organization),
        may_verify=desk.may("verify", organization),
        may_translate=desk.may("translate", organization),
        unsaved=unsaved is not None,
        came_back=bool(record.review_note),
        due=due is not None and due <= place.today,
        needs=len(needed.records),
        needs_others=not all(desk.may("publish", one.organization_id) for one in needed.records),
        missing=len(needed.missing),
        gaps=tuple(one.code for one in sorted(states, key=lambda one: -one.wanting) if one.wanting),
    )
    users = used_by(session, record.kind, record.municipality_id, record.local_id)
    last = undoable(session, record) if situation.may_publish else None
    if last is not None and (now() - last.at > _UNDO or not may_undo(session, desk.actor, last)):
        last = None
    return {
        **record_fields(desk, record, place),
        "situation": situation,
        "step": next_step(situation),
        "newest": newest,
        "public": public,
        "said": said(wording, (public or newest).body),
        "draft": said(wording, newest.body) if public is not None and newest.number != public.number else [],
        "changed": [wording.side_by_side(one) for one in changes(public.body, newest.body)] if public is not None else [],
        "needs": neighbours(sight, [one.id for one in needed.records], desk.language),
        "needs_stamp": needed.stamp,
        "missing": needed.missing,
        "uses": neighbours(sight, references(record.kind, record.municipality_id, newest.body), desk.language),
        "used_by": neighbours(sight, users[:MOST_SHOWN], desk.language),
        "users": len(users),
        "languages": states,
        "due": due,
        "facts": _facts(session, record, place.today),
        "capacity_states": ("open", "waiting_list", "full", "unknown"),
        "checks": record.kind in desk.settings.check_days or record.check_every_days,
        "usual_days": desk.settings.check_days.get(record.kind),
        "responsible": session.get(UserRow, record.responsible_id) if record.responsible_id else None,
        "carers": carers(session, record) if situation.may_edit else (),
        "suggestions": open_suggestions(session, record),
        "broken": _broken_links(session, record),
        "undo": last,
        "undone_with": neighbours(sight, [key for key in last.together if key != record.id], desk.language) if last is not None else (),
        "recent": revisions(session, record)[:3],
        "editing": _editing(session, desk, record),
        "may_suggest": desk.may("suggest", organization),
        "may_availability": desk.may("availability", organization),
        "public_url": public_url(desk, record, place) if public is not None else "",
        "warned": _warned(record, desk.settings.warn_days, place.today),
    }


def record_fields(desk: DeskRequest, record: RecordRow, place: Place) -> dict[str, Any]:
    """What the head of every page of a record shows."""
    return {
        "record": record,
        "place": place,
        "url": own_url(desk),
        "source_language": place.source_language,
        "source_direction": direction(place.source_language),
        "may_edit": desk.may("edit", record.organization_id),
        "may_translate": desk.may("translate", record.organization_id),
        "translate_to": next((code for code in served() if code != place.source_language), ""),
    }


def said(wording: Wording, document: Mapping[str, Any]) -> list[Said]:
    """What a document says, texts first; without its id, and without the facts of the day, which have their own place."""
    flat = flatten(dict(document))
    names = [path for path in flat if path.partition(".")[0] not in (*FACTS_OF_THE_DAY, "id")]
    names.sort(key=lambda path: not path.startswith("texts."))
    found = [Said(wording.label(path), wording.value(path, flat[path]), is_words(path)) for path in names]
    return [one for one in found if one.value]


def public_url(desk: DeskRequest, record: RecordRow, place: Place) -> str:
    """Where readers find it; empty for kinds that have no page of their own."""
    if record.kind not in PUBLIC_KINDS:
        return ""
    city = desk.municipality if desk.municipality != desk.settings.municipality else None
    return page_address(record.kind, record.local_id, place.source_language, city)


def _languages(session: Session, record: RecordRow, place: Place) -> Sequence[InLanguage]:
    codes = [code for code in served() if code != place.source_language]
    found = []
    for code, sections in sections_in(session, record, codes).items():
        counts = Counter(one.state for one in sections)
        found.append(InLanguage(code, counts))
    return found


def _facts(session: Session, record: RecordRow, today: date) -> dict[str, Any]:
    """Facts of the day as readers see them, without a closure that is over; for a draft, as it is written."""
    if record.published is None:
        return {name: body(session, record).get(name) for name in FACTS_OF_THE_DAY}
    facts = live_facts(session, record)
    closed = facts.get("closed")
    return {**facts, "closed": None} if closed and closed["until"] and closed["until"] < today else facts


def _broken_links(session: Session, record: RecordRow) -> Sequence[LinkCheckRow]:
    broken = select(LinkCheckRow).where(LinkCheckRow.record_id == record.id, LinkCheckRow.failures > 0)
    return session.scalars(broken.order_by(LinkCheckRow.id)).all()


def _editing(session: Session, desk: DeskRequest, record: RecordRow) -> str:
    """Name of somebody else who has the form open."""
    lock = session.get(EditLockRow, record.id)
    seen = aware(lock.seen_at) if lock is not None else None
    if lock is None or seen is None or lock.user_id == desk.actor.id or now() - seen > STALE:
        return ""
    user = session.get(UserRow, lock.user_id)
    return user.name if user is not None else ""


def _warned(record: RecordRow, warn_days: int, today: date) -> bool:
    """Whether readers are warned that nobody has checked this for long."""
    return bool(warn_days and record.published is not None and record.checked_on and (today - record.checked_on).days > warn_days)
