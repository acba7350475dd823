"""What a single value in a file may be. Each check says in words what is wrong, for the person who wrote the file."""

from __future__ import annotations

import re

import phonenumbers
from pydantic import PydanticValueError

from knowledge.domain.hours import WEEKDAYS, parse_minute
from knowledge.domain.records import AUDIENCES
from knowledge.domain.topics import load_topics

TextValue = str | list[str]
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+")
_WEB_ADDRESS = re.compile(r"https?://[^\s/@]+\.[^\s]+")
# With a country ("+49", "0049"), and the zero that only callers within it dial.
_ABROAD = re.compile(r"\s*(?:\+|00)\d{1,3}\s*(?:\(0\))?")
_LONGEST_AREA_CODE = 6
_LONGEST_SHORT_NUMBER = 6
# What people write between digits.
_BETWEEN = re.compile(r"[\s()/.-]")


class Wrong(PydanticValueError):
    """A value breaks a rule. pydantic reports it with type ``value_error.rule``; its context has the `key` (``problem.<key>`` in the
    catalogues) and the fields, so that the edge can say it in the reader's language. `message` is for the command line, in English."""

    code = "rule"
    msg_template = "{message}"

    def __init__(self, key: str, message: str, **fields: object) -> None:
        super().__init__(key=key, message=message.format(**fields), **fields)


def weekday(value: str) -> str:
    """A day by its English name."""
    if value not in WEEKDAYS:
        raise Wrong("weekday", "'{value}' is not a weekday; use one of {choices}", value=value, choices=", ".join(WEEKDAYS))
    return value


def check_times(opens: str, closes: str) -> None:
    """Two times of one day, in order."""
    try:
        in_order = parse_minute(opens) < parse_minute(closes)
    except ValueError as error:
        raise Wrong("time", 'times are written "08:30" (24 hours, in quotes)') from error
    if not in_order:
        raise Wrong("time_order", "a place opens before it closes; write a night as two rules, until 24:00 and from 00:00")


def phone(value: str) -> str:
    """Short codes (112) stay; others are brought to the international format.

    Numbers of ranges reserved for fiction are possible but not valid to the library, so only the form is checked.
    """
    if _short(compact := value.replace(" ", "")):
        return compact
    parsed = parsed_phone(value)
    if parsed is None:
        raise Wrong("phone", "'{value}' is not an international number such as +49 30 23125 000", value=value)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _short(compact: str) -> bool:
    return compact.isdigit() and len(compact) <= _LONGEST_SHORT_NUMBER


def is_short(value: str) -> bool:
    """Whether it has no more digits than a short number (112) or an area code alone (0821)."""
    return _short(_BETWEEN.sub("", value))


def called_short(value: str, region: str | None) -> str | None:
    """The few digits `value` as they are kept; None where nobody in the country `region` can be called by them: an area code, or a number
    that lacks one. In a country that the library does not know, everything is taken for a short number.
    """
    digits = phonenumbers.normalize_digits_only(value)
    if region not in phonenumbers.SUPPORTED_REGIONS:
        return digits
    try:
        parsed = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_valid_short_number_for_region(parsed, region):
        return digits
    # Where nobody dials an area code, a whole number may be as short.
    if not phonenumbers.ndd_prefix_for_region(region, True) and phonenumbers.is_valid_number(parsed):
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return None


def parsed_phone(value: str, region: str | None = None) -> phonenumbers.PhoneNumber | None:
    """The number that the words name; None where it is none, or more than one.

    The library reads letters as the keys of old telephones have them, so that "Durchwahl 6" would become seven more digits, and it takes
    two numbers with a stroke between them for a long one.
    """
    try:
        parsed = phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return None
    digits = re.search(r"\d.*", value, re.DOTALL)
    has_words = digits is not None and any(letter.isalpha() for letter in digits.group())
    if has_words and parsed.extension is None:
        return None
    area, stroke, number = _ABROAD.sub("", value).partition("/")
    two = stroke and (len(re.sub(r"\D", "", area)) > _LONGEST_AREA_CODE or not number.strip()[:1].isdigit() or "/" in number)
    return None if two else parsed


def is_email(value: str) -> bool:
    """Whether it can be an address for e-mail."""
    return _EMAIL.fullmatch(value) is not None


def is_web_address(value: str) -> bool:
    """Whether it can be an address of the web, as a whole."""
    return _WEB_ADDRESS.fullmatch(value) is not None


def only_name(value: dict[str, TextValue]) -> dict[str, TextValue]:
    """The texts of a record that has a name and no others."""
    return known_fields(value, ("name",), required=("name",))


def known_topic(value: str) -> str:
    """An id of data/topics.yml."""
    if value not in load_topics().topics:
        raise Wrong("topic", "'{value}' is not a topic of data/topics.yml", value=value)
    return value


def known_audience(value: str) -> str:
    """Whom a service or an article is for."""
    if value not in AUDIENCES:
        raise Wrong("audience", "'{value}' is not an audience; use one of {choices}", value=value, choices=", ".join(AUDIENCES))
    return value


def known_fields(value: dict[str, TextValue], allowed: tuple[str, ...], required: tuple[str, ...]) -> dict[str, TextValue]:
    """Texts by field name."""
    unknown = set(value) - set(allowed)
    if unknown:
        names = ", ".join(sorted(unknown))
        raise Wrong("text_fields", "unknown text fields {names}; there are {choices}", names=names, choices=", ".join(allowed))
    missing = [name for name in required if not value.get(name)]
    if missing:
        raise Wrong("text_missing", "missing text {names}", names=", ".join(missing))
    return value
