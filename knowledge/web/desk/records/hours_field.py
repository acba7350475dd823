"""The field for opening hours: words in, rules out. Nothing is kept that was not understood and shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import ValidationError

from knowledge.documents.models import ServiceAtModel
from knowledge.editorial.hours_words import ParsedHours, Problem, hours_sentence, hours_source, parse_hours, problem_words
from knowledge.web.desk.records.fields import LEAVE_OUT, SHOWN, Fields, first


@dataclass(frozen=True, slots=True)
class Understood:
    """What came of the words of one place. `shown` is the stamp of what the editor has seen; `known`: these words were saved before."""

    words: str
    rules: list[dict[str, Any]] = field(default_factory=list)
    exceptions: list[dict[str, Any]] = field(default_factory=list)
    holidays: bool | None = None
    problems: Sequence[Problem] = ()
    known: bool = False

    @property
    def complete(self) -> bool:
        """Whether everything that was typed is in the rules."""
        return self.known or all(problem.notice for problem in self.problems)

    @property
    def stamp(self) -> str:
        """The same for the same hours."""
        said = json.dumps([self.rules, self.exceptions, self.holidays, [problem.key for problem in self.problems]], sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def weekly_words(place: Mapping[str, Any], language: str) -> str:
    """The weekly and seasonal hours of a place of a document, as an editor would type them. Single days and public holidays have fields
    of their own."""
    if not place.get("hours"):
        return ""
    lines = hours_source(_model({"hours": place["hours"]}), language).split("\n")
    # The last line is about public holidays.
    return "\n".join(lines[:-1])


def understand(words: str, language: str, today: date) -> Understood:
    """Read what somebody typed."""
    if not words.strip():
        return Understood("")
    parsed: ParsedHours = parse_hours(words, language, today)
    return Understood(
        words,
        [json.loads(rule.json(exclude_none=True)) for rule in parsed.rules],
        [json.loads(one.json(exclude_none=True, exclude_defaults=True)) for one in parsed.exceptions],
        parsed.closed_on_holidays,
        tuple(parsed.problems),
    )


@dataclass
class HoursReader:
    """Reads the hours of all places of one form. `base` is the document the form was opened on: its hours, told in the same words, are
    taken from there and not read again."""

    language: str
    today: date
    base: Mapping[str, Any] = field(default_factory=dict)
    found: dict[str, Understood] = field(default_factory=dict)

    def read(self, name: str, words: str) -> Understood:
        """The hours typed into the field `name`."""
        understood = understand(words, self.language, self.today)
        for place in self.base.get("at", ()):
            if place.get("hours") and _alike(weekly_words(place, self.language), words):
                understood = replace(Understood(words, known=True), rules=place["hours"])
        self.found[name] = understood
        return understood

    def place(self, document: dict[str, Any], path: str, understood: Understood) -> None:
        """Note what the words say about single days and public holidays at the place at `path`; `settle` brings it together."""
        document["at"][int(path.rpartition(".")[2])]["_words"] = understood

    def settle(self, document: dict[str, Any]) -> None:
        """Days that differ come from the words and from their own rows: for one and the same day the words count, being newer."""
        for place in document.get("at", ()):
            understood: Understood | None = place.pop("_words", None)
            rows = [row for row in place.pop("exceptions", None) or () if row]
            if understood is not None:
                told = {one["date"] for one in understood.exceptions}
                rows = [*(row for row in rows if row.get("date") not in told), *understood.exceptions]
                if understood.holidays is not None:
                    place["closed_on_holidays"] = understood.holidays
            if rows:
                place["exceptions"] = rows


def _alike(one: str, other: str) -> bool:
    return one.split() == other.split()


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown below the field: the sentence, the typed words cut where something was not understood, and the problems in words."""

    sentence: str
    pieces: Sequence[tuple[str, bool]]
    problems: Sequence[str]
    notices: Sequence[str]
    complete: bool
    stamp: str


def tell(understood: Understood, place: Mapping[str, Any], language: str, today: date) -> Told:
    """Show back what was understood. `place` has the other fields of the place: days that differ, public holidays."""
    whole = {"hours": understood.rules, **{name: place[name] for name in ("closed_on_holidays", "exceptions") if name in place}}
    try:
        model = _model(whole)
    except ValidationError:  # a day that differs is only half typed; it has its own mistake
        model = _model({**whole, "exceptions": understood.exceptions})
    sentence = hours_sentence(model, language, today) if model.hours or model.exceptions else ""
    wrong = [problem for problem in understood.problems if not problem.notice]
    told = [(problem_words(problem, language), problem.notice) for problem in understood.problems]
    return Told(
        sentence,
        _pieces(understood.words, wrong),
        tuple(dict.fromkeys(words for words, notice in told if not notice)),
        tuple(dict.fromkeys(words for words, notice in told if notice)),
        understood.complete,
        understood.stamp,
    )


def _pieces(words: str, wrong: Sequence[Problem]) -> list[tuple[str, bool]]:
    """The words in pieces: (text, whether it was not understood)."""
    found: list[tuple[str, bool]] = []
    at = 0
    for problem in sorted(wrong, key=lambda one: one.start):
        start = max(at, problem.start)
        if problem.end <= start:
            continue
        found += [(words[at:start], False), (words[start : problem.end], True)]
        at = problem.end
    return [piece for piece in [*found, (words[at:], False)] if piece[0]] if found else []


def not_settled(name: str, understood: Understood, fields: Fields) -> str | None:
    """Why these hours cannot be saved yet: the key of a problem, None where they can.

    Hours are saved once the editor has seen what was understood of exactly these words, and has agreed to leave out what was not.
    """
    if understood.known or not understood.words.strip():
        return None
    if not understood.complete and not first(fields, f"{LEAVE_OUT}{name}"):
        return "hours_not_understood"
    if first(fields, f"{SHOWN}{name}") != understood.stamp:
        return "hours_not_seen"
    return None


def _model(place: Mapping[str, Any]) -> ServiceAtModel:
    return ServiceAtModel.parse_obj({"location": "here", **place})
