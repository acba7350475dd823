"""Words of HSDS for what we have, in both directions, and words for people in the city's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.units import format_unit

from knowledge.domain.hours import WEEKDAYS, format_minute
from knowledge.domain.records import LanguageMode
from locales.catalogue import say

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PHONE_TYPES = {"voice": "voice", "mobile": "cell", "sms": "text", "fax": "fax"}
PHONE_KINDS = {hsds: ours for ours, hsds in PHONE_TYPES.items()} | {"mobile": "mobile", "sms": "sms", "landline": "voice", "": "voice"}
FEATURES = {
    "wheelchair_entrance": "Entrance for wheelchairs",
    "wheelchair_toilet": "Toilet for wheelchair users",
    "lift": "Lift",
    "induction_loop": "Induction loop",
    "step_free": "Without steps",
}
TOPICS_TAXONOMY = "Newcomer Desk topics"
AUDIENCES_TAXONOMY = "Newcomer Desk audiences"
END_OF_DAY = 1440
# What HSDS's "last minute of the day" is written as: Table Schema has no 24:00.
LAST_MINUTE = "23:59:00"

# Narrower than the standards allow, so that every validator accepts what passes here.
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}")
_URL = re.compile(r"https?://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:[/?#][A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]*)?")
_LEGAL_WORDS = (
    ("company", ("company", "limited", "ltd", "gmbh", "inc", "corporation", "for-profit", "sole trader", "partnership", "cooperative")),
    ("charity", ("charity", "charitable", "non-profit", "nonprofit", "not-for-profit", "not for profit", "501(c)", "foundation")),
    ("public", ("public", "government", "municipal", "state agency", "county", "city", "authority", "council")),
    ("association", ("association", "club", "society", "community group", "unincorporated", "e.v.")),
)


def is_email(value: str) -> bool:
    """Whether HSDS's format `email` takes it."""
    return _EMAIL.fullmatch(value) is not None and ".." not in value and "@." not in value


def is_url(value: str) -> bool:
    """Whether HSDS's format `uri` takes it: an absolute address in ASCII."""
    return _URL.fullmatch(value) is not None and "%" not in re.sub(r"%[0-9A-Fa-f]{2}", "", value) and value.count("#") <= 1


def byday(days: Iterable[int]) -> str:
    """``"MO,TU"`` for days counted from 0 (Monday)."""
    return ",".join(DAYS[day] for day in sorted(days))


def weekdays(value: str) -> list[str] | None:
    """``["monday", "tuesday"]`` for ``"MO,TU"``; None where it says anything else (``"2MO"``)."""
    codes = [code.strip().upper() for code in value.split(",") if code.strip()]
    if not all(code in DAYS for code in codes):
        return None
    return [WEEKDAYS[number] for number in sorted({DAYS.index(code) for code in codes})]


def closing(minute: int) -> tuple[str, bool | None]:
    """A time as HSDS writes it, and whether it stands for midnight at the end of the day."""
    return (LAST_MINUTE, True) if minute == END_OF_DAY else (f"{format_minute(minute)}:00", None)


def standard_offset(timezone: str, today: date) -> float | None:
    """Hours from UTC in winter time; HSDS has one number for a zone and knows no summer time."""
    moment = datetime(today.year, today.month, today.day, 12, tzinfo=ZoneInfo(timezone))
    offset = moment.utcoffset()
    return None if offset is None else (offset - (moment.dst() or timedelta())).total_seconds() / 3600


@cache
def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def language_name(code: str, reader: str) -> str:
    """Name of a language in the language `reader`; its code where Babel does not know it."""
    if code == "gsg":
        return say("language_name.gsg", reader)
    return _locale(reader).languages.get(code.replace("-", "_"), code) or code


def language_note(code: str, mode: LanguageMode, reader: str) -> str | None:
    """How a language is served, if it is not by the staff."""
    return None if mode is LanguageMode.STAFF else say(f"service.speaks_{mode.value}", reader, language=language_name(code, reader))


@cache
def _codes_by_name() -> dict[str, str]:
    return {name.lower(): code.replace("_", "-") for code, name in Locale("en").languages.items()}


def language_code(name: str) -> str | None:
    """BCP 47 code of a language by its English name."""
    return _codes_by_name().get(name.strip().lower())


def days_of_waiting(days: int, reader: str) -> str:
    """``"35 days"`` in the language `reader`."""
    return str(format_unit(days, "duration-day", locale=_locale(reader)))


def closure_words(until: date | None, reader: str) -> str:
    """What is said of a service that is temporarily closed."""
    if until is None:
        return say("service.closed", reader)
    return say("service.closed_until", reader, date=format_date(until, "long", locale=_locale(reader)))


def organization_kind(*words: str | None) -> str | None:
    """One of our kinds for what an organization says of its legal or tax status; None where nothing is recognised."""
    said = " ".join(word.lower() for word in words if word)
    return next((kind for kind, marks in _LEGAL_WORDS if any(re.search(rf"(?<![a-z]){re.escape(mark)}", said) for mark in marks)), None)
