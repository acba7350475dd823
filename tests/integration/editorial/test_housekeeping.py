"""Work by the clock: each job once, whatever number of processes look after it, and a failure ends nothing."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from knowledge.config import Settings, load_settings
from knowledge.editorial import housekeeping, jobs
from knowledge.editorial.accounts.sessions import start
from knowledge.editorial.actor import Actor
from knowledge.editorial.autosave import keep
from knowledge.editorial.home.parts import TYPING_KEPT
from knowledge.editorial.housekeeping import Housekeeper, Job
from knowledge.editorial.links.asking import Asker, Outcome, Problem
from knowledge.editorial.links.checking import NoNetwork
from knowledge.editorial.locks import acquire
from knowledge.editorial.publish import publish
from knowledge.editorial.questions.keeping import note
from knowledge.editorial.records import aware, now
from knowledge.search.embedder import NoEmbedder
from knowledge.store.account_tables import DeskSessionRow, UserRow
from knowledge.store.desk_tables import AutosaveRow, EditLockRow, JobRow, LinkCheckRow, UnansweredRow
from tests.integration.editorial.mailbox import mailbox
from tests.integration.editorial.steps import OFFICE, TOWN, Town, at_once
from tests.integration.store.steps import published

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


def settings(**more: str) -> Settings:
    return load_settings({"NEWCOMER_SECRET": "for the tests only", **more})


class TestClaiming:
    def claim(self, town: Town, at: datetime, *, first: timedelta = timedelta(0)) -> bool:
        with town.database.sessions() as session:
            return jobs.claim(session, "work", at, every=timedelta(hours=1), first=first)

    def test_one_process_gets_it_and_the_others_do_not(self, town: Town) -> None:
        for _ in range(3):
            outcomes = at_once(*(lambda: self.claim(town, START) for _ in range(4)))
            assert sorted(outcomes) == [False, False, False, True]  # type: ignore[type-var]
            with town.database.sessions() as session:
                jobs.finish(session, "work", START - timedelta(hours=2))

    def test_it_is_due_again_after_its_time(self, town: Town) -> None:
        assert self.claim(town, START)
        with town.database.sessions() as session:
            jobs.finish(session, "work", START)
        assert not self.claim(town, START + timedelta(minutes=59))
        assert self.claim(town, START + timedelta(hours=1))

    def test_a_process_that_died_is_followed_by_another(self, town: Town) -> None:
        assert self.claim(town, START)
        assert not self.claim(town, START + jobs.LEASE - timedelta(seconds=1))
        assert self.claim(town, START + jobs.LEASE)

    def test_a_failure_is_tried_again_after_a_pause(self, town: Town) -> None:
        assert self.claim(town, START)
        with town.database.sessions() as session:
            jobs.fail(session, "work", START, pause=timedelta(minutes=10))
        assert not self.claim(town, START + timedelta(minutes=9))
        assert self.claim(town, START + timedelta(minutes=10))

    def test_what_was_never_done_can_wait_at_first(self, town: Town) -> None:
        assert not self.claim(town, START, first=timedelta(days=1))
        assert not self.claim(town, START + timedelta(hours=23), first=timedelta(days=1))
        assert self.claim(town, START + timedelta(days=1), first=timedelta(days=1))


def keeper(town: Town, at: datetime | None = None, **more: str) -> Housekeeper:
    clock = (lambda: at) if at is not None else now
    return Housekeeper(town.database.sessions, settings(**more), NoEmbedder(), clock=clock, schedule_seconds=0.05, look_seconds=0.05)


def job(found: Housekeeper, name: str) -> Job:
    return next(one for one in found.jobs() if one.name == name)


class TestThrowingAway:
    async def test_what_is_over_goes_and_what_is_not_stays(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        at = now()
        with town.writing() as session:
            for name, hours in (("over", -1), ("still on", 5)):
                start(session, session.get_one(UserRow, editor.id), browser=name, hours=hours)
            for days in (29, 31):
                note(session, TOWN, f"Frage nach {'x' * days}", "de", (at - timedelta(days=days)).date())
            for actor in (editor, reviewer):
                keep(session, actor, TOWN, OFFICE, "service", 1, {"texts.name": actor.name})
            old = at - TYPING_KEPT - timedelta(minutes=1)
            session.execute(update(AutosaveRow).where(AutosaveRow.user_id == editor.id).values(at=old))
            acquire(session, editor, OFFICE)
            session.execute(update(EditLockRow).values(seen_at=at - timedelta(days=2)))
        found = keeper(town)
        assert await found.do(job(found, "purge"))
        with town.database.sessions() as session:
            assert session.scalars(select(DeskSessionRow.browser)).all() == ["still on"]
            assert [len(one) for one in session.scalars(select(UnansweredRow.text))] == [len("Frage nach ") + 29]
            assert session.scalars(select(AutosaveRow.user_id)).all() == [reviewer.id]
            assert session.scalars(select(EditLockRow)).all() == []

    async def test_it_is_done_once_an_hour_whatever_number_of_processes(self, town: Town) -> None:
        done = await asyncio.gather(*(found.do(job(found, "purge")) for found in [keeper(town) for _ in range(3)]))
        assert sorted(done) == [False, False, True]


class TestLinks:
    def asker(self, answers: dict[str, Outcome]):  # type: ignore[no-untyped-def]
        """The network's edge: what a website would have answered."""

        class Known(Asker):
            def __init__(self) -> None:
                pass

            async def ask_all(self, addresses):  # type: ignore[no-untyped-def]
                return {one: answers.get(one, Outcome(200, None)) for one in addresses}

        @asynccontextmanager
        async def make(contact: str) -> AsyncIterator[Asker]:
            yield Known()

        return make

    async def test_it_is_not_done_on_the_first_day_and_then_every_few_days(self, town: Town) -> None:
        outcomes = []
        for day in (0, 0.5, 1, 2, 7, 8, 9):
            found = keeper(town, START + timedelta(days=day))
            found.make_asker = self.asker({})
            outcomes.append(await found.do(job(found, "links")))
        assert outcomes == [False, False, True, False, False, True, False]

    async def test_where_nobody_answers_it_is_our_own_line_and_nothing_is_noted(self, town: Town) -> None:
        found = keeper(town)
        with town.database.sessions() as session:
            from knowledge.editorial.links.checking import read_addresses

            named = [url for urls in read_addresses(session).values() for url in urls]
        found.make_asker = self.asker({url: Outcome(0, Problem.UNKNOWN_HOST) for url in named})
        with pytest.raises(NoNetwork):
            await found.check_links(now())
        with town.database.sessions() as session:
            assert session.scalars(select(LinkCheckRow)).all() == []

    def test_with_0_days_there_is_none(self, town: Town) -> None:
        assert "links" not in {one.name for one in keeper(town, NEWCOMER_LINK_DAYS="0").jobs()}


class TestRunning:
    async def running(self, *found: Housekeeper, until) -> None:  # type: ignore[no-untyped-def]
        """Let them work until something is so, for a minute at most."""
        tasks = [asyncio.create_task(one.run()) for one in found]
        try:
            async with asyncio.timeout(60):
                while not until():
                    await asyncio.sleep(0.05)
                    assert not any(task.done() for task in tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def test_two_processes_publish_what_is_due_once(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        town.change(editor, OFFICE, name="Neu")
        town.do(lambda s: publish(s, reviewer, OFFICE, at=now() + timedelta(seconds=0.3)))
        before = len(town.audit())

        def out() -> bool:
            return published(town.database).services["office"].texts["name"].body == "Neu"

        await self.running(keeper(town), keeper(town), until=out)
        assert [one.action for one in town.audit()[before:]] == ["publish"]

    async def test_a_database_that_fails_for_a_while_ends_nothing(
        self, town: Town, editor: Actor, reviewer: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failures = []
        real = housekeeping.run_due

        def sometimes(*given):  # type: ignore[no-untyped-def]
            if len(failures) < 3:
                failures.append(1)
                raise OperationalError("SELECT secret", {}, Exception("secret"))
            return real(*given)

        monkeypatch.setattr(housekeeping, "run_due", sometimes)
        town.change(editor, OFFICE, name="Neu")
        town.do(lambda s: publish(s, reviewer, OFFICE, at=now() + timedelta(seconds=0.1)))
        with structlog.testing.capture_logs() as logs:
            await self.running(keeper(town), until=lambda: town.record(OFFICE).state == "published")
        said = [one for one in logs if one["event"] == "housekeeping.failed"]
        assert len(said) >= 3 and "secret" not in str(said)

    async def test_questions_are_grouped_and_digests_sent(self, town: Town, editor: Actor) -> None:
        town.do(lambda s: note(s, TOWN, "Wo ist das Freibad?", "de", now().date()))
        town.do(lambda s: s.execute(update(UserRow).values(created_at=now() - timedelta(days=8))))

        def grouped() -> bool:
            with town.database.sessions() as session:
                return session.scalar(select(UnansweredRow.group_id)) is not None

        with mailbox() as box:
            mail = {"NEWCOMER_SMTP_URL": box.url, "NEWCOMER_MAIL_FROM": "a@b.example", "NEWCOMER_PUBLIC_URL": "https://desk.example"}
            await self.running(keeper(town, **mail), keeper(town, **mail), until=lambda: grouped() and box.letters)
            await asyncio.sleep(0.3)
            assert [letter["To"] for letter in box.letters] == ["edda@example.org"]

    async def test_a_job_that_takes_longer_than_a_lease_is_not_begun_by_another_process(self, town: Town) -> None:
        moment = START

        async def long_work(at: datetime) -> None:
            nonlocal moment
            for _ in range(3):
                moment += jobs.LEASE - timedelta(minutes=1)
                await asyncio.sleep(0.3)
                begun_by_another.append(await other.do(Job("long", timedelta(hours=1), nothing)))

        async def nothing(at: datetime) -> None:
            pass

        begun_by_another: list[bool] = []
        found, other = keeper(town), keeper(town)
        found.renew_seconds = 0.05
        found.clock = other.clock = lambda: moment
        assert await found.do(Job("long", timedelta(hours=1), long_work))
        assert begun_by_another == [False, False, False]

    async def test_a_job_that_fails_lets_go_of_its_claim(self, town: Town) -> None:
        found = keeper(town, START)

        async def broken(at: datetime) -> None:
            raise RuntimeError

        with pytest.raises(RuntimeError):
            await found.do(Job("broken", timedelta(hours=1), broken))
        with town.database.sessions() as session:
            row = session.get_one(JobRow, "broken")
            held = aware(row.held_until)
            assert row.done_at is None and held is not None and held - START == housekeeping.PAUSE

    async def test_a_renewal_on_its_way_does_not_take_back_a_claim_that_was_let_go(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found, begun, renew = keeper(town), threading.Event(), jobs.renew

        def slow_renewal(session: Session, name: str, at: datetime) -> None:
            begun.set()
            time.sleep(0.2)
            renew(session, name, at)

        async def fails_while_it_is_renewed(at: datetime) -> None:
            await asyncio.to_thread(begun.wait)
            raise RuntimeError

        monkeypatch.setattr(jobs, "renew", slow_renewal)
        found.renew_seconds = 0.01
        found.clock = lambda: START
        with pytest.raises(RuntimeError):
            await found.do(Job("renewed", timedelta(hours=1), fails_while_it_is_renewed))
        await asyncio.sleep(0.3)
        with town.database.sessions() as session:
            held = aware(session.get_one(JobRow, "renewed").held_until)
            assert held is not None and held - START == housekeeping.PAUSE
