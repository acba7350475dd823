"""Names of offices, laws and addresses stay as they are."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.domain.locked_words import CONTACTS, LockedWords, LostWords

OFFICES = LockedWords(["Bürgerbüro", "Bürgerbüro Mitte", "Agentur für Arbeit", "Amt", "§ 16 AufenthG", "Rathausplatz 1", "  "])


def found(text: str, words: LockedWords = OFFICES) -> list[str]:
    return [one.term for one in words.find(text)]


class TestFinding:
    def test_the_longest_name_is_found(self) -> None:
        assert found("Im Bürgerbüro Mitte, nicht im Bürgerbüro Nord") == ["Bürgerbüro Mitte", "Bürgerbüro"]

    @pytest.mark.parametrize("text", ["Bürgerbüros", "Amtlich", "Standesamt", "Hauptamt", "Rathausplatz 12", "ÄAmt", "Amt_1"])
    def test_a_part_of_a_word_or_number_is_none(self, text: str) -> None:
        assert found(text) == []

    @pytest.mark.parametrize("text", ["(Amt)", "Amt.", "„Amt“", "Amt-Mitte", "Amt'ya", "Amt\u200f", "بAmt", "والAmt", "Amtу"])
    def test_signs_and_letters_of_other_scripts_stand_beside_a_word(self, text: str) -> None:
        assert found(text) == ["Amt"]

    def test_where_the_longer_name_is_a_part_of_a_word_the_shorter_one_may_stand(self) -> None:
        assert found("Bürgerbüro Mittendrin") == ["Bürgerbüro"]

    def test_spaces_and_line_breaks_within_a_name_do_not_matter(self) -> None:
        assert found("Agentur\nfür\u00a0 Arbeit") == ["Agentur für Arbeit"]

    def test_composed_and_decomposed_letters_are_the_same(self) -> None:
        text = unicodedata.normalize("NFD", "Im Bürgerbüro.")
        (one,) = OFFICES.find(text)
        assert text[one.start : one.end] == unicodedata.normalize("NFD", "Bürgerbüro")
        assert found("Bürgerbüro", LockedWords([unicodedata.normalize("NFD", "Bürgerbüro")])) == ["Bürgerbüro"]

    def test_a_name_that_begins_or_ends_with_a_sign_is_found(self) -> None:
        assert found("nach § 16 AufenthG,") == ["§ 16 AufenthG"]

    def test_upper_and_lower_case_matter(self) -> None:
        assert found("amt AMT") == []

    def test_other_scripts_have_names_too(self) -> None:
        words = LockedWords(["مكتب المواطنين", "ЦНАП"])
        assert found("في مكتب المواطنين. ЦНАП, ЦНАПи", words) == ["مكتب المواطنين", "ЦНАП"]

    def test_thousands_of_names_are_found_in_no_time(self) -> None:
        many = LockedWords([f"Straße {number}" for number in range(5000)])
        assert found("Kommen Sie in die Straße 4321. " * 200, many) == ["Straße 4321"] * 200


class TestProtecting:
    def test_the_words_come_back_where_the_placeholders_stand(self) -> None:
        text, restore = OFFICES.protect("Das Bürgerbüro ist am Rathausplatz 1.")
        assert "Bürgerbüro" not in text
        assert "Rathausplatz" not in text
        assert restore(text) == "Das Bürgerbüro ist am Rathausplatz 1."

    def test_they_may_be_moved_spaced_and_cased(self) -> None:
        text, restore = OFFICES.protect("Bürgerbüro, Amt")
        first, second = text.split(", ")
        assert restore(f"{second.lower()} und {' '.join(first)}") == "Amt und Bürgerbüro"

    def test_digits_of_another_script_are_read(self) -> None:
        text, restore = OFFICES.protect("Amt")
        assert restore(text.replace("0", "٠")) == "Amt"

    @pytest.mark.parametrize("change", ["", "{0} {0}", "{0} QX7XQ"])
    def test_a_word_that_is_lost_doubled_or_made_up_is_said(self, change: str) -> None:
        text, restore = OFFICES.protect("Amt")
        with pytest.raises(LostWords):
            restore(change.format(text))

    def test_a_text_that_looks_like_a_placeholder_is_none(self) -> None:
        text, restore = OFFICES.protect("QX0XQ Amt")
        assert restore(text) == "QX0XQ Amt"

    @pytest.mark.parametrize(
        "contact",
        [
            "+49 30 23125-000",
            "030 / 2312 5000",
            "112",
            "116 117",
            "info@stadt.example",
            "https://stadt.example/a?b=c#d",
            "www.stadt.example/x",
        ],
    )
    def test_contacts_are_protected_and_the_sign_behind_them_is_not(self, contact: str) -> None:
        text, restore = LockedWords(()).protect(f"Siehe {contact}, bitte.", CONTACTS)
        assert contact not in text
        assert text.endswith(", bitte.")
        assert restore(text) == f"Siehe {contact}, bitte."

    @pytest.mark.parametrize("text", ["9:00-12:00 Uhr", "12 Kinder", "1.000 Euro", "2026", "Zimmer 3", "150.5 km", "a112b"])
    def test_other_numbers_are_left_to_the_translation(self, text: str) -> None:
        assert LockedWords(()).protect(text, CONTACTS).text == text


class TestBroken:
    def test_a_name_that_got_lost_or_was_altered_is_told(self) -> None:
        assert OFFICES.broken("Das Bürgerbüro und das Amt", "The citizens' office and the amt") == ["Bürgerbüro", "Amt"]

    def test_a_name_that_is_kept_once_is_kept(self) -> None:
        assert OFFICES.broken("Amt. Das Amt hilft.", "The Amt. It helps.") == []

    def test_a_longer_name_in_the_translation_carries_the_shorter_one(self) -> None:
        assert OFFICES.broken("Das Bürgerbüro", "The Bürgerbüro Mitte") == []

    def test_what_is_not_locked_may_change(self) -> None:
        assert OFFICES.broken("Das Rathaus", "The town hall") == []


words = st.text(alphabet="aäA 1-.ب", min_size=1, max_size=6)


@given(st.lists(words, max_size=5), st.text(alphabet="aäA 1-.بQX0", max_size=40))
def test_any_text_comes_back_as_it_was(terms: list[str], text: str) -> None:
    locked = LockedWords(terms)
    hidden, restore = locked.protect(text, CONTACTS)
    assert restore(hidden) == text
    spans = [(one.start, one.end) for one in locked.find(text)]
    assert spans == sorted(spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert locked.broken(text, text) == []
