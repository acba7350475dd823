"""Documents into forms and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import phonenumbers
from babel.numbers import get_territory_currencies

from knowledge.documents.canonical import canonical, parse
from knowledge.documents.checks import called_short, is_short
from knowledge.web.desk.records.fields import Fields, first, rows
from knowledge.web.desk.records.hours_field import HoursReader, weekly_words
from knowledge.web.desk.records.shapes import MANY, Field, Group, Widget, at_row, parts

_PAIR = re.compile(r"\s*(-?\d{1,2}[.,]\d+)\s*[,;/ ]\s*(-?\d{1,3}[.,]\d+)\s*")


@dataclass(frozen=True, slots=True)
class Here:
    """What the city's own ways of writing are taken from: its country (ISO 3166) for telephone numbers and money."""

    country: str

    @property
    def currency(self) -> str:
        """The country's money (ISO 4217)."""
        return str((get_territory_currencies(self.country) or ["EUR"])[0])


def fields_of(kind: str, document: Mapping[str, Any], language: str) -> Fields:
    """What the form shows of a document. `language` is the reader's: opening hours are put into words in it."""
    whole = _with_defaults(kind, document)
    found: Fields = {}
    for part in parts(kind):
        _show(part, (), whole, found, language)
    return found


def _with_defaults(kind: str, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Canonical documents leave out what is as by default; a form shows it."""
    whole = dict(document)
    if kind in ("service", "article"):
        whole.setdefault("audience", ["everyone"] if kind == "service" else "everyone")
    return whole


def _show(part: Field | Group, numbers: tuple[int, ...], document: Mapping[str, Any], found: Fields, language: str) -> None:
    if isinstance(part, Group):
        for number in range(len(_get(document, at_row(part.path, numbers)) or ())):
            for inner in part.parts:
                _show(inner, (*numbers, number), document, found, language)
        return
    name = at_row(part.path, numbers)
    value = _get(document, name)
    if part.widget is Widget.HOURS:
        place = _get(document, name.rpartition(".")[0]) or {}
        found[name] = [weekly_words(place, language)]
    elif part.widget is Widget.CHECK:
        checked = value if value is not None else part.default == "yes"
        if checked:
            found[name] = ["yes"]
    elif value is None:
        if part.default:
            found[name] = [part.default]
    elif part.widget is Widget.LINES:
        found[name] = ["\n".join(value)]
    elif part.widget in MANY:
        found[name] = list(value)
    elif isinstance(value, bool):
        found[name] = ["true" if value else "false"]
    elif isinstance(value, float) and value.is_integer():
        found[name] = [str(int(value))]
    else:
        found[name] = [str(value)]


def _get(document: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(document, list):
            document = document[int(step)] if int(step) < len(document) else None
        elif isinstance(document, Mapping):
            document = document.get(step)
        else:
            return None
    return document


def document_of(kind: str, fields: Fields, base: Mapping[str, Any], here: Here, hours: HoursReader) -> dict[str, Any]:
    """The document that the form describes, unchecked: values are as they were typed. What the form does not ask for stays as in `base`.

    `fields` are compact, without blank rows.
    """
    document = deepcopy(dict(base))
    document.setdefault("texts", {})
    if kind == "article":
        document.setdefault("source", {})
    for part in parts(kind):
        _read(part, (), fields, document, here, hours)
    if kind == "location":
        _split_pair(document)
    if kind == "service":
        hours.settle(document)
        _money(document, here)
    return document


def _read(part: Field | Group, numbers: tuple[int, ...], fields: Fields, document: dict[str, Any], here: Here, hours: HoursReader) -> None:
    name = at_row(part.path, numbers)
    if isinstance(part, Group):
        there = rows(fields, name)
        _put(document, name, [{} if len(part.parts) > 1 else "" for _ in there] or None)
        for number in there:
            for inner in part.parts:
                _read(inner, (*numbers, number), fields, document, here, hours)
    elif part.widget is Widget.HOURS:
        # After this come the days that differ, which the same place has in a group of its own; `hours` puts both together.
        understood = hours.read(name, first(fields, name))
        _put(document, name, understood.rules or None)
        hours.place(document, name.rpartition(".")[0], understood)
    elif part.path.startswith("at.*.exceptions.*"):
        _put(document, name, first(fields, name) or None)
        _put(document, f"{name.rpartition('.')[0]}.closed", not first(fields, f"{name.rpartition('.')[0]}.opens") or None)
    else:
        value = _value(part, name, fields, here)
        if part.widget in MANY and value:
            value = _in_order(value, _get(document, name) or [])
        _put(document, name, value)


def _value(field: Field, name: str, fields: Fields, here: Here) -> Any:
    if field.widget in MANY or field.options == "weekday":
        return [value for value in fields.get(name, ()) if value] or None
    typed = first(fields, name)
    if field.widget is Widget.CHECK:
        return True if typed else False if field.default else None
    if field.widget is Widget.LINES:
        return [line.strip() for line in typed.split("\n") if line.strip()] or None
    if not typed:
        return None
    if field.widget is Widget.NUMBER:
        return typed.replace(",", ".") if _PAIR.fullmatch(typed) is None else typed
    if field.widget is Widget.PHONE:
        return _international(typed, here.country)
    if field.widget is Widget.URL:
        return typed if "://" in typed else f"https://{typed}"
    return typed


def _in_order(values: list[str], before: list[str]) -> list[str]:
    """Boxes come in the order of the page; the order that was there before may mean something, and new ones come last."""
    return [*(value for value in before if value in values), *(value for value in values if value not in before)]


def _put(document: Any, path: str, value: Any) -> None:
    """Set the value at `path`; None takes it away. Groups on the way are made."""
    steps = path.split(".")
    for step in steps[:-1]:
        document = document[int(step)] if isinstance(document, list) else document.setdefault(step, {})
    last = steps[-1]
    if isinstance(document, list):
        document[int(last)] = "" if value is None else value
    elif value is None:
        document.pop(last, None)
    else:
        document[last] = value


def _international(typed: str, country: str) -> str:
    """A number as one dials it here, with the country's code; what is none stays as it was typed, for the rule that says so."""
    if is_short(typed):
        return called_short(typed, country) or typed
    if typed.startswith(("+", "00")):
        return f"+{typed[2:]}" if typed.startswith("00") else typed
    try:
        return phonenumbers.format_number(phonenumbers.parse(typed, country), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return typed


def _split_pair(document: dict[str, Any]) -> None:
    """Maps give both coordinates at once ("49.8001, 9.9502"): pasted into the first field they are taken apart."""
    pair = _PAIR.fullmatch(str(document.get("latitude") or ""))
    if pair is not None and not document.get("longitude"):
        document["latitude"], document["longitude"] = (part.replace(",", ".") for part in pair.groups())


def _money(document: dict[str, Any], here: Here) -> None:
    cost = document.get("cost", {})
    if cost.get("amount") and not cost.get("currency"):
        cost["currency"] = here.currency
    if cost.get("currency"):
        cost["currency"] = cost["currency"].upper()
    if not cost.get("amount"):
        cost.pop("currency", None)
    if not cost:
        document.pop("cost", None)


def checked(kind: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical document.

    Raises pydantic.ValidationError where a rule is broken.
    """
    return canonical(parse(kind, dict(document)))
