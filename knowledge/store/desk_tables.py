"""The editors' side: what is being written, what is due, what came from where. Published words are in `knowledge.store.tables`.

`record` keys are ``<kind>:<municipality>/<local id>``, the same as in the texts' tables.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, DateTime, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.store.tables import Base, municipality_column


def _record() -> Mapped[str]:
    return mapped_column(String(300), ForeignKey("record.id", ondelete="CASCADE"), index=True)


def _moment() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True))


class RecordRow(Base):
    """One record as editors see it. `state` is that of the newest revision; `published` names the one that readers see."""

    __tablename__ = "record"
    id: Mapped[str] = mapped_column(String(300), primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    kind: Mapped[str] = mapped_column(String(20), index=True)
    local_id: Mapped[str] = mapped_column(String(240))
    name: Mapped[str] = mapped_column(String(300))
    # Key of the organization whose own editors may work on it.
    organization_id: Mapped[str | None] = mapped_column(String(160), index=True)
    state: Mapped[str] = mapped_column(String(12), index=True)
    newest: Mapped[int] = mapped_column(Integer)
    published: Mapped[int | None] = mapped_column(Integer)
    responsible_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("user_account.id", ondelete="SET NULL"), index=True)
    check_every_days: Mapped[int | None] = mapped_column(Integer)
    checked_on: Mapped[date | None] = mapped_column(Date)
    checked_by: Mapped[str | None] = mapped_column(String(120))
    changed_at: Mapped[datetime] = _moment()
    changed_by: Mapped[str] = mapped_column(String(120))
    publish_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    expire_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    review_note: Mapped[str | None] = mapped_column(Text)


class RevisionRow(Base):
    """One saved version of a record, whole. Never changed after it was written."""

    __tablename__ = "revision"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    record_id: Mapped[str] = _record()
    number: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]]
    minor: Mapped[bool] = mapped_column(Boolean, default=False)
    note: Mapped[str | None] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("user_account.id", ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = _moment()
    restored_from: Mapped[int | None] = mapped_column(Integer)
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (UniqueConstraint("record_id", "number"),)


class AutosaveRow(Base):
    """What somebody has typed and not saved. `form` names the form: a record's key, or ``new:<kind>:<random>``."""

    __tablename__ = "autosave"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    form: Mapped[str] = mapped_column(String(300))
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("user_account.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    base: Mapped[int] = mapped_column(Integer, default=0)
    fields: Mapped[dict[str, Any]]
    at: Mapped[datetime] = _moment()
    __table_args__ = (UniqueConstraint("form", "user_id"),)


class EditLockRow(Base):
    """Who has a record open for editing. It is a courtesy: a save is checked by its base revision all the same."""

    __tablename__ = "edit_lock"
    record_id: Mapped[str] = mapped_column(String(300), ForeignKey("record.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("user_account.id", ondelete="CASCADE"))
    since: Mapped[datetime] = _moment()
    seen_at: Mapped[datetime] = _moment()


class PendingTranslationRow(Base):
    """A translation of words that are not public yet; becomes one of the published texts when they are. `of_text` is the digest of the
    source words it translates."""

    __tablename__ = "pending_translation"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    record_id: Mapped[str] = _record()
    field: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(16))
    of_text: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    machine: Mapped[bool] = mapped_column(Boolean)
    reviewed_by: Mapped[str | None] = mapped_column(String(120))
    author: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = _moment()
    __table_args__ = (UniqueConstraint("record_id", "field", "language"),)


class LockedWordRow(Base):
    """A name that no translation may change."""

    __tablename__ = "locked_word"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    term: Mapped[str] = mapped_column(String(200))
    __table_args__ = (UniqueConstraint("municipality_id", "term"),)


class LinkCheckRow(Base):
    """What came of asking for an address that a record names. `status` is the HTTP status, 0 where nobody answered; `seen_working_at`
    is when somebody said that it works all the same."""

    __tablename__ = "link_check"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    record_id: Mapped[str] = _record()
    url: Mapped[str] = mapped_column(String(500))
    status: Mapped[int | None] = mapped_column(Integer)
    problem: Mapped[str | None] = mapped_column(String(60))
    failures: Mapped[int] = mapped_column(Integer, default=0)
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seen_working_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (UniqueConstraint("record_id", "url"),)


class SuggestionRow(Base):
    """What staff or the public say is wrong. No name, no address of the person is asked for."""

    __tablename__ = "suggestion"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    record_id: Mapped[str | None] = mapped_column(String(300), ForeignKey("record.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(16))
    from_user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("user_account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = _moment()
    handled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    handled_by: Mapped[str | None] = mapped_column(String(120))


class UnansweredRow(Base):
    """A question that found no answer, without numbers, addresses and names of its sender; erased with the conversations' period.
    `group_id` is the id of the first question that means the same, in whatever language."""

    __tablename__ = "unanswered"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    text: Mapped[str] = mapped_column(String(300))
    language: Mapped[str | None] = mapped_column(String(16))
    day: Mapped[date] = mapped_column(Date, index=True)
    group_id: Mapped[int | None] = mapped_column(Integer, index=True)
    handled: Mapped[bool] = mapped_column(Boolean, default=False)


class ImportRunRow(Base):
    """An import at the desk, from the upload to the undo. `state`: see `knowledge.editorial.import_runs.states`.

    `worker` names the process that is at it; after `alive_until` it is taken for dead.
    """

    __tablename__ = "import_run"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("user_account.id", ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(String(120))
    format: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(200))
    # What was chosen: languages of the files, drafts or public at once.
    content: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any]]
    report: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12), index=True)
    phase: Mapped[str] = mapped_column(String(12), default="")
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    worker: Mapped[str | None] = mapped_column(String(40))
    alive_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    at: Mapped[datetime] = _moment()
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


def _run() -> Mapped[int]:
    return mapped_column(Integer, ForeignKey("import_run.id", ondelete="CASCADE"), index=True)


class ImportFileRow(Base):
    """A file that was uploaded, as it came; deleted once the import is done."""

    __tablename__ = "import_file"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    run_id: Mapped[int] = _run()
    name: Mapped[str] = mapped_column(String(200))
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ImportItemRow(Base):
    """One line of a dry run and of its report: a record that would change, a row that was left out, a page that wants a topic.

    `section` is what the list is called ("create", "conflict", "rejected", "topic"); `decision` what a person chose; `outcome` what came of
    it. `before` and `after` are what the undo needs: the record before the import, and the numbers of its revisions after it.
    """

    __tablename__ = "import_item"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    run_id: Mapped[int] = _run()
    position: Mapped[int] = mapped_column(Integer)
    section: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(20), default="")
    # No foreign key: it may be a record that is only to come, or one that is gone by now.
    record: Mapped[str | None] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(300))
    detail: Mapped[dict[str, Any]]
    decision: Mapped[str | None] = mapped_column(String(80))
    outcome: Mapped[str | None] = mapped_column(String(12))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    __table_args__ = (Index("ix_import_item_section", "run_id", "section", "position"),)


class ImportMemoryRow(Base):
    """What a record looked like when it last came from `source`: shows on a re-import who has changed it since."""

    __tablename__ = "import_memory"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    record_id: Mapped[str] = _record()
    source: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = _moment()
    __table_args__ = (UniqueConstraint("record_id", "source"), Index("ix_import_memory_source", "source"))


class JobRow(Base):
    """Work that is done by the clock, by one process at a time: when it was last done, and until when somebody is at it."""

    __tablename__ = "job"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    held_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class TranslationRunRow(Base):
    """Translations that come in many at once: a translator's file (`kind` "xliff"), or a machine's work ("machine").

    `state`: planned, running, stopping (somebody wants it to end), stopped, done, failed. `content` is the file until it is done with;
    `seen_at` when the machine's work last went on.
    """

    __tablename__ = "translation_run"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    user_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("user_account.id", ondelete="SET NULL"))
    author: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(16))
    file_name: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    report: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12))
    done: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    at: Mapped[datetime] = _moment()
    seen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
