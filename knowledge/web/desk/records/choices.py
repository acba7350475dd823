"""What can be chosen in a form: fixed lists in the reader's language, and other records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.domain.hours import WEEKDAYS
from knowledge.domain.records import ACCESSIBILITY, AUDIENCES, Appointment, LanguageMode, SourceLevel
from knowledge.domain.topics import load_topics
from knowledge.editorial.contents import Content, fold
from knowledge.editorial.records import State, record_key
from knowledge.editorial.sight import Sight
from knowledge.replies.service_card import language_name
from knowledge.search.normalise import normalise
from knowledge.store.desk_tables import RecordRow
from knowledge.store.tables import DistrictRow, TextRevisionRow
from locales.catalogue import say
from locales.registry import languages

# Sign languages that CLDR does not name; the catalogues do.
_SIGNED = ("gsg",)
# Records beyond this number are looked for, not listed.
MOST_LISTED = 300
MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `group` is its heading, `detail` what tells it from others of the same name."""

    value: str
    label: str
    group: str = ""
    detail: str = ""


def topics(language: str) -> list[Option]:
    """The topics under their domains."""
    known = load_topics()
    return [Option(one, say(f"topic.{one}", language), say(f"topic_domain.{known.domain_of(one)}", language)) for one in known.topics]


def _listed(values: Sequence[str], prefix: str) -> Callable[[str], list[Option]]:
    return lambda language: [Option(value, say(f"{prefix}.{value or 'unknown'}", language)) for value in values]


def weekdays(language: str) -> list[Option]:
    """Monday first."""
    names = Locale.parse(language).days["stand-alone"]["abbreviated"]
    return [Option(day, str(names[number])) for number, day in enumerate(WEEKDAYS)]


@cache
def spoken(language: str) -> tuple[Option, ...]:
    """Languages of the registry first, then all that have a name, sorted by it."""
    named = Locale.parse(language).languages
    first = [code for code in languages()]
    others = [code for code in (*_SIGNED, *named) if code not in first and "_" not in code and code not in ("mul", "und", "zxx")]
    near = [Option(code, language_name(code, language), say("desk.languages.common", language)) for code in first]
    far = [Option(code, language_name(code, language), say("desk.languages.all", language)) for code in others]
    return (*near, *sorted(far, key=lambda one: normalise(one.label)))


_FIXED: dict[str, Callable[[str], Sequence[Option]]] = {
    "topic": topics,
    "audience": _listed(AUDIENCES, "desk.audience"),
    "accessibility": _listed(ACCESSIBILITY, "desk.accessibility"),
    "appointment": _listed(("", *(one.value for one in Appointment)), "desk.appointment"),
    "free": _listed(("", "true", "false"), "desk.free"),
    "language": spoken,
    "language_mode": _listed([one.value for one in LanguageMode], "desk.language_mode"),
    "organization_kind": _listed(("public", "charity", "association", "company"), "desk.organization_kind"),
    "phone_kind": _listed(("voice", "mobile", "sms", "fax"), "desk.phone_kind"),
    "source_level": _listed([one.value for one in SourceLevel], "desk.source_level"),
    "weekday": weekdays,
}
RECORDS = frozenset({"organization", "location", "contact", "service", "page"})


@dataclass
class Choices:
    """Everything that can be chosen in a form of one municipality by who sees `sight` of it, read when it is asked for.

    `kept` are keys of records that the document points at: whoever does not see one of them can leave it where it is.
    """

    sight: Sight
    language: str
    kept: Collection[str] = ()

    def __post_init__(self) -> None:
        self.session, self.municipality = self.sight.session, self.sight.municipality
        self._records: dict[str, Mapping[str, Content]] = {}
        self._districts: list[Option] | None = None

    def say(self, key: str) -> str:
        """Words in the reader's language."""
        return say(key, self.language)

    def options(self, name: str) -> Sequence[Option]:
        """A fixed list, or the districts."""
        if name == "district":
            if self._districts is None:
                self._districts = districts(self.session, self.municipality)
            return self._districts
        return _FIXED[name](self.language)

    def records(self, kind: str) -> Mapping[str, Content]:
        """Records that can be chosen, by local id; archived ones cannot."""
        if kind not in self._records:
            archived = set(
                self.session.scalars(
                    select(RecordRow.id).where(
                        RecordRow.municipality_id == self.municipality, RecordRow.kind == kind, RecordRow.state == State.ARCHIVED.value
                    )
                )
            )
            found = self.sight.contents(kind)
            seen = {one.local: one for key, one in found.items() if key not in archived}
            self._records[kind] = {one.local: one for one in self._kept_unseen(kind)} | seen
        return self._records[kind]

    def _kept_unseen(self, kind: str) -> list[Content]:
        """Records that stay where they are without being told."""
        keys = [key for key in self.kept if key.startswith(f"{kind}:")]
        if self.sight.scope.whole_city or not keys:
            return []
        seen, silent = self.sight.names(keys), self.say("desk.record.not_shown")
        rows = self.session.execute(
            select(RecordRow.id, RecordRow.local_id, RecordRow.newest, RecordRow.changed_at).where(RecordRow.id.in_(keys))
        )
        return [Content(key, local, (newest, at), silent, "") for key, local, newest, at in rows if key not in seen]

    def name_of(self, kind: str, local: str) -> str | None:
        """What people call a record, archived ones too; None where it is not at the desk."""
        known = self.records(kind).get(local)
        if known is not None:
            return known.name
        key = record_key(kind, self.municipality, local)
        name = self.sight.names([key]).get(key)
        return name or (self.say("desk.record.not_shown") if self.session.get(RecordRow, key) is not None else None)

    def picks(self, kind: str, chosen: str, words: str) -> list[Option]:
        """What a list of records offers: all of a few; of many, those that have `words`. What is chosen is always among them."""
        known = self.records(kind)
        if words:
            found = self.find(kind, words)
        elif len(known) <= MOST_LISTED:
            found = sorted((record_option(one) for one in known.values()), key=lambda one: (fold(one.label), one.detail))
        else:
            found = []
        if chosen and chosen in known and chosen not in {one.value for one in found}:
            found.insert(0, record_option(known[chosen]))
        return found

    def find(self, kind: str, words: str) -> list[Option]:
        """Records that have all the words, those with them in the name first."""
        wanted = fold(words).split()
        found = [one for one in self.records(kind).values() if all(word in one.haystack for word in wanted)]
        found.sort(key=lambda one: (not all(word in one.sort_name for word in wanted), one.sort_name))
        return [record_option(one) for one in found[:MOST_FOUND]]


def record_option(content: Content) -> Option:
    """A record as something to choose."""
    return Option(content.local, content.name, detail=content.place if content.place != content.name else "")


def districts(session: Session, municipality: str) -> list[Option]:
    """Parts of town by name."""
    names: dict[str, str] = {}
    rows = session.execute(
        select(TextRevisionRow.record, TextRevisionRow.body)
        .where(
            TextRevisionRow.municipality_id == municipality,
            TextRevisionRow.record.startswith("district:"),
            TextRevisionRow.field == "name",
        )
        .order_by(TextRevisionRow.number)
    )
    names = {record.partition(":")[2]: body for record, body in rows}
    keys = session.scalars(select(DistrictRow.id).where(DistrictRow.municipality_id == municipality).order_by(DistrictRow.position))
    return [Option(key.partition("/")[2], names.get(key) or key.partition("/")[2]) for key in keys]
