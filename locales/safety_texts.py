"""The fixed words for crises, one file a language in ``safety/``, with who reviewed them and when.

They are never generated and never put together from parts: a person in danger reads whole sentences that somebody answers for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import yaml

from locales.registry import HERE, chain

KINDS = ("health.emergency", "safety.danger", "safety.violence", "safety.self_harm", "safety.trafficking", "safety.child_alone")
LAST_RESORT = "en"


@dataclass(frozen=True, slots=True)
class Review:
    """State of review of one language's crisis texts: unreviewed until a native speaker has read them and signed."""

    state: str
    reviewed_by: str | None
    reviewed_on: date | None


@dataclass(frozen=True, slots=True)
class SafetyText:
    """The words for one kind of crisis in `language`."""

    kind: str
    language: str
    body: str
    review: Review


@dataclass(frozen=True, slots=True)
class _File:
    review: Review
    texts: dict[str, str]
    short: str
    perhaps: str


@cache
def _file(code: str) -> _File | None:
    path = HERE / "safety" / f"{code}.yml"
    if not path.exists():
        return None
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    review = document["review"]
    return _File(
        Review(review["state"], review["reviewed_by"], review["reviewed_on"]),
        document["texts"],
        document.get("short", ""),
        document.get("perhaps", ""),
    )


def safety_text(kind: str, language: str) -> SafetyText:
    """The words for `kind` in `language`, or in the nearest language that has them.

    Raises KeyError for a kind that does not exist.
    """
    for code in (*chain(language), LAST_RESORT):
        file = _file(code)
        if file is not None and kind in file.texts:
            return SafetyText(kind, code, file.texts[kind].strip(), file.review)
    raise KeyError(kind)


def short_text(language: str) -> str:
    """The one line that stands beside an emergency button."""
    for code in (*chain(language), LAST_RESORT):
        file = _file(code)
        if file is not None and file.short:
            return file.short
    raise KeyError("short")


def perhaps_text(language: str) -> str:
    """What comes before the answer to a message that may be a crisis: the number, and that help is one tap away."""
    for code in (*chain(language), LAST_RESORT):
        file = _file(code)
        if file is not None and file.perhaps:
            return file.perhaps
    raise KeyError("perhaps")


def reviews() -> dict[str, Review]:
    """State of review by language, for the city to see."""
    found = {path.stem: _file(path.stem) for path in sorted((HERE / "safety").glob("*.yml"))}
    return {code: file.review for code, file in found.items() if file is not None}
