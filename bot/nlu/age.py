"""What an age in a message says about its topic: a child of six who sits at home is asked about for school, one of three for day care."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from knowledge.domain.records import CRISIS_TOPICS

# How much of its probability a topic keeps that is not about people of that age. People ask ahead ("she is four, when does school begin").
KEPT = 0.4


def weigh_by_age(
    chances: Sequence[tuple[str, float]], ages: Sequence[int], about: Mapping[str, tuple[int, int]]
) -> list[tuple[str, float]]:
    """`chances` (intent, probability), most probable first, in the light of the ages that were named; they sum to what they did.

    `about` has the first and last year of life of topics. A crisis becomes neither more nor less likely by an age.
    """
    if not ages:
        return list(chances)
    unfit = {topic for topic, (first, last) in about.items() if not any(first <= age <= last for age in ages)} - set(CRISIS_TOPICS)
    moved = sum(chance for name, chance in chances if name in unfit) * (1 - KEPT)
    rest = sum(chance for name, chance in chances if name not in unfit and name not in CRISIS_TOPICS)
    if not moved or not rest:
        return list(chances)
    weighed = []
    for name, chance in chances:
        if name in unfit:
            weighed.append((name, chance * KEPT))
        elif name in CRISIS_TOPICS:
            weighed.append((name, chance))
        else:
            weighed.append((name, chance * (1 + moved / rest)))
    return sorted(weighed, key=lambda one: -one[1])
