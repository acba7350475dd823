"""An import, or its undo, that somebody stops: nothing of it is there, and it can start again."""

from __future__ import annotations

import pytest

from knowledge.editorial.import_runs.working import take
from tests.integration.desk.exchange_acts import (
    bring_in,
    document,
    everything,
    number_of,
    plain,
    state,
    wait,
)
from tests.integration.desk.exchange_run_acts import Stopper, background, ready, work
from tests.integration.desk.people import Desk, Person

only_sqlite = pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)


async def test_given_somebody_stops_it_then_nothing_was_changed_and_it_can_start_again(desk: Desk, reviewer: Person) -> None:
    url = await ready(desk, reviewer)
    before = everything(desk)
    assert take(desk.database.sessions, number_of(url), "write") is not None
    response = await reviewer.post(f"{url}/cancel")
    assert response.status == 303
    assert "The import was stopped" in plain(await reviewer.page(url))
    assert everything(desk) == before
    await reviewer.post(f"{url}/again")
    await wait(reviewer, url)
    await bring_in(reviewer, url)
    assert document(desk, "angebot-0")["texts"]["name"] == "Angebot 0"


async def test_given_it_is_stopped_while_it_writes_then_what_was_written_is_taken_back(desk: Desk, reviewer: Person) -> None:
    """The button is pressed in the server that writes: it stops at the next record."""
    url = await ready(desk, reviewer, 1500)
    before = everything(desk)
    assert background(desk).start(number_of(url), "write")
    response = await reviewer.post(f"{url}/cancel")
    assert response.status == 303
    page = plain(await wait(reviewer, url))
    stopped = "The import was stopped" in page
    assert stopped or "The import is done" in page
    assert (everything(desk) == before) is stopped


@only_sqlite
async def test_it_may_be_too_late_to_stop(desk: Desk, reviewer: Person) -> None:
    url = await ready(desk, reviewer, 3)
    await bring_in(reviewer, url)
    response = await reviewer.post(f"{url}/cancel", follow=True)
    assert "It was too late to stop" in plain(await response.text())
    assert state(desk, url) == "done"


@only_sqlite
async def test_a_stopped_undo_undoes_nothing(desk: Desk, reviewer: Person) -> None:
    url = await ready(desk, reviewer, 20)
    await bring_in(reviewer, url)
    before = everything(desk)
    work(desk, url, "undo", Stopper("undoing"))
    assert everything(desk) == before
    page = plain(await reviewer.page(url))
    assert "Take back again" in page
    assert (await reviewer.post(f"{url}/undo")).status == 303
    assert "Records that are as they were before: 20." in plain(await wait(reviewer, url))
