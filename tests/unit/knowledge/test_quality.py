"""What a city should look at in its own knowledge."""

from __future__ import annotations

from datetime import timedelta

from knowledge.domain.records import CRISIS_TOPICS, Knowledge
from knowledge.domain.text import TranslationState
from knowledge.domain.topics import load_topics
from knowledge.quality import DUE_AFTER, check_knowledge
from locales.registry import served
from tests.factories import MONDAY, article, helpline, knowledge, municipality, service, text

TOPIC = "registration.address"


def records(known: Knowledge, kind: str, later: timedelta = timedelta(0)) -> list[str]:
    return [finding.record for finding in check_knowledge(known, MONDAY + later) if finding.kind == kind]


def test_topics_without_an_answer_and_without_a_service_are_named() -> None:
    known = knowledge(article(TOPIC), service("office", TOPIC))
    assert set(records(known, "topic without an article")) == set(load_topics().topics) - {TOPIC}
    assert set(records(known, "topic without a service")) == set(load_topics().topics) - {TOPIC}


def test_crises_without_a_helpline_are_named() -> None:
    known = knowledge(town=municipality(helplines=[helpline("line", "safety.violence")]))
    assert set(records(known, "crisis without a helpline")) == set(CRISIS_TOPICS) - {"safety.violence"}


def test_without_an_information_point_people_are_failed_so_it_is_an_error_and_comes_first() -> None:
    assert check_knowledge(knowledge(), MONDAY)[0].severity == "error"
    assert records(knowledge(town=municipality(information_point="office")), "no information point") == []


def test_what_nobody_has_confirmed_for_a_year_is_due() -> None:
    known = knowledge(article(TOPIC), service("office"), service("unknown", checked_on=None))
    assert records(known, "due for checking", DUE_AFTER) == ["service unknown"]
    assert set(records(known, "due for checking", DUE_AFTER + timedelta(days=1))) == {
        f"article {TOPIC}",
        "service office",
        "service unknown",
    }


def test_translations_are_missing_outdated_or_not_reviewed_by_language() -> None:
    name = text("Amt", en="Office")
    old = text("Für alle", state=TranslationState.OUTDATED, en="For all")
    known = knowledge(service("office", name=name, description=old))
    found = {(one.kind, one.detail) for one in check_knowledge(known, MONDAY) if one.record == "service office"}
    assert ("translation not reviewed", "en: 1 texts") in found
    assert ("translation outdated", "en: 1 texts") in found
    missing = {detail.partition(":")[0] for kind, detail in found if kind == "translation missing"}
    assert missing == set(served()) - {"de", "en"}


def test_errors_come_before_warnings_and_notes() -> None:
    order = [finding.severity for finding in check_knowledge(knowledge(article(TOPIC), service("office")), MONDAY)]
    assert order == sorted(order, key=("error", "warning", "note").index)
