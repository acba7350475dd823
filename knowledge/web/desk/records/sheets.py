"""One open form: what it is about, what stands in it, and the page that shows it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.duplicates import Similar
from knowledge.editorial.records import aware, body, get, record_key
from knowledge.editorial.references import references
from knowledge.store.desk_tables import EditLockRow, RecordRow
from knowledge.store.tables import MunicipalityRow
from knowledge.web.desk.records.choices import Choices, Option, record_option
from knowledge.web.desk.records.documents import Here, fields_of
from knowledge.web.desk.records.fields import MINOR, NOTE, SEEN, Fields, compact, first
from knowledge.web.desk.records.formats import Formats
from knowledge.web.desk.records.hours_field import HoursReader, tell
from knowledge.web.desk.records.problems import Link, Problems
from knowledge.web.desk.records.shapes import Field, parts
from knowledge.web.desk.records.views import FormBuilder, field_names, listed_problems
from knowledge.web.desk.request import DeskRequest
from locales.catalogue import say
from locales.registry import direction

KIND = "{kind:service|article|page|organization|location|contact}"
FORM_NAME = re.compile(r"[A-Za-z0-9_-]{8,40}")
# Kinds whose people may be those of one organization: the others belong to the whole city.
OF_AN_ORGANIZATION = ("service", "contact")
# Who uses what: kinds of records that point at a record of this kind.
_USERS = {"location": ("service",), "contact": ("service",), "organization": ("service", "contact")}


def list_url(kind: str) -> str:
    """The list of a kind."""
    return f"/desk/records/{kind}"


def record_url(kind: str, local: str, under: str = "") -> str:
    """A record's page, or one below it ("edit")."""
    return f"/desk/record/{kind}/{quote(local, safe='')}{f'/{under}' if under else ''}"


def today_in(session: Session, municipality: str) -> date:
    """The date on the calendars of the municipality."""
    return datetime.now(ZoneInfo(session.get_one(MunicipalityRow, municipality).timezone)).date()


def lock_stamp(session: Session, key: str) -> str:
    """Names the last sign of life of whoever has the record open."""
    row = session.get(EditLockRow, key)
    seen = aware(row.seen_at) if row is not None else None
    return seen.isoformat() if seen is not None else ""


def may_create(desk: DeskRequest, kind: str) -> bool:
    """Whether this person may make records of the kind, at least for their own organization."""
    return may_create_in(desk.actor, desk.municipality, kind)


def may_create_in(actor: Actor, municipality: str, kind: str) -> bool:
    """As `may_create`, in a municipality that is named."""
    if kind in OF_AN_ORGANIZATION:
        return actor.may_anywhere(Permission.EDIT, municipality)
    return actor.may(Permission.EDIT, municipality)


@dataclass
class Sheet:
    """A form on somebody's screen. `record` is None for one that is new; `base` is the revision it was opened on, `document` that one's
    words. `form` names it for autosave."""

    desk: DeskRequest
    session: Session
    kind: str
    record: RecordRow | None
    base: int
    form: str
    document: dict[str, Any] = field(default_factory=dict)
    fields: Fields = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.municipality = self.session.get_one(MunicipalityRow, self.desk.municipality)
        kept = frozenset(references(self.kind, self.desk.municipality, self.document))
        self.choices = Choices(self.desk.sight(self.session), self.desk.language, kept)
        self.today = today_in(self.session, self.desk.municipality)
        self.hours = HoursReader(self.desk.language, self.today, self.document)
        self.problems = Problems(self.desk.language, ())

    @property
    def here(self) -> Here:
        """The city's ways of writing."""
        return Here(self.municipality.country)

    @property
    def formats(self) -> Formats:
        """For templates."""
        return Formats(self.desk.language, self.municipality.timezone)

    @property
    def existing(self) -> bool:
        """Whether the record is there."""
        return self.record is not None

    @property
    def url(self) -> str:
        """Where the form is."""
        if self.record is not None:
            return record_url(self.kind, self.record.local_id, "edit")
        return f"{list_url(self.kind)}/new?form={self.form.rpartition(':')[2]}"

    def use(self, fields: Fields) -> None:
        """Put `fields` into the form; what cannot be changed stays as it is."""
        self.fields = compact(self.kind, fields, drop_blank=False)
        if self.existing:
            original = fields_of(self.kind, self.document, self.desk.language)
            for part in parts(self.kind):
                if isinstance(part, Field) and part.fixed:
                    self.fields[part.path] = original.get(part.path, [""])
        self.problems = Problems(self.desk.language, field_names(self.kind, self.fields))

    def page(
        self, *, status: int = 200, focus: str = "", similar: Sequence[Similar] = (), banner: str = "", **extra: object
    ) -> web.Response:
        """The form as a page."""
        if similar:
            self._warn(similar)
        builder = FormBuilder(self.kind, self.fields, self.choices, self.problems, self.existing, focus, self._told())
        sections = builder.sections()
        name = self.choices.records(self.kind).get(self.record.local_id) if self.record else None
        seen = {one.key for one in similar} | set(first(self.fields, SEEN).split())
        context: dict[str, object] = {
            "sheet": self,
            "fmt": self.formats,
            "kind": self.kind,
            "sections": sections,
            "problems": listed_problems(sections),
            "similar": similar,
            "seen": " ".join(sorted(seen)),
            "minor": bool(first(self.fields, MINOR)),
            "note": first(self.fields, NOTE),
            "name": name.name if name else "",
            "users": self.users(),
            "source_language": self.municipality.source_language,
            "source_direction": direction(self.municipality.source_language),
            "list_url": list_url(self.kind),
            "record_url": record_url(self.kind, self.record.local_id) if self.record else "",
            "changed_at": aware(self.record.changed_at) if self.record else None,
            "newer": bool(self.record and self.record.newest != self.base),
            "banner": banner,
            "unfinished": (),
            "lock_stamp": lock_stamp(self.session, self.record.id) if self.record else "",
            **extra,
        }
        return self.desk.page("records/form.html", status=status, **context)

    def _warn(self, similar: Sequence[Similar]) -> None:
        for one in similar:
            name = "address.street" if one.reason == "address" else name_field(self.kind)
            reason = say(f"desk.similar.{one.reason}", self.desk.language)
            words = ", ".join(part for part in (one.name, one.place) if part)
            self.problems.links.setdefault(name, []).append(Link(record_url(self.kind, one.local), f"{words} ({reason})"))

    def _told(self) -> dict[str, Any]:
        """What is shown below each field for opening hours."""
        found = {}
        for path in field_names(self.kind, self.fields):
            if not path.endswith(".hours") or not first(self.fields, path):
                continue
            reader = HoursReader(self.desk.language, self.today, self.document)
            place = place_of(self.fields, path.rpartition(".")[0])
            found[path] = tell(reader.read(path, first(self.fields, path)), place, self.desk.language, self.today)
        return found

    def users(self) -> list[tuple[str, Option]]:
        """Records that use this one, drafts too: (kind, record). A change here is a change for all of them."""
        if self.record is None:
            return []
        local = self.record.local_id
        found = [
            (kind, one)
            for kind in _USERS.get(self.kind, ())
            for one in sorted(self.choices.records(kind).values(), key=lambda one: one.sort_name)
            if local in {"location": one.locations, "contact": (one.contact,), "organization": (one.organization,)}[self.kind]
        ]
        return [(kind, record_option(one)) for kind, one in found]


def place_of(fields: Mapping[str, list[str]], path: str) -> dict[str, Any]:
    """What the fields of a place say beside its hours in words: public holidays and days that differ."""
    days: dict[str, dict[str, Any]] = {}
    for name in fields:
        head, _, last = name.rpartition(".")
        if head.startswith(f"{path}.exceptions.") and first(fields, name):
            days.setdefault(head, {})[last] = first(fields, name)
    exceptions = [one if one.get("opens") else {**one, "closed": True} for one in days.values()]
    return {"closed_on_holidays": bool(first(fields, f"{path}.closed_on_holidays")), "exceptions": exceptions}


def name_field(kind: str) -> str:
    """The field that holds what the record is called."""
    return "texts.title" if kind in ("article", "page") else "texts.name"


def open_record(desk: DeskRequest, session: Session, kind: str, local: str, base: int | None = None) -> Sheet:
    """The form of a record that is there, as revision `base` has it (the newest one without).

    Raises NotFound, or NotAllowed for somebody who may not edit it.
    """
    record = get(session, desk.actor, record_key(kind, desk.municipality, local), Permission.EDIT)
    number = record.newest if base is None else base
    return Sheet(desk, session, kind, record, number, record.id, body(session, record, number))


def open_new(desk: DeskRequest, session: Session, kind: str, token: str) -> Sheet:
    """An empty form; `token` is its random name, made here where there is none."""
    if not FORM_NAME.fullmatch(token):
        token = secrets.token_urlsafe(9)
    return Sheet(desk, session, kind, None, 0, f"new:{kind}:{token}")
