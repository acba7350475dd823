"""Single values in cells: read the way spreadsheets and people write them, written in one way that no language changes."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Protocol

from knowledge.documents.checks import is_email, is_web_address
from knowledge.exchange.tables.cells import CellValue
from knowledge.exchange.tables.problems import Problem
from locales.catalogue import catalogue
from locales.registry import served

HoursReader = Callable[[str], Any]


@dataclass(frozen=True)
class Context:
    """What reading depends on beside the cell: `region` (ISO 3166) is where telephone numbers without a country are from.

    `read_hours` understands opening hours as people say them, where the fixed form does not fit; it returns an `Hours` or raises Problem.
    """

    source_language: str | None = None
    region: str | None = None
    read_hours: HoursReader | None = None


class _Keep:
    """The cell says nothing: the value stays as it is."""


KEEP = _Keep()


class Cell(Protocol):
    """Reads and writes one kind of value. `read` gets what is not empty."""

    @property
    def empty(self) -> Any:
        """What an empty cell stands for."""

    def read(self, value: CellValue, context: Context) -> Any:
        """The value for the document.

        Raises Problem where it cannot be understood.
        """

    def write(self, value: Any) -> CellValue:
        """The cell for a value of a document."""


def as_text(value: CellValue) -> str:
    """The words of a cell, without spaces around them; a whole number without its ``.0``.

    Raises Problem for a date: a spreadsheet has made it out of something else, and what that was is lost.
    """
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date | time):
        raise Problem("made_date", value=value.isoformat())
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return "" if value is None else str(value)


def fold(word: str) -> str:
    """For comparing: small letters, without accents, one underscore for whatever stands between words."""
    letters = word.strip().casefold()
    for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        letters = letters.replace(letter, pair)
    plain = "".join(letter for letter in unicodedata.normalize("NFD", letters) if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", "_", plain).strip("_")


@cache
def words_for(key: str) -> frozenset[str]:
    """The words of the catalogues for `key`, in every language, folded."""
    return frozenset(fold(found) for code in served() if (found := catalogue(code).get(key)))


@dataclass(frozen=True)
class Text:
    """Words."""

    empty: Any = None

    def read(self, value: CellValue, context: Context) -> str | None:
        return as_text(value) or self.empty

    def write(self, value: Any) -> CellValue:
        return str(value) if value else None


@dataclass(frozen=True)
class Line(Text):
    """Words on one line, such as a name; Alt and Enter in a spreadsheet break it."""

    def read(self, value: CellValue, context: Context) -> str | None:
        return re.sub(r"\s*\n\s*", " ", as_text(value)) or self.empty


@dataclass(frozen=True)
class Email(Text):
    """An address for e-mail."""

    def read(self, value: CellValue, context: Context) -> str:
        words = as_text(value)
        if not is_email(words):
            raise Problem("email", value=words)
        return words


@dataclass(frozen=True)
class WebAddress(Text):
    """An address of the web; one that begins with its name ("www.city.example") is taken, too."""

    def read(self, value: CellValue, context: Context) -> str:
        words = as_text(value)
        whole = words if ":" in words.partition("/")[0] else f"http://{words}"
        if not is_web_address(whole):
            raise Problem("url", value=words)
        return whole


# Where postal codes have five digits, and the first may be 0.
_FIVE_DIGITS = frozenset({"DE", "EE", "ES", "FI", "FR", "IT", "TR", "UA"})


@dataclass(frozen=True)
class PostalCode(Text):
    """A postal code; spreadsheets take it for a number and drop its first 0."""

    def read(self, value: CellValue, context: Context) -> str:
        code = as_text(value)
        if context.region in _FIVE_DIGITS and re.fullmatch(r"[1-9]\d{3}", code):
            raise Problem("zero_lost", value=code)
        return code


_TRUE = frozenset({"yes", "y", "true", "wahr", "ja", "j", "x", "1", "oui", "vrai"})
_FALSE = frozenset({"no", "n", "false", "falsch", "nein", "0", "non", "faux"})


@dataclass(frozen=True)
class YesNo:
    """``yes`` or ``no``."""

    empty: Any = None

    def read(self, value: CellValue, context: Context) -> bool:
        word = fold(as_text(value))
        if word in _TRUE or word in words_for("tables.value.yes"):
            return True
        if word in _FALSE or word in words_for("tables.value.no"):
            return False
        raise Problem("yes_no", value=as_text(value))

    def write(self, value: Any) -> CellValue:
        return None if value is None else "yes" if value else "no"


@dataclass(frozen=True)
class Choice:
    """One of a closed list, by its own word or by that of a catalogue."""

    choices: tuple[str, ...]
    empty: Any = None

    def read(self, value: CellValue, context: Context) -> str:
        word = as_text(value)
        if word in self.choices:
            return word
        folded = fold(word)
        for choice in self.choices:
            if folded == choice or folded in words_for(f"tables.value.{choice}"):
                return choice
        raise Problem("choice", value=word, choices=", ".join(self.choices))

    def write(self, value: Any) -> CellValue:
        return None if value is None else str(getattr(value, "value", value))


# "1.200" is twelve hundred in Germany and a little more than one in England.
_THOUSANDS_OR_DECIMALS = re.compile(r"[-+]?\d{1,3}[.,]\d{3}")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


@dataclass(frozen=True)
class Number:
    """A number; with a point or a comma before its decimals. `exact` ones (degrees) have no thousands to be told from decimals."""

    whole: bool = False
    exact: bool = False
    empty: Any = None

    def read(self, value: CellValue, context: Context) -> float | int:
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else self._parsed(as_text(value))
        if not math.isfinite(number):
            raise Problem("number", value=number)
        if not self.whole:
            return number
        if not number.is_integer():
            raise Problem("whole_number", value=as_text(value))
        return int(number)

    def _parsed(self, text: str) -> float:
        plain = re.sub(r"(?i)\s|€|eur", "", text)
        if "," in plain and "." in plain:
            thousands, point = (".", ",") if plain.rindex(",") > plain.rindex(".") else (",", ".")
            plain = plain.replace(thousands, "").replace(point, ".")
        elif not self.exact and _THOUSANDS_OR_DECIMALS.fullmatch(plain):
            raise Problem("number_unclear", value=text)
        else:
            plain = plain.replace(",", ".")
        if not _NUMBER.fullmatch(plain):
            raise Problem("number", value=text)
        return float(plain)

    def write(self, value: Any) -> CellValue:
        if isinstance(value, float) and value.is_integer():
            return int(value)
        unclear = not self.exact and isinstance(value, float) and _THOUSANDS_OR_DECIMALS.fullmatch(repr(value))
        return f"{value!r}0" if unclear else value


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_DOTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?: 00:00(?::00)?)?")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 0?0:00(?::00)?)?")
# Day 0 of spreadsheets, and the days that can be meant by a bare number: 1990 to 2100.
_DAY_ZERO, _SERIAL_DAYS = date(1899, 12, 30), range(32874, 73415)


@dataclass(frozen=True)
class Day:
    """A date."""

    empty: Any = None

    def read(self, value: CellValue, context: Context) -> date:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool) and value in _SERIAL_DAYS:
            return _DAY_ZERO + timedelta(days=int(value))
        text = value.isoformat() if isinstance(value, time) else as_text(value)
        try:
            return self._parsed(text)
        except ValueError as error:
            raise Problem("date", value=text) from error

    def _parsed(self, text: str) -> date:
        if found := _ISO.fullmatch(text):
            return date(*(int(part) for part in found.groups()))
        if found := _DOTS.fullmatch(text):
            day, month, year = (int(part) for part in found.groups())
            return date(year + 2000 if year < 100 else year, month, day)
        if found := _SLASHES.fullmatch(text):
            one, other, year = (int(part) for part in found.groups())
            # Half of the world writes the day first, the other half the month.
            if one <= 12 and other <= 12 and one != other:
                raise Problem("date_unclear", value=text)
            return date(year, other, one) if one > 12 else date(year, one, other)
        raise ValueError(text)

    def write(self, value: Any) -> CellValue:
        return date.fromisoformat(value) if isinstance(value, str) else value
