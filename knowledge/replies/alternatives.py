"""What else a person may have meant: offered above an answer that is not certain, so that a wrong one costs one tap."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.topics import load_topics

# Measured on our held-back examples (docs/measurements.md): two more topics stand above one answer in five, and with them a quarter of the
# wrong answers is mended by one tap.
CERTAIN = 0.8
WORTH_OFFERING = 0.06
MOST = 2
# The same where nothing is certain enough to be answered, and the person chooses.
TO_CHOOSE = 0.08
MOST_CHOICES = 3


def other_topics(ranking: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    """Topics to offer beside the answer on the first of `ranking` (intent, probability), most probable first; none where that is certain.

    Never a crisis: whoever may be in one gets the number above the answer, not a word for it on a button that others may read.
    """
    if not ranking or ranking[0][1] >= CERTAIN:
        return ()
    known = set(load_topics().topics) - set(CRISIS_TOPICS)
    return tuple(name for name, chance in ranking[1:] if name in known and chance >= WORTH_OFFERING)[:MOST]


def topics_to_choose(ranking: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    """Topics to offer instead of an answer, where the first of `ranking` is too doubtful for one. Never a crisis, for the same reason."""
    known = set(load_topics().topics) - set(CRISIS_TOPICS)
    return tuple(name for name, chance in ranking if name in known and chance >= TO_CHOOSE)[:MOST_CHOICES]
