"""What staff and the public say is wrong: shown to editors, dealt with, brought back."""

from __future__ import annotations

from sqlalchemy import select

from knowledge.editorial.suggestions import suggest_in_public
from knowledge.store.desk_tables import RecordRow, SuggestionRow
from tests.integration.desk.home_page import a_service, plain
from tests.integration.desk.people import CITY, ORGANIZATION, Desk


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

    async def test_a_sign_that_no_keyboard_writes_is_left_out(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        response = await (await desk.sign_in("staff")).post("/desk/suggest", record=key, text="Die Tür\0 ist zu.")
        assert response.status == 303
        assert "Die Tür ist zu." in plain(await (await desk.sign_in("editor")).page("/desk/suggestions"))

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
