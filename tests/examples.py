"""Reading the examples in data/ for tests."""

from __future__ import annotations

from collections.abc import Iterable

import yaml

from knowledge.config import PROJECT


def examples(part: str, language: str) -> Iterable[tuple[str, str]]:
    """(intent, text) of all examples of a language in ``data/<part>``."""
    for path in sorted((PROJECT / "data" / part / language).glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in entry["examples"].splitlines():
                if line.strip().startswith("- "):
                    yield entry["intent"], line.strip()[2:].strip()
