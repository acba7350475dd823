"""What needs me now: for each person and role, counted rightly and quickly."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.editorial.actor import Actor, Role
from knowledge.editorial.autosave import keep
from knowledge.editorial.errors import NotAllowed
from knowledge.editorial.home.overview import Overview, for_everybody, listed, overview
from knowledge.editorial.home.parts import TYPING_KEPT, TYPING_WARNED, Asking, Name
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.questions.keeping import note
from knowledge.editorial.records import now
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.save import create
from knowledge.editorial.scope import Scope
from knowledge.editorial.suggestions import handle, reopen, suggest, suggest_in_public, waiting
from knowledge.editorial.translate import translate
from knowledge.editorial.verify import still_true
from knowledge.store.account_tables import MembershipRow, UserRow
from knowledge.store.desk_tables import AutosaveRow, ImportRunRow, LinkCheckRow, RecordRow
from knowledge.store.tables import MunicipalityRow
from tests.integration.databases import open_database
from tests.integration.editorial.big_city import NOW, grow
from tests.integration.editorial.steps import ANSWER, NEIGHBOUR, OFFICE, SCHOOL, TOWN, Town, club_service
from tests.integration.statements import counted

TODAY = date(2026, 11, 20)
CHECK_DAYS = {"service": 180, "article": 120, "page": 365}
# What the imported town has to be done in it before anybody has done anything: nobody answers for its two services.
CAFE = f"service:{TOWN}/cafe"


def asking(session: Session, actor: Actor, today: date = TODAY, municipality: str = TOWN) -> Asking:
    return Asking(session, actor, municipality, now(), today, CHECK_DAYS, ("en", "fr"))


def home(town: Town, actor: Actor, today: date = TODAY, municipality: str = TOWN) -> Overview:
    with town.database.sessions() as session:
        return overview(asking(session, actor, today, municipality))


def keys(town: Town, actor: Actor, name: Name, today: date = TODAY) -> list[str | None]:
    """The records of a list, in its order; empty where it is not shown to this person."""
    found = next((one for one in home(town, actor, today).parts if one.name is name), None)
    assert found is None or found.count >= len(found.items)
    return [one.record for one in found.items] if found else []


def all_due(town: Town, actor: Actor, today: date) -> set[str | None]:
    """Everything that this person is told to check, not only the first few."""
    with town.database.sessions() as session:
        return {one.record for one in listed(asking(session, actor, today), Name.DUE)[0].items}


class TestDue:
    def test_each_kind_has_its_interval_and_the_most_overdue_comes_first(self, town: Town, editor: Actor) -> None:
        """Given: everything was checked on 2 November 2026."""
        checked = date(2026, 11, 2)
        assert keys(town, editor, Name.DUE, checked + timedelta(days=119)) == []
        after = keys(town, editor, Name.DUE, checked + timedelta(days=180))
        assert after[:2] == [ANSWER, f"article:{TOWN}/schools.enrol:everyone"]
        assert after[2:] == [OFFICE]
        with town.database.sessions() as session:
            found, _ = listed(asking(session, editor, checked + timedelta(days=180)), Name.DUE)
            assert (found.count, [one.record for one in found.items][2:]) == (4, [OFFICE, SCHOOL])
            again, _ = listed(asking(session, editor, checked + timedelta(days=180)), Name.DUE, page=2, size=3)
            assert [one.record for one in again.items] == [SCHOOL]

    def test_a_record_can_have_its_own_interval(self, town: Town, editor: Actor) -> None:
        town.do(lambda s: setattr(s.get_one(RecordRow, OFFICE), "check_every_days", 7))
        assert keys(town, editor, Name.DUE, date(2026, 11, 9)) == [OFFICE]

    def test_what_was_never_checked_comes_first(self, town: Town, editor: Actor) -> None:
        town.do(lambda s: setattr(s.get_one(RecordRow, SCHOOL), "checked_on", None))
        assert keys(town, editor, Name.DUE) == [SCHOOL]

    def test_still_true_takes_it_off(self, town: Town, editor: Actor) -> None:
        town.do(lambda s: setattr(s.get_one(RecordRow, SCHOOL), "checked_on", None))
        town.do(lambda s: still_true(s, editor, SCHOOL, TODAY))
        assert keys(town, editor, Name.DUE) == []

    def test_drafts_and_archived_records_are_not_due(self, town: Town, reviewer: Actor) -> None:
        town.do(lambda s: create(s, reviewer, TOWN, "service", club_service("cafe", organization="stadt")))
        town.do(lambda s: archive(s, reviewer, ANSWER))
        assert {ANSWER, CAFE}.isdisjoint(keys(town, reviewer, Name.DUE, date(2030, 1, 1)))

    def test_what_somebody_else_answers_for_is_theirs_unless_they_left(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        late = date(2027, 10, 1)
        town.do(lambda s: setattr(s.get_one(RecordRow, OFFICE), "responsible_id", reviewer.id))
        with town.database.sessions() as session:
            mine, _ = listed(asking(session, editor, late), Name.DUE)
            everything, _ = listed(for_everybody(asking(session, editor, late)), Name.DUE)
        assert OFFICE not in {one.record for one in mine.items} and everything.count == mine.count + 1
        town.do(lambda s: setattr(s.get_one(UserRow, reviewer.id), "disabled", True))
        with town.database.sessions() as session:
            assert OFFICE in {one.record for one in listed(asking(session, editor, late), Name.DUE)[0].items}

    def test_where_nothing_is_due_the_next_one_is_named(self, town: Town, editor: Actor) -> None:
        coming = home(town, editor).coming
        assert coming is not None and (coming.key, coming.on) == (ANSWER, date(2026, 11, 2) + timedelta(days=120))
        assert home(town, editor, date(2030, 1, 1)).coming is None


class TestRecords:
    def test_what_is_half_typed_is_mine_and_says_when_it_goes(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        town.do(lambda s: keep(s, editor, TOWN, OFFICE, "service", 1, {"texts.name": ["x"]}))
        town.do(lambda s: keep(s, editor, TOWN, "new:page:abcdefgh", "page", 0, {"texts.title": [" Neue Seite"]}))
        town.do(lambda s: keep(s, editor, TOWN, "new:page:nameless", "page", 0, {"texts.title": [""]}))
        items = home(town, editor).parts[0].items
        assert {(one.record, one.ref, one.name, one.when) for one in items} == {
            (OFFICE, OFFICE, "Bürgerbüro", None),
            (None, "new:page:abcdefgh", "Neue Seite", None),
            (None, "new:page:nameless", "", None),
        }
        assert home(town, reviewer).parts[0].count == 0
        long_ago = now() - TYPING_KEPT + TYPING_WARNED - timedelta(days=1)
        town.do(lambda s: s.execute(update(AutosaveRow).values(at=long_ago)))
        assert {one.when for one in home(town, editor).parts[0].items} == {(long_ago + TYPING_KEPT).date()}

    def test_a_draft_goes_from_its_writer_to_the_reviewer_and_back(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        town.change(editor, OFFICE, name="Neu")
        assert keys(town, editor, Name.DRAFTS) == [OFFICE]
        assert keys(town, reviewer, Name.DRAFTS) == [] and keys(town, reviewer, Name.REVIEW) == []
        town.do(lambda s: submit(s, editor, OFFICE))
        assert (keys(town, editor, Name.DRAFTS), keys(town, reviewer, Name.REVIEW)) == ([], [OFFICE])
        assert Name.REVIEW not in {one.name for one in home(town, editor).parts}
        town.do(lambda s: send_back(s, reviewer, OFFICE, "Kürzer bitte"))
        sent = next(one for one in home(town, editor).parts if one.name is Name.SENT_BACK)
        assert [(one.record, one.note) for one in sent.items] == [(OFFICE, "Kürzer bitte")]
        assert keys(town, editor, Name.DRAFTS) == []
        town.do(lambda s: publish(s, reviewer, OFFICE))
        assert keys(town, editor, Name.SENT_BACK) == []

    @pytest.mark.parametrize("role", ["staff", None], ids=str)
    def test_whoever_may_no_longer_edit_a_record_answers_for_it_no_longer(
        self, town: Town, editor: Actor, reviewer: Actor, role: str | None
    ) -> None:
        """Given somebody who answers for the office and is given another role, or works in another city now."""
        late = date(2027, 10, 1)
        town.do(lambda s: setattr(s.get_one(RecordRow, OFFICE), "responsible_id", reviewer.id))
        assert OFFICE not in {*keys(town, editor, Name.NOBODY), *all_due(town, editor, late)}
        held = MembershipRow.user_id == reviewer.id
        town.do(lambda s: s.execute(update(MembershipRow).where(held).values(role=role) if role else delete(MembershipRow).where(held)))
        assert OFFICE in keys(town, editor, Name.NOBODY)
        assert OFFICE in all_due(town, editor, late)

    def test_services_nobody_answers_for(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        assert keys(town, editor, Name.NOBODY) == [OFFICE, SCHOOL]
        town.do(lambda s: setattr(s.get_one(RecordRow, OFFICE), "responsible_id", reviewer.id))
        assert keys(town, editor, Name.NOBODY) == [SCHOOL]
        town.do(lambda s: setattr(s.get_one(UserRow, reviewer.id), "disabled", True))
        assert keys(town, editor, Name.NOBODY) == [OFFICE, SCHOOL]

    def test_what_happens_by_itself_in_the_next_days(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        town.change(editor, OFFICE, name="Neu")
        town.do(lambda s: publish(s, reviewer, OFFICE, at=now() + timedelta(days=1)))
        town.do(lambda s: publish(s, reviewer, ANSWER, expire_at=now() + timedelta(days=2)))
        town.do(lambda s: publish(s, reviewer, SCHOOL, expire_at=now() + timedelta(days=40)))
        planned = home(town, editor).planned
        assert planned is not None and [(one.record, one.note) for one in planned.items] == [(OFFICE, "publish"), (ANSWER, "expire")]
        assert Name.SCHEDULED not in {one.name for one in home(town, editor).waiting}


class TestTranslations:
    def counts(self, town: Town, actor: Actor) -> dict[str, tuple[int, int]]:
        with town.database.sessions() as session:
            found, _ = listed(asking(session, actor), Name.TRANSLATIONS)
        return {one.language: (one.number, int(one.note)) for one in found.items}

    def test_gaps_are_counted_by_language_over_what_readers_see(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        before = self.counts(town, editor)
        assert set(before) == {"en", "fr", "uk", "ar", "tr"} and before["fr"] == before["tr"]
        # English has four of the texts: the office's name and documents, and the article's title and answer.
        assert before["fr"][0] - before["en"][0] == 4
        town.change(editor, OFFICE, name="Entwurf")
        assert self.counts(town, editor) == before
        town.do(lambda s: publish(s, reviewer, OFFICE))
        assert self.counts(town, editor) == before | {"en": (before["en"][0] + 1, 1)}
        town.do(lambda s: translate(s, editor, OFFICE, "name", "en", "Draft", of=text_digest("Entwurf")))
        assert self.counts(town, editor) == before

    def test_a_text_that_is_taken_away_and_a_record_that_is_archived_have_no_gaps(self, town: Town, reviewer: Actor) -> None:
        before = self.counts(town, reviewer)
        town.do(lambda s: archive(s, reviewer, f"article:{TOWN}/schools.enrol:everyone"))
        after = self.counts(town, reviewer)
        assert before["fr"][0] - after["fr"][0] == 3
        assert self.counts(town, reviewer) == after

    def test_another_process_counts_the_same(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        self.counts(town, editor)
        town.change(editor, OFFICE, put_out=reviewer, name="Neu")
        other = Town(open_database(town.database.url), town.reader)
        assert self.counts(other, editor) == self.counts(town, editor)
        other.database.engine.dispose()


class TestOthers:
    def test_suggestions_wait_until_they_are_dealt_with_and_can_be_brought_back(self, town: Town, editor: Actor, staff: Actor) -> None:
        first = town.do(lambda s: suggest(s, staff, OFFICE, "Andere Nummer", "de").id)
        town.do(lambda s: suggest_in_public(s, SCHOOL, "Closed on Mondays", "en"))
        shown = next(one for one in home(town, editor).parts if one.name is Name.SUGGESTIONS)
        assert [(one.record, one.who, one.note) for one in shown.items] == [
            (OFFICE, "staff", "Andere Nummer"),
            (SCHOOL, "public", "Closed on Mondays"),
        ]
        town.do(lambda s: handle(s, editor, OFFICE, first))
        assert keys(town, editor, Name.SUGGESTIONS) == [SCHOOL]
        town.do(lambda s: reopen(s, editor, OFFICE, first))
        assert keys(town, editor, Name.SUGGESTIONS) == [OFFICE, SCHOOL]
        with town.database.sessions() as session:
            assert waiting(session, Scope(TOWN), limit=9, user_id=staff.id)[0] == 1
            assert waiting(session, Scope(NEIGHBOUR), limit=9)[0] == 0

    def test_broken_links_questions_and_imports(self, town: Town, editor: Actor, reviewer: Actor) -> None:
        def work(session: Session) -> None:
            session.add(
                LinkCheckRow(record_id=OFFICE, url="https://a.example", status=404, problem="not_found", failures=2, checked_at=now())
            )
            session.add(LinkCheckRow(record_id=OFFICE, url="https://b.example", status=0, failures=1, checked_at=now()))
            note(session, TOWN, "Wo ist das Freibad?", "de", TODAY)
            blank: dict[str, Any] = {"content": {}, "plan": {}, "report": {}, "author": "Rike", "format": "csv", "at": now()}
            for state in ("planned", "done"):
                session.add(ImportRunRow(municipality_id=TOWN, file_name=f"{state}.csv", state=state, **blank))

        town.do(work)
        shown = {one.name: one for one in home(town, reviewer).parts}
        assert [(one.record, one.note, one.who) for one in shown[Name.LINKS].items] == [(OFFICE, "https://a.example", "not_found")]
        assert [(one.name, one.number) for one in shown[Name.QUESTIONS].items] == [("Wo ist das Freibad?", 1)]
        assert [one.name for one in shown[Name.IMPORTS].items] == ["planned.csv"]
        assert Name.IMPORTS not in {one.name for one in home(town, editor).parts}


class TestWho:
    def test_staff_have_nothing_to_do_here(self, town: Town, staff: Actor) -> None:
        assert home(town, staff).parts == []
        with pytest.raises(NotAllowed), town.database.sessions() as session:
            listed(asking(session, staff), Name.DUE)

    def test_somebody_of_one_organization_sees_what_is_theirs(self, town: Town, club_editor: Actor, administrator: Actor) -> None:
        town.do(lambda s: publish(s, administrator, CAFE))
        shown = {one.name for one in home(town, club_editor).parts}
        assert Name.QUESTIONS not in shown and Name.IMPORTS not in shown
        late = date(2030, 1, 1)
        assert keys(town, club_editor, Name.DUE, late) == []
        town.do(lambda s: setattr(s.get_one(RecordRow, CAFE), "responsible_id", None))
        assert keys(town, club_editor, Name.DUE, late) == [CAFE]
        with town.database.sessions() as session:
            found, _ = listed(asking(session, club_editor), Name.TRANSLATIONS)
        assert {one.number for one in found.items} == {2}

    def test_another_town_shows_nothing_of_this_one(self, town: Town, editor: Actor) -> None:
        neighbour = town.user("Nora", Role.ADMINISTRATOR, NEIGHBOUR)
        town.change(editor, OFFICE, name="Neu")
        town.do(lambda s: submit(s, editor, OFFICE))
        shown = home(town, neighbour, municipality=NEIGHBOUR)
        assert all(NEIGHBOUR in (one.record or NEIGHBOUR) for part in shown.parts for one in part.items)
        assert home(town, neighbour).parts == []

    def test_a_city_without_records_is_told_apart(self, town: Town, administrator: Actor) -> None:
        row = MunicipalityRow(id="leer", source_language="de", country="DE", timezone="Europe/Berlin", changed_at=now())
        town.do(lambda s: s.add(row))
        founder = town.user("Neu", Role.ADMINISTRATOR, "leer")
        shown = home(town, founder, municipality="leer")
        assert shown.empty and shown.waiting == [] and shown.coming is None
        assert not home(town, administrator).empty


def test_ten_times_as_many_services_take_no_more_queries(town: Town, editor: Actor, administrator: Actor) -> None:
    """The first time in a process, the next, and after a change."""

    def asked() -> tuple[list[int], Overview]:
        process, numbers = open_database(town.database.url), []
        for round_ in range(3):
            with process.sessions() as session, counted(process) as sent:
                found = overview(replace(asking(session, administrator), now=NOW))
            numbers.append(len(sent))
            if round_:
                town.do(lambda s: still_true(s, editor, OFFICE, TODAY))
        process.engine.dispose()
        return numbers, found

    grow(town, 50, editor.id)
    few, _ = asked()
    grow(town, 500, editor.id, first=50)
    many, found = asked()
    assert many == few
    counts = {one.name: one.count for one in found.parts}
    assert (counts[Name.REVIEW], counts[Name.QUESTIONS]) == (13, 50) and counts[Name.DUE] > 50
