"""What a single value in a file may be. Each check says in words what is wrong, for the person who wrote the file."""

from __future__ import annotations

import phonenumbers
from pydantic import PydanticValueError

from knowledge.domain.hours import WEEKDAYS, parse_minute
from knowledge.domain.records import AUDIENCES
from knowledge.domain.topics import load_topics

TextValue = str | list[str]


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
    compact = value.replace(" ", "")
    if compact.isdigit() and len(compact) <= 6:
        return compact
    try:
        return phonenumbers.format_number(phonenumbers.parse(value, None), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException as error:
        raise Wrong("phone", "'{value}' is not an international number such as +49 30 23125 000", value=value) from error


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
