"""Which translations of a batch are news, and which of them would overwrite what a translator has written since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.domain.records import LIST_FIELDS
from knowledge.domain.text import TranslationState
from knowledge.editorial.imports.basis import Basis
from knowledge.editorial.imports.known import KnownRecord, Waiting, source_words
from knowledge.editorial.imports.outcome import FieldChange, NewTranslation
from knowledge.exchange.batch import TranslatedText
from knowledge.store.texts import as_body


def compare_translation(
    text: TranslatedText, document: Mapping[str, Any], record: KnownRecord | None, basis: Basis | None
) -> tuple[NewTranslation, FieldChange] | None:
    """What the text would change, or None where it says nothing new. `document` is the record as it would be.

    The caller has made sure that the document has the text that is translated.
    """
    words = source_words(dict(document), text.field) or ""
    body = as_body(text.body.split("\n") if text.field in LIST_FIELDS else text.body)
    made = NewTranslation(text.field, text.language, words, body, text.machine, text.reviewed_by)
    path = f"texts.{text.field}@{text.language}"
    known = record.translations.get((text.field, text.language)) if record else None
    if known is None:
        return made, FieldChange(path, None, body)
    assert record is not None
    if known.body == body:
        same_source = words == source_words(record.body, text.field)
        if not same_source or not _vouches(text, known, record, basis):
            return None
        return made, FieldChange(f"{path}:state", known.state.value, TranslationState.REVIEWED.value)
    if body in known.older:
        return None  # the file says what it has said before, and somebody has written other words since
    since = basis.at if basis else None
    newer = known.at is None or since is None or known.at > since
    return made, FieldChange(path, known.body, body, doubt=known.by_person and newer)


def _vouches(text: TranslatedText, known: Waiting, record: KnownRecord, basis: Basis | None) -> bool:
    """Whether the file says of the words that are there that somebody has reviewed them by now. It never takes that back."""
    if text.machine or not text.stated:
        return False
    if known.state is TranslationState.MACHINE:
        return True
    # That an outdated translation still fits can only be said by who has seen the newest words.
    seen = basis is not None and basis.exported and basis.document == record.body and record.newest == record.published
    return known.state is TranslationState.OUTDATED and seen
