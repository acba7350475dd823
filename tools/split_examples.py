"""Put every example on its side: every eighth text, by its hash, is held back from training.

A row's side follows from its text alone, so copies never stand on both sides and rows written later change nothing for the others.
Run it after writing examples: rows are moved between ``data/nlu/<language>/<file>.yml`` and the file of the same name in
``data/heldout``; a second run changes nothing. Duplicates within a language are dropped.
Files ``more_<domain>.yml`` hold rows that were written for what an earlier model got wrong: they are harder than what people send.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import yaml

DATA = Path(__file__).resolve().parents[1] / "data"
LANGUAGES = ("en", "de", "fr", "uk", "ar", "tr")
_EVERY, _CHOSEN = 8, 3

Rows = dict[str, list[str]]


def is_held_back(text: str) -> bool:
    """Whether a message belongs to those that are only measured with."""
    digest = hashlib.sha1(" ".join(text.casefold().split()).encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % _EVERY == _CHOSEN


def read(path: Path) -> Rows:
    """intent -> texts of a file in Rasa's format."""
    if not path.exists():
        return {}
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    found: Rows = {}
    for entry in document["nlu"]:
        lines = (line.strip() for line in entry["examples"].splitlines())
        found.setdefault(entry["intent"], []).extend(line[2:].strip() for line in lines if line.startswith("- "))
    return found


def write(path: Path, rows: Rows) -> None:
    """Write a file in Rasa's format."""
    parts = ['version: "3.1"\nnlu:\n']
    for intent, texts in rows.items():
        if texts:
            parts.append(f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts))
    path.write_text("".join(parts), encoding="utf-8")


def split(language: str) -> tuple[int, int]:
    """(rows moved to the held-back ones, rows moved from them) in one language."""
    training = {path: read(path) for path in sorted((DATA / "nlu" / language).glob("*.yml"))}
    held = {path: read(path) for path in sorted((DATA / "heldout" / language).glob("*.yml"))}
    moved, back = 0, 0
    arriving: dict[Path, Rows] = {}
    seen: set[str] = set()
    for side, files in ((False, training), (True, held)):
        for path, rows in files.items():
            for intent, texts in rows.items():
                staying = []
                for text in texts:
                    key = " ".join(text.casefold().split())
                    if key in seen:
                        continue
                    seen.add(key)
                    if is_held_back(text) == side:
                        staying.append(text)
                        continue
                    target = DATA / ("nlu" if side else "heldout") / language / path.name
                    arriving.setdefault(target, {}).setdefault(intent, []).append(text)
                    moved, back = (moved, back + 1) if side else (moved + 1, back)
                rows[intent] = staying
    everything = {**training, **held}
    for path, rows in arriving.items():
        for intent, texts in rows.items():
            everything.setdefault(path, {}).setdefault(intent, []).extend(texts)
    for path, rows in everything.items():
        write(path, rows)
    return moved, back


if __name__ == "__main__":
    for one in LANGUAGES:
        print(one, "held back now: {}, trained on now: {}".format(*split(one)))
