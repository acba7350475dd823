"""Publishing and expiry by the clock: once, whatever number of processes look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor
from knowledge.editorial.errors import DeskError
from knowledge.editorial.expiry import set_expiry
from knowledge.editorial.home.overview import listed
from knowledge.editorial.home.parts import Asking, Name
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.records import aware, revision
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.save import create
from knowledge.editorial.schedule import run_due
from knowledge.editorial.verify import still_true
from knowledge.store.desk_tables import RecordRow
from tests.integration.editorial.steps import ANSWER, CLUB, OFFICE, SCHOOL, TOWN, Town, at_once, club_service
from tests.integration.store.steps import published

SOON = datetime.now(UTC) + timedelta(hours=1)
LATER = SOON + timedelta(hours=1)


def run(town: Town, now: datetime) -> list[str]:
    with town.database.sessions() as session:
        return run_due(session, now)


def schedule(town: Town, actor: Actor, key: str, **moments: datetime) -> RecordRow:
    return town.do(lambda session: publish(session, actor, key, **moments))


def name_of_office(town: Town) -> str:
    return published(town.database).services["office"].texts["name"].body


@pytest.fixture
def planned(town: Town, editor: Actor, reviewer: Actor) -> Town:
    """Given: a new name for the office, to be published soon."""
    town.change(editor, OFFICE, name="Neu")
    schedule(town, reviewer, OFFICE, at=SOON)
    return town


def test_nothing_happens_before_its_time(planned: Town) -> None:
    assert run(planned, SOON - timedelta(seconds=1)) == []
    assert (name_of_office(planned), planned.record(OFFICE).state) == ("Bürgerbüro", "scheduled")


def test_it_is_published_when_its_time_has_come(planned: Town) -> None:
    stamp = planned.stamp()
    assert run(planned, SOON) == [OFFICE]
    record = planned.record(OFFICE)
    assert (name_of_office(planned), record.state, record.published, record.publish_at) == ("Neu", "published", 2, None)
    assert planned.stamp() != stamp


def test_several_processes_do_it_once(planned: Town) -> None:
    before = len(planned.audit())
    outcomes = at_once(*(lambda: run(planned, SOON) for _ in range(3)))
    assert sorted(outcomes, key=str) == [[OFFICE], [], []] or sorted(outcomes, key=str) == [[], [], [OFFICE]]
    assert [one.action for one in planned.audit()[before:]] == ["publish"]


def test_a_moment_in_any_time_zone_is_that_moment(town: Town, editor: Actor, reviewer: Actor) -> None:
    town.change(editor, OFFICE, name="Neu")
    record = schedule(town, reviewer, OFFICE, at=SOON.astimezone(ZoneInfo("Asia/Tokyo")), expire_at=LATER.astimezone(ZoneInfo("UTC")))
    assert aware(town.record(OFFICE).publish_at) == SOON
    assert record.state == "scheduled"
    assert run(town, SOON - timedelta(seconds=1)) == []
    assert run(town, SOON) == [OFFICE]


def test_whoever_plans_the_first_publication_has_read_it(town: Town, reviewer: Actor) -> None:
    town.do(lambda session: create(session, reviewer, TOWN, "page", {"id": "p", "texts": {"title": "Seite"}}))
    page = f"page:{TOWN}/p"
    schedule(town, reviewer, page, at=SOON)
    run(town, SOON)
    read_on = datetime.now(ZoneInfo("Europe/Berlin")).date()
    assert (town.record(page).checked_on, town.record(page).checked_by) == (read_on, "Rike")
    assert published(town.database).pages["p"].checked_on == read_on


def test_what_is_public_again_shows_when_it_was_last_checked(town: Town, reviewer: Actor) -> None:
    """Given an answer that was checked after it was written, and archived."""
    today = datetime.now(UTC).date()
    town.do(lambda session: still_true(session, reviewer, ANSWER, today))
    town.do(lambda session: archive(session, reviewer, ANSWER))
    town.do(lambda session: publish(session, reviewer, ANSWER))
    assert published(town.database).articles["registration.address:everyone"].checked_on == today


def test_it_expires_by_itself(town: Town, reviewer: Actor) -> None:
    schedule(town, reviewer, ANSWER, expire_at=SOON)
    assert run(town, SOON) == [ANSWER]
    assert "registration.address:everyone" not in published(town.database).articles
    assert (town.record(ANSWER).state, town.record(ANSWER).expire_at) == ("archived", None)
    assert run(town, LATER) == []


def test_a_change_takes_the_plan_back(planned: Town, editor: Actor) -> None:
    planned.change(editor, OFFICE, name="Neuer")
    assert run(planned, LATER) == []
    assert name_of_office(planned) == "Bürgerbüro"


def test_what_cannot_be_published_becomes_a_draft_with_the_reason_and_the_others_go_on(town: Town, reviewer: Actor, editor: Actor) -> None:
    """Given: a service of an organization that is not public, planned before the office."""
    town.do(lambda session: create(session, reviewer, TOWN, "service", club_service("cafe")))
    cafe = f"service:{TOWN}/cafe"
    schedule(town, reviewer, cafe, at=SOON)
    town.change(editor, OFFICE, name="Neu")
    schedule(town, reviewer, OFFICE, at=SOON)
    run(town, SOON)
    record = town.record(cafe)
    assert (record.state, record.review_note) == (
        "draft",
        "Es sollte von selbst veröffentlicht werden. Das ging nicht. Zuerst müssen veröffentlicht werden: verein.",
    )
    assert name_of_office(town) == "Neu"


def test_the_reason_names_no_draft_of_others(town: Town, reviewer: Actor) -> None:
    """Given: a club's planned service at a place that is a draft of the city's. The club's people read the reason."""
    town.new_club(reviewer)

    def plan(session: Session) -> None:
        create(session, reviewer, TOWN, "location", {"id": "haus", "texts": {"name": "Speierling"}})
        create(session, reviewer, TOWN, "service", club_service("cook", at=[{"location": "haus"}]))
        publish(session, reviewer, f"service:{TOWN}/cook", at=SOON)

    town.do(plan)
    run(town, SOON)
    note = town.record(f"service:{TOWN}/cook").review_note
    assert note is not None and note.endswith("Zuerst müssen veröffentlicht werden: Etwas, das hier nicht gezeigt wird.")


def test_the_log_names_what_kept_it_from_being_published(town: Town, reviewer: Actor) -> None:
    """Given: a service of an organization that is not public, planned."""
    town.do(lambda session: create(session, reviewer, TOWN, "service", club_service("cafe")))
    cafe = f"service:{TOWN}/cafe"
    schedule(town, reviewer, cafe, at=SOON)
    with structlog.testing.capture_logs() as logs:
        run(town, SOON)
    told = [(one["record"], one["key"], one["records"]) for one in logs if one["event"] == "schedule.refused"]
    assert told == [(cafe, "desk.needs", [CLUB])]
    assert town.audit()[-1].detail == {"reason": "desk.needs", "records": [CLUB]}


def test_a_rule_that_became_stricter_meanwhile_stops_nothing_else(town: Town, reviewer: Actor, editor: Actor) -> None:
    def broken(session: Session) -> None:
        record = create(session, reviewer, TOWN, "page", {"id": "p", "topic": "schools.enrol", "texts": {"title": "Seite"}})
        publish(session, reviewer, record.id, at=SOON)
        revision(session, record).body = {"id": "p", "topic": "no.longer", "texts": {"title": "Seite"}}

    town.do(broken)
    town.change(editor, OFFICE, name="Neu")
    schedule(town, reviewer, OFFICE, at=LATER)
    run(town, LATER)
    assert town.record(f"page:{TOWN}/p").state == "draft"
    assert name_of_office(town) == "Neu"


def sent_back(town: Town, actor: Actor) -> list[tuple[str | None, str]]:
    """What this person is told on the home page to look at again, with the words."""
    with town.database.sessions() as session:
        asked = Asking(session, actor, TOWN, SOON, SOON.date(), {}, ())
        return [(one.record, one.note) for one in listed(asked, Name.SENT_BACK)[0].items]


def test_what_is_in_use_does_not_expire_and_its_draft_stays_a_draft(town: Town, reviewer: Actor, editor: Actor) -> None:
    """Given a draft that a reviewer has sent back: the reviewer's words stay."""
    schedule(town, reviewer, SCHOOL, expire_at=SOON)
    town.change(editor, SCHOOL, name="Entwurf")
    town.do(lambda session: submit(session, editor, SCHOOL))
    town.do(lambda session: send_back(session, reviewer, SCHOOL, "Bitte kürzer"))
    run(town, SOON)
    record = town.record(SCHOOL)
    assert (record.published, record.newest, record.state, record.expire_at) == (1, 2, "draft", None)
    assert record.review_note is not None
    assert record.review_note.startswith("Bitte kürzer\n\nEs sollte von selbst verschwinden")


def test_what_should_have_gone_and_could_not_is_told_by_name_until_it_is_settled(town: Town, reviewer: Actor, editor: Actor) -> None:
    """Given a school that an answer names: nobody answers for it, so that every editor is told."""
    schedule(town, reviewer, SCHOOL, expire_at=SOON)
    run(town, SOON)
    (key, words), *others = sent_back(town, editor)
    assert (key, others, town.record(SCHOOL).state) == (SCHOOL, [], "published")
    assert name_of_answer(town) in words and "article:" not in words
    town.do(lambda session: set_expiry(session, reviewer, SCHOOL, LATER))
    assert sent_back(town, editor) == []


def name_of_answer(town: Town) -> str:
    return town.record(f"article:{TOWN}/schools.enrol:everyone").name


def test_the_end_of_what_was_never_published_is_forgotten(town: Town, reviewer: Actor, editor: Actor) -> None:
    town.do(lambda session: create(session, reviewer, TOWN, "page", {"id": "p", "texts": {"title": "Seite"}}))
    page = f"page:{TOWN}/p"
    schedule(town, reviewer, page, at=SOON, expire_at=LATER)
    town.change(editor, page, title="Andere Seite")
    assert run(town, LATER) == []
    assert town.record(page).expire_at is None


def test_an_end_before_the_beginning_is_refused(town: Town, reviewer: Actor) -> None:
    with pytest.raises(DeskError, match=r"desk\.expires_too_early"):
        schedule(town, reviewer, OFFICE, at=LATER, expire_at=SOON)


def test_archiving_takes_the_plans_back(planned: Town, reviewer: Actor) -> None:
    planned.do(lambda session: archive(session, reviewer, ANSWER))
    schedule(planned, reviewer, ANSWER, at=SOON)
    planned.do(lambda session: archive(session, reviewer, ANSWER))
    assert run(planned, SOON) == [OFFICE]
