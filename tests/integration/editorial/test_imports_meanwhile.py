"""An import while others work, and one that stops: nobody's work is lost, and nothing is ever half-done."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from knowledge.editorial.actor import Actor
from knowledge.editorial.availability import close
from knowledge.editorial.import_runs.writing import Written, write
from knowledge.editorial.imports.outcome import Cancelled, Decisions
from knowledge.editorial.records import aware
from knowledge.editorial.translate import sections, translate
from knowledge.store.desk_tables import RecordRow
from knowledge.store.engine import begin_writing
from knowledge.store.texts import newest_translations
from tests.integration.editorial.steps import OFFICE, TOWN, Town, at_once
from tests.integration.editorial.tables import (
    NEW,
    TODAY,
    applied,
    city_of_changes,
    planned,
    read,
    read_again,
)
from tests.integration.store.steps import published, rows

CAFE = f"service:{TOWN}/cafe"


class TestMeanwhile:
    def test_what_somebody_saves_between_plan_and_import_is_left_alone(
        self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path
    ) -> None:
        made = planned(town, read_again(town, city_of_changes(town, tmp_path)))
        town.change(editor, OFFICE, name="Im letzten Moment")
        report = applied(town, reviewer, made)
        assert (report.updated, report.overtaken) == (1, [OFFICE])
        assert town.words(OFFICE)["texts"]["name"] == "Im letzten Moment"

    def test_a_click_after_the_plan_is_not_undone(self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path) -> None:
        made = planned(town, read_again(town, city_of_changes(town, tmp_path)))
        town.do(lambda session: close(session, editor, OFFICE, TODAY, None))
        assert applied(town, reviewer, made).overtaken == [OFFICE]
        assert published(town.database).services["office"].closed is not None

    def test_what_the_import_waits_for_is_not_of_the_import(self, town: Town, editor: Actor, reviewer: Actor, tmp_path: Path) -> None:
        """Its undo takes back what was written between its beginning and its end."""
        made = planned(town, read_again(town, city_of_changes(town, tmp_path)))
        done: list[Written] = []

        def bring_in() -> None:
            with town.database.sessions() as session, session.begin():
                begin_writing(session)
                done.append(write(session, reviewer, made, Decisions()))

        importing = threading.Thread(target=bring_in)
        with town.database.sessions() as session, session.begin():
            begin_writing(session)
            session.get_one(RecordRow, OFFICE, with_for_update=True)
            importing.start()
            time.sleep(0.5)
            (words, *_) = sections(session, session.get_one(RecordRow, OFFICE), "tr")
            translate(session, editor, OFFICE, words.field, "tr", "Benim sözlerim", of=words.source_digest)
        importing.join(30)
        with town.database.sessions() as session:
            translated = newest_translations(session, OFFICE)[words.field, "tr"]
        assert done[0].report.updated
        assert aware(translated.created_at) < done[0].began

    def test_two_imports_of_the_same_new_record_make_one(self, town: Town, reviewer: Actor) -> None:
        plans = [planned(town, read(town, NEW)) for _ in range(2)]
        reports = at_once(*(lambda made=made: applied(town, reviewer, made) for made in plans))  # type: ignore[misc]
        assert sorted((one.created, len(one.overtaken)) for one in reports) == [(0, 1), (1, 0)]  # type: ignore[attr-defined]
        assert town.numbers(CAFE) == [1]


class TestAllOrNothing:
    @pytest.mark.parametrize("error", [Cancelled(), RuntimeError("power cut")])
    @pytest.mark.parametrize("after", [0, 1, 2])
    def test_an_import_that_stops_anywhere_leaves_nothing_behind(self, town: Town, reviewer: Actor, error: Exception, after: int) -> None:
        batch = read(town, [["id", "kind", "name"], ["verein", "association", "Verein"]], "organizations.csv")
        batch.patches += read(
            town, [NEW[0], ["cafe", "Café", "verein", "language.courses", "Café"], ["office", "Neu", "stadt", "schools.enrol", ""]]
        ).patches
        made = planned(town, batch)
        before, counted, stamp = published(town.database), rows(town.database), town.stamp()
        told: list[int] = []

        def progress(done: int, total: int) -> None:
            told.append(done)
            if len(told) > after:
                raise error

        with pytest.raises(type(error)):
            applied(town, reviewer, made, progress=progress)
        assert (published(town.database), rows(town.database), town.stamp()) == (before, counted, stamp)
        assert applied(town, reviewer, made).created == 2

    def test_progress_goes_from_nothing_to_everything(self, town: Town, reviewer: Actor) -> None:
        told: list[tuple[int, int]] = []
        many = [NEW[0][:4], *([f"s{n}", f"Angebot {n}", "stadt", "language.courses"] for n in range(450))]
        applied(town, reviewer, planned(town, read(town, many)), progress=lambda done, total: told.append((done, total)))
        assert told[0] == (0, 450)
        assert told[-1] == (450, 450)
        assert [done for done, _ in told] == sorted(done for done, _ in told)
        assert len(told) >= 4
