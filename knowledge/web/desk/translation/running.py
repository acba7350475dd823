"""Work that takes longer than a page may: taking over a translator's file, a machine's translations. It goes on beside the requests, tells
how far it is, and can be gone on with after a restart: what is done is kept, and doing it again changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from knowledge.config import Settings
from knowledge.domain.errors import KnowledgeError
from knowledge.editorial.actor import Actor
from knowledge.editorial.locked_words import locked_words
from knowledge.editorial.machine_texts import Untranslated, keep_machine_words, untranslated
from knowledge.editorial.records import aware, now
from knowledge.editorial.translators_files import plan, take
from knowledge.exchange.xliff import read_xliff
from knowledge.store.desk_tables import TranslationRunRow
from knowledge.store.tables import MunicipalityRow
from knowledge.store.transactions import transact
from knowledge.web.desk.keys import SESSIONS
from knowledge.web.desk.translation.service import translator
from knowledge.web.keys import SETTINGS

log = structlog.get_logger(__name__)
TASKS: web.AppKey[set[asyncio.Task[None]]] = web.AppKey("translation_tasks", set)
# A run that has not gone on for this long has lost its process.
LOST = timedelta(minutes=3)
# Somebody is at it; the second one has been asked to stop. Any server's page may ask: the one that works reads it in the database.
BUSY = ("running", "stopping")
# A machine may take minutes for a few long texts.
SIGN_OF_LIFE = timedelta(seconds=30)
_BATCH = 20
Result = TypeVar("Result")


def prepare(app: web.Application) -> None:
    """Where running work is held; it is ended with the application."""
    app[TASKS] = set()

    async def end(app: web.Application) -> None:
        for task in app[TASKS]:
            task.cancel()
        await asyncio.gather(*app[TASKS], return_exceptions=True)

    app.on_cleanup.append(end)


def start(app: web.Application, number: int, actor: Actor, *, replace: bool = False) -> None:
    """Begin or go on with a run."""
    task = asyncio.create_task(_Run(app[SESSIONS], app[SETTINGS], number, actor, replace).go())
    app[TASKS].add(task)
    task.add_done_callback(app[TASKS].discard)


def is_lost(row: TranslationRunRow) -> bool:
    """Whether a run says that somebody is at it and nobody is any more."""
    seen = aware(row.seen_at)
    return row.state in BUSY and (seen is None or now() - seen > LOST)


class _Run:
    def __init__(self, sessions: sessionmaker[Session], settings: Settings, number: int, actor: Actor, replace: bool) -> None:
        self.sessions, self.settings, self.number, self.actor, self.replace = sessions, settings, number, actor, replace

    async def go(self) -> None:
        """All of it. An error is kept with the run, in words for the person who started it."""
        alive = asyncio.create_task(self._give_signs_of_life())
        try:
            row = await self._do(lambda session: session.get_one(TranslationRunRow, self.number))
            await (self._file(row) if row.kind == "xliff" else self._machine(row))
        except KnowledgeError as error:
            await self._end("failed", error=error.key, error_fields={name: str(value) for name, value in error.fields.items()})
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.error("translation_run.failed", error=type(error).__name__, exc_info=True)
            await self._end("failed", error="desk.internal")
        finally:
            alive.cancel()

    async def _give_signs_of_life(self) -> None:
        while True:
            await asyncio.sleep(SIGN_OF_LIFE.total_seconds())
            try:
                await self._note()
            except SQLAlchemyError as error:
                log.warning("translation_run.sign_of_life", error=type(error).__name__)  # the next one will do

    async def _file(self, row: TranslationRunRow) -> None:
        file = read_xliff(row.content or b"")
        made = await self._do(lambda session: plan(session, self.actor, row.municipality_id, file, row.language))
        fields = [*made.fields, *(made.replacing if self.replace else ())]
        stop = await self._note(total=len(fields), done=0)
        written, changed = row.report.get("written", 0), 0
        for start_at in range(0, len(fields), _BATCH):
            if stop:
                return await self._end("stopped", written=written)
            part = fields[start_at : start_at + _BATCH]
            found = await self._do(partial(take, actor=self.actor, municipality=row.municipality_id, language=row.language, fields=part))
            written, changed = written + found[0], changed + found[1]
            stop = await self._note(done=start_at + len(part))
        await self._end("done", written=written, changed=changed, content=None)

    async def _machine(self, row: TranslationRunRow) -> None:
        keys: list[str] = row.report["keys"]
        texts, source = await self._do(lambda session: self._texts(session, row, keys))
        locked = await self._do(lambda session: locked_words(session, row.municipality_id))
        service = translator(self.settings, locked)
        stop = await self._note(total=len(texts), done=0)
        before = row.report.get("written", 0)
        kept = 0
        for start_at in range(0, len(texts), _BATCH):
            if stop:
                return await self._end("stopped", written=before + kept)
            part = texts[start_at : start_at + _BATCH]
            words = await service.translate([one.words for one in part], source, row.language)
            kept += await self._do(partial(keep_machine_words, actor=self.actor, language=row.language, texts=part, words=words))
            stop = await self._note(done=start_at + len(part))
        await self._end("done", written=before + kept, changed=len(texts) - kept)

    def _texts(self, session: Session, row: TranslationRunRow, keys: list[str]) -> tuple[list[Untranslated], str]:
        source = session.get_one(MunicipalityRow, row.municipality_id).source_language
        return untranslated(session, self.actor, row.municipality_id, row.language, keys), source

    async def _do(self, work: Callable[[Session], Result]) -> Result:
        return await asyncio.to_thread(transact, self.sessions, work)

    async def _note(self, **numbers: int) -> bool:
        """Keep how far it is; returns whether somebody wants it to stop."""

        def work(session: Session) -> bool:
            row = session.get_one(TranslationRunRow, self.number)
            for name, value in numbers.items():
                setattr(row, name, value)
            row.seen_at = now()
            return row.state == "stopping"

        return await self._do(work)

    async def _end(self, state: str, *, content: bytes | None = b"", **report: Any) -> None:
        def work(session: Session) -> None:
            row = session.get_one(TranslationRunRow, self.number)
            row.state, row.seen_at, row.report = state, now(), {**row.report, **report}
            if content is None:
                row.content = None

        await self._do(work)
