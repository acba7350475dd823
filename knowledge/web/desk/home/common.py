"""What the pages of the home share: who asks, where a thing leads to, and how it is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from knowledge.config import Settings
from knowledge.editorial.actor import Actor
from knowledge.editorial.home.parts import Asking, Item, Name
from knowledge.editorial.records import now
from knowledge.replies.service_card import language_name
from knowledge.web.desk.record.common import Place, place_of, url_of
from knowledge.web.desk.records.sheets import list_url
from knowledge.web.desk.request import DeskRequest
from locales.catalogue import say
from locales.registry import direction, served

TODO = "/desk/todo"
QUESTIONS = "/desk/questions"
SUGGESTIONS = "/desk/suggestions"
TRANSLATIONS = "/desk/translations"
EXCHANGE = "/desk/exchange"
# Lists that have a page of their own; all others are shown by the one page for lists.
_OWN_PAGES = {
    Name.QUESTIONS: QUESTIONS,
    Name.SUGGESTIONS: SUGGESTIONS,
    Name.TRANSLATIONS: TRANSLATIONS,
    Name.IMPORTS: EXCHANGE,
}
_LONGEST_NOTE = 160


def page_of(name: Name) -> str:
    """Where the whole list is."""
    return _OWN_PAGES.get(name, f"{TODO}/{name.value}")


def asking(session: Session, actor: Actor, municipality: str, settings: Settings, place: Place, *, everybody: bool = False) -> Asking:
    """The question that all lists answer."""
    codes = tuple(code for code in served() if code != place.source_language)
    return Asking(session, actor, municipality, now(), place.today, settings.check_days, codes, everybody)


def ask(desk: DeskRequest, session: Session, *, everybody: bool = False) -> tuple[Asking, Place]:
    """The same for a request, with the place for saying days and times."""
    place = place_of(session, desk)
    return asking(session, desk.actor, desk.municipality, desk.settings, place, everybody=everybody), place


@dataclass(frozen=True, slots=True)
class Line:
    """A thing of a list as a page shows it. `title` is in `language` (empty: the reader's); `note` are words that somebody wrote."""

    title: str
    url: str
    language: str
    direction: str
    kind: str
    detail: str
    note: str
    note_language: str
    item: Item


def line(name: Name, item: Item, place: Place, language: str) -> Line:
    """`item` of the list `name` in words."""
    title, own = item.name, place.source_language
    if name is Name.TRANSLATIONS:
        title, own = language_name(item.language, language), ""
    elif name is Name.QUESTIONS:
        own = item.language
    elif name is Name.IMPORTS:
        own = ""
    if not title:
        title, own = say("desk.home.untitled", language), ""
    kind = say(f"desk.record.kind.{item.kind}", language) if item.kind and name is not Name.TRANSLATIONS else ""
    return Line(
        title=title,
        url=url(name, item),
        language=own,
        direction=direction(own) if own else "auto",
        kind=kind,
        detail=detail(name, item, place, language),
        note=_note(name, item),
        note_language=item.language or ("" if name is Name.SUGGESTIONS else place.source_language),
        item=item,
    )


def url(name: Name, item: Item) -> str:
    """Where somebody goes on with a thing."""
    if name is Name.UNFINISHED:
        form = item.ref.rpartition(":")[2]
        return url_of(item.record, "edit") if item.record else f"{list_url(item.kind)}/new?form={form}"
    if name is Name.QUESTIONS:
        return f"{QUESTIONS}/{item.ref}"
    if name is Name.TRANSLATIONS:
        return f"{TRANSLATIONS}/{item.ref}"
    if name is Name.IMPORTS:
        return f"{EXCHANGE}/run/{item.ref}"
    return url_of(item.record) if item.record else page_of(name)


def detail(name: Name, item: Item, place: Place, language: str) -> str:
    """What is to be known about a thing in its list."""
    day = place.moment(item.when) if isinstance(item.when, datetime) else place.day(item.when)
    match name:
        case Name.UNFINISHED:
            return say("desk.home.detail.thrown_away", language, day=day) if item.when else ""
        case Name.REVIEW:
            return say("desk.home.detail.waiting", language, who=item.who, moment=day)
        case Name.SENT_BACK | Name.DRAFTS:
            return say("desk.home.detail.changed", language, moment=day)
        case Name.SUGGESTIONS:
            return say(f"desk.home.detail.said_by_{item.who}", language, moment=day)
        case Name.LINKS:
            return say(f"desk.link.{item.who or 'error'}", language, status=item.number)
        case Name.DUE:
            return say("desk.home.detail.due", language, day=day) if item.when else say("desk.home.detail.never", language)
        case Name.TRANSLATIONS:
            return say("desk.home.detail.gaps", language, number=item.number, outdated=item.note)
        case Name.QUESTIONS:
            return say("desk.home.detail.asked", language, number=item.number, day=day)
        case Name.IMPORTS:
            return say("desk.home.detail.read", language, moment=day)
        case Name.SCHEDULED:
            return say(f"desk.home.detail.{item.note}", language, moment=day)
        case _:
            return ""


def _note(name: Name, item: Item) -> str:
    if name not in (Name.SENT_BACK, Name.SUGGESTIONS, Name.LINKS):
        return ""
    return item.note if len(item.note) <= _LONGEST_NOTE else item.note[:_LONGEST_NOTE].rsplit(" ", 1)[0] + " …"
