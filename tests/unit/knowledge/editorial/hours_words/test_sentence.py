"""Hours told back as sentences."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings

from knowledge.documents.models import ServiceAtModel
from knowledge.domain.hours import HoursException, OpeningHours
from knowledge.editorial.hours_words import hours_sentence, parse_hours
from tests.factories import closed_on, day_and_night, hours, open_on, rule
from tests.unit.knowledge.editorial.hours_words.shorthand import TODAY
from tests.unit.knowledge.editorial.hours_words.strategies import LANGUAGES, languages
from tests.unit.knowledge.editorial.hours_words.strategies import hours as any_hours

JUNE, AUGUST = date(2027, 6, 1), date(2027, 8, 31)


def told(text: str, language: str = "en") -> str:
    """What an editor sees after typing `text`."""
    parsed = parse_hours(text, language, TODAY)
    holidays = parsed.closed_on_holidays is not False
    return hours_sentence(
        ServiceAtModel(location="x", hours=parsed.rules, exceptions=parsed.exceptions, closed_on_holidays=holidays), language, TODAY
    )


USUAL = {
    "en": "Monday to Friday 9:00 to 12:00 and 14:00 to 18:00. From 1 June to 31 August: Monday to Friday 9:00 to 11:00; "
    "Saturday 10:00 to 12:00. Closed on public holidays. 24 December: closed.",
    "de": "Montag bis Freitag 9:00 bis 12:00 Uhr und 14:00 bis 18:00 Uhr. "
    "Vom 1. Juni bis 31. August: Montag bis Freitag 9:00 bis 11:00 Uhr; "
    "Samstag 10:00 bis 12:00 Uhr. An Feiertagen geschlossen. 24. Dezember: geschlossen.",
    "fr": "Du lundi au vendredi de 9:00 à 12:00 et de 14:00 à 18:00. Du 1er juin au 31 août : du lundi au vendredi de 9:00 à 11:00 ; "
    "le samedi de 10:00 à 12:00. Fermé les jours fériés. 24 décembre : fermé.",
    "uk": "Понеділок – пʼятниця 9:00–12:00 і 14:00–18:00. З 1 червня до 31 серпня: понеділок – пʼятниця 9:00–11:00; "
    "субота 10:00–12:00. У святкові дні зачинено. 24 грудня: зачинено.",
    "ar": "من الاثنين إلى الجمعة من 9:00 إلى 12:00 ومن 14:00 إلى 18:00. من 1 يونيو إلى 31 أغسطس: من الاثنين إلى الجمعة من 9:00 إلى 11:00؛ "
    "السبت من 10:00 إلى 12:00. مغلق في العطل الرسمية. 24 ديسمبر: مغلق.",
    "tr": "Pazartesi – Cuma 9:00–12:00 ve 14:00–18:00. 1 Haziran – 31 Ağustos: Pazartesi – Cuma 9:00–11:00; "
    "Cumartesi 10:00–12:00. Resmi tatillerde kapalı. 24 Aralık: kapalı.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_week_a_season_holidays_and_a_day_in_every_language(language: str) -> None:
    parsed = parse_hours("Mo-Fr 9-12, 14-18\n1.6.-31.8.: Mo-Fr 9-11; Sa 10-12\nfeiertags geschlossen\n24.12. geschlossen", "de", TODAY)
    at = ServiceAtModel(location="x", hours=parsed.rules, exceptions=parsed.exceptions, closed_on_holidays=True)
    assert hours_sentence(at, language, TODAY) == USUAL[language]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("24/7", "Open day and night, every day of the year."),
        ("Mon-Fri all day", "Monday to Friday day and night. Closed on public holidays."),
        ("daily 9-17, also open on public holidays", "Every day 9:00 to 17:00. Also open on public holidays."),
        ("Sat-Mon 10-12", "Saturday to Monday 10:00 to 12:00. Closed on public holidays."),
        ("Mon-Wed, Fri 8-12", "Monday to Wednesday and Friday 8:00 to 12:00. Closed on public holidays."),
        ("Tue, Thu 14-18; Mon 9-12", "Monday 9:00 to 12:00. Tuesday and Thursday 14:00 to 18:00. Closed on public holidays."),
        ("Fri, Sat 22-2", "Friday and Saturday 22:00 to 2:00 the next day. Closed on public holidays."),
        ("Mon 9-12, Mon 12-15", "Monday 9:00 to 15:00. Closed on public holidays."),
        (
            "June to August: Mon 9-12",
            "From 1 June to 31 August: Monday 9:00 to 12:00. Closed the rest of the time. Closed on public holidays.",
        ),
        ("Mon 9-12 until 31 March 2027", "Until 31 March: Monday 9:00 to 12:00. Closed on public holidays."),
        (
            "Mon 9-17; 1 Nov 2026 - 28 Feb 2027 closed",
            "Monday 9:00 to 17:00. From 1 November 2026 to 28 February: closed. Closed on public holidays.",
        ),
        (
            "Mon 9-12; 24 Dec - 2 Jan closed; 31 Dec 9-10, 14-15",
            "Monday 9:00 to 12:00. Closed on public holidays. From 24 December to 30 December: closed. "
            "31 December: 9:00 to 10:00 and 14:00 to 15:00. From 1 January to 2 January: closed.",
        ),
        ("by appointment", "The opening hours are not known."),
    ],
)
def test_what_was_typed_is_told_back(text: str, sentence: str) -> None:
    assert told(text) == sentence


def test_the_year_stands_where_it_is_not_plain_and_always_without_today() -> None:
    dated = hours(exceptions=[closed_on(date(2026, 12, 24)), closed_on(date(2025, 12, 24)), closed_on(date(2027, 12, 24))])
    usual = "Monday to Friday 9:00 to 17:00. Closed on public holidays. 24 December 2025: closed. "
    assert hours_sentence(dated, "en", TODAY) == usual + "24 December: closed. 24 December 2027: closed."
    assert hours_sentence(dated, "en") == usual + "24 December 2026: closed. 24 December 2027: closed."


def test_seasons_that_add_up_are_told_as_they_are() -> None:
    added = hours(rule("09:00", "12:00", "monday"), rule("18:00", "20:00", "monday", valid_from=JUNE, valid_to=AUGUST))
    assert "From 1 June to 31 August: Monday 9:00 to 12:00 and 18:00 to 20:00." in hours_sentence(added, "en", TODAY)


def test_a_day_with_a_word_too_much_is_open_as_the_domain_says() -> None:
    both = hours(exceptions=[closed_on(date(2026, 12, 31)), open_on(date(2026, 12, 31), "10:00", "12:00")])
    assert "31 December: 10:00 to 12:00." in hours_sentence(both, "en", TODAY)


def test_the_domain_and_the_document_are_told_alike() -> None:
    parsed = parse_hours("Mo-Fr 9-12, 24.12. geschlossen", "de", TODAY)
    document = ServiceAtModel(location="x", hours=parsed.rules, exceptions=parsed.exceptions)
    domain = hours(rule("09:00", "12:00"), exceptions=[HoursException(date(2026, 12, 24))])
    assert hours_sentence(document, "en") == hours_sentence(domain, "en")


@settings(max_examples=150, deadline=None)
@given(any_hours, languages)
def test_any_hours_can_be_told(some: OpeningHours, language: str) -> None:
    sentence = hours_sentence(some, language, TODAY)
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert "hours." not in sentence


def test_day_and_night_but_not_on_holidays_is_not_always() -> None:
    closed = OpeningHours(day_and_night().rules, (), closed_on_holidays=True)
    assert hours_sentence(closed, "en") == "Every day day and night. Closed on public holidays."
