"""Day and time are written in one way on all pages of the desk, and as people write them in each language."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from knowledge.web.desk.accounts.common import moment_words
from knowledge.web.desk.record.common import Place
from knowledge.web.desk.records.formats import Formats

BERLIN = ZoneInfo("Europe/Berlin")
AFTERNOON = datetime(2026, 11, 2, 15, 5, tzinfo=UTC)
WRITTEN = {
    "en": "Nov 2, 2026, 16:05",
    "de": "02.11.2026, 16:05 Uhr",
    "fr": "2 nov. 2026 à 16:05",
    "uk": "2 лист. 2026 р., 16:05",
    "ar": "02\u200f/11\u200f/2026، الساعة 16:05",
    "tr": "2 Kas 2026, 16:05",
}


@pytest.mark.parametrize("language", WRITTEN)
def test_a_moment_is_written_the_same_in_lists_on_a_record_and_among_the_accounts(language: str) -> None:
    in_lists = Formats(language, BERLIN.key).moment(AFTERNOON)
    on_a_record = Place(BERLIN, "de", language).moment(AFTERNOON)
    among_accounts = moment_words(AFTERNOON, BERLIN, language)
    assert {re.sub("[\u00a0\u202f]", " ", words) for words in (in_lists, on_a_record, among_accounts)} == {WRITTEN[language]}


def test_what_has_not_happened_has_no_moment() -> None:
    assert (Place(BERLIN, "de", "en").moment(None), moment_words(None, BERLIN, "en")) == ("", "")
