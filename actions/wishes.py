"""From the names in a message to what is looked for: a district, a language, a day."""

from __future__ import annotations

from datetime import date, timedelta

from actions.turn import Turn
from knowledge.domain.finding import Wish
from knowledge.domain.hours import WEEKDAYS
from knowledge.domain.topics import load_topics

# A second topic below this probability is noise.
_TOPIC_FROM = 0.06


def wish_of(turn: Turn, topics: tuple[str, ...], today: date, *, remembered: bool = False) -> Wish:
    """What the message asks for; with `remembered`, what was asked before fills the gaps ("and on Saturday?")."""
    district = turn.entity("district") or (turn.slots.get("district") if remembered else None)
    spoken = turn.entity("spoken_language") or (turn.slots.get("spoken_language") if remembered else None)
    return Wish(
        topics=topics,
        organization=turn.entity("organization"),
        district=district,
        spoken_language=spoken,
        day=asked_day(turn, today),
    )


def asked_day(turn: Turn, today: date) -> date | None:
    """The date meant by "on Saturday", "tomorrow", "at the weekend"; a weekday is the next one from today on."""
    named = turn.entity("day")
    if named == "today":
        return today
    if named == "tomorrow":
        return today + timedelta(days=1)
    if named == "weekend":
        return today if today.weekday() >= 5 else today + timedelta(days=5 - today.weekday())
    if named in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS.index(named) - today.weekday()) % 7)
    return None


def likely_topics(turn: Turn, limit: int = 2) -> tuple[str, ...]:
    """Topics among what the classifier thought of, most probable first."""
    known = set(load_topics().topics)
    return tuple(name for name, chance in turn.ranking if name in known and chance >= _TOPIC_FROM)[:limit]
