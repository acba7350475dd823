"""What the parser gives back: rules and exceptions, and what was not understood or taken with a choice, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.documents.models import ExceptionModel, HoursModel

# Things worth telling that lost nothing: the hours are complete, a choice was made and is named.
NOTICES = frozenset(
    {
        "afternoon_assumed",
        "days_assumed",
        "every_day_assumed",
        "opens_assumed",
        "season_replaces",
        "year_assumed",
        "by_appointment",
        "date_order",
    }
)
PROBLEMS = frozenset(
    {
        "unknown_word", "bad_time", "bad_date", "lone_time", "no_end", "no_start", "no_break", "no_days", "no_times", "same_time", "early",
        "bare_closed", "irregular", "school_holidays", "season_dates", "holiday_hours", "part_day", "weekday_mismatch", "contradiction",
        "overlap", "seasons_overlap", "season_order", "night_exception", "too_long",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to tell the editor about ``text[start:end]``. The words are ``hours.problem.<key>`` in the catalogues; see `problem_words`.

    Fields are texts, dates, minutes after midnight or sets of days (0 is Monday), by the placeholder they fill.
    """

    key: str
    fields: Mapping[str, object]
    start: int
    end: int

    @property
    def notice(self) -> bool:
        """Whether this only tells which choice was made; the others name something that was left out or may be wrong."""
        return self.key in NOTICES


@dataclass(frozen=True, slots=True)
class ParsedHours:
    """Opening hours as they were understood. `closed_on_holidays` is None where nothing was said about public holidays."""

    rules: list[HoursModel] = field(default_factory=list)
    exceptions: list[ExceptionModel] = field(default_factory=list)
    closed_on_holidays: bool | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether everything that was typed is in the rules."""
        return all(problem.notice for problem in self.problems)
