"""The languages: own name, direction of the script, and what to fall back to. Read from ``languages.yml`` beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its BCP 47 code."""

    code: str
    name: str
    direction: str
    fallback: tuple[str, ...]


@cache
def languages() -> dict[str, Language]:
    """All languages of the registry, in its order."""
    rows = yaml.safe_load((HERE / "languages.yml").read_text(encoding="utf-8"))
    return {code: Language(code, row["name"], row["dir"], tuple(row["fallback"])) for code, row in rows.items()}


def base_code(code: str | None) -> str | None:
    """The registry's code for a BCP 47 tag: ``"ar-SY"`` -> ``"ar"``, ``"prs"`` (Dari) -> ``"fa"``; None for an unknown one."""
    if not code:
        return None
    short = code.replace("_", "-").split("-")[0].lower()
    short = {"prs": "fa", "kmr": "ku", "ckb": "ku", "pbu": "ps", "mo": "ro"}.get(short, short)
    return short if short in languages() else None


def chain(code: str, *last: str) -> tuple[str, ...]:
    """`code`, its fallbacks, then `last` (the city's own language), each once."""
    found = languages().get(code)
    return tuple(dict.fromkeys((code, *(found.fallback if found else ()), *last)))


@cache
def served() -> tuple[str, ...]:
    """Codes of the languages that have a catalogue, in the order of the registry: what menus offer."""
    return tuple(code for code in languages() if (HERE / "catalogues" / f"{code}.po").exists())


def direction(code: str) -> str:
    """``"rtl"`` or ``"ltr"``."""
    found = languages().get(code)
    return found.direction if found else "ltr"
