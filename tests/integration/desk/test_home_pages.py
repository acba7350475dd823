"""The home and its lists over HTTP: each person sees what is theirs, and each button does what it says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from knowledge.editorial.digest import token
from knowledge.editorial.home.overview import PARTS
from knowledge.editorial.questions.keeping import note
from knowledge.editorial.records import now
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.suggestions import suggest
from knowledge.store.desk_tables import AutosaveRow, ImportRunRow, LinkCheckRow, RecordRow
from locales.catalogue import catalogue
from tests.integration.desk.home_page import TODAY, a_service, changed, plain
from tests.integration.desk.people import CITY, Desk, actor_of, user_of
from tests.integration.desk.test_translation_coverage import fill
from tests.integration.statements import counted

MakeDesk = Callable[..., Awaitable[Desk]]


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

    async def test_when_nothing_is_due_the_next_date_is_told(self, desk: Desk) -> None:
        """Given: everything was checked today, and the organization's editor answers for all of it."""
        who = "organization_editor"
        user = desk.do(lambda s: user_of(s, who).id)
        desk.do(lambda s: s.execute(update(RecordRow).values(checked_on=TODAY, responsible_id=user)))
        desk.do(lambda s: s.execute(delete(RecordRow).where(RecordRow.published.is_(None))))
        said = plain(await (await desk.sign_in(who)).page("/desk"))
        assert "Next to be checked" in said and "Check now" not in said

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


def test_every_list_has_its_words() -> None:
    wanted = {f"desk.home.{what}.{part.name}" for part in PARTS for what in ("part", "why", "do")}
    assert wanted <= set(catalogue("en"))
