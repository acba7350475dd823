"""What happens to an import when a process dies, and when two work at once: all of it, or nothing."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from knowledge.editorial.import_runs import claims
from knowledge.editorial.import_runs.claims import Hold, Lost, claim
from knowledge.editorial.import_runs.runs import KEEP_FILES, KEEP_ITEMS, MOST_AT_ONCE, forget
from knowledge.editorial.import_runs.states import RunState, state_of
from knowledge.editorial.import_runs.working import do, take
from knowledge.editorial.records import now
from knowledge.store.account_tables import MembershipRow
from knowledge.store.desk_tables import AutosaveRow, ImportFileRow, ImportItemRow, ImportRunRow
from tests.integration.desk.conftest import MakeDesk
from tests.integration.desk.exchange_acts import (
    bring_in,
    decide,
    document,
    everything,
    items,
    number_of,
    plain,
    state,
    upload,
    wait,
)
from tests.integration.desk.exchange_run_acts import ROWS, Stopper, background, expire, ready, table, work
from tests.integration.desk.people import Desk, Person, user_of

only_sqlite = pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)


# A process that ends


async def test_given_the_server_ends_in_the_middle_of_writing_then_nothing_is_half_done_and_it_can_start_again(
    desk: Desk, reviewer: Person
) -> None:
    url = await ready(desk, reviewer)
    before = everything(desk)
    work(desk, url, "write", Stopper("writing", after=2))
    assert everything(desk) == before
    page = plain(await reviewer.page(url))
    assert "The import was interrupted" in page
    assert "Nothing was changed. Nothing is half done." in page
    assert (await reviewer.post(f"{url}/again")).status == 303
    await wait(reviewer, url)
    assert state(desk, url) == "planned"
    await bring_in(reviewer, url)
    assert document(desk, f"angebot-{ROWS - 1}")["texts"]["name"] == f"Angebot {ROWS - 1}"


@pytest.mark.parametrize("phase", ["reading", "planning"])
@only_sqlite
async def test_given_the_server_ends_while_it_reads_then_it_can_start_again(desk: Desk, reviewer: Person, phase: str) -> None:
    url = await ready(desk, reviewer)
    desk.do(lambda session: session.execute(update(ImportRunRow).values(state=RunState.READING.value)))
    work(desk, url, "plan", Stopper(phase))
    assert "The import was interrupted" in plain(await reviewer.page(url))
    await reviewer.post(f"{url}/again")
    await wait(reviewer, url)
    assert (state(desk, url), len(items(desk, url, "create"))) == ("planned", ROWS)


@only_sqlite
async def test_given_a_process_was_killed_then_the_run_counts_as_interrupted_once_its_lease_is_over(desk: Desk, reviewer: Person) -> None:
    url = await ready(desk, reviewer)
    token = take(desk.database.sessions, number_of(url), "write")
    assert token is not None
    assert "The records are being brought in" in plain(await reviewer.page(url))
    assert (await reviewer.post(f"{url}/again")).status == 400
    expire(desk, url)
    assert "The import was interrupted" in plain(await reviewer.page(url))
    assert "interrupted" in plain(await reviewer.page("/desk/exchange"))
    assert (await reviewer.post(f"{url}/again")).status == 303


@only_sqlite
async def test_given_the_desk_is_ended_properly_then_it_waits_for_nothing(make_desk: MakeDesk) -> None:
    desk = await make_desk()
    person = await desk.sign_in("reviewer")
    url = await ready(desk, person, 2000)
    before = everything(desk)
    assert background(desk).start(number_of(url), "write")
    await desk.close()
    assert background(desk).live(number_of(url)) is None
    run = desk.do(lambda session: session.get_one(ImportRunRow, number_of(url)))
    assert state_of(run, now()) in (RunState.INTERRUPTED, RunState.DONE)
    assert (everything(desk) == before) == (state_of(run, now()) is RunState.INTERRUPTED)


# Two at once


async def test_given_two_processes_then_only_one_of_them_writes(make_desk: MakeDesk) -> None:
    one, other = await make_desk(), await make_desk()
    person = await one.sign_in("reviewer")
    url = await ready(one, person)
    number = number_of(url)
    begun: list[bool] = []
    threads = [threading.Thread(target=lambda desk=desk: begun.append(background(desk).start(number, "write"))) for desk in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(begun) == [False, True]
    await wait(person, url)
    numbers = one.do(lambda session: session.get_one(ImportRunRow, number).report["numbers"])
    assert numbers["created"] == ROWS
    row = items(one, url, "create")
    assert {item["outcome"] for item in row} == {"written"}
    # What the other process shows of it is the same.
    elsewhere = await other.sign_in("reviewer")
    assert "The import is done" in await elsewhere.page(url)


@only_sqlite
async def test_pressing_the_button_twice_imports_once(desk: Desk, reviewer: Person) -> None:
    url = await ready(desk, reviewer)
    first = await decide(reviewer, url, "write", publish="yes")
    second = await decide(reviewer, url, "write", publish="yes")
    assert (first.status, second.status) == (303, 400)
    await wait(reviewer, url)
    assert len([one for one in items(desk, url) if one["outcome"] == "written"]) == ROWS


async def test_given_a_run_was_taken_over_then_the_late_process_writes_nothing(desk: Desk, reviewer: Person) -> None:
    """It slept so long that it was taken for dead; it wakes up, and the run is somebody else's."""
    url = await ready(desk, reviewer)
    before, number, sessions = everything(desk), number_of(url), desk.database.sessions
    token = take(sessions, number, "write")
    assert token is not None
    expire(desk, url)
    assert claim(sessions, number, (RunState.RUNNING,), RunState.RUNNING) is not None
    do(sessions, number, "write", Hold(sessions, number, token))
    assert everything(desk) == before
    assert state(desk, url) == "running"


@only_sqlite
async def test_a_hold_that_was_lost_says_so_before_anything_is_kept(desk: Desk, reviewer: Person) -> None:
    url = await ready(desk, reviewer)
    number, sessions = number_of(url), desk.database.sessions
    hold = Hold(sessions, number, "somebody-else")
    with pytest.raises(Lost), sessions() as session, session.begin():
        hold.finish(session, RunState.DONE)
    with pytest.raises(Lost):
        hold.quiet()


@only_sqlite
async def test_a_process_that_works_gives_signs_of_life(desk: Desk, reviewer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_BEAT_SECONDS", 0.05)
    monkeypatch.setattr(claims, "LEASE", timedelta(seconds=1))
    url = await ready(desk, reviewer)
    token = take(desk.database.sessions, number_of(url), "write")
    assert token is not None
    with Hold(desk.database.sessions, number_of(url), token):
        threading.Event().wait(1.5)
        run = desk.do(lambda session: session.get_one(ImportRunRow, number_of(url)))
        assert state_of(run, now()) is RunState.RUNNING


@only_sqlite
async def test_not_everything_at_once(desk: Desk, reviewer: Person) -> None:
    for _ in range(MOST_AT_ONCE):
        url = await ready(desk, reviewer, 3)
        assert take(desk.database.sessions, number_of(url), "write") is not None
    response = await upload(reviewer, [("services.csv", table(3))])
    assert response.status == 400
    assert "Several imports are being worked at" in await response.text()


# Others, meanwhile


async def test_given_somebody_types_while_an_import_writes_then_nothing_typed_is_lost(desk: Desk, reviewer: Person) -> None:
    url = await ready(desk, reviewer, 1500)
    editor = await desk.sign_in("editor")
    user = desk.actor("editor").id
    assert background(desk).start(number_of(url), "write")
    kept = []
    while background(desk).live(number_of(url)) is not None:
        content = {"form": "new:service:waehrenddessen", "base": 0, "user": user, "fields": [["texts.name", f"Wort {len(kept)}"]]}
        response = await editor.browser.post(
            "/desk/records/service/autosave", json=content, headers={"Accept": "application/json", "X-CSRF": editor.csrf}
        )
        kept.append(response.status)
        assert (await editor.get("/desk/records/service")).status == 200
    assert kept
    assert set(kept) == {200}
    row = desk.do(lambda session: session.scalars(select(AutosaveRow)).one())
    assert row.fields["texts.name"] == [f"Wort {len(kept) - 1}"]
    assert state(desk, url) == "done"


# Who asked for it


@only_sqlite
async def test_given_somebody_has_lost_the_role_meanwhile_then_nothing_is_written(desk: Desk, reviewer: Person) -> None:
    url = await ready(desk, reviewer, 3)
    before = everything(desk)
    user = desk.do(lambda session: user_of(session, "reviewer").id)
    desk.do(lambda session: session.execute(delete(MembershipRow).where(MembershipRow.user_id == user)))
    work(desk, url, "write")
    assert everything(desk) == before
    assert state(desk, url) == "failed"


# What is kept


@only_sqlite
async def test_files_and_lines_are_kept_for_a_while_and_numbers_for_good(desk: Desk, reviewer: Person) -> None:
    left, done = await ready(desk, reviewer, 3), await ready(desk, reviewer, 5)
    await bring_in(reviewer, done)
    desk.do(lambda session: session.execute(update(ImportRunRow).values(at=now() - KEEP_FILES - timedelta(days=1))))
    desk.do(forget)
    assert desk.do(lambda session: session.query(ImportFileRow).count()) == 0
    assert desk.do(lambda session: session.query(ImportItemRow).count()) == 8
    assert "The files are not kept any more." in plain(await (await reviewer.post(f"{left}/again")).text())
    desk.do(lambda session: session.execute(update(ImportRunRow).values(at=now() - KEEP_ITEMS - timedelta(days=1))))
    desk.do(forget)
    page = plain(await reviewer.page(done))
    assert "The list of records is not kept any more." in page
    assert "5 New records" in page
