"""Texts for a translation service and what it made of them. A machine's words are marked until a person has read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.domain.text import TranslationState
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.confidential import secrets_of
from knowledge.editorial.errors import Conflict
from knowledge.editorial.records import State, hold_rows
from knowledge.editorial.sections_bulk import sections_of
from knowledge.editorial.translate import translate
from knowledge.store.desk_tables import RecordRow


@dataclass(frozen=True, slots=True)
class Untranslated:
    """A text that has no translation."""

    key: str
    field: str
    words: str
    digest: str


def untranslated(
    session: Session, actor: Actor, municipality: str, language: str, keys: Sequence[str], *, drafts: bool = False
) -> list[Untranslated]:
    """Texts of the records `keys` without a translation that `actor` may have translated.

    What nobody may read yet stays in the house unless `drafts` says otherwise; confidential places always do.
    """
    secrets = secrets_of(session, municipality)
    allowed = _allowed(session, actor, municipality, keys)
    found = []
    for key, sections in sections_of(session, allowed, [language]):
        for one in sections[language]:
            if one.state is TranslationState.MISSING and (one.public or drafts) and not secrets.hides(key, one.source):
                found.append(Untranslated(key, one.field, one.source, one.source_digest))
    return found


def _allowed(session: Session, actor: Actor, municipality: str, keys: Sequence[str]) -> list[str]:
    known: dict[str, str | None] = {}
    r = RecordRow
    for start in range(0, len(keys), 400):
        chunk = keys[start : start + 400]
        rows = select(r.id, r.organization_id).where(r.id.in_(chunk), r.municipality_id == municipality, r.state != State.ARCHIVED.value)
        known |= {key: organization for key, organization in session.execute(rows)}
    return [key for key in keys if key in known and actor.may(Permission.TRANSLATE, municipality, known[key])]


def keep_machine_words(session: Session, actor: Actor, language: str, texts: Iterable[Untranslated], words: Iterable[str]) -> int:
    """Keep what the service has made of `texts`; returns how many were kept. What has changed meanwhile is passed over, and so is what
    somebody has translated by hand while the machine was at it."""
    texts = list(texts)
    hold_rows(session, (one.key for one in texts))
    kept = 0
    for one, translated in zip(texts, words, strict=True):
        if not translated.strip() or translated.count("\n") != one.words.count("\n"):
            continue
        try:
            translate(session, actor, one.key, one.field, language, translated, of=one.digest, instead_of="", machine=True, reviewed=False)
            kept += 1
        except Conflict:
            continue
    return kept
