"""What is wrong with a form, in words, at the field where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from knowledge.documents.checks import called_short, is_email, is_short, is_web_address
from knowledge.web.desk.records.formats import numbers_from_the_left
from locales.catalogue import LAST_RESORT, catalogue, say

# Rules about all texts of a record, and the field that they are about in a form.
_AT_FIELD = {"sentences": "texts.answer"}
_MISSING = "value_error_missing"


@dataclass(frozen=True, slots=True)
class Link:
    """Somewhere to look."""

    url: str
    words: str


@dataclass
class Problems:
    """Words by the name of the field. `names` are those of the form's fields, in order."""

    language: str
    names: tuple[str, ...]
    by_name: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[Link]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_name)

    def add(self, name: str, key: str, **fields: object) -> None:
        """A problem ``problem.<key>`` at a field, or at the nearest one that the form has."""
        words = problem_words(key, self.language, **fields)
        there = self.by_name.setdefault(self.nearest(name), [])
        if words not in there:
            there.append(words)

    def add_all(self, error: ValidationError) -> None:
        """Everything that breaks a rule of the document."""
        for one in error.errors():
            context: Mapping[str, Any] = one.get("ctx") or {}
            name = ".".join(str(step) for step in one["loc"] if step != "__root__")
            if context.get("key") == "text_missing":
                for missing in str(context["names"]).split(", "):
                    self.add(f"{name}.{missing}", _MISSING)
                continue
            key = str(context.get("key") or one["type"].replace(".", "_"))
            self.add(_AT_FIELD.get(key, name), key, **{k: v for k, v in context.items() if k != "key"})

    def nearest(self, name: str) -> str:
        """The field of the form that a place in the document belongs to."""
        if name in self.names:
            return name
        inside = next((one for one in self.names if one.startswith(f"{name}.")), None)
        if inside is not None:
            return inside
        head = name.rpartition(".")[0]
        return self.nearest(head) if head else name

    def at(self, name: str) -> list[str]:
        """The words for one field."""
        return self.by_name.get(name, [])


def problem_words(key: str, language: str, **fields: object) -> str:
    """A broken rule in words; the words for any rule where this one has none."""
    known = f"problem.{key}"
    return numbers_from_the_left(say(known if known in catalogue(LAST_RESORT) else "problem.other", language, **fields), language)


def form_checks(kind: str, document: Mapping[str, Any], country: str) -> Iterable[tuple[str, str]]:
    """What the forms want beyond the documents' rules, as (field, key): addresses that lead somewhere, numbers that people in `country`
    can call, places that can be told apart."""
    for number, one in enumerate(document.get("phones") or ()):
        if is_short(written := str(one.get("number") or "")) and called_short(written, country) is None:
            yield f"phones.{number}.number", "phone_short"
    if kind == "location" and not document.get("texts", {}).get("name") and not document.get("address", {}).get("street"):
        yield "texts.name", "nameless"
    email = document.get("email")
    if email and not is_email(email):
        yield "email", "email"
    for name in ("website", "url", "source.url"):
        head, _, last = name.rpartition(".")
        value = (document.get(head, {}) if head else document).get(last)
        if value and not is_web_address(value):
            yield name, "url"
