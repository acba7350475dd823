"""What the parser found odd, in words."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from knowledge.editorial.hours_words.names import clock_words, date_words, days_words, season_words
from knowledge.editorial.hours_words.parsed import Problem
from locales.catalogue import say


def problem_words(problem: Problem, language: str) -> str:
    """One or two sentences for the editor: what was not understood or which choice was made, and what to do."""
    return say(f"hours.problem.{problem.key}", language, **{name: _words(value, language) for name, value in problem.fields.items()})


def _words(value: object, language: str) -> object:
    if isinstance(value, date):
        return date_words(value, language)
    if isinstance(value, Set):
        return days_words(sorted(int(str(day)) for day in value), language)
    if isinstance(value, tuple):
        return season_words((value[0], value[1]), language)
    return clock_words(value) if isinstance(value, int) else value
