"""Services out of rows."""

from __future__ import annotations

import re
from typing import Any

import langcodes
from langcodes.tag_parser import LanguageTagError

from knowledge.documents import models as m
from knowledge.domain.records import AUDIENCES, LanguageMode
from knowledge.domain.topics import load_topics
from knowledge.exchange.hsds.reading.account import Fate, Row
from knowledge.exchange.hsds.reading.hours import Hours, ScheduleReader
from knowledge.exchange.hsds.reading.people import present, read_phones, take_profile
from knowledge.exchange.hsds.reading.prices import read_cost
from knowledge.exchange.hsds.reading.records import Reading
from knowledge.exchange.hsds.reading.values import day, lines, whole, yes
from knowledge.exchange.hsds.vocabulary import AUDIENCES_TAXONOMY, language_code, weekdays

_TEXTS = {
    "name": "name",
    "description": "description",
    "eligibility": "eligibility_description",
    "application_process": "application_process",
}  # fmt: skip
_USED = (
    *_TEXTS.values(), "organization_id", "alternate_name", "url", "email", "status", "fees_description", "fees", "assured_date",
)  # fmt: skip
# What our own export derives from the rest, and an import need not read.
_DERIVED = ("interpretation_services", "wait_time", "alert")
_GONE = ("inactive", "defunct")
_CLOSED = "temporarily closed"


def read_services(reading: Reading) -> list[m.ServiceModel]:
    """All that are offered, with everything that belongs to them."""
    reader = _ServiceReader(reading)
    found = [reader.service(row) for row in reading.tables.all("service")]
    return [one for one in found if one is not None]


class _ServiceReader:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.schedules = ScheduleReader(reading.tables, reading.account, reading.today)
        self.topics = {topic.lower(): topic for topic in load_topics().topics}

    def service(self, row: Row) -> m.ServiceModel | None:
        reading, account = self.reading, self.reading.account
        status = (row.get("status") or "active").strip().lower()
        if status in _GONE:
            account.skip(row, "hsds.skipped.status", status=status)
            return None
        organization = reading.ids["organization"].resolve(row.get("organization_id"), reading.municipality)
        local = reading.give_id("service", row, row.get("name"))
        if local is None:
            return None
        if organization is None:
            key = "hsds.rejected.unknown_organization" if row.get("organization_id") else "hsds.rejected.no_organization"
            reading.refuse("service", row, key, id=row.get("organization_id") or "")
            return None
        profile = reading.profile(row)
        topics, audience = self._terms(row)
        values: dict[str, Any] = {
            "id": local,
            "organization": organization,
            "contact": self._contact(row),
            "topics": topics,
            "email": reading.email(row),
            "website": reading.website(row, "url"),
            "phones": read_phones(reading, self._phones(row)),
            "languages": self._languages(row),
            "checked_on": day(row.get("assured_date")),
            "at": self._places(row),
            "also": self._also(row, profile),
        }
        if audience or profile:
            values["audience"] = audience
        values["cost"], prices = read_cost(reading, row)
        values["texts"] = self._texts(row, prices)
        values.update(self._ours(profile))
        if profile is None:
            self._foreign(row, status, values)
        document = reading.checked("service", m.ServiceModel, row, values)
        if document is None:
            return None
        account.take(row, (*_USED, *(_DERIVED if profile else ())))
        take_profile(reading, row)
        if not document.topics:
            reading.without_topic.append(local)
            account.remark(row, "hsds.notice.no_topic")
        return document

    def _also(self, row: Row, profile: Row | None) -> list[str]:
        if profile is not None:
            return lines(profile.get("alternate_names"))
        return [row.values["alternate_name"].strip()] if row.get("alternate_name") else []

    def _texts(self, row: Row, prices: list[str]) -> dict[str, Any]:
        texts: dict[str, Any] = {ours: row.get(theirs) for ours, theirs in _TEXTS.items()}
        texts["fees"] = "\n".join([part for part in (row.get("fees_description") or row.get("fees"), *prices) if part])
        documents = self.reading.tables.pointing("required_document", "service_id", row.id)
        texts["required_documents"] = [one.values["document"] for one in documents if one.get("document")]
        for one in documents:
            if one.get("document"):
                self.reading.account.take(one, ("service_id", "document"))
            else:
                self.reading.account.skip_alike(one, "hsds.skipped.empty")
        return present(texts)

    def _ours(self, profile: Row | None) -> dict[str, Any]:
        """What only our profile tells."""
        if profile is None:
            return {}
        capacity = {
            "state": profile.get("capacity_state"),
            "wait_days": whole(profile.get("capacity_wait_days")),
            "as_of": day(profile.get("capacity_as_of")),
        }
        closed = {"since": day(profile.get("closed_since")), "until": day(profile.get("closed_until"))}
        return present({"appointment": profile.get("appointment")}) | {
            "capacity": present(capacity),
            **({"closed": present(closed)} if closed["since"] else {}),
        }

    def _foreign(self, row: Row, status: str, values: dict[str, Any]) -> None:
        """What others write in columns that we have another place for, or none."""
        if status == _CLOSED:
            values["closed"] = {"since": day(row.get("last_modified")) or self.reading.today}
            self.reading.account.remark(row, "hsds.notice.closed")
        wait = re.fullmatch(r"\s*([0-9]{1,4})\s*days?\s*", row.get("wait_time") or "", re.I)
        if wait:
            values["capacity"] = {"wait_days": int(wait.group(1))}
            row.values.pop("wait_time")
        for name in ("alert", "minimum_age", "maximum_age"):
            if row.get(name):
                self.reading.account.left_out(row, "hsds.skipped.value", column=name, value=row.values.pop(name))

    def _terms(self, row: Row) -> tuple[list[str], list[str]]:
        """Topics and audiences: terms of ours by code, and terms of others that are named as one of our topics."""
        topics, audience = [], []
        for one in self.reading.tables.pointing("attribute", "link_id", row.id):
            term = self.reading.tables.one("taxonomy_term", one.get("taxonomy_term_id"))
            said = [value.strip().lower() for value in (term.get("code"), term.get("name")) if value] if term else []
            if term is not None and term.get("taxonomy") == AUDIENCES_TAXONOMY and said and said[0] in AUDIENCES:
                audience.append(said[0])
            else:
                topic = next((self.topics[word] for word in said if word in self.topics), None)
                if topic is None and term is not None:
                    self.reading.unmatched[term.id] += 1
                    self.reading.account.skip_silently(one)
                if topic is None:
                    continue
                topics.append(topic)
            self.reading.account.take(one)
        return list(dict.fromkeys(topics)), list(dict.fromkeys(audience))

    def _contact(self, row: Row) -> str | None:
        """The first contact of the service that can be used; further ones are kept as contacts and told."""
        found: list[str] = []
        for one in self.reading.tables.pointing("contact", "service_id", row.id):
            profile = self.reading.profile(one)
            shared = profile.get("shared_contact_id") if profile else None
            local = self.reading.ids["contact"].get(shared) or self.reading.ids["contact"].get(one.id)
            if local is not None and found:
                self.reading.account.remark(one, "hsds.notice.second_contact")
            elif local is not None:
                found.append(local)
        return found[0] if found else None

    def _phones(self, row: Row) -> list[Row]:
        """Numbers of the service, and of the service at one of its places; not those of its contacts."""
        tables = self.reading.tables
        rows = tables.pointing("phone", "service_id", row.id)
        for place in tables.pointing("service_at_location", "service_id", row.id):
            rows = [*rows, *tables.pointing("phone", "service_at_location_id", place.id)]
        return rows

    def _languages(self, row: Row) -> list[dict[str, Any]]:
        found = []
        for one in self.reading.tables.pointing("language", "service_id", row.id):
            profile = self.reading.profile(one)
            code = (one.get("code") or "").strip() if profile else _standard(one.get("code")) or language_code(one.get("name") or "")
            if not code:
                self.reading.account.skip(one, "hsds.skipped.language", words=one.get("name") or one.get("code") or "")
                continue
            mode = profile.get("mode") if profile else _mode(one.get("note") or "")
            days = weekdays(profile.get("byday") or "") if profile else []
            found.append({"language": code, "mode": mode or LanguageMode.STAFF.value, "days": days or []})
            self.reading.account.take(one, ("service_id", "name", "code", *(("note",) if profile else ())))
            take_profile(self.reading, one)
        return found

    def _places(self, row: Row) -> list[dict[str, Any]]:
        """Where the service is to be had; hours of the place itself, else of the service, else of the location."""
        tables = self.reading.tables
        of_service: Hours | None = None
        found = []
        for place in tables.pointing("service_at_location", "service_id", row.id):
            location = self.reading.ids["location"].resolve(place.get("location_id"), self.reading.municipality)
            if location is None:
                self.reading.account.reject(place, "hsds.rejected.unknown_location", id=place.get("location_id") or "")
                continue
            profile = self.reading.profile(place)
            special = tables.pointing("newcomer_schedule_exception", "service_at_location_id", place.id)
            hours = self.schedules.read(tables.pointing("schedule", "service_at_location_id", place.id), special, ours=profile is not None)
            if not hours.rules and not hours.exceptions and profile is None:
                if of_service is None:
                    of_service = self._hours_of("service_id", row.id)
                hours = of_service if of_service.rules or of_service.exceptions else self._hours_of("location_id", place.get("location_id"))
            entry: dict[str, Any] = {"location": location, "hours": hours.rules, "exceptions": hours.exceptions}
            closed = yes(profile.get("closed_on_holidays")) if profile else None
            found.append(entry if closed is None else entry | {"closed_on_holidays": closed})
            self.reading.account.take(place, ("service_id", "location_id"))
            take_profile(self.reading, place)
        return found

    def _hours_of(self, column: str, id: str | None) -> Hours:
        """Hours of the service, or of the location, as a whole."""
        rows = self.reading.tables.pointing("schedule", column, id or "")
        taken = Fate.IMPORTED if column == "location_id" else None
        return self.schedules.read([one for one in rows if one.fate in (None, taken)], (), ours=False)


def _standard(code: str | None) -> str | None:
    """BCP 47 for what others write: ``"eng"`` -> ``"en"``."""
    if not code:
        return None
    try:
        tag = langcodes.standardize_tag(code.strip())
    except LanguageTagError:
        return None
    return tag if re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag) and not tag.startswith("und") else None


def _mode(note: str) -> str:
    """How a language is served, where a note speaks of interpreters."""
    said = note.lower()
    if "interpret" not in said:
        return LanguageMode.STAFF.value
    return (LanguageMode.PHONE_INTERPRETER if "phone" in said else LanguageMode.INTERPRETER).value
