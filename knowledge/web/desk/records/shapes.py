"""What the forms ask, by kind of record: sections, fields and groups of fields that can be there many times.

A field is named by the path of its value in the document ("texts.name", "phones.*.number": the star stands for a row's number). Labels and
hints are in the catalogues: ``desk.field.<kind>.<path>`` or, where several kinds share them, ``desk.field.<path>``, both without stars.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Widget(StrEnum):
    """How a value is entered."""

    TEXT = "text"
    LONG = "long"  # several lines
    BODY = "body"  # a page's Markdown
    LINES = "lines"  # a list, one item a line
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    EMAIL = "email"
    URL = "url"
    PHONE = "phone"
    SELECT = "select"
    RADIO = "radio"
    CHECKS = "checks"
    TOPICS = "topics"
    CHECK = "check"
    PICK = "pick"  # another record
    HOURS = "hours"  # opening hours in words


# Values that are lists in a form: several boxes under one name.
MANY = frozenset({Widget.CHECKS, Widget.TOPICS})
# Values that somebody typed, in the city's own language.
WORDS = frozenset({Widget.TEXT, Widget.LONG, Widget.BODY, Widget.LINES})


@dataclass(frozen=True, slots=True)
class Field:
    """One value. `options` names what can be chosen (a list of `choices`, or the kind of record for PICK). `fixed`: it cannot be changed
    once the record is there. `weak`: it alone does not make a row worth keeping. `default`: what a new row has."""

    path: str
    widget: Widget = Widget.TEXT
    required: bool = False
    options: str = ""
    fixed: bool = False
    weak: bool = False
    short: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of fields. `blank`: an empty row stands ready where there is none. `ordered`: the order means something, rows can be moved."""

    path: str
    parts: tuple[Field | Group, ...]
    blank: bool = True
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a form under a heading (``desk.section.<key>``); `folded` ones are closed at first."""

    key: str
    parts: tuple[Field | Group, ...]
    folded: bool = False


def _texts(path: str, *, ordered: bool = True) -> Group:
    return Group(path, (Field(f"{path}.*", Widget.LONG, short=True),), ordered=ordered)


_PHONES = Group(
    "phones",
    (
        Field("phones.*.number", Widget.PHONE),
        Field("phones.*.kind", Widget.SELECT, options="phone_kind", weak=True, default="voice"),
    ),
)
_ID = Field("id", fixed=True)
_CHECKED = Field("checked_on", Widget.DATE)

_SERVICE = (
    Section(
        "what",
        (
            Field("texts.name", required=True),
            Field("also", Widget.LINES),
            Field("texts.description", Widget.LONG),
            Field("topics", Widget.TOPICS, options="topic", required=True),
        ),
    ),
    Section("who", (Field("audience", Widget.CHECKS, options="audience"), Field("texts.eligibility", Widget.LONG))),
    Section(
        "where",
        (
            Group(
                "at",
                (
                    Field("at.*.location", Widget.PICK, options="location", required=True),
                    Field("at.*.hours", Widget.HOURS),
                    Field("at.*.closed_on_holidays", Widget.CHECK, weak=True, default="yes"),
                    Group(
                        "at.*.exceptions",
                        (
                            Field("at.*.exceptions.*.date", Widget.DATE),
                            Field("at.*.exceptions.*.opens", Widget.TIME),
                            Field("at.*.exceptions.*.closes", Widget.TIME),
                        ),
                        blank=False,
                    ),
                ),
            ),
        ),
    ),
    Section(
        "reach",
        (
            _PHONES,
            Field("contact", Widget.PICK, options="contact"),
            Field("email", Widget.EMAIL),
            Field("website", Widget.URL),
            Group(
                "languages",
                (
                    Field("languages.*.language", Widget.SELECT, options="language"),
                    Field("languages.*.mode", Widget.SELECT, options="language_mode", weak=True, default="staff"),
                    Field("languages.*.days", Widget.CHECKS, options="weekday", weak=True),
                ),
            ),
            Field("appointment", Widget.RADIO, options="appointment"),
            Field("texts.application_process", Widget.LONG),
        ),
    ),
    Section(
        "cost",
        (
            Field("cost.free", Widget.RADIO, options="free"),
            Field("cost.amount", Widget.NUMBER, short=True),
            Field("cost.currency", short=True),
            Field("texts.fees", Widget.LONG),
            _texts("texts.required_documents", ordered=False),
        ),
    ),
    Section("runs", (Field("organization", Widget.PICK, options="organization", required=True),)),
    Section("details", (_ID, _CHECKED), folded=True),
)

_ARTICLE = (
    Section(
        "about",
        (
            Field("topic", Widget.SELECT, options="topic", required=True, fixed=True),
            Field("audience", Widget.SELECT, options="audience", required=True, fixed=True),
            Field("texts.title", required=True),
        ),
    ),
    Section("answer", (Field("texts.answer", Widget.LONG, required=True), Field("texts.simple", Widget.LONG))),
    Section(
        "todo",
        (
            _texts("texts.steps"),
            _texts("texts.documents", ordered=False),
            Field("texts.deadline", Widget.LONG),
            Field("texts.cost", Widget.LONG),
            Field("texts.where", Widget.LONG),
            Field("texts.other_person", Widget.LONG),
        ),
    ),
    Section("helpers", (Group("services", (Field("services.*", Widget.PICK, options="service"),), ordered=True),)),
    Section(
        "source",
        (
            Field("source.title", required=True),
            Field("source.url", Widget.URL, required=True),
            Field("source.level", Widget.RADIO, options="source_level", required=True),
            Field("checked_on", Widget.DATE, required=True),
        ),
    ),
)

_PAGE = (
    Section("page", (Field("texts.title", required=True), Field("texts.body", Widget.BODY))),
    Section(
        "tree",
        (
            Field("parent", Widget.PICK, options="page"),
            Field("order", Widget.NUMBER, short=True),
            Field("topic", Widget.SELECT, options="topic"),
        ),
    ),
    Section("details", (Field("url", Widget.URL), _CHECKED, _ID), folded=True),
)

_ORGANIZATION = (
    Section(
        "organization",
        (
            Field("texts.name", required=True),
            Field("kind", Widget.RADIO, options="organization_kind", required=True),
            Field("texts.description", Widget.LONG),
            Field("website", Widget.URL),
            Field("email", Widget.EMAIL),
        ),
    ),
    Section("details", (_ID,), folded=True),
)

_LOCATION = (
    Section(
        "place",
        (
            Field("texts.name"),
            Field("address.street"),
            Field("address.postal_code", short=True),
            Field("address.city"),
            Field("district", Widget.SELECT, options="district"),
            Field("confidential", Widget.CHECK),
        ),
    ),
    Section("getting_there", (Field("texts.directions", Widget.LONG), Field("accessibility", Widget.CHECKS, options="accessibility"))),
    Section("map", (Field("latitude", Widget.NUMBER), Field("longitude", Widget.NUMBER))),
    Section("details", (_ID,), folded=True),
)

_CONTACT = (
    Section(
        "contact",
        (
            Field("texts.name", required=True),
            _PHONES,
            Field("email", Widget.EMAIL),
            Field("organization", Widget.PICK, options="organization"),
        ),
    ),
    Section("details", (_ID,), folded=True),
)

FORMS: dict[str, tuple[Section, ...]] = {
    "service": _SERVICE,
    "article": _ARTICLE,
    "page": _PAGE,
    "organization": _ORGANIZATION,
    "location": _LOCATION,
    "contact": _CONTACT,
}


def parts(kind: str) -> tuple[Field | Group, ...]:
    """Fields and groups of a kind's form, in order."""
    return tuple(part for section in FORMS[kind] for part in section.parts)


def all_fields(found: tuple[Field | Group, ...]) -> Iterator[Field]:
    """Every field, those of groups included."""
    for part in found:
        if isinstance(part, Group):
            yield from all_fields(part.parts)
        else:
            yield part


def at_row(path: str, rows: tuple[int | str, ...]) -> str:
    """`path` with its stars filled in, from the left; a star too many stays."""
    for row in rows:
        path = path.replace("*", str(row), 1)
    return path
