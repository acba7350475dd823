"""The home and its pages over HTTP: each person sees what is theirs, and each button does what it says."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from knowledge.config import PROJECT
from knowledge.editorial.digest import token
from knowledge.editorial.home.overview import PARTS
from knowledge.editorial.questions.keeping import note
from knowledge.editorial.records import body, now
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.save import save
from knowledge.editorial.suggestions import suggest, suggest_in_public
from knowledge.store.desk_tables import AutosaveRow, ImportRunRow, LinkCheckRow, RecordRow, SuggestionRow, UnansweredRow
from locales.catalogue import catalogue
from tests.integration.desk.people import CITY, ORGANIZATION, Desk, actor_of, user_of
from tests.integration.desk.test_translation_coverage import fill
from tests.integration.statements import counted

MakeDesk = Callable[..., Awaitable[Desk]]
TODAY = date.today()


def a_service(desk: Desk, place: int = 0) -> tuple[str, str]:
    """(key, name) of a published service of the city."""
    rows = desk.do(
        lambda s: s.execute(
            select(RecordRow.id, RecordRow.name)
            .where(RecordRow.municipality_id == CITY, RecordRow.kind == "service", RecordRow.published.is_not(None))
            .order_by(RecordRow.id)
        ).all()
    )
    return rows[place].id, rows[place].name


def changed(session: Session, actor_name: str, key: str, name: str) -> None:
    record = session.get_one(RecordRow, key)
    document = body(session, record)
    save(session, actor_of(session, actor_name), key, {**document, "texts": {**document["texts"], "name": name}}, base=record.newest)


def plain(html: str) -> str:
    """What a page says, without its tags."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


class TestHome:
    async def test_the_most_urgent_thing_comes_first_and_has_one_main_button(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        desk.do(lambda s: changed(s, "editor", key, "Neuer Name"))
        desk.do(lambda s: submit(s, actor_of(s, "editor"), key))
        reviewer, editor = await desk.sign_in("reviewer"), await desk.sign_in("editor")
        page = await reviewer.page("/desk")
        said = plain(page)
        assert said.index("Do this first") < said.index("To review") < said.index("Neuer Name") < said.index("After that")
        assert page.count('class="button main"') == 1
        assert "To review" not in plain(await editor.page("/desk"))
        desk.do(lambda s: send_back(s, actor_of(s, "reviewer"), key, "Bitte <b>kürzer</b>"))
        page = await editor.page("/desk")
        assert plain(page).index("Sent back to you") < plain(page).index("Bitte <b>kürzer</b>")
        assert "<b>kürzer" not in page

    async def test_what_is_empty_is_said_to_be_well(self, desk: Desk) -> None:
        said = plain(await (await desk.sign_in("reviewer")).page("/desk"))
        assert "All well here" in said and said.index("All well here") < said.index("To review")

    async def test_when_nothing_waits_the_next_date_is_told(self, desk: Desk) -> None:
        """Given: everything was checked today, somebody answers for all of it, and the organization's editor has nothing else to do."""
        who = "organization_editor"
        user = desk.do(lambda s: user_of(s, who).id)
        desk.do(lambda s: s.execute(update(RecordRow).values(checked_on=TODAY, responsible_id=user)))
        desk.do(lambda s: s.execute(delete(RecordRow).where(RecordRow.published.is_(None))))
        said = plain(await (await desk.sign_in(who)).page("/desk"))
        if "Translations missing" not in said:
            assert said.startswith("All is well Nothing waits for you.")
        else:
            assert "Next to be checked" in said

    async def test_staff_are_helped_to_find_things_and_to_say_what_is_wrong(self, desk: Desk) -> None:
        key, name = a_service(desk)
        staff = await desk.sign_in("staff")
        assert "What are you looking for?" in plain(await staff.page("/desk"))
        found = await staff.page(f"/desk/suggest?q={name}")
        assert name in plain(found)
        response = await staff.post("/desk/suggest", record=key, text="Die Nummer ist falsch", follow=True)
        said = plain(await response.text())
        assert response.status == 200 and "Die Nummer ist falsch" in said

    async def test_a_city_with_nothing_in_it_is_told_where_to_begin(self, desk: Desk) -> None:
        desk.do(lambda s: s.execute(delete(RecordRow).where(RecordRow.municipality_id == CITY)))
        said = plain(await (await desk.sign_in("administrator")).page("/desk"))
        assert "Nothing is here yet" in said and "Import a file" in said and "Write down the first organization" in said

    async def test_ten_times_as_many_services_take_no_more_queries(self, desk: Desk) -> None:
        person, numbers = await desk.sign_in("administrator"), []
        for first, last in ((0, 50), (50, 500)):
            fill(desk.database, last, first=first)
            await person.page("/desk")
            with counted(desk.database) as sent:
                await person.page("/desk")
            numbers.append(len(sent))
        assert numbers[0] == numbers[1]


class TestLists:
    async def test_still_true_by_one_click_in_the_list(self, desk: Desk) -> None:
        key, name = a_service(desk)
        desk.do(lambda s: setattr(s.get_one(RecordRow, key), "checked_on", TODAY - timedelta(days=999)))
        editor = await desk.sign_in("editor")
        assert name in plain(await editor.page("/desk/todo/due"))
        response = await editor.post("/desk/todo/due", record=key, follow=True)
        assert "still true today" in plain(await response.text())
        assert name not in plain(await editor.page("/desk/todo/due"))
        assert desk.do(lambda s: s.get_one(RecordRow, key).checked_by) == "Editor"

    async def test_one_person_for_many_services(self, desk: Desk) -> None:
        keys = [a_service(desk, place)[0] for place in (0, 1)]
        editor = await desk.sign_in("editor")
        person = desk.do(lambda s: user_of(s, "second_editor").id)
        nobody_chosen = await editor.post("/desk/todo/nobody", record=keys, person="")
        assert nobody_chosen.status == 422 and (await nobody_chosen.text()).count(" checked>") == 2
        assert (await editor.post("/desk/todo/nobody", person=person)).status == 422
        assert (await editor.post("/desk/todo/nobody", record=keys, person=person)).status == 303
        assert desk.do(lambda s: {s.get_one(RecordRow, key).responsible_id for key in keys}) == {person}
        shown = [a_service(desk, place)[0] for place in (2, 3)]
        assert (await editor.post("/desk/todo/nobody", shown=shown, all="yes", person=person)).status == 303
        assert desk.do(lambda s: s.get_one(RecordRow, shown[1]).responsible_id) == person

    async def test_somebody_who_may_not_edit_cannot_be_made_responsible_for_it(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        editor = await desk.sign_in("editor")
        person = desk.do(lambda s: user_of(s, "elsewhere").id)
        assert (await editor.post("/desk/todo/nobody", record=key, person=person)).status == 422
        assert desk.do(lambda s: s.get_one(RecordRow, key).responsible_id) is None

    async def test_typing_is_thrown_away_by_its_person_only(self, desk: Desk) -> None:
        editor, other = await desk.sign_in("editor"), await desk.sign_in("second_editor")
        typed = {"form": "new:page:abcdefgh", "base": 0, "user": desk.actor("editor").id, "fields": [["texts.title", "Ankommen"]]}
        kept = await editor.browser.post("/desk/records/page/autosave", json=typed, headers={"X-CSRF": editor.csrf})
        assert kept.status == 200
        page = await editor.page("/desk/todo/unfinished")
        assert ">Ankommen<" in page and "/desk/records/page/new?form=abcdefgh" in page
        await other.post("/desk/todo/unfinished", {"form": "new:page:abcdefgh"})
        assert desk.do(lambda s: s.scalar(select(func.count()).select_from(AutosaveRow))) == 1
        await editor.post("/desk/todo/unfinished", {"form": "new:page:abcdefgh"})
        assert desk.do(lambda s: s.scalar(select(func.count()).select_from(AutosaveRow))) == 0

    @pytest.mark.parametrize("name", [part.name.value for part in PARTS])
    async def test_every_list_can_be_opened(self, desk: Desk, name: str) -> None:
        key, _ = a_service(desk)

        def fill(session: Session) -> None:
            editor = actor_of(session, "editor")
            session.add(LinkCheckRow(record_id=key, url="https://a.example", status=404, problem="not_found", failures=2, checked_at=now()))
            note(session, CITY, "Wo ist das Freibad?", "de", TODAY)
            suggest(session, editor, key, "Stimmt nicht mehr", "de")
            row = ImportRunRow(municipality_id=CITY, author="x", format="csv", file_name="a.csv", content={}, plan={}, report={}, at=now())
            row.state = "planned"
            session.add(row)
            session.get_one(RecordRow, key).expire_at = now() + timedelta(days=1)

        desk.do(fill)
        person = await desk.sign_in("administrator")
        response = await person.get(f"/desk/todo/{name}", follow=name not in ("translations", "imports"))
        assert response.status in (200, 302), await response.text()

    async def test_a_list_that_there_is_not(self, desk: Desk) -> None:
        assert (await (await desk.sign_in("editor")).get("/desk/todo/nothing")).status == 404

    @pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", "7"])
    async def test_a_page_that_there_is_not(self, desk: Desk, page: str) -> None:
        person = await desk.sign_in("administrator")
        for path in ("/desk/todo/due", "/desk/questions", "/desk/suggestions", "/desk/audit"):
            assert (await person.get(f"{path}?page={page}")).status == 200


class TestSuggestions:
    async def test_dealing_with_one_and_bringing_it_back(self, desk: Desk) -> None:
        key, name = a_service(desk)
        number = desk.do(lambda s: suggest_in_public(s, key, "<script>alert(1)</script> falsch", "de").id)
        editor = await desk.sign_in("editor")
        page = await editor.page("/desk/suggestions")
        assert "<script>alert" not in page and "<script>alert(1)</script> falsch" in plain(page) and name in plain(page)
        await editor.post("/desk/suggestions/handled", record=key, suggestion=number)
        assert "falsch" not in plain(await editor.page("/desk/suggestions"))
        assert "done by Editor" in plain(await editor.page("/desk/suggestions?state=handled"))
        await editor.post("/desk/suggestions/reopened", record=key, suggestion=number)
        assert "falsch" in plain(await editor.page("/desk/suggestions"))

    async def test_what_cannot_be_taken_comes_back_as_it_was_typed(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        response = await (await desk.sign_in("staff")).post("/desk/suggest", record=key, text="a<b")
        page = await response.text()
        assert response.status == 422 and "a&lt;b</textarea>" in page and 'aria-invalid="true"' in page

    async def test_of_one_organization_only(self, desk: Desk) -> None:
        services = select(RecordRow.id).where(RecordRow.kind == "service", RecordRow.published.is_not(None))
        mine, city = RecordRow.organization_id == ORGANIZATION, RecordRow.municipality_id == CITY
        own, others = (desk.do(lambda s, which=which: s.scalar(services.where(city, which))) for which in (mine, ~mine))
        desk.do(lambda s: suggest_in_public(s, others, "Fremdes stimmt nicht", "de"))
        desk.do(lambda s: suggest_in_public(s, own, "Eigenes stimmt nicht", "de"))
        person = await desk.sign_in("organization_editor")
        said = plain(await person.page("/desk/suggestions"))
        assert "Eigenes" in said and "Fremdes" not in said
        number = desk.do(lambda s: s.scalar(select(SuggestionRow.id).where(SuggestionRow.record_id == others)))
        assert (await person.post("/desk/suggestions/handled", record=others, suggestion=number)).status == 403


class TestQuestions:
    async def test_a_group_is_laid_aside_and_comes_back(self, desk: Desk) -> None:
        desk.do(lambda s: note(s, CITY, "Wo ist das <i>Freibad</i>?", "de", TODAY))
        number = desk.do(lambda s: s.scalar(select(UnansweredRow.id)))
        editor = await desk.sign_in("editor")
        page = await editor.page("/desk/questions")
        assert "<i>Freibad" not in page and "Wo ist das <i>Freibad</i>?" in plain(page)
        assert (await editor.post(f"/desk/questions/{number}/handled")).status == 303
        assert "Freibad" not in plain(await editor.page("/desk/questions"))
        assert (await editor.post(f"/desk/questions/{number}/reopened", follow=True)).status == 200
        assert "Freibad" in plain(await editor.page("/desk/questions"))

    @pytest.mark.parametrize(("who", "public"), [("reviewer", True), ("editor", False)])
    async def test_a_service_gets_another_name(self, desk: Desk, who: str, public: bool) -> None:
        desk.do(lambda s: note(s, CITY, "Wo ist die Anmeldebude?", "de", TODAY))
        number = desk.do(lambda s: s.scalar(select(UnansweredRow.id)))
        key, name = a_service(desk)
        person = await desk.sign_in(who)
        path = f"/desk/questions/{number}"
        found = await (await person.post(path, q=name)).text()
        assert f'value="{key}"' in found
        bad = await person.post(f"{path}/other-name", service=key, name="", q=name)
        assert bad.status == 422 and "Please type a name" in plain(await bad.text())
        response = await person.post(f"{path}/other-name", service=key, name="Anmeldebude", follow=True)
        said = plain(await response.text())
        assert ("Saved and public" in said) is public and "Anmeldebude" not in said.replace("Saved and public", "")
        record = desk.do(lambda s: s.get_one(RecordRow, key))
        assert "Anmeldebude" in desk.do(lambda s: body(s, s.get_one(RecordRow, key))["also"])
        assert (record.newest == record.published) is public

    @pytest.mark.parametrize("question", ["0", "999999", "99999999999999999999", "x"])
    async def test_a_question_that_is_gone(self, desk: Desk, question: str) -> None:
        assert (await (await desk.sign_in("editor")).get(f"/desk/questions/{question}")).status == 404


class TestDigestLink:
    async def test_opening_it_switches_nothing_off_and_the_button_does(self, desk: Desk) -> None:
        user_id = desk.do(lambda s: user_of(s, "editor").id)
        path = f"/desk/digest/off/{token(user_id, desk.settings.secret)}"
        nobody = desk.browser()
        assert "Stop these e-mails" in await nobody.page(path)
        assert desk.do(lambda s: user_of(s, "editor").digest)
        assert (await nobody.post(path, csrf=False)).status == 200
        assert not desk.do(lambda s: user_of(s, "editor").digest)

    async def test_mail_programs_do_it_by_themselves(self, desk: Desk) -> None:
        """As RFC 8058 has it: a POST from a server somewhere, without a cookie."""
        user_id = desk.do(lambda s: user_of(s, "editor").id)
        form = {"List-Unsubscribe": "One-Click"}
        path = f"/desk/digest/off/{token(user_id, desk.settings.secret)}"
        assert (await desk.browser().post(path, form, csrf=False)).status == 200
        assert not desk.do(lambda s: user_of(s, "editor").digest)

    @pytest.mark.parametrize("link", ["x", "MQ.abc"])
    async def test_another_link_does_nothing(self, desk: Desk, link: str) -> None:
        assert (await desk.browser().post(f"/desk/digest/off/{link}", csrf=False)).status == 404


class TestAudit:
    async def test_it_says_in_words_who_did_what(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        desk.do(lambda s: changed(s, "editor", key, "Neuer Name"))
        page = await (await desk.sign_in("administrator")).page("/desk/audit?person=edit&action=save")
        said = plain(page)
        assert "Editor Saved a draft Neuer Name" in said and "Fields: Name" in said

    async def test_filters_and_what_is_no_day(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        desk.do(lambda s: changed(s, "editor", key, "Neuer Name"))
        person = await desk.sign_in("administrator")
        yesterday = TODAY - timedelta(days=1)
        assert "Nothing fits" in plain(await person.page(f"/desk/audit?until={yesterday}"))
        assert "Saved a draft" in plain(await person.page(f"/desk/audit?since={yesterday}&record={key}"))
        page = await person.page("/desk/audit?since=gestern")
        assert "This is no day" in plain(page) and 'value="gestern"' in page

    async def test_the_file_has_the_same_and_no_formulas(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        desk.do(lambda s: setattr(user_of(s, "editor"), "name", '=HYPERLINK("x")'))
        desk.do(lambda s: changed(s, "editor", key, "Neuer Name"))
        response = await (await desk.sign_in("administrator")).get("/desk/audit.csv?action=save")
        text = (await response.read()).decode("utf-8-sig")
        lines = text.strip().splitlines()
        assert response.headers["Content-Disposition"] == 'attachment; filename="log.csv"'
        assert lines[0] == "When,Who,What,Which record,More" and len(lines) == 2
        assert '"\'=HYPERLINK(""x"")",Saved a draft' in lines[1]

    async def test_the_neighbours_log_is_the_neighbours(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        desk.do(lambda s: changed(s, "editor", key, "Neuer Name"))
        assert "Neuer Name" not in await (await desk.sign_in("elsewhere")).page("/desk/audit?action=save")


def test_every_action_of_the_log_has_words() -> None:
    """Every name that the code writes into the log, wherever it is."""
    written = set()
    for path in (PROJECT / "knowledge").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        written |= set(re.findall(r"audit\.log\(\s*[\w.]+,\s*[\w.()]+,\s*[\w.]+,\s*\"(\w+)\"", text))
        if "accounts" in Path(path).parts:
            written |= set(re.findall(r"\bnote\(\s*session,\s*\w+,\s*\"(\w+)\"", text))
    assert {"publish", "save", "sign_in", "suggest"} <= written
    assert {name for name in written if f"desk.audit.action.{name}" not in catalogue("en")} == set()


def test_every_list_has_its_words() -> None:
    wanted = {f"desk.home.{what}.{part.name}" for part in PARTS for what in ("part", "why", "do")}
    assert wanted <= set(catalogue("en"))
