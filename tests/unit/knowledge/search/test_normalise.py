"""Words are compared in one form, whatever keyboard or hurry they were written with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.normalise import normalise, stem, terms, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("أحمد إلى آخر", "احمد الي اخر"),  # hamza carriers, final ya
        ("مدرسة", "مدرسه"),  # ta marbuta
        ("مَدْرَسَة", "مدرسة"),  # vowel signs
        ("مـــدرسة", "مدرسة"),  # tatweel
        ("کتاب فارسی", "كتاب فارسي"),  # Persian kaf and ya
        ("الساعة ٨:٣٠", "الساعة 8:30"),
        ("Bürgerbüro", "burgerburo"),
        ("Straße", "STRASSE"),
        ("École", "ecole"),
        ("İSTANBUL", "istanbul"),  # dotted capital
        ("Isparta", "ısparta"),  # dotless small letter
        ("ŞEHİR", "şehir"),
        ("m’inscrire", "m'inscrire"),
        ("ґанок", "ганок"),
        ("  zwei \n Wörter ", "zwei worter"),
        ("a\u0308", "ä"),  # composed and decomposed
    ],
)
def test_spellings_that_people_use_for_one_another_are_the_same(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), [("й", "и"), ("ї", "і"), ("ش", "س"), ("ğ", "j")])
def test_letters_of_their_own_stay_apart(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text(max_size=80))
def test_twice_is_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="أإآىئؤةکیـًّـ٣ßıİIŞğйїёґ’ʼ äÄéa\u0301\u0306\u0308", max_size=30))
def test_twice_is_once_for_the_letters_that_are_changed(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=80))
def test_words_carry_no_spaces_and_no_punctuation(text: str) -> None:
    assert all(word.replace("'", "").isalnum() for word in words(text) if word.isascii())


def test_words_are_found_between_punctuation_in_any_script() -> None:
    assert words("Wo? (hier!) — الآن، هنا") == ["wo", "hier", "الان", "هنا"]


@pytest.mark.parametrize(
    ("language", "one", "other"), [("de", "anmeldungen", "anmeldung"), ("en", "schools", "school"), ("fr", "ecoles", "ecole")]
)
def test_inflected_forms_share_a_stem(language: str, one: str, other: str) -> None:
    assert stem(one, language) == stem(other, language)


def test_a_language_without_a_stemmer_keeps_its_words() -> None:
    assert stem("школи", "uk") == "школи"
    assert terms("я школи", "uk") == ["школи"]


@pytest.mark.usefixtures("threads_take_turns_often")
def test_stems_are_the_same_when_several_ask_at_once() -> None:
    """Several people are answered at once, while an editor's text is being indexed; a wrong stem would be kept until the next start."""
    made = [
        "".join(parts) for parts in product(("anmeld", "wohn", "versicher", "kinder"), ("lich", "isch", "bar"), ("keit", "e", "en", "er"))
    ]
    plain = stem.__wrapped__
    alone = [plain(word, "de") for word in made]
    with ThreadPoolExecutor(4) as several:
        found = several.map(lambda _: [plain(word, "de") for word in made], range(80))
        assert all(one == alone for one in found)
