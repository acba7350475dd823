"""Questions that found no answer: shown in groups, given to a service as another name, laid aside."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from knowledge.editorial.questions.keeping import note
from knowledge.editorial.records import body
from knowledge.store.desk_tables import RecordRow, UnansweredRow
from tests.integration.desk.home_page import TODAY, a_service, plain
from tests.integration.desk.people import CITY, Desk


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
