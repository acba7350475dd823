"""What the translations board tells somebody who comes once a week to do next."""

from __future__ import annotations

from collections import Counter

from knowledge.domain.text import TranslationState
from knowledge.editorial.coverage import Covered
from knowledge.editorial.records import State
from knowledge.editorial.uses import Uses
from knowledge.web.desk.translation.board import LanguageBoard, bar, next_step

MISSING, OUTDATED, MACHINE = (
    TranslationState.MISSING,
    TranslationState.OUTDATED,
    TranslationState.MACHINE,
)


def board(code: str, **counts: int) -> LanguageBoard:
    states = Counter({TranslationState(name): number for name, number in counts.items()})
    record = Covered("service:x/a", "service", "a", "A", State.PUBLISHED, None, 9, {code: states}, Uses(False, 0))
    wanting = record if states[MISSING] or states[OUTDATED] else None
    return LanguageBoard(code, code, bar(9, states), (), wanting, record if states[MACHINE] else None)


def test_what_is_missing_comes_first_in_the_language_that_lacks_most() -> None:
    step = next_step([board("en", machine=9), board("tr", missing=2, outdated=1, machine=6), board("ar", missing=2, machine=7)])
    assert step is not None
    assert (step.code, step.number, step.read) == ("tr", 3, False)


def test_where_nothing_is_missing_what_a_machine_wrote_is_to_be_read() -> None:
    step = next_step([board("en", machine=4, reviewed=5), board("tr", machine=9)])
    assert step is not None
    assert (step.code, step.number, step.read) == ("tr", 9, True)


def test_where_all_is_read_there_is_nothing_to_do() -> None:
    assert next_step([board("en", reviewed=9), board("tr", reviewed=9)]) is None
