"""Lists of records: found by whatever people remember, filtered by what is due, kept as an address."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
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
from tests.integration.desk.conftest import DRAFT_THERE, SECRET_HERE, SECRET_THERE
from tests.integration.desk.people import CITY, Desk, Person

OFFICE = f"service:{CITY}/citizens-office-altstadt"


def names(page: str) -> list[str]:
    """What the list shows, in order."""
    return [html.unescape(found) for found in re.findall(r"<bdi lang=[^>]*>([^<]*)</bdi></a>", page)]


def count(page: str) -> int:
    """How many fit."""
    found = re.search(r'id="found"[^>]*>([\d,.]+) of', page)
    assert found is not None
    return int(found.group(1).replace(",", ""))


@pytest.mark.parametrize(
    "kind",
    ["service", "article", "page", "organization", "location", "contact"],
)
async def test_every_kind_has_a_list(editor: Person, kind: str) -> None:
    page = await editor.page(f"/desk/records/{kind}")
    if kind in ("page", "contact"):  # the demonstration city has none of these
        assert f"/desk/records/{kind}/new" in page
        assert names(page) == []
    else:
        assert len(names(page)) > 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BURGERBURO altstadt", "Bürgerbüro Altstadt"),
        ("Einwohnermeldeamt", "Bürgerbüro Altstadt"),
        ("citizens-office-altstadt", "Bürgerbüro Altstadt"),
        ("meldebescheinigung nachweis", "Bürgerbüro Altstadt"),
        ("Rathausplatz", "Bürgerbüro Altstadt"),
        ("23125 110", "Bürgerbüro Altstadt"),
        ("frauenhafen fliederweg", "Frauenhaus Ankerstadt"),
    ],
)
async def test_a_service_is_found_by_name_other_name_id_text_address_and_number(editor: Person, text: str, expected: str) -> None:
    page = await editor.page(f"/desk/records/service?text={text}")
    assert expected in names(page)
    assert count(page) < 15


async def test_all_words_have_to_fit(editor: Person) -> None:
    assert count(await editor.page("/desk/records/service?text=Rathausplatz+Zahnarzt")) == 0


async def test_nothing_found_leads_to_a_new_one_with_that_name(editor: Person) -> None:
    page = await editor.page("/desk/records/service?text=Sonnen%26blume")
    assert count(page) == 0
    address = re.search(r'href="(/desk/records/service/new\?name=[^"]*)"', page)
    assert address is not None
    form = await editor.page(html.unescape(address.group(1)))
    assert 'value="Sonnen&amp;blume"' in form


async def test_an_empty_list_says_what_to_do(desk: Desk) -> None:
    editor, staff = await desk.sign_in("editor"), await desk.sign_in("staff")
    assert "There are no contacts yet" in await editor.page("/desk/records/contact")
    page = await staff.page("/desk/records/contact")
    assert "There are no contacts yet" in page
    assert "/desk/records/contact/new" not in page


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


async def test_pages_and_sorting(editor: Person) -> None:
    first, second = await editor.page("/desk/records/service"), await editor.page("/desk/records/service?page=2")
    assert len(names(first)) == 50
    assert set(names(first)).isdisjoint(names(second))
    assert count(first) == len(names(first)) + len(names(second))
    assert 'href="/desk/records/service?page=2"' in first
    # Beyond the last page comes the last one.
    assert names(await editor.page("/desk/records/service?page=999")) == names(second)
    everything = names(first) + names(second)
    assert everything == sorted(everything, key=lambda name: name.casefold().replace("ä", "a").replace("ü", "u").replace("ö", "o"))


async def test_last_changed_first(desk: Desk, editor: Person) -> None:
    actor = desk.actor("editor")

    def edit(session: Session) -> None:
        record = get(session, actor, OFFICE)
        document = body(session, record)
        save(session, actor, OFFICE, {**document, "email": "neu@ankerstadt.example"}, base=record.newest)

    desk.do(edit)
    page = await editor.page("/desk/records/service?sort=changed")
    assert names(page)[0] == "Bürgerbüro Altstadt"
    # The draft is found by its new words at once.
    assert names(await editor.page("/desk/records/service?text=neu@ankerstadt.example")) == ["Bürgerbüro Altstadt"]
    assert "an older version is public" in page


async def test_odd_values_in_the_address_do_no_harm(editor: Person) -> None:
    for query in ("page=abc", "page=-1", "state=nonsense", "language=xx-yy", "sort=../../", "topic=%27%3B--", "due=no&mine=0"):
        answer = await editor.get(f"/desk/records/service?{query}")
        assert answer.status == 200, query


async def test_nobody_sees_the_records_of_another_municipality(desk: Desk) -> None:
    editor, elsewhere = await desk.sign_in("editor"), await desk.sign_in("elsewhere")
    for kind in ("service", "organization", "location"):
        for query in ("", f"?text={SECRET_THERE}", "?state=draft"):
            assert SECRET_THERE not in re.sub(r'value="[^"]*"|name=[^"]*"|“[^”]*”', "", await editor.page(f"/desk/records/{kind}{query}"))
    assert names(await editor.page(f"/desk/records/service?text={SECRET_THERE}")) == []
    there = await elsewhere.page("/desk/records/service")
    assert f"{SECRET_THERE} Beratung" in names(there)
    assert SECRET_HERE not in there
    assert DRAFT_THERE.rpartition("/")[2] in there


async def test_staff_may_look_and_not_make(desk: Desk) -> None:
    staff = await desk.sign_in("staff")
    page = await staff.page("/desk/records/service")
    assert len(names(page)) == 50
    assert "/desk/records/service/new" not in page
    assert (await staff.get("/desk/records/service/new")).status == 403
