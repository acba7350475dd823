"""From the names in a message to what is looked for: a district, a language, a day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from actions.turn import Turn
from knowledge.domain.finding import Wish
from knowledge.domain.hours import NEXT, NOW, WEEKDAYS
from knowledge.domain.topics import load_topics

# A second topic below this probability is noise.
_TOPIC_FROM = 0.06


def wish_of(turn: Turn, topics: tuple[str, ...], now: datetime, *, remembered: bool = False) -> Wish:
    """What the message asks for; with `remembered`, what was asked before fills the gaps ("and on Saturday?")."""
    district = turn.entity("district") or (turn.slots.get("district") if remembered else None)
    spoken = turn.entity("spoken_language") or (turn.slots.get("spoken_language") if remembered else None)
    days = asked_days(turn, now.date())
    return Wish(
        topics=topics,
        organization=turn.entity("organization"),
        district=district,
        spoken_language=spoken,
        days=days,
        open_at=now if asks_now(turn) and not days else None,
    )


def asks_now(turn: Turn) -> bool:
    """Whether the message asks what is open at this moment."""
    return NOW in turn.entities.get("day", ())


def asked_days(turn: Turn, today: date) -> tuple[date, ...]:
    """The dates meant by "on Saturday", "tomorrow", "at the weekend", in order; a weekday is the next one from today on.

    A weekday counts more than "today": who names both says which day today is, or means the weekday.
    """
    named = turn.entities.get("day", ())
    weekdays = {WEEKDAYS.index(one) for one in named if one in WEEKDAYS} | ({5, 6} if "weekend" in named else set())
    if weekdays:
        first = _after_today(today, weekend="weekend" in named) if NEXT in named else today
        return tuple(sorted(first + timedelta(days=(number - first.weekday()) % 7) for number in weekdays))
    return tuple(today + timedelta(days=ahead) for ahead, name in enumerate(("today", "tomorrow")) if name in named)


def _after_today(today: date, *, weekend: bool) -> date:
    """From when on "next" counts: tomorrow; during a weekend, after it."""
    return today + timedelta(days=2 if weekend and today.weekday() == 5 else 1)


def likely_topics(turn: Turn, limit: int = 2) -> tuple[str, ...]:
    """Topics among what the classifier thought of, most probable first."""
    known = set(load_topics().topics)
    return tuple(name for name, chance in turn.ranking if name in known and chance >= _TOPIC_FROM)[:limit]
