"""Units for tests."""

from __future__ import annotations

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState
from knowledge.exchange.xliff import Unit


def unit(
    source: str = "Das Bürgerbüro ist offen.",
    target: str = "",
    *,
    record: str = "ankerstadt/office",
    field: str = "description",
    index: int | None = None,
    of: str | None = None,
    state: TranslationState | None = None,
    note: str = "",
) -> Unit:
    """A text of a service; `of` are the words of the whole field where they are more than `source`."""
    known = state or (TranslationState.REVIEWED if target else TranslationState.MISSING)
    return Unit("service", record, field, source, text_digest(of or source), index, target, known, note)


def steps(*pairs: tuple[str, str], state: TranslationState = TranslationState.REVIEWED) -> list[Unit]:
    """The items of a list with their translations."""
    whole = "\n".join(source for source, _ in pairs)
    return [
        unit(source, target, field="steps", index=index, of=whole, state=state if target else None)
        for index, (source, target) in enumerate(pairs)
    ]


def edited(data: bytes, *changes: tuple[str, str]) -> bytes:
    """The file as somebody else saved it; each change must find its words."""
    text = data.decode()
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return text.encode()
