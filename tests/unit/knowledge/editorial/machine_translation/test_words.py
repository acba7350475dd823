"""Every error of translators and files has words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from knowledge.config import PROJECT
from locales.catalogue import catalogue

FOLDERS = ("knowledge/exchange/xliff", "knowledge/editorial/machine_translation")
FILES = [*(path for folder in FOLDERS for path in (PROJECT / folder).glob("*.py")), PROJECT / "knowledge/domain/locked_words.py"]


def keys(path: Path) -> set[str]:
    """Keys of errors that stand in the code."""
    texts = (node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and text.startswith(("xliff.", "translator.")) and " " not in text}


@pytest.mark.parametrize("language", ["en", "de", "fr", "uk", "ar", "tr"])
def test_every_error_has_words(language: str) -> None:
    found = set().union(*(keys(path) for path in FILES))
    assert len(found) > 15
    known = catalogue(language)
    assert {key for key in found if key not in known and f"desk.error.{key}" not in known} == set()
