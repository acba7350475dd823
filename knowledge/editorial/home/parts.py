"""The shape of a list on the home page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.scope import Scope

# Typing that nobody has come back to is thrown away after this time; the home page says so beforehand.
TYPING_KEPT = timedelta(days=90)
TYPING_WARNED = timedelta(days=14)
# How far ahead plans are shown.
AHEAD = timedelta(days=14)


class Name(StrEnum):
    """The lists, in the order in which somebody is told to go through them: what is half done, what others wait for, what is wrong for
    readers, what grows old."""

    UNFINISHED = "unfinished"
    SENT_BACK = "sent_back"
    REVIEW = "review"
    SUGGESTIONS = "suggestions"
    LINKS = "links"
    DUE = "due"
    TRANSLATIONS = "translations"
    QUESTIONS = "questions"
    IMPORTS = "imports"
    DRAFTS = "drafts"
    NOBODY = "nobody"
    SCHEDULED = "scheduled"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a list. `record` is a record's key; `ref` names what has no record (a form, a group of questions, an import).

    `when` is the day or moment that matters in this list, `who` whom it comes from, `note` words that somebody wrote (in `language`, where
    that is known), `number` a count.
    """

    name: str
    record: str | None = None
    kind: str = ""
    ref: str = ""
    when: date | datetime | None = None
    who: str = ""
    note: str = ""
    language: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, where and when. `everybody`: also what others answer for."""

    session: Session
    actor: Actor
    municipality: str
    now: datetime
    today: date
    check_days: Mapping[str, int]
    languages: Sequence[str]
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A cutting of a list, and how many there are in all."""

    count: int
    items: Sequence[Item]


# (asking, the records it is about, how many, from which one) -> that part of the list.
Source = Callable[[Asking, Scope, int, int], Listed]


@dataclass(frozen=True, slots=True)
class Part:
    """A list: where it comes from and what it takes to have it. `city` lists concern no record of an organization."""

    name: Name
    source: Source
    permission: Permission
    city: bool = False
