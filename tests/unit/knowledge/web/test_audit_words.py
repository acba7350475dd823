"""Details of the log in words that fit what they stand for."""

from __future__ import annotations

import pytest

from knowledge.web.desk.audit.words import Knows, detail_words


@pytest.mark.parametrize(
    ("action", "language", "expected"),
    [
        ("take_over", "en", "From: Anna"),
        ("take_over", "de", "Von: Anna"),
        ("take_over", "fr", "Venant de: Anna"),
        ("undo", "en", "Undone: Published"),
        ("undo", "de", "Rückgängig gemacht: Veröffentlicht"),
        ("undo", "fr", "Étape annulée: A publié"),
    ],
)
def test_who_was_taken_over_and_what_was_undone_are_told_apart(action: str, language: str, expected: str) -> None:
    """Given entries of the same field of the log, which are never changed: a person in one, an action in the other."""
    of = "Anna" if action == "take_over" else "publish"
    assert detail_words(action, {"of": of}, "service", language) == expected


def test_a_detail_without_words_is_shown_by_its_name() -> None:
    assert detail_words("save", {"of": "x", "facts": {"a": 1}, "fields": []}, "service", "en") == "of: x"


@pytest.mark.parametrize(
    ("kind", "detail", "expected"),
    [
        ("service", {"reason": "desk.needs", "records": ["organization:a/verein"]}, "Reason: These have to be published first: Verein"),
        ("location", {"reason": "desk.no_district", "district": "west"}, "Reason: This district is not known: west"),
        ("page", {"reason": "desk.in_use", "records": ["page:a/gone"]}, "Reason: It is still used by: page:a/gone"),
    ],
)
def test_a_reason_names_what_it_is_about(kind: str, detail: dict[str, object], expected: str) -> None:
    """Given a planned publication that could not happen: somebody has to know what to put right."""
    assert detail_words("schedule_failed", detail, kind, "en", Knows({"organization:a/verein": "Verein"})) == expected
