"""After an import from files, every published record has its place at the desk."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from knowledge.domain.records import CapacityState
from knowledge.editorial.actor import Actor, desk_itself
from knowledge.editorial.availability import set_capacity
from knowledge.editorial.publish import publish
from knowledge.editorial.schedule import run_due
from knowledge.editorial.sync import sync
from knowledge.store.desk_tables import RecordRow
from tests.folders import Folder, a_service, small_town
from tests.integration.editorial.steps import OFFICE, SCHOOL, TOWN, Town
from tests.integration.store.steps import bring_in


def import_again(town: Town, folder: Path, content: Folder, *, replace: bool = False) -> int:
    bring_in(town.database, folder / "again", content, replace=replace)
    return town.do(lambda session: sync(session, TOWN, desk_itself("import")))


def test_every_record_is_published_with_one_revision(town: Town) -> None:
    with town.database.sessions() as session:
        found = session.scalars(select(RecordRow).where(RecordRow.municipality_id == TOWN)).all()
    assert sorted(one.kind for one in found) == ["article", "article", "location", "organization", "service", "service"]
    assert {(one.state, one.newest, one.published) for one in found} == {("published", 1, 1)}
    assert town.record(OFFICE).organization_id == f"{TOWN}/stadt"
    assert town.record(OFFICE).checked_on == date(2026, 11, 2)


def test_doing_it_again_changes_nothing(town: Town, tmp_path: Path) -> None:
    assert import_again(town, tmp_path, small_town(TOWN)) == 0
    assert town.numbers(OFFICE) == [1]


def test_what_came_in_differently_is_a_new_published_revision(town: Town, tmp_path: Path) -> None:
    services = [a_service("office", texts={"name": "Anders"}), a_service("school")]
    assert import_again(town, tmp_path, small_town(TOWN) | {"services.yml": services}) == 2
    record = town.record(OFFICE)
    assert (record.newest, record.published, record.state, record.name) == (2, 2, "published", "Anders")


def test_a_draft_is_kept_where_nothing_came_in_and_is_one_step_back_where_something_did(town: Town, tmp_path: Path, editor: Actor) -> None:
    town.change(editor, OFFICE, name="Entwurf")
    import_again(town, tmp_path, small_town(TOWN))
    assert (town.record(OFFICE).state, town.record(OFFICE).newest) == ("draft", 2)
    import_again(town, tmp_path, small_town(TOWN) | {"services.yml": [a_service("office", email="a@kleinstadt.example")]})
    assert town.numbers(OFFICE) == [1, 2, 3]
    assert (town.record(OFFICE).state, town.record(OFFICE).published) == ("published", 3)


def test_what_was_taken_out_is_archived(town: Town, tmp_path: Path) -> None:
    content = small_town(TOWN) | {"services.yml": [a_service("office")]}
    content = {name: data for name, data in content.items() if name != "articles/schools.yml"}
    import_again(town, tmp_path, content, replace=True)
    assert (town.record(SCHOOL).state, town.record(SCHOOL).published) == ("archived", None)


def test_one_click_facts_alone_are_no_revision(town: Town, tmp_path: Path, editor: Actor) -> None:
    town.do(lambda session: set_capacity(session, editor, OFFICE, CapacityState.FULL, None, date(2026, 11, 20)))
    assert town.do(lambda session: sync(session, TOWN, desk_itself("import"))) == 0


def test_a_newer_check_that_came_in_counts_at_the_desk_too(town: Town, tmp_path: Path) -> None:
    services = [a_service("office", checked_on="2026-11-15"), a_service("school", checked_on="2026-10-01")]
    import_again(town, tmp_path, small_town(TOWN) | {"services.yml": services})
    assert town.record(OFFICE).checked_on == date(2026, 11, 15)


def test_a_plan_for_words_that_an_import_replaced_is_off(town: Town, tmp_path: Path, editor: Actor, reviewer: Actor) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    town.change(editor, OFFICE, name="Entwurf")
    town.do(lambda session: publish(session, reviewer, OFFICE, at=soon))
    import_again(town, tmp_path, small_town(TOWN) | {"services.yml": [a_service("office", email="a@kleinstadt.example")]})
    assert town.record(OFFICE).publish_at is None
    with town.database.sessions() as session:
        assert run_due(session, soon) == []
