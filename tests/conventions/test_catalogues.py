"""One rule for all catalogues: the same keys, the same placeholders, nothing empty, nothing that the code asks for is missing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from knowledge.config import PROJECT
from locales.catalogue import catalogue, placeholders, say, words
from locales.registry import chain, languages, served
from locales.safety_texts import KINDS, perhaps_text, reviews, safety_text, short_text

COMPLETE = ("en", "de", "fr", "uk", "ar", "tr")
CODE = [path for folder in ("actions", "bot", "knowledge") for path in sorted((PROJECT / folder).rglob("*.py"))]


def test_the_six_languages_are_served() -> None:
    assert set(COMPLETE) <= set(served())


@pytest.mark.parametrize("code", [code for code in COMPLETE if code != "en"])
def test_a_catalogue_has_every_key_with_its_placeholders(code: str) -> None:
    english, other = catalogue("en"), catalogue(code)
    assert set(other) == set(english)
    differing = {key for key in english if placeholders(english[key]) != placeholders(other[key])}
    assert not differing


def keys_in_code() -> Iterable[tuple[Path, str]]:
    """Every key that stands as a plain text in a call of the catalogue's functions."""
    prefixes = {"say": "", "words": "", "catalogue_message": "", "information_point_message": "", "button": "button."}
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name not in prefixes:
                continue
            for argument in node.args[:3]:
                if (
                    isinstance(argument, ast.Constant)
                    and isinstance(argument.value, str)
                    and re.match(r"^[a-z_]+(\.[a-z_]+)*$", argument.value)
                    and argument.value not in languages()
                ):
                    yield path, prefixes[name] + argument.value
                    break


def test_every_key_that_the_code_asks_for_exists() -> None:
    asked = list(keys_in_code())
    assert len(asked) > 50
    known = catalogue("en")
    assert [(path.name, key) for path, key in asked if key not in known] == []


def test_a_missing_word_falls_back_and_is_counted_and_fails_nobody() -> None:
    from locales.catalogue import missing

    before = sum(missing.values())
    found = words("greet", "so")
    assert found.language == "en"
    assert found.body == say("greet", "en")
    assert sum(missing.values()) > before


def test_every_language_has_a_name_a_direction_and_a_chain_that_ends_in_english() -> None:
    for code, language in languages().items():
        assert language.name
        assert language.direction in ("ltr", "rtl")
        assert "en" in chain(code)


@pytest.mark.parametrize("code", COMPLETE)
@pytest.mark.parametrize("kind", KINDS)
def test_crisis_words_exist_in_every_language_and_name_the_emergency_number(code: str, kind: str) -> None:
    found = safety_text(kind, code)
    assert found.language == code
    assert "112" in found.body
    assert "112" in short_text(code)
    assert "112" in perhaps_text(code)


def test_the_state_of_review_of_crisis_words_is_recorded() -> None:
    for code, review in reviews().items():
        assert review.state in ("unreviewed", "reviewed"), code
        assert (review.state == "reviewed") == bool(review.reviewed_by and review.reviewed_on), code
