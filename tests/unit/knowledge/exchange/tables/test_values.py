"""Single values, as spreadsheets and people write them."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents.checks import phone
from knowledge.domain.hours import WEEKDAYS
from knowledge.exchange.tables.cells import unguard
from knowledge.exchange.tables.columns import TABLES, Column
from knowledge.exchange.tables.csv_writer import as_csv
from knowledge.exchange.tables.identity import as_id, slug
from knowledge.exchange.tables.list_values import Languages, Phones, Words
from knowledge.exchange.tables.problems import Problem
from knowledge.exchange.tables.values import Choice, Context, Day, Email, Number, PostalCode, Text, WebAddress, YesNo

HERE = Context()


def problem_of(cell: Any, value: Any, context: Context = HERE) -> str:
    with pytest.raises(Problem) as raised:
        cell.read(value, context)
    return raised.value.key.rpartition(".")[2]


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-02",
        "2.11.2026",
        "02.11.2026",
        "2.11.26",
        date(2026, 11, 2),
        datetime(2026, 11, 2, 0, 0),
        46328,
        46328.0,
        "2026-11-02 00:00:00",
    ],
)
def test_a_date_is_read_in_every_form_that_excel_makes(value: Any) -> None:
    assert Day().read(value, HERE) == date(2026, 11, 2)


def test_a_date_with_slashes_is_read_only_if_it_can_mean_one_day() -> None:
    assert Day().read("25/12/2026", HERE) == Day().read("12/25/2026", HERE) == date(2026, 12, 25)
    assert problem_of(Day(), "11/2/2026") == "date_unclear"


@pytest.mark.parametrize("value", ["soon", "31.2.2026", "2026", 12.5, time(9, 0), True])
def test_what_is_no_date_is_refused(value: Any) -> None:
    assert problem_of(Day(), value) == "date"


@pytest.mark.parametrize(
    ("value", "number"),
    [("12,50", 12.5), ("12.5", 12.5), ("1.234,56", 1234.56), ("1,234.56", 1234.56), (12.0, 12), ("12 €", 12), ("0", 0), ("-3,5", -3.5)],
)
def test_a_number_is_read_with_comma_or_point(value: Any, number: float) -> None:
    assert Number().read(value, HERE) == number


@pytest.mark.parametrize("value", ["1,234", "1.200", "-1.200", "250.000"])
def test_a_comma_or_a_point_before_three_digits_is_not_guessed(value: str) -> None:
    assert problem_of(Number(), value) == "number_unclear"


def test_degrees_have_no_thousands() -> None:
    assert Number(exact=True).read("49,804", HERE) == 49.804
    assert Number(exact=True).read("49.804", HERE) == 49.804


@given(st.floats(0, 2000).map(lambda number: round(number, 3)))
def test_whatever_number_is_written_is_read_again(number: float) -> None:
    for cell in (Number(), Number(exact=True)):
        assert cell.read(str(cell.write(number)), HERE) == number


def test_a_whole_number_may_have_been_made_a_decimal_by_excel() -> None:
    assert Number(whole=True).read(14.0, HERE) == 14
    assert problem_of(Number(whole=True), 14.5) == "whole_number"
    assert problem_of(Number(), "a lot") == "number"


@pytest.mark.parametrize(
    ("value", "truth"), [("ja", True), ("Nein", False), ("WAHR", True), (True, True), (0, False), ("x", True), ("FALSE", False)]
)
def test_yes_and_no_are_read_in_german_and_english(value: Any, truth: bool) -> None:
    assert YesNo().read(value, HERE) is truth


def test_anything_else_is_neither_yes_nor_no() -> None:
    assert problem_of(YesNo(), "vielleicht") == "yes_no"


def test_a_choice_is_read_by_its_own_word_or_by_one_of_a_catalogue() -> None:
    appointment = Choice(("required", "possible", "none"))
    assert [appointment.read(word, HERE) for word in ("required", "Nötig", " möglich ", "nicht nötig", "not needed")] == [
        "required", "required", "possible", "none", "none",
    ]  # fmt: skip
    assert problem_of(appointment, "manchmal") == "choice"


def test_text_keeps_digits_and_refuses_what_excel_has_turned_into_a_date() -> None:
    assert Text().read(12.0, HERE) == "12"
    assert Text().read("  Amt\r\nHaus ", HERE) == "Amt\nHaus"
    assert problem_of(Text(), datetime(2026, 10, 1)) == "made_date"


@pytest.mark.parametrize(
    ("value", "phones"),
    [
        ("+49 30 23125 100", [("+49 30 23125 100", "voice")]),
        ("+49 30 23125 100 | +49 30 23125 101 (fax)", [("+49 30 23125 100", "voice"), ("+49 30 23125 101", "fax")]),
        ("+49 30 23125 100\n+49 152 28817386 (Handy)", [("+49 30 23125 100", "voice"), ("+49 152 28817386", "mobile")]),
        (112, [("112", "voice")]),
    ],
)
def test_telephone_numbers_with_their_kinds(value: Any, phones: list[tuple[str, str]]) -> None:
    assert [(one["number"], one["kind"]) for one in Phones().read(value, HERE)] == phones


def test_a_number_without_a_country_is_one_of_the_citys_country() -> None:
    assert Phones().read("030 23125100", Context(region="DE"))[0]["number"] == "+49 30 23125100"
    assert Phones().read("0049 30 23125100", Context(region="DE"))[0]["number"] == "+49 30 23125100"


@pytest.mark.parametrize(
    "value",
    ["030 12345 Durchwahl 6", "030 1234 App. 5", "030 12345 Zentrale", "0821 324-2100/-2101", "030 1234 / 5678", "030/1234/5678"],
)
def test_words_and_second_numbers_do_not_become_digits_of_the_first(value: str) -> None:
    assert problem_of(Phones(), value, Context(region="DE")) == "phone"


@pytest.mark.parametrize("value", ["0821", "(0821)", 821, "089", "033203", "030 12", "324-21"])
def test_an_area_code_alone_or_a_number_without_one_calls_nobody(value: Any) -> None:
    assert problem_of(Phones(), value, Context(region="DE")) == "phone_short"


@pytest.mark.parametrize(
    ("value", "region", "kept"),
    [
        *((short, "DE", short) for short in ("112", "110", "115", "116111", "116117")),
        ("116 117", "DE", "116117"),
        (112, "DE", "112"),
        ("0800 1110111", "DE", "+49 800 1110111"),
        ("15", "FR", "15"),
        ("3939", "FR", "3939"),
        ("211", "US", "211"),
        ("183", "TR", "183"),
        ("222222", "FO", "+298 22 22 22"),
        ("112", None, "112"),
    ],
)
def test_short_numbers_that_people_in_the_country_call_are_taken(value: Any, region: str | None, kept: str) -> None:
    assert Phones().read(value, Context(region=region))[0]["number"] == kept


@pytest.mark.parametrize("value", ["030/23125-100", "(030) 23125 100", "+49 (0)30 23125-100", "+49 30/23125 100", "0049 (0) 30/23125100"])
def test_a_telephone_number_may_be_written_in_many_ways(value: str) -> None:
    (found,) = Phones().read(value, Context(region="DE"))
    assert phone(found["number"]) == "+49 30 23125100"


@pytest.mark.parametrize("value", ["kein@", "keine", "a b@city.example", "a@b@city.example", "info@city", "info@city."])
def test_what_is_no_address_for_e_mail_is_refused(value: str) -> None:
    assert problem_of(Email(), value) == "email"


@pytest.mark.parametrize(
    "value", ["keine", "javascript:alert('a.b')", "mailto:info@city.example", "info@city.example", "http://city", "www.a b.de"]
)
def test_what_is_no_address_of_the_web_is_refused(value: str) -> None:
    assert problem_of(WebAddress(), value) == "url"


@pytest.mark.parametrize("value", [1067, "1067", 1067.0])
def test_a_postal_code_that_has_lost_its_zero_is_refused_where_it_has_five_digits(value: Any) -> None:
    assert problem_of(PostalCode(), value, Context(region="DE")) == "zero_lost"
    assert PostalCode().read(value, Context(region="AT")) == "1067"
    assert PostalCode().read("01067", Context(region="DE")) == "01067"
    assert PostalCode().read("A-1010", Context(region="DE")) == "A-1010"


def test_addresses_are_read() -> None:
    assert Email().read(" info@city.example ", HERE) == "info@city.example"
    assert WebAddress().read("https://www.city.example/a?b=c:d", HERE) == "https://www.city.example/a?b=c:d"
    assert WebAddress().read("www.city.example", HERE) == "http://www.city.example"


def test_a_telephone_number_that_excel_has_made_a_number_is_refused() -> None:
    assert problem_of(Phones(), 493023125100.0) == "made_number"


def test_languages_by_code_or_name_with_mode_and_days() -> None:
    assert Languages().read("de | tr (staff: Mo,Tu) | so (phone_interpreter) | ar (Di)", HERE) == [
        {"language": "de"},
        {"language": "tr", "mode": "staff", "days": ["monday", "tuesday"]},
        {"language": "so", "mode": "phone_interpreter"},
        {"language": "ar", "days": ["tuesday"]},
    ]
    assert [one["language"] for one in Languages().read("Deutsch, Arabisch, Türkçe, Ukrainian", HERE)] == ["de", "ar", "tr", "uk"]
    assert problem_of(Languages(), "nach Absprache") == "language"


def test_words_are_separated_by_strokes_lines_commas_or_semicolons_and_stand_once() -> None:
    assert Words().read("a | b, c;d\na", HERE) == ["a", "b", "c", "d"]
    assert Words(("women", "families")).read("Frauen, families", HERE) == ["women", "families"]


@pytest.mark.parametrize(
    ("words", "made"),
    [
        ("Bürgerbüro Mitte", "buergerbuero-mitte"),
        ("  Straße   5 ", "strasse-5"),
        ("Café „Ankunft“", "cafe-ankunft"),
        ("A 4711/B", "a-4711-b"),
    ],
)
def test_an_id_is_made_of_a_name(words: str, made: str) -> None:
    assert slug(words) == made


def test_names_in_other_scripts_and_long_names_have_ids_of_their_own() -> None:
    made = [slug(words) for words in ("Мерія", "Мерiя", "بلدية", "x" * 100, "x" * 101)]
    assert len(set(made)) == 5
    assert slug("Мерія") == slug(" мерія ")


def test_an_id_that_can_be_one_stays_and_another_becomes_one() -> None:
    assert as_id("welcome-point.2") == "welcome-point.2"
    assert as_id("A-4711") == "a-4711"
    assert as_id(12.0) == "12"


@given(st.text(min_size=1).filter(lambda words: any(letter.isalnum() for letter in words)))
def test_every_made_id_can_be_an_id(words: str) -> None:
    made = slug(words)
    assert as_id(made) == made
    assert len(made) <= 79


LANGUAGES = st.lists(
    st.fixed_dictionaries(
        {"language": st.sampled_from(["de", "ar", "zh-Hant", "gsg"])},
        optional={
            "mode": st.sampled_from(["interpreter", "phone_interpreter"]),
            "days": st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(lambda days: sorted(days, key=WEEKDAYS.index)),
        },
    )
)


@given(LANGUAGES)
def test_languages_come_back(languages: list[dict[str, Any]]) -> None:
    written = Languages().write(languages)
    read = Languages().read(written, HERE) if written else []
    assert [{"mode": "staff"} | one for one in read] == [{"mode": "staff"} | one for one in languages]


CELLS: list[tuple[str, st.SearchStrategy[Any]]] = [
    ("latitude", st.floats(-90, 90)),
    ("cost_amount", st.floats(0, 1e6, allow_nan=False)),
    ("capacity_wait_days", st.integers(0, 10_000)),
    ("checked_on", st.dates(date(1900, 1, 1))),
    ("cost_free", st.booleans()),
    ("cost_currency", st.text(min_size=1).map(lambda text: text.replace("\r", "").strip()).filter(bool)),
]


def column(key: str) -> Column:
    return next(one for table in TABLES.values() for one in table.columns if one.key == key)


@given(st.data())
@pytest.mark.parametrize(("key", "values"), CELLS)
def test_values_come_back_from_typed_cells_and_from_words(key: str, values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    cell, value = column(key).cell, data.draw(values)
    written = cell.write(value)
    assert cell.read(written, HERE) == value
    assert cell.read(unguard(as_csv(written)), HERE) == value
