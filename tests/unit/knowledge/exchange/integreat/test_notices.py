"""Every message that the import can give has its words, with its placeholders."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from knowledge.exchange.integreat import importer
from knowledge.exchange.integreat.notices import Notice
from locales.catalogue import catalogue, placeholders

PREFIXES = ("skipped.", "rejected.", "notice.", "topic.")


def keys() -> set[str]:
    """The keys that stand in the code as they are."""
    found = set()
    for path in Path(importer.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith(PREFIXES) and " " not in node.value:
                found.add(node.value)
    return found


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_catalogue_has_the_words_of_every_message_and_no_others(language: str) -> None:
    words = {key.removeprefix("integreat.") for key in catalogue(language) if key.startswith("integreat.")}
    assert words == keys()
    assert {"error.integreat.no_files", "error.integreat.no_source"} <= set(catalogue(language))


def test_a_message_says_its_fields_in_the_readers_language() -> None:
    notice = Notice("notice.older", {"changed": "2025-01-02", "source": "2026-05-04"})
    assert placeholders(catalogue("en")["integreat.notice.older"]) == {"changed", "source"}
    assert "2025-01-02" in notice.say("en")
    assert notice.say("de").startswith("Die Übersetzung ist älter (2025-01-02)")
