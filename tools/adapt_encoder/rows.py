"""Training rows (with the tenth that is kept from them) and held-back rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import yaml

DATA = Path(__file__).resolve().parents[2] / "data"
LANGUAGES = ("en", "de", "fr", "uk", "ar", "tr")
CRISIS = ("health.emergency", "safety.danger", "safety.violence", "safety.self_harm", "safety.trafficking", "safety.child_alone")


@dataclass(frozen=True)
class Row:
    text: str
    intent: str
    language: str
    source: str


def _folder(part: str) -> list[Row]:
    found = []
    for path in sorted((DATA / part).glob("*/*.yml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["nlu"]:
            for line in entry["examples"].splitlines():
                if line.strip().startswith("- "):
                    found.append(Row(line.strip()[2:].strip(), entry["intent"], path.parent.name, part))
    return found


def _safety(section: str) -> list[Row]:
    found = []
    for path in sorted((DATA / "safety").glob("*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        language = path.stem.partition(".")[0]
        if section == "signals":
            found += [Row(str(p), kind, language, section) for kind, phrases in (document.get("signals") or {}).items() for p in phrases]
        else:
            found += [Row(str(one["text"]), one["topic"], language, section) for one in document.get(section) or []]
    return found


def training() -> list[Row]:
    """Everything the assistant's own classifiers learn from."""
    return _folder("nlu") + _safety("ordinary")


def signals() -> list[Row]:
    """Phrases that alone are reason for emergency numbers: examples of their kinds."""
    return [row for row in _safety("signals") if len(row.text.split()) > 1]


def heldout() -> list[Row]:
    """Only for measuring."""
    return _folder("heldout") + _safety("ordinary_heldout")


def key(text: str) -> str:
    """The same for copies of a text."""
    return hashlib.sha1(text.casefold().encode(), usedforsecurity=False).hexdigest()


def split(rows: list[Row], learned: frozenset[str] | set[str] = frozenset()) -> tuple[list[Row], list[Row]]:
    """(to learn from, to stop early and to weigh by).

    Every tenth text by its hash, so that neither a copy nor a row written later changes sides; never one whose key is among those
    that an earlier run has `learned`.
    """
    kept = {one for one in {key(row.text) for row in rows} if int(one[:8], 16) % 10 == 0} - learned
    return [row for row in rows if key(row.text) not in kept], [row for row in rows if key(row.text) in kept]
