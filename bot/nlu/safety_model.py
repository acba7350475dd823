"""Whether a message speaks of a crisis: phrases written by people, or the probability of all crisis topics together.

To miss a crisis is far worse than to show emergency numbers once too often, so the threshold is far below a half. Below it lies a
second level: perhaps a crisis. There the emergency number and a way to help come first, and the answer to the question follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.nlu.signals import Signals
from knowledge.domain.records import CRISIS_TOPICS

THRESHOLD = 0.25
PERHAPS_THRESHOLD = 0.06


@dataclass(frozen=True, slots=True)
class SafetyFinding:
    """A crisis of `kind` (a topic id), found by `by` (signal or topics), with its probability."""

    kind: str
    by: str
    probability: float


def find_crisis(text: str, topics: Mapping[str, float], signals: Signals, threshold: float = THRESHOLD) -> SafetyFinding | None:
    """The crisis in `text`, None for an ordinary message. `topics` are the probabilities of all intents."""
    chance = sum(topics.get(kind, 0.0) for kind in CRISIS_TOPICS)
    likely = max(CRISIS_TOPICS, key=lambda kind: topics.get(kind, 0.0))
    signal = signals.kind(text)
    if signal is not None:
        # A phrase shows that it is serious; the whole message knows better of what kind.
        return SafetyFinding(likely if topics.get(likely, 0.0) > 0.5 else signal, "signal", max(chance, 0.9))
    if chance >= threshold:
        return SafetyFinding(likely, "topics", chance)
    return None


def perhaps_crisis(topics: Mapping[str, float], threshold: float = PERHAPS_THRESHOLD) -> SafetyFinding | None:
    """What a message may be about beside its topic, where `find_crisis` found nothing: too likely to be passed over, too unlikely to answer
    nothing else.
    """
    chance = sum(topics.get(kind, 0.0) for kind in CRISIS_TOPICS)
    if chance < threshold:
        return None
    return SafetyFinding(max(CRISIS_TOPICS, key=lambda kind: topics.get(kind, 0.0)), "topics", chance)
