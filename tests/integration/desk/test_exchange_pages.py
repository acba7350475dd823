"""An export of Integreat at the desk: a tree with proposals, confirmed branch by branch; every page accounted for; answers of pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.publish import archive
from knowledge.store.desk_tables import AutosaveRow, ImportRunRow, RecordRow
from knowledge.store.reader import read_knowledge
from tests.integration.desk.exchange_acts import (
    Files,
    bring_in,
    document,
    everything,
    items,
    number_of,
    plain,
    planned,
    record,
    state,
    wait,
)
from tests.integration.desk.people import CITY, Desk, Person
from tests.unit.knowledge.exchange.integreat.pages import a_page, in_languages

only_sqlite = pytest.mark.parametrize("desk_database", ["sqlite"], indirect=True)
Row = dict[str, Any]


def german() -> list[Row]:
    return [
        a_page("gesundheit", number=1, content="", available_languages=in_languages(en="health")),
        a_page(
            "gesundheit/zahnarzt",
            number=2,
            content="<p>Suchen Sie einen Zahnarzt in der Nähe.</p><ul><li>Rufen Sie an.</li><li>Gehen Sie hin.</li></ul>",
            available_languages=in_languages(en="health/dentist"),
        ),
        a_page("gesundheit/krankenhaus", number=3),
        a_page("wohnen", number=4),
        a_page("wohnen/nachbarn", number=5),
        a_page("leer", number=6, content=""),
        {"id": 7, "title": "Ohne Pfad", "content": "<p>Text.</p>"},
    ]


def english() -> list[Row]:
    return [
        a_page("health", language="en", number=21, content="", available_languages=in_languages(de="gesundheit")),
        a_page(
            "health/dentist",
            language="en",
            number=22,
            title="Dentist",
            content="<p>Look for a dentist.</p>",
            available_languages=in_languages(de="gesundheit/zahnarzt"),
        ),
        a_page("lost", language="en", number=23),
    ]


def files(**rows: Iterable[Row]) -> Files:
    return [(f"musterstadt-{code}.json", json.dumps(list(found)).encode()) for code, found in rows.items()]


async def read(person: Person, **fields: str) -> str:
    return await planned(person, files(de=german(), en=english()), **fields)


def lines(desk: Desk, url: str) -> dict[str, dict[str, Any]]:
    """Local id -> its line in the review."""
    return {one["record"].partition("/")[2]: one for one in items(desk, url, "topic")}


async def go_on(person: Person, url: str) -> str:
    """On to the dry run."""
    response = await person.post(f"{url}/topics", do="on")
    assert response.status == 303, await response.text()
    return await wait(person, url)


async def test_given_an_export_then_its_pages_are_shown_as_a_tree_with_proposals_and_reasons(desk: Desk, reviewer: Person) -> None:
    before = everything(desk)
    url = await read(reviewer)
    page = plain(await reviewer.page(url))
    assert "What are these pages about?" in page
    assert "The title has the word" in page
    assert list(lines(desk, url)) == ["gesundheit", "zahnarzt", "krankenhaus", "wohnen", "nachbarn"]
    assert lines(desk, url)["zahnarzt"]["detail"]["proposed"] == "health.dentist"
    assert {one["decision"] for one in items(desk, url, "topic")} == {None}
    assert everything(desk) == before


async def test_every_page_of_every_file_is_accounted_for(desk: Desk, reviewer: Person) -> None:
    url = await read(reviewer)
    await go_on(reviewer, url)
    report = await bring_in(reviewer, url)
    figures = desk.do(lambda session: session.get_one(ImportRunRow, number_of(url)).plan["figures"])
    assert figures == {
        "de": {"in_file": 7, "document": 5, "translation": 0, "skipped": 1, "rejected": 1},
        "en": {"in_file": 3, "document": 0, "translation": 2, "skipped": 0, "rejected": 1},
    }
    assert [[int(one) for one in re.findall(r"\d+", row)] for row in re.findall(r"(?:German|English)</th>(.*?)</tr>", report)] == [
        [7, 5, 0, 1, 1],
        [3, 0, 2, 0, 1],
    ]
    assert [one["name"] for one in items(desk, url, "skipped")] == ["/musterstadt/de/leer/"]
    assert {one["name"] for one in items(desk, url, "rejected")} == {"Ohne Pfad", "/musterstadt/en/lost/"}
    guide = desk.do(lambda session: read_knowledge(session, CITY)).pages
    assert set(guide) >= {"gesundheit", "zahnarzt", "krankenhaus", "wohnen", "nachbarn"}
    assert guide["zahnarzt"].parent == "gesundheit"
    assert guide["zahnarzt"].texts["title"].translations["en"].body == "Dentist"


async def test_given_a_branch_is_confirmed_then_its_pages_get_those_topics_and_the_others_none(desk: Desk, reviewer: Person) -> None:
    url = await read(reviewer)
    found = lines(desk, url)
    chosen = {
        f"topic-{found['gesundheit']['id']}": "-",
        f"topic-{found['zahnarzt']['id']}": "health.doctor",
        f"topic-{found['krankenhaus']['id']}": "no.such.topic",
    }
    response = await reviewer.post(f"{url}/topics", chosen, do="branch", following=str(found["wohnen"]["id"]))
    assert response.headers["Location"].endswith(f"?branch={found['wohnen']['id']}")
    assert "Pages that are confirmed: 2 of 5" in plain(await reviewer.page(url))
    await go_on(reviewer, url)
    await bring_in(reviewer, url)
    # What is no topic of ours is passed over, and what nobody has decided about has none.
    topics = {id: document(desk, id, "page").get("topic") for id in found}
    assert {id: topic for id, topic in topics.items() if topic} == {"zahnarzt": "health.doctor"}


async def test_given_all_proposals_are_taken_then_pages_without_one_stay_open(desk: Desk, reviewer: Person) -> None:
    url = await read(reviewer)
    await reviewer.post(f"{url}/topics", do="all")
    found = lines(desk, url)
    assert {one["decision"] for one in found.values() if one["detail"]["proposed"]} == {
        one["detail"]["proposed"] for one in found.values() if one["detail"]["proposed"]
    }
    assert {one["decision"] for one in found.values() if not one["detail"]["proposed"]} == {None}


async def test_given_pages_come_again_then_they_keep_the_topic_that_they_have_here(desk: Desk, reviewer: Person) -> None:
    first = await read(reviewer)
    await reviewer.post(f"{first}/topics", {f"topic-{lines(desk, first)['zahnarzt']['id']}": "health.pharmacy"}, do="branch")
    await go_on(reviewer, first)
    await bring_in(reviewer, first)
    assert document(desk, "zahnarzt", "page")["topic"] == "health.pharmacy"
    newer = german()
    newer[1]["content"] = "<p>Neue Worte.</p>"
    second = await planned(reviewer, files(de=newer, en=english()))
    assert lines(desk, second)["zahnarzt"]["detail"]["current"] == "health.pharmacy"
    await reviewer.post(f"{second}/topics", do="all")
    await go_on(reviewer, second)
    # Another page has got its proposal; this one's stays, whatever is proposed for it.
    assert {one["record"] for one in items(desk, second, "update")} == {f"page:{CITY}/zahnarzt", f"page:{CITY}/krankenhaus"}
    await bring_in(reviewer, second)
    kept = document(desk, "zahnarzt", "page")
    assert (kept["topic"], kept["texts"]["body"]) == ("health.pharmacy", "Neue Worte.")


@only_sqlite
async def test_the_review_can_be_opened_again_and_keeps_what_was_chosen(desk: Desk, reviewer: Person) -> None:
    url = await read(reviewer)
    await reviewer.post(f"{url}/topics", {f"topic-{lines(desk, url)['zahnarzt']['id']}": "health.pharmacy"}, do="branch")
    await go_on(reviewer, url)
    assert state(desk, url) == "planned"
    await reviewer.post(f"{url}/again", topics="again")
    await wait(reviewer, url)
    assert state(desk, url) == "topics"
    assert lines(desk, url)["zahnarzt"]["decision"] == "health.pharmacy"


@only_sqlite
async def test_topics_of_a_page_that_was_read_anew_meanwhile_are_not_taken_for_others(desk: Desk, reviewer: Person) -> None:
    url = await read(reviewer)
    seen = re.search(r'name="made" value="([^"]+)"', await reviewer.page(url))
    assert seen is not None
    chosen = {f"topic-{lines(desk, url)['zahnarzt']['id']}": "health.pharmacy", "made": seen[1]}
    await reviewer.post(f"{url}/again")
    await wait(reviewer, url)
    assert (await reviewer.post(f"{url}/topics", chosen, do="branch")).status == 400
    assert {one["decision"] for one in items(desk, url, "topic")} == {None}


@only_sqlite
async def test_the_language_in_which_the_city_writes_can_be_another(desk: Desk, reviewer: Person) -> None:
    url = await read(reviewer, source_language="en", reviewed="yes")
    assert list(lines(desk, url)) == ["health", "dentist", "lost"]
    await reviewer.post(f"{url}/again", format="integreat", source_language="de", topics="again")
    await wait(reviewer, url)
    assert "zahnarzt" in lines(desk, url)


@only_sqlite
async def test_files_without_pages_in_that_language_say_so(desk: Desk, reviewer: Person) -> None:
    url = await planned(reviewer, files(en=english()), source_language="de")
    page = plain(await reviewer.page(url))
    assert "This did not work" in page
    assert "Nothing was changed." in page


@only_sqlite
async def test_translations_count_as_made_by_a_machine_unless_somebody_says_otherwise(desk: Desk, reviewer: Person) -> None:
    url = await read(reviewer)
    await go_on(reviewer, url)
    await bring_in(reviewer, url)
    title = desk.do(lambda session: read_knowledge(session, CITY)).pages["zahnarzt"].texts["title"]
    assert title.translations["en"].state.value == "machine"


def never_answered(desk: Desk, topic: str) -> None:
    """The demonstration city has an answer for every topic: this one goes, with its past."""
    key = f"article:{CITY}/{topic}:everyone"
    actor = desk.actor("reviewer")

    def forget(session: Session) -> None:
        archive(session, actor, key)
        session.delete(session.get_one(RecordRow, key))

    desk.do(forget)


async def answer_of(person: Person, page: str) -> str:
    """Press the button that makes an answer of a page."""
    response = await person.post("/desk/exchange/article", page=page)
    assert response.status == 200, await response.text()
    return await response.text()


async def test_given_a_page_then_a_draft_of_an_answer_waits_in_the_form_and_what_is_missing_is_named(desk: Desk, reviewer: Person) -> None:
    never_answered(desk, "language.courses")
    url = await read(reviewer)
    await reviewer.post(f"{url}/topics", {f"topic-{lines(desk, url)['zahnarzt']['id']}": "language.courses"}, do="branch")
    await go_on(reviewer, url)
    await bring_in(reviewer, url, publish="no")
    assert "Make an answer of it" in await reviewer.page(f"{url}?show=topic")
    page = await answer_of(reviewer, "zahnarzt")
    assert "Last checked on" in plain(page)  # the day of its last change is filled in, and nobody has checked it
    form = re.search(r'href="(/desk/records/article/new\?form=[^"]+)"', page)
    assert form is not None
    shown = await reviewer.page(form[1])
    assert "Suchen Sie einen Zahnarzt in der Nähe." in shown
    assert "Rufen Sie an." in shown
    kept = desk.do(lambda session: session.scalars(select(AutosaveRow).where(AutosaveRow.kind == "article")).one())
    assert kept.fields["topic"] == ["language.courses"]
    assert kept.fields["checked_on"] == ["2026-05-04"]
    bare = plain(await answer_of(reviewer, "wohnen"))
    assert "Still missing" in bare
    assert "Topic" in bare


@only_sqlite
async def test_given_there_is_an_answer_on_the_topic_then_it_is_shown_instead(desk: Desk, reviewer: Person) -> None:
    url = await read(reviewer)
    await reviewer.post(f"{url}/topics", {f"topic-{lines(desk, url)['zahnarzt']['id']}": "health.doctor"}, do="branch")
    await go_on(reviewer, url)
    await bring_in(reviewer, url)
    assert record(desk, "health.doctor:everyone", "article") is not None
    page = await answer_of(reviewer, "zahnarzt")
    assert "There is an answer on this topic already." in page
    assert desk.do(_autosaves) == 0


def _autosaves(session: Session) -> int:
    return len(session.scalars(select(AutosaveRow)).all())


@only_sqlite
async def test_a_page_of_nowhere_makes_no_answer(desk: Desk, reviewer: Person) -> None:
    assert (await reviewer.post("/desk/exchange/article", page="nowhere")).status == 404
    assert (await (await desk.sign_in("organization_editor")).post("/desk/exchange/article", page="nowhere")).status == 403
