"""Topics are proposed from words, with the reason; where nothing speaks for one, none is proposed."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from knowledge.domain.topics import load_topics
from knowledge.exchange.integreat import topics
from knowledge.exchange.integreat.importer import read_export
from knowledge.exchange.integreat.topics import Confidence, Proposal, propose_topics
from tests.unit.knowledge.exchange.integreat.pages import SAMPLES, Row, a_page, in_languages, read


def proposed(folder: Path, *rows: Row, **languages: list[Row]) -> dict[str, Proposal]:
    return {one.page: one for one in propose_topics(read(folder, de=rows, **languages).batch)}


def topic_of(folder: Path, title: str) -> str | None:
    return proposed(folder, a_page("seite", title=title))["seite"].topic


def test_each_rule_names_a_topic_of_the_list_and_has_words_in_both_languages() -> None:
    rules = yaml.safe_load(Path(topics.__file__).with_name("topic_words.yml").read_text(encoding="utf-8"))
    assert {rule["topic"] for rule in rules} - {"none"} == set(load_topics().topics)
    assert all(rule["de"] and rule["en"] for rule in rules)
    assert len({rule["topic"] for rule in rules}) == len(rules)


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Ärztliche Hilfe für Menschen ohne Krankenversicherung", "health.uninsured"),
        ("Krankenversicherung ist Pflicht", "health.insurance"),
        ("IMPF-EMPFEHLUNGEN für Kinder", "health.children"),
        ("Abend-Realschule", "schools.adult_education"),
        ("Deutsch lernen an einer beruflichen Schule", "schools.newcomer_class"),
        ("Deutsch lernen", "language.courses"),
        ("Sozialwohnungen/ Wohnberechtigungsschein (WBS)", "housing.social"),
        ("Hilfe bei drohendem Wohnungsverlust", "housing.rights"),
        ("Für Frauen in Not", "safety.violence"),
        ("Anerkennung ausländischer Berufsabschlüsse", "work.qualifications"),
        ("Visiting a doctor", "health.doctor"),
        ("Current account", "money.bank_account"),
        ("Recognition of foreign qualifications", "work.qualifications"),
        ("Öffentlicher Nahverkehr", None),
        ("Herzlich Willkommen", None),
        ("Einbürgerung", None),
        ("Wohnzimmer", None),
    ],
)
def test_a_title_speaks_for_its_topic(tmp_path: Path, title: str, topic: str | None) -> None:
    assert topic_of(tmp_path, title) == topic


def test_the_reason_names_the_word_and_the_path_leads_down_to_the_page(tmp_path: Path) -> None:
    found = proposed(tmp_path, a_page("wohnen", title="Wohnen", content=""), a_page("wohnen/x", title="Mietvertrag und Kaution"))["x"]
    assert (found.path, found.topic, found.confidence) == (("Wohnen", "Mietvertrag und Kaution"), "housing.rights", Confidence.TITLE)
    assert found.reason.say("en") == "The title has the word “mietvertrag”."
    assert found.reason.say("de") == "Im Titel steht „mietvertrag“."


def test_a_page_that_says_nothing_is_proposed_the_topic_above_it(tmp_path: Path) -> None:
    rows = [a_page("a", title="Asylverfahren"), a_page("a/b", title="Anhörung"), a_page("a/b/c", title="Dauer")]
    found = proposed(tmp_path, *rows)["c"]
    assert (found.topic, found.confidence) == ("registration.asylum", Confidence.ABOVE)
    assert found.reason.say("en") == "As the page above: Asylverfahren."


def test_a_word_that_speaks_against_every_topic_stops_that(tmp_path: Path) -> None:
    rows = [
        a_page("a", title="Hilfe für Menschen aus der Ukraine"),
        a_page("a/b", title="So kann ich helfen"),
        a_page("a/b/c", title="Spenden"),
    ]
    found = proposed(tmp_path, *rows)
    assert found["b"].topic is None
    assert found["c"].topic is None


@pytest.mark.parametrize(
    ("keywords", "topic"),
    [
        ("<em>Schlagworte: Jobsuche, Bewerbung schreiben, Karriere</em>", "work.search"),
        ("<em>Keywords:</em> <em>job search, cover letter</em>", "work.search"),
        ("Schlagworte: Jobsuche, Karriere", None),
        ("Schlagworte: Jobsuche, Bewerbung, Sozialwohnung, WBS", None),
        ("Jobsuche, Bewerbung", None),
    ],
)
def test_keywords_speak_for_a_topic_when_some_agree(tmp_path: Path, keywords: str, topic: str | None) -> None:
    found = proposed(tmp_path, a_page("seite", title="Wichtiges", content=f"<p>Text.</p><p>{keywords}</p>"))["seite"]
    assert (found.topic, found.confidence) == (topic, Confidence.KEYWORDS if topic else Confidence.NONE)


def test_a_translated_title_helps_out(tmp_path: Path) -> None:
    english = a_page("page", language="en", title="Finding a job", available_languages=in_languages(de="seite"))
    found = proposed(tmp_path, a_page("seite", title="Arbeitswelt"), en=[english])["seite"]
    assert (found.topic, found.confidence) == ("work.search", Confidence.TITLE)


def test_every_page_gets_one_proposal_and_nothing_is_written_into_the_pages() -> None:
    found = read_export(SAMPLES, "de")
    proposals = propose_topics(found.batch)
    assert [one.page for one in proposals] == [page.id for page in found.batch.documents["page"]]
    assert {page.dict()["topic"] for page in found.batch.documents["page"]} == {None}
