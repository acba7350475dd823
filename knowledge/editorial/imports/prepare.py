"""What an import needs and what can be done before its transaction begins: others write in the meantime."""

from __future__ import annotations

from knowledge.documents.canonical import parse
from knowledge.editorial.imports.outcome import Action, Plan, Progress

_EVERY = 100


def prepare(plan: Plan, progress: Progress | None = None) -> None:
    """Check the documents of everything that may be written; `apply` then need not."""
    items = [item for item in plan.items if item.action is not Action.UNCHANGED]
    for number, item in enumerate(items):
        if progress and number % _EVERY == 0:
            progress(number, len(items))
        item.parsed = parse(item.kind, item.document)
