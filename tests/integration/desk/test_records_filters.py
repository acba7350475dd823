"""Filters of a list of records: they stand in the address, so that a view can be kept and shared."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.domain.records import CapacityState
from knowledge.domain.text import TranslationState
from knowledge.editorial import availability, care, review
from knowledge.editorial.contents import contents
from knowledge.editorial.coverage import coverage
from knowledge.editorial.gaps import Gap, Versions, all_gaps, gaps
from knowledge.editorial.publish import archive
from knowledge.editorial.records import body, get
from knowledge.editorial.save import save
from knowledge.editorial.translate import sections, sections_in, translate
from knowledge.store.desk_tables import RecordRow
from knowledge.store.tables import ArticleServiceRow
from tests.integration.desk.conftest import SECRET_HERE
from tests.integration.desk.people import CITY, Desk, Person
from tests.integration.desk.records_listed import OFFICE, count, names


async def test_filters_stand_in_the_address_and_come_back_from_it(editor: Person) -> None:
    page = await editor.page("/desk/records/service?topic=health.dentist&district=nordstadt")
    assert names(page) == ["Zahnklinik für alle"] or count(page) >= 1
    assert '<option value="health.dentist" selected>' in page
    assert '<option value="nordstadt" selected>' in page
    # Each filter can be taken away by itself.
    assert 'href="/desk/records/service?district=nordstadt"' in page


async def test_the_address_has_no_empty_fields(editor: Person) -> None:
    answer = await editor.get("/desk/records/service?text=&state=&topic=health.doctor&sort=")
    assert answer.status == 302
    assert answer.headers["Location"] == "/desk/records/service?topic=health.doctor"


async def test_by_topic_organization_and_district(desk: Desk, editor: Person) -> None:
    by_topic = names(await editor.page("/desk/records/service?topic=registration.address"))
    assert "Bürgerbüro Altstadt" in by_topic
    assert "Frauenhaus Ankerstadt" not in by_topic
    by_organization = names(await editor.page("/desk/records/service?organization=offene-hand"))
    assert {f"{SECRET_HERE} Beratung", "Praxis Offene Hand"} <= set(by_organization)
    assert "Bürgerbüro Altstadt" not in by_organization
    places = names(await editor.page("/desk/records/location?district=altstadt"))
    assert "Rathaus" in places
    assert "Frauenhaus" not in places


async def test_by_state(desk: Desk, editor: Person) -> None:
    assert names(await editor.page("/desk/records/service?state=draft")) == [f"{SECRET_HERE} Beratung"]
    actor = desk.actor("editor")
    desk.do(lambda session: review.submit(session, actor, f"service:{CITY}/entwurf"))
    assert names(await editor.page("/desk/records/service?state=review")) == [f"{SECRET_HERE} Beratung"]
    assert names(await editor.page("/desk/records/service?state=draft")) == []


async def test_archived_records_are_out_of_the_way_and_can_be_found(desk: Desk, editor: Person) -> None:
    def put_away(session: Session) -> str:
        record = session.scalars(select(RecordRow).where(RecordRow.kind == "service", RecordRow.name == "Apotheke am Bahnhof")).one()
        session.execute(delete(ArticleServiceRow).where(ArticleServiceRow.service_id == record.id.removeprefix("service:")))
        return archive(session, desk.actor("reviewer"), record.id).name

    name = desk.do(put_away)
    before = await editor.page("/desk/records/service?text=Apotheke")
    assert name not in names(before)
    assert name in names(await editor.page("/desk/records/service?text=Apotheke&state=archived"))


async def test_due_for_checking(desk: Desk, editor: Person) -> None:
    due = names(await editor.page("/desk/records/service?due=yes"))
    assert "Hilfe bei Strom und Schulden" in due
    assert len(due) < 10
    # An interval of its own makes a record due earlier.
    old = date.today() - timedelta(days=40)

    def weekly(session: Session) -> None:
        record = care.set_interval(session, desk.actor("editor"), OFFICE, 30)
        record.checked_on = old

    desk.do(weekly)
    page = await editor.page("/desk/records/service?due=yes")
    assert "Bürgerbüro Altstadt" in names(page)
    assert names(await editor.page("/desk/records/service?due=yes&sort=checked"))[0] == "Hilfe bei Strom und Schulden"


async def test_mine(desk: Desk, editor: Person) -> None:
    assert names(await editor.page("/desk/records/service?mine=yes")) == []
    actor = desk.actor("editor")
    desk.do(lambda session: care.set_responsible(session, actor, OFFICE, actor.id))
    assert names(await editor.page("/desk/records/service?mine=yes")) == ["Bürgerbüro Altstadt"]
    other = await desk.sign_in("second_editor")
    assert names(await other.page("/desk/records/service?mine=yes")) == []


async def test_temporarily_closed(desk: Desk, editor: Person) -> None:
    actor, today = desk.actor("editor"), date.today()
    desk.do(lambda session: availability.close(session, actor, OFFICE, today - timedelta(days=2), None))
    desk.do(lambda session: availability.close(session, actor, f"service:{CITY}/welcome-point", today + timedelta(days=9), None))
    desk.do(lambda session: availability.set_capacity(session, actor, OFFICE, CapacityState.FULL, None, today))
    page = await editor.page("/desk/records/service?closed=yes")
    assert names(page) == ["Bürgerbüro Altstadt"]
    assert "Closed for a while" in page


async def test_confidential(editor: Person) -> None:
    assert "Frauenhaus Ankerstadt" in names(await editor.page("/desk/records/service?confidential=yes"))
    assert "Frauenhaus" in names(await editor.page("/desk/records/location?confidential=yes"))
    assert "Bürgerbüro Altstadt" not in names(await editor.page("/desk/records/service?confidential=yes"))


async def test_gaps_in_translations(desk: Desk, editor: Person) -> None:
    assert names(await editor.page("/desk/records/service?language=ar-missing")) == [f"{SECRET_HERE} Beratung"]
    before = set(names(await editor.page("/desk/records/service?language=tr-outdated")))
    assert "Bürgerbüro Altstadt" not in before
    actor = desk.actor("editor")

    def edit(session: Session) -> None:
        record = get(session, actor, OFFICE)
        document = body(session, record)
        document = {**document, "texts": {**document["texts"], "fees": "Alles kostet jetzt zehn Euro."}}
        save(session, actor, OFFICE, document, base=record.newest)

    desk.do(edit)
    page = await editor.page("/desk/records/service?language=tr-outdated")
    assert "Bürgerbüro Altstadt" in names(page)
    assert "1 outdated" in page

    def put_right(session: Session) -> None:
        record = session.get_one(RecordRow, OFFICE)
        fees = next(one for one in sections(session, record, "tr") if one.field == "fees")
        translate(session, actor, OFFICE, "fees", "tr", "On avro.", of=fees.source_digest)

    desk.do(put_right)
    assert "Bürgerbüro Altstadt" not in names(await editor.page("/desk/records/service?language=tr-outdated"))
    assert "Bürgerbüro Altstadt" in names(await editor.page("/desk/records/service?language=ar-outdated"))


async def test_a_list_tells_the_same_gaps_as_the_page_of_translations(desk: Desk) -> None:

    def compare(session: Session) -> int:
        checked = 0
        for kind in ("service", "article", "location"):
            known = contents(session, CITY, kind)
            rows = session.scalars(select(RecordRow).where(RecordRow.kind == kind, RecordRow.municipality_id == CITY)).all()
            versions = {row.id: Versions(row.newest, row.published) for row in rows}
            listed = gaps(session, CITY, known, versions, ["en", "tr"])
            one_by_one = all_gaps(session, CITY, kind, known, versions, "tr")
            for row in rows:
                for code, found in sections_in(session, row, ["en", "tr"]).items():
                    states = [one.state for one in found]
                    expected = Gap(states.count(TranslationState.MISSING), states.count(TranslationState.OUTDATED))
                    assert listed.get(row.id, {}).get(code, Gap()) == expected, (row.id, code)
                    if code == "tr":
                        assert one_by_one.get(row.id, {}).get(code, Gap()) == expected
                    checked += 1
        return checked

    assert desk.do(compare) > 200


async def test_a_small_edit_ages_no_translation_neither_in_the_list_nor_on_the_board(desk: Desk, editor: Person) -> None:
    """Given a draft with nothing but small edits on what is public; a real change on top of it ages the translations of that text."""
    actor = desk.actor("editor")

    def gap_in(session: Session, code: str) -> tuple[Gap, Gap]:
        row = session.get_one(RecordRow, OFFICE)
        known = contents(session, CITY, "service")
        listed = gaps(session, CITY, known, {OFFICE: Versions(row.newest, row.published)}, [code])
        board = next(one for one in coverage(session, CITY).records if one.key == OFFICE).counts[code]
        on_board = Gap(board.get(TranslationState.MISSING, 0), board.get(TranslationState.OUTDATED, 0))
        return listed.get(OFFICE, {}).get(code, Gap()), on_board

    def write(words: str, *, minor: bool) -> None:
        def work(session: Session) -> None:
            record = get(session, actor, OFFICE)
            document = body(session, record)
            save(session, actor, OFFICE, {**document, "texts": {**document["texts"], "fees": words}}, base=record.newest, minor=minor)

        desk.do(work)

    before = desk.do(lambda session: gap_in(session, "tr"))
    assert before[0] == before[1]
    write("Eine Kleinigkeit, anders geschrieben.", minor=True)
    assert desk.do(lambda session: gap_in(session, "tr")) == before
    assert "Bürgerbüro Altstadt" not in names(await editor.page("/desk/records/service?language=tr-outdated"))
    write("Etwas ganz anderes.", minor=False)
    listed, on_board = desk.do(lambda session: gap_in(session, "tr"))
    assert listed == on_board == Gap(before[0].missing, before[0].outdated + 1)
    assert "Bürgerbüro Altstadt" in names(await editor.page("/desk/records/service?language=tr-outdated"))
