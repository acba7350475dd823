"""A page prefills the draft of an article; what is missing and what only a person can vouch for is named."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.documents.models import ArticleModel, PageModel
from knowledge.exchange.integreat.articles import as_article

CHANGED = date(2026, 5, 4)


def a_guide_page(body: str = "Satz eins. Satz zwei.", **changes: Any) -> PageModel:
    url = "https://integreat.app/musterstadt/de/arztbesuch/"
    return PageModel(**({"id": "arztbesuch", "url": url, "texts": {"title": "Arztbesuch", "body": body}} | changes))


def test_a_complete_draft_is_a_valid_article() -> None:
    sentences = "Ruf an. Mach einen Termin. Nimm Deine Karte mit. Und den Pass."
    body = f"## Praxis\n\n{sentences}\n\n- Praxis suchen\n- [Termin](tel:110) machen\n\nMehr."
    draft = as_article(a_guide_page(body), topic="health.doctor", changed_on=CHANGED)
    assert draft.missing == ()
    article = ArticleModel.parse_obj(draft.document)
    assert article.texts == {
        "title": "Arztbesuch",
        "answer": "Ruf an. Mach einen Termin. Nimm Deine Karte mit.",
        "steps": ["Praxis suchen", "Termin machen"],
    }
    assert (article.source.title, article.source.url) == ("Arztbesuch", "https://integreat.app/musterstadt/de/arztbesuch/")
    assert article.checked_on == CHANGED
    assert draft.to_confirm == ("texts.answer", "texts.steps", "source.level", "checked_on")


@pytest.mark.parametrize(
    ("page", "arguments", "missing"),
    [
        (a_guide_page(), {"changed_on": CHANGED}, ("topic",)),
        (a_guide_page(topic="health.doctor"), {"changed_on": CHANGED}, ()),
        (a_guide_page(), {"topic": "health.doctor"}, ("checked_on",)),
        (a_guide_page(checked_on=CHANGED), {"topic": "health.doctor"}, ()),
        (a_guide_page(""), {"topic": "health.doctor", "changed_on": CHANGED}, ("texts.answer",)),
        (a_guide_page(url=None), {"topic": "health.doctor", "changed_on": CHANGED}, ("source.url",)),
        (a_guide_page(), {"topic": "health.doctor", "changed_on": CHANGED, "audience": "all"}, ("audience",)),
    ],
    ids=["topic", "own topic", "date", "own date", "answer", "address", "audience"],
)
def test_what_is_missing_is_named(page: PageModel, arguments: dict[str, Any], missing: tuple[str, ...]) -> None:
    assert as_article(page, **arguments).missing == missing


def test_a_date_that_somebody_checked_needs_no_confirming() -> None:
    assert "checked_on" not in as_article(a_guide_page(checked_on=CHANGED), changed_on=date(2020, 1, 1)).to_confirm


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("Das Amt hilft z. B. bei Dr. Muster. Zweiter Satz.", "Das Amt hilft z. B. bei Dr. Muster. Zweiter Satz."),
        ("Öffnungszeiten\n\n**Amt**\\\nLange Gasse 1\n\nDas Amt hilft.", "Das Amt hilft."),
        ("Du kannst...\n\nDu brauchst:\n\nEin Satz!", "Ein Satz!"),
        ("Eins.\n\nZwei?\n\nDrei!\n\nVier.", "Eins. Zwei? Drei!"),
        ("> Zitat.\n\n| A. | B. |\n| --- | --- |\n| C. | D. |\n\nText\\\nweiter.", "Text weiter."),
        ("- Punkt eins.\n\nDanach.", ""),
    ],
)
def test_the_answer_is_the_first_sentences(body: str, answer: str) -> None:
    assert as_article(a_guide_page(body)).document["texts"].get("answer", "") == answer


def test_steps_are_the_first_list_without_what_is_nested_or_endless() -> None:
    body = "1. Eins\n   - darunter\n2. Zwei\n\n   mehr\n3. " + "x" * 300 + "\n\n- Andere Liste"
    assert as_article(a_guide_page(body)).document["texts"]["steps"] == ["Eins", "Zwei"]
