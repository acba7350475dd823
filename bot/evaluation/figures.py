"""Figures by language. An average hides the people it fails, so the worst language stands beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any


def metric(outcomes: Iterable[tuple[str, bool]], *, low_is_good: bool = False) -> dict[str, Any]:
    """``{"mean", "worst", "by_language"}`` of (language, hit) pairs; the mean is over languages."""
    counts: dict[str, list[bool]] = defaultdict(list)
    for language, hit in outcomes:
        counts[language].append(hit)
    by_language = {code: {"n": len(hits), "value": sum(hits) / len(hits)} for code, hits in sorted(counts.items())}
    if not by_language:
        return {"mean": None, "worst": None, "by_language": {}}
    pick = max if low_is_good else min
    worst = pick(by_language, key=lambda code: by_language[code]["value"])
    return {
        "mean": sum(row["value"] for row in by_language.values()) / len(by_language),
        "worst": {"language": worst, "value": by_language[worst]["value"]},
        "by_language": by_language,
    }
