"""What the desk does by itself, as long as the front runs: scheduled publishing, grouping of questions, digests, links, throwing away.

Every job may be looked after by several processes: rows are locked, or the job is claimed (`knowledge.editorial.jobs`). A job that fails
is logged and tried again; nothing of it ends the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker

from knowledge.config import Settings, SettingsError
from knowledge.editorial import jobs
from knowledge.editorial.accounts import failures, kept_forms, links, offers, sessions
from knowledge.editorial.digest import send_digests
from knowledge.editorial.home.coverage import gaps_by_language
from knowledge.editorial.home.parts import TYPING_KEPT
from knowledge.editorial.links.asking import Asker, asker
from knowledge.editorial.links.checking import inspect
from knowledge.editorial.mail import mail_server
from knowledge.editorial.questions.grouping import Grouper
from knowledge.editorial.questions.keeping import erase, group_new, kept_since
from knowledge.editorial.records import now as this_moment
from knowledge.editorial.schedule import run_due
from knowledge.editorial.scope import Scope
from knowledge.search.embedder import Embedder
from knowledge.store.desk_tables import AutosaveRow, EditLockRow
from knowledge.store.engine import begin_writing
from knowledge.store.reader import municipalities

log = structlog.get_logger(__name__)
SCHEDULE_SECONDS = 15.0
# How often the other jobs are looked at; how often they are done, their row in the database decides.
LOOK_SECONDS = 60.0
RENEW_SECONDS = jobs.LEASE.total_seconds() / 4
PAUSE = timedelta(minutes=10)
_LOCKS_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Job:
    """Something to do every now and then. `first` is waited for after the very first start."""

    name: str
    every: timedelta
    work: Callable[[datetime], Awaitable[None]]
    first: timedelta = timedelta(0)


@dataclass
class Housekeeper:
    """Looks after all jobs of the desk. `clock` is UTC."""

    sessions: sessionmaker[Session]
    settings: Settings
    embedder: Embedder
    clock: Callable[[], datetime] = this_moment
    schedule_seconds: float = SCHEDULE_SECONDS
    look_seconds: float = LOOK_SECONDS
    renew_seconds: float = RENEW_SECONDS
    make_asker: Callable[[str], AbstractAsyncContextManager[Asker]] = asker
    _grouper: Grouper = field(init=False)

    def __post_init__(self) -> None:
        self._grouper = Grouper(self.embedder)

    def jobs(self) -> list[Job]:
        """Those that the settings ask for."""
        found = [
            Job("purge", timedelta(hours=1), self.throw_away),
            Job("questions", timedelta(minutes=5), self.group_questions),
        ]
        if self.settings.link_days:
            # Not in the first minutes of a new installation, which nobody has looked at yet.
            found.append(Job("links", timedelta(days=self.settings.link_days), self.check_links, first=timedelta(days=1)))
        if self.settings.digest_days and self.settings.smtp_url:
            found.append(Job("digest", timedelta(hours=1), self.send_digests))
        return found

    async def run(self) -> None:
        """Until it is cancelled."""
        await asyncio.gather(
            self._once(self.count_translations),
            self._forever(self.schedule_seconds, self.publish_due),
            *(self._forever(self.look_seconds, lambda job=job: self.do(job)) for job in self.jobs()),  # type: ignore[misc]
        )

    async def _forever(self, pause: float, work: Callable[[], Awaitable[object]]) -> None:
        while True:
            await self._once(work)
            await asyncio.sleep(pause)

    async def _once(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except Exception as error:
            # The class only: what a database or a mail server says may name people.
            log.error("housekeeping.failed", error=type(error).__name__, key=getattr(error, "key", None))

    async def count_translations(self) -> None:
        """Count the gaps of all translations once, so that the first one who opens the home page does not wait for it."""

        def work() -> None:
            with self.sessions() as session:
                for municipality, _ in municipalities(session):
                    gaps_by_language(session, Scope(municipality))

        await asyncio.to_thread(work)

    async def do(self, job: Job) -> bool:
        """Do `job` if it is due and nobody else is at it; returns whether it was done. Raises what the job raises."""
        now = self.clock()
        if not await asyncio.to_thread(self._claim, job, now):
            return False
        over = asyncio.Event()
        renewing = asyncio.create_task(self._renew_until(over, job))

        async def let_go(write: Callable[[Session], None]) -> None:
            # A renewal that is still on its way to the database would take the job back after it was let go.
            over.set()
            await renewing
            await asyncio.to_thread(self._with_session, write)

        try:
            await job.work(now)
        except BaseException:
            await asyncio.shield(let_go(lambda session: jobs.fail(session, job.name, now, pause=PAUSE)))
            raise
        await let_go(lambda session: jobs.finish(session, job.name, now))
        return True

    async def _renew_until(self, over: asyncio.Event, job: Job) -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), self.renew_seconds)
            if not over.is_set():
                await self._once(lambda: self._renew(job))

    async def _renew(self, job: Job) -> None:
        await asyncio.to_thread(self._with_session, lambda session: jobs.renew(session, job.name, self.clock()))

    def _claim(self, job: Job, now: datetime) -> bool:
        with self.sessions() as session:
            return jobs.claim(session, job.name, now, every=job.every, first=job.first)

    def _with_session(self, work: Callable[[Session], None]) -> None:
        with self.sessions() as session:
            work(session)

    async def publish_due(self) -> None:
        """Publish and take away what is due."""

        def work() -> list[str]:
            with self.sessions() as session:
                return run_due(session, self.clock())

        done = await asyncio.to_thread(work)
        if done:
            log.info("schedule.done", number=len(done))

    async def throw_away(self, now: datetime) -> None:
        """Sessions that are over, questions after their time, typing that nobody has come back to, locks of browsers long gone."""

        def work() -> None:
            with self.sessions() as session, session.begin():
                begin_writing(session)
                for purge in (sessions.purge, failures.purge, links.purge, offers.purge, kept_forms.purge):
                    purge(session)
                erased = erase(session, kept_since(now.date(), self.settings.retention_days))
                session.execute(delete(AutosaveRow).where(AutosaveRow.at < now - TYPING_KEPT))
                session.execute(delete(EditLockRow).where(EditLockRow.seen_at < now - _LOCKS_KEPT))
                if erased:
                    log.info("questions.erased", number=erased)

        await asyncio.to_thread(work)

    async def group_questions(self, now: datetime) -> None:
        """Put new questions into groups."""
        await asyncio.to_thread(group_new, self.sessions, self._grouper)

    async def check_links(self, now: datetime) -> None:
        """Ask for every web address in the published records."""
        async with self.make_asker(self.settings.public_url) as asking:
            found = await inspect(self.sessions, asking, now)
        log.info("links.checked", asked=found.asked, failed=found.failed, broken=found.broken)

    async def send_digests(self, now: datetime) -> None:
        """Tell people what is due for them. Raises SettingsError where the mail server's address cannot be used."""
        server = mail_server(self.settings)
        if server is None:
            return
        if not self.settings.public_url:
            raise SettingsError("NEWCOMER_PUBLIC_URL is needed for the links in e-mails")
        done = await send_digests(self.sessions, self.settings, server, now)
        if done.sent or done.failed:
            log.info("digest.sent", number=done.sent, failed=done.failed)
