"""What a city should look at in its own knowledge, computed from the records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.domain.records import CRISIS_TOPICS, Knowledge
from knowledge.domain.text import Texts, TranslationState
from knowledge.domain.topics import load_topics
from locales.registry import served

# A year is the longest that addresses, hours and rules are left unconfirmed.
DUE_AFTER = timedelta(days=365)


@dataclass(frozen=True)
class Finding:
    """`severity` is error (people are failed), warning (people are served less well) or note."""

    kind: str
    record: str
    detail: str
    severity: str


def check_knowledge(knowledge: Knowledge, today: date | None = None) -> list[Finding]:
    """All findings, errors first."""
    found = [*_missing_answers(knowledge), *_numbers(knowledge), *_old(knowledge, today or date.today()), *_translations(knowledge)]
    order = ("error", "warning", "note")
    return sorted(found, key=lambda finding: order.index(finding.severity))


def _missing_answers(knowledge: Knowledge) -> Iterable[Finding]:
    for topic in load_topics().topics:
        if knowledge.article(topic) is None:
            # Topics without an article are answered with the information point and what search finds.
            yield Finding("topic without an article", topic, "nobody has written an answer yet", "warning")
        if topic not in knowledge.services_by_topic:
            yield Finding("topic without a service", topic, "no service names this topic", "note")


def _numbers(knowledge: Knowledge) -> Iterable[Finding]:
    for kind in CRISIS_TOPICS:
        lines = [line for line in knowledge.municipality.helplines if kind in line.kinds]
        if not lines:
            yield Finding("crisis without a helpline", kind, "only 112 is shown", "warning")
    if knowledge.municipality.information_point is None:
        yield Finding("no information point", knowledge.municipality.id, "nobody can be sent to a person", "error")


def _old(knowledge: Knowledge, today: date) -> Iterable[Finding]:
    for article in knowledge.articles.values():
        if today - article.checked_on > DUE_AFTER:
            yield Finding("due for checking", f"article {article.topic}", f"checked on {article.checked_on}", "warning")
    for service in knowledge.services.values():
        if service.checked_on is None or today - service.checked_on > DUE_AFTER:
            yield Finding("due for checking", f"service {service.id}", f"checked on {service.checked_on or 'no date'}", "warning")


def _translations(knowledge: Knowledge) -> Iterable[Finding]:
    for record, texts in _all_texts(knowledge):
        for language in served():
            states = [text.state_in(language) for text in texts.values()]
            missing = states.count(TranslationState.MISSING)
            if missing:
                yield Finding("translation missing", record, f"{language}: {missing} of {len(states)} texts", "warning")
            if TranslationState.OUTDATED in states:
                yield Finding("translation outdated", record, f"{language}: {states.count(TranslationState.OUTDATED)} texts", "warning")
            if TranslationState.MACHINE in states:
                yield Finding("translation not reviewed", record, f"{language}: {states.count(TranslationState.MACHINE)} texts", "note")


def _all_texts(knowledge: Knowledge) -> Iterable[tuple[str, Texts]]:
    for article in knowledge.articles.values():
        yield f"article {article.topic}", article.texts
    for service in knowledge.services.values():
        yield f"service {service.id}", service.texts
