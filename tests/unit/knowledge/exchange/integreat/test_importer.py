"""Every page of every file is accounted for: imported where it can be, otherwise left out with a reason."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.domain.errors import InvalidRecord
from knowledge.exchange.batch import TranslatedText
from knowledge.exchange.integreat.importer import IntegreatImport, read_export
from knowledge.exchange.integreat.notices import Figures, Outcome
from tests.unit.knowledge.exchange.integreat.pages import SAMPLES, a_page, a_path, body, documents, in_languages, read


@pytest.fixture(scope="module")
def sample() -> IntegreatImport:
    """A small town in two languages."""
    return read_export(SAMPLES, "de")


def translations(found: IntegreatImport) -> dict[tuple[str, str], str]:
    return {(text.id, text.field): text.body for text in found.batch.translations}


def told(found: IntegreatImport, position: int = 1, language: str = "de") -> list[str]:
    outcome = next(one for one in found.outcomes if (one.language, one.position) == (language, position))
    return ([outcome.reason.key] if outcome.reason else []) + [notice.key for notice in outcome.notices]


def test_the_pages_of_each_language_add_up(sample: IntegreatImport) -> None:
    assert sample.figures() == {
        "de": Figures(in_file=7, documents=5, translations=0, skipped=2, rejected=0),
        "en": Figures(in_file=7, documents=0, translations=5, skipped=1, rejected=1),
    }
    assert all(figures.adds_up for figures in sample.figures().values())
    assert len(documents(sample)) == 5
    assert len({text.id for text in sample.batch.translations}) == 5
    assert (len(sample.batch.skipped), len(sample.batch.rejected)) == (3, 1)


def test_what_is_left_out_is_named_with_its_file_and_reason(sample: IntegreatImport) -> None:
    assert {str(one) for one in [*sample.batch.skipped, *sample.batch.rejected]} == {
        "musterstadt-de.json: /musterstadt/de/wohnen/leer/: The page is empty, and there is no page with text below it.",
        "musterstadt-de.json: /musterstadt/de/nur-in-ukrainisch/: The page is empty, and there is no page with text below it.",
        "musterstadt-en.json: /musterstadt/en/housing/empty/: The page is left out because its source page is empty.",
        "musterstadt-en.json: /musterstadt/en/only-english/: There is no such page in the source language (de).",
    }


def test_the_tree_is_kept_with_its_order(sample: IntegreatImport) -> None:
    assert [(page.id, page.parent, page.order) for page in documents(sample).values()] == [
        ("gesundheit", None, 1),
        ("arztbesuch", "gesundheit", 1),
        ("ohne-versicherung", "gesundheit", 2),
        ("wohnen", None, 2),
        ("fuer-familien", "wohnen", 1),
    ]


def test_a_page_is_cleaned_and_its_contact_data_stay(sample: IntegreatImport) -> None:
    assert body(sample, "arztbesuch") == (
        "## So findest Du eine Praxis\n\n"
        "Du kannst Deine Ärztin oder Deinen Arzt frei wählen. Ruf vorher an. Nimm Deine Karte mit. Und Deinen Impfpass.\n\n"
        "- Such eine Praxis in Deiner Nähe\n- Mach einen Termin\n\n"
        "### Hilfe bei der Suche\n\n"
        "**Gesundheitsamt**\\\n"
        "[Lange Gasse 1, 00001 Musterstadt]"
        "(https://www.google.com/maps/place/Lange+Gasse+1,+00001+Musterstadt/@48.1,10.2,17z/data=!3m1!4b1)\\\n"
        "[030 23125-100](tel:+493023125100)\\\n"
        "[gesundheit_amt@musterstadt.example](mailto:gesundheit_amt@musterstadt.example)\n\n"
        "Ohne Karte? Lies [hier](page:ohne-versicherung) weiter.\n\n"
        "_Schlagworte: Arzt, Praxis, Termin_"
    )
    assert body(sample, "ohne-versicherung") == (
        "Die Behandlung ist anonym.\n\n| Tag | Zeit |\n| --- | --- |\n| Montag | 9 \\| 10 Uhr |\n\n[Film](https://www.youtube.com/embed/abc)"
    )


def test_the_other_language_becomes_the_translation_of_its_source_page(sample: IntegreatImport) -> None:
    assert translations(sample) == {
        ("gesundheit", "title"): "Health",
        ("arztbesuch", "title"): "Seeing a doctor",
        ("arztbesuch", "body"): "You can choose your doctor. See [here](page:ohne-versicherung).",
        ("ohne-versicherung", "title"): "Without health insurance",
        ("wohnen", "title"): "Housing",
        ("fuer-familien", "title"): "Housing search",
        ("fuer-familien", "body"): "Look in the newspaper.",
    }
    assert told(sample, 2, "en") == ["notice.older"]
    assert told(sample, 3, "en") == ["notice.title_only"]


@pytest.mark.parametrize("machine", [True, False])
def test_who_wrote_the_translations_is_said_by_the_caller(machine: bool) -> None:
    found = read_export(SAMPLES, "de", machine=machine)
    assert {text.machine for text in found.batch.translations} == {machine}
    assert {(text.reviewed_by, text.stated) for text in found.batch.translations} == {(None, False)}


def test_the_last_change_is_told_but_is_no_checked_date(sample: IntegreatImport) -> None:
    assert {page.checked_on for page in documents(sample).values()} == {None}
    assert sample.changed_on()["arztbesuch"] == date(2026, 5, 4)


def test_a_page_is_found_by_its_number_in_any_language(sample: IntegreatImport) -> None:
    assert {sample.numbers[5002], sample.numbers[6002]} == {"arztbesuch"}
    assert 5006 not in sample.numbers


def test_titles_are_plain_and_addresses_public(sample: IntegreatImport) -> None:
    page = documents(sample)["fuer-familien"]
    assert page.texts["title"] == "Wohnung suchen & finden"
    assert page.url == "https://integreat.app/musterstadt/de/wohnen/fuer-familien/"


def test_a_second_import_after_edits_finds_the_same_pages(tmp_path: Path) -> None:
    before = read(tmp_path, de=[a_page("a", number=10), a_page("a/b", number=11), a_page("c", number=12)])
    rows = [a_page("c", number=30, title="Neu"), a_page("a", number=31), a_page("c/b", number=32, parent="c")]
    after = read(tmp_path, de=rows)
    assert set(documents(before)) == set(documents(after)) == {"a", "b", "c"}
    assert documents(after)["b"].parent == "c"


def test_ids_are_plain_and_never_shared(tmp_path: Path) -> None:
    slugs = ["für-frauen", "fuer-frauen", "Straße", "مرحبا", "добро", "lang-" * 30, "a--b", "-"]
    found = documents(read(tmp_path, de=[a_page(slug, number=number, title="Seite") for number, slug in enumerate(slugs)]))
    assert len(found) == len(slugs)
    assert {"strasse", "a-b"} <= set(found)
    assert all(id.startswith(("fuer-frauen-", "page-", "lang-", "strasse", "a-b")) and len(id) <= 79 for id in found)
    again = documents(read(tmp_path, de=[a_page(slug, number=99, title="Seite") for slug in reversed(slugs)]))
    assert set(again) == set(found)


def test_a_page_without_its_parent_stands_at_the_top_and_says_so(tmp_path: Path) -> None:
    found = read(tmp_path, de=[a_page("weg/kind")])
    assert documents(found)["kind"].parent is None
    assert told(found) == ["notice.parent"]


def test_pages_that_are_their_own_ancestors_stand_at_the_top(tmp_path: Path) -> None:
    found = read(tmp_path, de=[a_page("a", parent="b"), a_page("b", parent="a"), a_page("c", parent="a"), a_page("d", parent="d")])
    assert {page.id: page.parent for page in documents(found).values()} == {"a": None, "b": None, "c": "a", "d": None}
    assert found.figures()["de"].adds_up


def test_an_empty_page_stays_only_above_a_page_that_says_something(tmp_path: Path) -> None:
    rows = [a_page("a", content=""), a_page("a/b", content=" "), a_page("a/b/c"), a_page("d", content="<br>"), a_page("d/e", content="")]
    found = read(tmp_path, de=rows)
    assert set(documents(found)) == {"a", "b", "c"}
    assert [one.record for one in found.batch.skipped] == [a_path("d"), a_path("d/e")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (7, "rejected.no_page"),
        ({}, "rejected.no_path"),
        (a_page("x", path="/x/"), "rejected.no_path"),
        (a_page("x", path="http://[broken/de/x/"), "rejected.no_path"),
        (a_page("x", title=" \u200b "), "rejected.no_title"),
        (a_page("x", title=None), "rejected.no_title"),
        (a_page("x", content={"html": "x"}), "rejected.content"),
        (a_page("x", content="<b>" * 20_001), "rejected.tags"),
        (a_page("x", path="/musterstadt/fr/x/"), "rejected.language"),
        (a_page("x", path="/andere-stadt/de/x/"), "rejected.region"),
        (a_page("gut"), "rejected.twice"),
    ],
    ids=lambda value: value if isinstance(value, str) else "row",
)
def test_a_row_that_cannot_be_used_is_rejected_and_the_others_are_kept(tmp_path: Path, row: Any, reason: str) -> None:
    found = read(tmp_path, de=[a_page("gut"), row, a_page("auch-gut")])
    assert set(documents(found)) == {"gut", "auch-gut"}
    assert told(found, 2) == [reason]
    assert found.figures()["de"] == Figures(3, 2, 0, 0, 1)
    assert len(found.batch.rejected) == 1


@pytest.mark.parametrize(
    ("changes", "notice"),
    [
        ({"last_updated": "gestern", "modified_gmt": None}, "notice.no_date"),
        ({"parent": {"path": "/kaputt/"}}, "notice.parent"),
        ({"organization": {"name": "Verein"}}, "notice.organization"),
        ({"embedded_offers": [{"name": "Stellen"}]}, "notice.offers"),
        ({"url": "https://admin.integreat-app.de/" + "x" * 500}, "notice.long_url"),
        ({"available_languages": []}, None),
        ({"parent": None, "url": None, "id": "7"}, None),
    ],
    ids=["date", "parent", "organization", "offers", "url", "languages", "bare"],
)
def test_a_page_with_something_odd_is_kept_and_says_so(tmp_path: Path, changes: dict[str, Any], notice: str | None) -> None:
    found = read(tmp_path, de=[a_page("seite", **changes)])
    assert set(documents(found)) == {"seite"}
    assert told(found) == ([notice] if notice else [])
    assert [(one.file, one.record) for one in found.batch.notices] == ([("musterstadt-de.json", a_path("seite"))] if notice else [])


def test_a_second_translation_of_one_page_is_rejected(tmp_path: Path) -> None:
    rows = [a_page(path, language="en", available_languages=in_languages(de="seite")) for path in ("one", "two")]
    found = read(tmp_path, de=[a_page("seite")], en=rows)
    assert told(found, 2, "en") == ["rejected.second_translation"]
    assert translations(found)[("seite", "title")] == "One"


def test_a_text_whose_source_has_none_brings_its_title_only(tmp_path: Path) -> None:
    english = a_page("above", language="en", content="<p>Only here.</p>", available_languages=in_languages(de="oben"))
    found = read(tmp_path, de=[a_page("oben", content=""), a_page("oben/unten")], en=[english])
    assert translations(found) == {("oben", "title"): "Above"}
    assert told(found, 1, "en") == ["notice.source_empty"]


def test_the_sentence_for_a_missing_language_is_taken_out_of_a_longer_text(tmp_path: Path) -> None:
    missing = '<p>Nicht in dieser Sprache:</p><ul><li><a href="https://integreat.app/musterstadt/uk/x/">Українська</a></li></ul>'
    found = read(tmp_path, de=[a_page("seite", content="<p>Eigener Text.</p>" + missing, available_languages=in_languages(uk="x"))])
    assert body(found, "seite") == "Eigener Text."
    assert told(found) == ["notice.not_in_this_language"]


def test_a_list_of_other_pages_is_kept(tmp_path: Path) -> None:
    content = '<p>Siehe:</p><ul><li><a href="https://integreat.app/musterstadt/de/andere/">Andere</a></li></ul>'
    found = read(tmp_path, de=[a_page("seite", content=content, available_languages=in_languages(uk="x")), a_page("andere")])
    assert body(found, "seite") == "Siehe:\n\n- [Andere](page:andere)"


@pytest.mark.parametrize(
    ("content", "reason"),
    [("{", "not readable as JSON"), ('{"pages": []}', "no list of pages"), ("[" * 100_000, "not readable as JSON")],
    ids=["broken", "no list", "deep"],
)
def test_a_file_that_is_no_export_is_rejected_and_the_others_are_read(tmp_path: Path, content: str, reason: str) -> None:
    found = read(tmp_path, de=[a_page("seite")], en=content)
    assert set(documents(found)) == {"seite"}
    assert [reason in one.reason for one in found.batch.rejected] == [True]


def test_a_file_in_another_encoding_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "latin.json").write_bytes(json.dumps([a_page("straße")], ensure_ascii=False).encode("latin-1"))
    found = read(tmp_path, de=[a_page("seite")])
    assert [one.file for one in found.batch.rejected] == ["latin.json"]


def test_files_are_named_by_language_or_found_in_a_folder_or_given_alone(tmp_path: Path) -> None:
    by_language = read_export({"en": SAMPLES / "musterstadt-en.json", "de": SAMPLES / "musterstadt-de.json"}, "de")
    assert by_language.figures() == read_export(SAMPLES, "de").figures()
    assert (
        by_language.batch == read_export(SAMPLES, "de").batch or by_language.batch.documents == read_export(SAMPLES, "de").batch.documents
    )
    alone = read_export(SAMPLES / "musterstadt-de.json", "de")
    assert list(alone.figures()) == ["de"]


@pytest.mark.parametrize("language", ["fr", "de"])
def test_without_pages_in_the_source_language_nothing_is_imported(tmp_path: Path, language: str) -> None:
    english = a_page("page", language="en")
    with pytest.raises(InvalidRecord, match=r"integreat\.no_source"):
        read_export({"en": _file(tmp_path, [english])}, language)


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_without_a_file_nothing_is_imported(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRecord, match=r"integreat\.no_files"):
        read_export(tmp_path / name, "de")


def test_english_can_be_the_source(tmp_path: Path) -> None:
    german = a_page("seite", available_languages=in_languages(en="page"))
    english = a_page("page", language="en", available_languages=in_languages(de="seite"))
    found = read_export({"de": _file(tmp_path, [german]), "en": _file(tmp_path, [english])}, "en")
    assert set(documents(found)) == {"page"}
    assert found.batch.translations[0] == TranslatedText("page", "page", "title", "de", "Seite", machine=True, stated=False)


def test_outcomes_come_in_the_order_of_the_files_the_source_first(sample: IntegreatImport) -> None:
    assert [(one.language, one.position) for one in sample.outcomes] == [(code, number) for code in ("de", "en") for number in range(1, 8)]
    assert {one.id for one in sample.outcomes if one.outcome in (Outcome.SKIPPED, Outcome.REJECTED)} == {None}


def _file(folder: Path, rows: list[Any]) -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path
