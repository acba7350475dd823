"""What translators get is XLIFF 2.0, with notes, and with the words marked that stay as they are."""

from __future__ import annotations

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.domain.locked_words import LockedWords
from knowledge.domain.text import TranslationState
from knowledge.exchange.xliff import Unit, XliffError, export_xliff, list_units, read_xliff
from tests.unit.knowledge.exchange.xliff.units import steps, unit
from tests.unit.knowledge.exchange.xliff.validator import CORE, violations

LOCKED = LockedWords(["Bürgerbüro", "Rathausplatz 1"])
words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
names = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
units = st.builds(
    Unit,
    st.sampled_from(["service", "article", "page"]),
    names,
    st.sampled_from(["name", "description", "steps"]),
    words,
    st.just("0" * 64),
    st.one_of(st.none(), st.integers(0, 20)),
    st.one_of(st.just(""), words),
    st.sampled_from(list(TranslationState)),
    st.one_of(st.just(""), words),
)


def test_a_file_is_valid_and_names_its_languages() -> None:
    data = export_xliff([unit(target="The Bürgerbüro is open."), *steps(("Anrufen", ""), ("Kommen", "Come"))], "de", "en", LOCKED)
    assert violations(data) == []
    root = fromstring(data)
    assert (root.get("srcLang"), root.get("trgLang")) == ("de", "en")


def test_a_right_to_left_language_is_said() -> None:
    file = fromstring(export_xliff([unit()], "de", "ar")).find(f"{CORE}file")
    assert file is not None
    assert (file.get("srcDir"), file.get("trgDir")) == ("ltr", "rtl")


def test_locked_words_are_marked_in_the_source_and_by_the_same_mark_in_the_target() -> None:
    data = export_xliff([unit("Das Bürgerbüro, Rathausplatz 1", "Rathausplatz 1: the Bürgerbüro")], "de", "en", LOCKED).decode()
    assert '<source>Das <mrk id="m1" translate="no">Bürgerbüro</mrk>, <mrk id="m2" translate="no">Rathausplatz 1</mrk></source>' in data
    assert '<target><mrk id="m2" translate="no">Rathausplatz 1</mrk>: the <mrk id="m1" translate="no">Bürgerbüro</mrk></target>' in data


def test_a_locked_word_that_the_target_repeats_has_no_second_mark() -> None:
    data = export_xliff([unit("Bürgerbüro", "Bürgerbüro (Bürgerbüro)")], "de", "en", LOCKED)
    assert violations(data) == []
    assert read_xliff(data).units[0].target == "Bürgerbüro (Bürgerbüro)"


def test_notes_tell_the_translator_in_the_language_of_the_source() -> None:
    noted = unit(target="Old words", state=TranslationState.OUTDATED, note="Name des Angebots")
    notes = [note.text for note in fromstring(export_xliff([noted], "de", "en", LOCKED)).iter(f"{CORE}note")]
    assert notes[0] == "Name des Angebots"
    assert "geändert" in str(notes[1])
    assert str(notes[2]).endswith("Bürgerbüro")


@pytest.mark.parametrize(
    ("state", "said", "detail"),
    [
        (TranslationState.REVIEWED, "final", None),
        (TranslationState.MACHINE, "translated", "newcomer:machine"),
        (TranslationState.OUTDATED, "initial", "newcomer:outdated"),
    ],
)
def test_the_state_of_a_translation_is_that_of_the_standard(state: TranslationState, said: str, detail: str | None) -> None:
    segment = next(fromstring(export_xliff([unit(target="Words", state=state)], "de", "en")).iter(f"{CORE}segment"))
    assert (segment.get("state"), segment.get("subState")) == (said, detail)


def test_records_stand_together_in_the_order_in_which_they_came() -> None:
    given_units = [unit(record="b", field="name"), unit(record="a", field="name"), unit(record="b", field="fees")]
    files = [file.get("original") for file in fromstring(export_xliff(given_units, "de", "en")).iter(f"{CORE}file")]
    assert files == ["service/b", "service/a"]


def test_items_of_a_list_take_their_translations_along_where_there_are_as_many() -> None:
    assert [one.target for one in list_units("service", "a", "steps", ["x", "y"], "d", ["1", "2"])] == ["1", "2"]
    assert [one.target for one in list_units("service", "a", "steps", ["x", "y"], "d", ["1"])] == ["", ""]


@pytest.mark.parametrize(
    ("given_units", "target", "key"),
    [([], "en", "xliff.nothing"), ([unit()], "de", "xliff.same_language"), ([unit(), unit()], "en", "xliff.twice")],
)
def test_what_cannot_be_exported_is_said(given_units: list[Unit], target: str, key: str) -> None:
    with pytest.raises(XliffError) as raised:
        export_xliff(given_units, "de", target)
    assert raised.value.key == key


@settings(max_examples=200, deadline=None)
@given(st.lists(units, min_size=1, max_size=6, unique_by=lambda one: one.id))
def test_any_texts_make_a_valid_file_and_are_read_back(given_units: list[Unit]) -> None:
    data = export_xliff(given_units, "de", "en", LockedWords(["a", "Bürgerbüro"]))
    assert violations(data) == []
    read = {one.id: one for one in read_xliff(data).units}
    assert set(read) == {one.id for one in given_units}
    for one in given_units:
        assert read[one.id].source == one.source
        assert read[one.id].target == (one.target if one.target.strip() else "")
        assert (read[one.id].field, read[one.id].index, read[one.id].digest) == (one.field, one.index, one.digest)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<source>", "<target>x</target><source>"),
        ('id="s1" ', 'id="s 1" '),
        ('state="initial"', 'state="done"'),
        ('version="2.0"', 'version="1.2"'),
        ("<segment", "<segments/><segment"),
        ('srcLang="de"', 'srcLang="de" lang="x"'),
        ('trgLang="en"', 'trgLang="e n"'),
    ],
)
def test_the_rules_would_notice_a_file_that_breaks_them(before: str, after: str) -> None:
    data = export_xliff([unit()], "de", "en").decode()
    assert before in data
    assert violations(data.replace(before, after, 1).encode()) != []
