"""What could not be met of a wish is said in words, in each language."""

from __future__ import annotations

import pytest

from knowledge.domain.finding import Wish
from knowledge.replies.relaxed import relaxed_words
from locales.catalogue import say
from tests.factories import MONDAY


@pytest.mark.parametrize("language", ["en", "de", "fr", "uk", "ar", "tr"])
def test_a_district_where_nobody_speaks_the_language_is_told_apart_from_one_where_nothing_is(language: str) -> None:
    plain = relaxed_words(Wish(district="altstadt"), ("district",), language)
    spoken = relaxed_words(Wish(district="altstadt", spoken_language="ar"), ("district",), language)
    assert plain == [say("find.no_district", language)]
    assert len(spoken) == 1 and spoken != plain


def test_the_days_that_were_asked_for_are_named() -> None:
    assert "Monday" in relaxed_words(Wish(days=(MONDAY,)), ("day",), "en")[0]


def test_what_was_met_is_not_spoken_of() -> None:
    assert relaxed_words(Wish(days=(MONDAY,), district="altstadt"), (), "en") == []
