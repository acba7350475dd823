"""What a reader gets to see of a text, and how far it can be trusted."""

from __future__ import annotations

import pytest

from knowledge.domain.text import LocalizedText, Reading, Translation, TranslationState, translation_state, worst
from locales.registry import chain
from tests.factories import text

OFFICE = text("Amt", en="Office", fr="Bureau")


class TestTranslationState:
    @pytest.mark.parametrize(
        ("machine", "reviewed", "expected"),
        [
            (True, False, TranslationState.MACHINE),
            (True, True, TranslationState.REVIEWED),
            (False, False, TranslationState.REVIEWED),
        ],
    )
    def test_of_the_newest_text_it_depends_on_who_wrote_and_read_it(
        self, machine: bool, reviewed: bool, expected: TranslationState
    ) -> None:
        assert translation_state(of_revision=2, last_major_revision=2, machine=machine, reviewed=reviewed) is expected

    @pytest.mark.parametrize("reviewed", [True, False])
    def test_of_an_older_text_it_is_outdated_whoever_read_it(self, reviewed: bool) -> None:
        assert translation_state(of_revision=1, last_major_revision=2, machine=False, reviewed=reviewed) is TranslationState.OUTDATED

    def test_a_minor_edit_does_not_age_it(self) -> None:
        # Revision 3 is a comma: the last major revision is still the second.
        assert translation_state(of_revision=2, last_major_revision=2, machine=False, reviewed=True) is TranslationState.REVIEWED

    def test_distrust_grows_from_original_to_missing(self) -> None:
        assert sorted(reversed(TranslationState), key=lambda state: state.rank) == list(TranslationState)

    def test_the_worst_of_several_counts(self) -> None:
        assert worst([TranslationState.REVIEWED, TranslationState.OUTDATED, TranslationState.MACHINE]) is TranslationState.OUTDATED
        assert worst([]) is TranslationState.ORIGINAL


class TestReading:
    def test_the_readers_language_comes_first(self) -> None:
        assert OFFICE.read(["fr", "en", "de"]) == Reading("Bureau", "fr", TranslationState.MACHINE)

    def test_the_next_language_of_the_chain_stands_in(self) -> None:
        assert OFFICE.read(["ar", "en", "fr"]).body == "Office"

    def test_the_source_is_preferred_where_the_chain_names_it_earlier(self) -> None:
        assert OFFICE.read(["tr", "de", "en"]) == Reading("Amt", "de", TranslationState.ORIGINAL)

    def test_the_source_is_the_last_resort(self) -> None:
        assert OFFICE.read(["ti"]) == Reading("Amt", "de", TranslationState.ORIGINAL)

    def test_an_outdated_translation_is_still_shown(self) -> None:
        old = LocalizedText("de", "Neues Amt", {"en": Translation("Old office", TranslationState.OUTDATED)})
        assert old.read(["en"]) == Reading("Old office", "en", TranslationState.OUTDATED)

    def test_a_list_has_one_item_a_line(self) -> None:
        assert text("Pass\n\nMietvertrag").read(["de"]).lines == ("Pass", "Mietvertrag")

    @pytest.mark.parametrize(("code", "state"), [("de", "original"), ("en", "machine"), ("uk", "missing")])
    def test_the_state_in_one_language_knows_no_fallback(self, code: str, state: str) -> None:
        assert OFFICE.state_in(code) == state

    def test_search_sees_every_language(self) -> None:
        assert dict(OFFICE.all_bodies()) == {"de": "Amt", "en": "Office", "fr": "Bureau"}


class TestFallbackChains:
    @pytest.mark.parametrize(
        ("reader", "expected"),
        [
            ("uk", ("uk", "ru", "en", "de")),
            ("fa", ("fa", "ps", "en", "de")),
            ("tr", ("tr", "en", "de")),
            ("de", ("de", "en")),
            ("sw", ("sw", "de")),
        ],
    )
    def test_own_language_then_related_ones_then_the_citys(self, reader: str, expected: tuple[str, ...]) -> None:
        assert chain(reader, "de") == expected
