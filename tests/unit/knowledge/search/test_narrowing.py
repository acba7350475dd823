"""What only narrows a question that was asked before."""

from __future__ import annotations

import pytest

from knowledge.search.narrowing import only_narrows
from tests.factories import district, knowledge, municipality, text

KNOWN = knowledge(town=municipality(districts=[district("lindenau", name=text("Lindenau", ar="ليندناو"))]))


@pytest.mark.parametrize(
    "message",
    [
        "who speak arabic",
        "does anyone there speak Turkish?",
        "türkçe konuşan var mı",
        "spricht dort jemand Arabisch?",
        "quelqu'un parle arabe ?",
        "хтось говорить українською?",
        "مين بيحكي عربي",
        "and in Lindenau?",
        "in lindenau on saturday",
        "Arabisch am Donnerstag",
    ],
)
def test_a_language_a_day_or_a_district_beside_small_words(message: str) -> None:
    assert only_narrows(message, KNOWN)


@pytest.mark.parametrize(
    "message", ["a doctor who speaks arabic", "german course", "Deutschkurs in Lindenau", "who can help", "polis nerede", ""]
)
def test_what_names_a_thing_is_a_question_of_its_own(message: str) -> None:
    assert not only_narrows(message, KNOWN)
