"""Translations, section by section: what there is, how far it can be trusted, and writing one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState, translation_state
from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import Conflict, DeskError
from knowledge.editorial.pending import pending
from knowledge.editorial.records import body, get, hold_row, now
from knowledge.store.changes import touch
from knowledge.store.desk_tables import PendingTranslationRow, RecordRow, RevisionRow
from knowledge.store.tables import MunicipalityRow
from knowledge.store.texts import add_translation, as_body, last_major, newest_texts, newest_translations
from locales.registry import languages


@dataclass(frozen=True, slots=True)
class Section:
    """One text of a record with its translation into one language. `source_digest` names the words that are to be translated; `public`
    tells whether readers see these source words already."""

    field: str
    source: str
    source_digest: str
    translation: str
    state: TranslationState
    public: bool
    reviewed_by: str | None


def source_texts(session: Session, record: RecordRow) -> dict[str, str]:
    """The newest source words by field, published or not."""
    return {field: as_body(value) for field, value in body(session, record).get("texts", {}).items()}


def sections(session: Session, record: RecordRow, language: str) -> list[Section]:
    """All texts of the newest revision, with the translation that is there and its state (computed, never stored)."""
    return sections_in(session, record, [language])[language]


def sections_in(session: Session, record: RecordRow, codes: list[str]) -> dict[str, list[Section]]:
    """`sections` in several languages for the price of one."""
    public, major = newest_texts(session, record.id), last_major(session, record.id)
    translated, waiting = newest_translations(session, record.id), pending(session, record)
    minor = only_minor(session, record)
    found: dict[str, list[Section]] = {code: [] for code in codes}
    for field, words in source_texts(session, record).items():
        known = public.get(field)
        is_public = known is not None and known.body == words
        digest = text_digest(words)
        for code in codes:
            row, draft = translated.get((field, code)), waiting.get((field, code))
            given = Given(row.of_number, row.machine, bool(row.reviewed_by)) if row else None
            kept = Given(draft.of_text, draft.machine, bool(draft.reviewed_by)) if draft else None
            state = state_of(is_public=is_public, major=major.get(field, 1), digest=digest, given=given, waiting=kept, minor=minor)
            shown = draft if takes_waiting(is_public=is_public, digest=digest, given=given, waiting=kept, minor=minor) else row
            text, reviewer = (shown.body, shown.reviewed_by) if shown is not None else ("", None)
            found[code].append(Section(field, words, digest, text, state, is_public, reviewer))
    return found


class Given(NamedTuple):
    """A translation without its words: of which source words it is (the number of a public text, or the digest of words that are not
    public yet), and how it was made."""

    of: int | str
    machine: bool
    reviewed: bool


def takes_waiting(*, is_public: bool, digest: str, given: Given | None, waiting: Given | None, minor: bool = False) -> bool:
    """Whether the translation that waits for publication counts, and not the public one: where the source words are not public."""
    if waiting is None or (is_public and given is not None):
        return False
    return waiting.of == digest or given is None or not minor


def state_of(
    *, is_public: bool, major: int, digest: str, given: Given | None, waiting: Given | None, minor: bool = False
) -> TranslationState:
    """State of the translation of source words with `digest`.

    `is_public`: readers see these words; `major`: number of the newest public text that aged translations; `minor`: words that are not
    public differ from the public ones by minor edits only, so that translations of those still hold.
    """
    if waiting is not None and takes_waiting(is_public=is_public, digest=digest, given=given, waiting=waiting, minor=minor):
        if waiting.of != digest:
            return TranslationState.OUTDATED
        return TranslationState.MACHINE if waiting.machine and not waiting.reviewed else TranslationState.REVIEWED
    if given is None:
        return TranslationState.MISSING
    if not is_public and not minor:
        return TranslationState.OUTDATED
    assert isinstance(given.of, int)
    return translation_state(of_revision=given.of, last_major_revision=major, machine=given.machine, reviewed=given.reviewed)


def only_minor(session: Session, record: RecordRow) -> bool:
    """Whether all that was written since the public revision were minor edits."""
    if record.published is None or record.published >= record.newest:
        return False
    numbers = RevisionRow.number
    since = select(RevisionRow.minor).where(RevisionRow.record_id == record.id, numbers > record.published, numbers <= record.newest)
    return all(session.scalars(since))


def translate(
    session: Session,
    actor: Actor,
    key: str,
    field: str,
    language: str,
    words: str,
    *,
    of: str,
    instead_of: str | None = None,
    machine: bool = False,
    reviewed: bool = True,
) -> None:
    """Keep a translation of the source words whose digest is `of`. Words that are public are translated in public at once.

    `instead_of` is the translation that was there when these words were made ("": none); one that somebody has written since stays.
    A person who saves vouches for it (`reviewed`); a machine's words stay marked until a person does. Empty words change nothing.
    Raises Conflict where the source words, or the translation, are others by now, DeskError for an unknown language or field.
    """
    record = get(session, actor, key, Permission.TRANSLATE)
    # A publication in the same moment decides whether these words are public: it is waited for.
    hold_row(session, record)
    if language not in languages():
        raise DeskError("desk.no_language", language=language)
    sources = source_texts(session, record)
    if field not in sources:
        raise DeskError("desk.no_field", field=field)
    if text_digest(sources[field]) != of:
        raise Conflict("desk.source_changed", record=key, field=field)
    if instead_of is not None and _translation(session, record, field, language) != instead_of.strip():
        raise Conflict("desk.translated_meanwhile", record=key, field=field)
    words = words.strip()
    if not words or language == session.get_one(MunicipalityRow, record.municipality_id).source_language:
        return
    reviewed_by = actor.name if reviewed and not machine else None
    public = newest_texts(session, key).get(field)
    session.execute(
        delete(PendingTranslationRow).where(
            PendingTranslationRow.record_id == key, PendingTranslationRow.field == field, PendingTranslationRow.language == language
        )
    )
    if record.published is not None and public is not None and public.body == sources[field]:
        add_translation(
            session,
            record.municipality_id,
            key,
            field,
            language,
            words,
            of=public.number,
            machine=machine,
            reviewed_by=reviewed_by,
        )
        touch(session, record.municipality_id, [key])
    else:
        session.add(
            PendingTranslationRow(
                record_id=key,
                field=field,
                language=language,
                of_text=of,
                body=words,
                machine=machine,
                reviewed_by=reviewed_by,
                author=actor.name,
                at=now(),
            )
        )
    session.flush()
    audit.log(session, actor, record.municipality_id, "translate", key, field=field, language=language, machine=machine)


def _translation(session: Session, record: RecordRow, field: str, language: str) -> str:
    return next(one.translation.strip() for one in sections(session, record, language) if one.field == field)
