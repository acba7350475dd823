"""Several values in one cell: separated by " | " or line breaks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import phonenumbers
from babel import Locale

from knowledge.documents.checks import called_short, is_short, parsed_phone
from knowledge.domain.records import LanguageMode
from knowledge.exchange.tables.cells import CellValue, join, split
from knowledge.exchange.tables.hours_cell import DAY_NAMES, Hours, format_days, format_hours, parse_days, parse_hours_cell
from knowledge.exchange.tables.identity import as_id
from knowledge.exchange.tables.problems import Problem
from knowledge.exchange.tables.values import Choice, Context, as_text, fold
from locales.registry import languages

PHONE_KINDS = ("voice", "mobile", "sms", "fax")
# 112 and the like; a longer number that a spreadsheet keeps as one has lost its plus or its first zero.
MOST_SHORT_DIGITS = 6
_IN_BRACKETS = re.compile(r"(?P<main>[^()]*?)\s*\((?P<inside>[^()]*)\)\s*")


@dataclass(frozen=True)
class Lines:
    """A text that is a list: one item a line."""

    empty: Any = None

    def read(self, value: CellValue, context: Context) -> list[str] | None:
        return split(as_text(value)) or self.empty

    def write(self, value: Any) -> CellValue:
        return join(value if isinstance(value, list) else str(value).split("\n"), "\n") if value else None


@dataclass(frozen=True)
class Names:
    """Words of the same kind, such as other names of a service."""

    empty: Any = ()

    def read(self, value: CellValue, context: Context) -> list[str]:
        return split(as_text(value))

    def write(self, value: Any) -> CellValue:
        return join(value) or None if value else None


@dataclass(frozen=True)
class Words:
    """Ids or words of a closed list; also separated by commas or semicolons, since none has one."""

    choices: tuple[str, ...] = ()
    references: bool = False
    empty: Any = ()

    def read(self, value: CellValue, context: Context) -> list[str]:
        words = [word for item in split(as_text(value)) for word in re.split(r"\s*[,;]\s*", item) if word]
        if self.references:
            return list(dict.fromkeys(as_id(word) for word in words))
        if self.choices:
            choice = Choice(self.choices)
            return list(dict.fromkeys(choice.read(word, context) for word in words))
        return list(dict.fromkeys(words))

    def write(self, value: Any) -> CellValue:
        return " | ".join(str(one) for one in value) if value else None


@dataclass(frozen=True)
class Phones:
    """``+49 30 23125 100 | +49 30 23125 101 (fax)``; voice where no kind is given."""

    empty: Any = ()

    def read(self, value: CellValue, context: Context) -> list[dict[str, str]]:
        if isinstance(value, int | float) and len(as_text(value)) > MOST_SHORT_DIGITS:
            raise Problem("made_number", value=as_text(value))
        return [self._phone(item, context) for item in split(as_text(value))]

    def _phone(self, item: str, context: Context) -> dict[str, str]:
        number, kind = item, "voice"
        if (found := _IN_BRACKETS.fullmatch(item)) and not found["inside"].strip().isdigit():
            number, kind = found["main"], Choice(PHONE_KINDS).read(found["inside"], context)
        return {"number": _international(number, context.region), "kind": kind}

    def write(self, value: Any) -> CellValue:
        if not value:
            return None
        return " | ".join(one["number"] + ("" if one.get("kind", "voice") == "voice" else f" ({one['kind']})") for one in value)


def _international(number: str, region: str | None) -> str:
    """A number that callers in `region` dial ("030 ...") with the code of its country; short ones (112) and others as they are."""
    plain = number.strip()
    if is_short(plain):
        short = called_short(plain, region)
        if short is None:
            raise Problem("phone_short", value=plain)
        return short
    if region and plain.startswith(("0", "(0")):
        parsed = parsed_phone(plain, region)
        if parsed is None or not phonenumbers.is_possible_number(parsed):
            raise Problem("phone", value=plain)
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return plain


_CODE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_MODES = tuple(mode.value for mode in LanguageMode)


@dataclass(frozen=True)
class Languages:
    """``de | tr (staff: Mo,Tu) | so (phone_interpreter)``; by staff and on all days where nothing is said."""

    empty: Any = ()

    def read(self, value: CellValue, context: Context) -> list[dict[str, Any]]:
        items = split(as_text(value))
        if len(items) == 1 and "(" not in items[0]:
            items = [item.strip() for item in re.split(r"[,;]", items[0]) if item.strip()]
        return [self._language(item, context) for item in items]

    def _language(self, item: str, context: Context) -> dict[str, Any]:
        found = _IN_BRACKETS.fullmatch(item)
        if found is None:
            return {"language": language_code(item)}
        language: dict[str, Any] = {"language": language_code(found["main"])}
        mode, _, days = found["inside"].partition(":")
        if not days and _is_day(mode):
            mode, days = "", mode
        if mode.strip():
            language["mode"] = Choice(_MODES).read(mode, context)
        if days.strip():
            language["days"] = parse_days(days)
        return language

    def write(self, value: Any) -> CellValue:
        return " | ".join(self._written(one) for one in value) if value else None

    def _written(self, one: Mapping[str, Any]) -> str:
        mode, days = str(getattr(one.get("mode"), "value", one.get("mode") or "staff")), one.get("days") or []
        # All seven days are another document than none, though they mean the same.
        inside = mode + (f": {format_days(days)}" if days else "") if days or mode != "staff" else ""
        return f"{one['language']} ({inside})" if inside else str(one["language"])


def _is_day(text: str) -> bool:
    first = text.replace("-", " ").replace(",", " ").split()
    return bool(first) and first[0].rstrip(".").lower() in DAY_NAMES


@cache
def _language_names() -> dict[str, str]:
    """Folded names of languages, in English, German and by themselves -> their codes."""
    found: dict[str, str] = {}
    for reader in ("en", "de"):
        for code, name in Locale.parse(reader).languages.items():
            if _CODE.fullmatch(code.replace("_", "-")):
                found.setdefault(fold(name), code.replace("_", "-"))
    return found | {fold(language.name): language.code for language in languages().values()}


def language_code(text: str) -> str:
    """The BCP 47 code for a code or a name of a language ("Arabisch").

    Raises Problem where it is neither.
    """
    word = text.strip()
    known = _language_names().get(fold(word))
    if known is not None and not (word.islower() and len(word) <= 3):
        return known
    if not _CODE.fullmatch(word):
        raise Problem("language", value=word)
    return word


@dataclass(frozen=True)
class HoursCell:
    """Hours, days that differ and what holds on public holidays: three values of a document in one cell (see `hours_cell`)."""

    empty: Any = (None, None, None)

    def read(self, value: CellValue, context: Context) -> tuple[Any, Any, Any]:
        if not isinstance(value, str):
            raise Problem("made_date", value=str(value))
        text = as_text(value)
        try:
            hours = parse_hours_cell(text)
        except Problem:
            if context.read_hours is None:
                raise
            hours = context.read_hours(text)
        assert isinstance(hours, Hours)
        return hours.rules, hours.exceptions, hours.closed_on_holidays

    def write(self, value: Any) -> CellValue:
        rules, exceptions, closed_on_holidays = value
        return format_hours(rules or (), exceptions or (), closed_on_holidays is not False) or None
