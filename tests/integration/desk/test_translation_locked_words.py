"""Names that no translation may change."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from knowledge.editorial.locked_words import listed, lock_words
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import LockedWordRow
from locales.catalogue import say
from tests.integration.desk.people import CITY, OTHER_CITY, Desk
from tests.integration.desk.translation_acts import NAME, fields, sheet


def lost(page: str) -> list[str]:
    """The warnings about locked words, by section."""
    return [html.unescape(words) for words in re.findall(r'<p class="lost"[^>]*>([^<]+)</p>', page)]


class TestLockedWords:
    async def test_they_are_marked_in_the_original_and_missed_in_a_translation(self, desk: Desk) -> None:
        actor = desk.actor("editor")
        desk.do(lambda session: lock_words(session, actor, CITY, [NAME]))
        editor = await desk.sign_in("editor")
        page = await editor.page(sheet("ar"))
        assert f'<mark class="locked">{NAME}</mark>' in page
        assert lost(page) == [], "the demonstration city keeps its names"
        await editor.post(sheet("ar"), fields(name=("نقطة الترحيب", NAME)), save="name")
        assert lost(await editor.page(sheet("ar"))) == [say("desk.translation.lost", "en", terms=NAME)]

    async def test_the_list_is_added_to_and_taken_from(self, desk: Desk) -> None:
        editor = await desk.sign_in("editor")
        await editor.post("/desk/translations/locked-words", terms="Jobcenter\n  Haus  am Gleis \n\nJobcenter")
        rows = desk.do(lambda session: listed(session, CITY))
        assert [row.term for row in rows] == ["Haus am Gleis", "Jobcenter"]
        await editor.post("/desk/translations/locked-words/remove", word=rows[0].id)
        assert [row.term for row in desk.do(lambda session: listed(session, CITY))] == ["Jobcenter"]
        actions = desk.do(lambda session: session.scalars(select(AuditRow.action).order_by(AuditRow.id.desc()).limit(2)).all())
        assert list(actions) == ["unlock_word", "lock_words"]

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("Jobcenter", "desk.notice.locked_known"),
            (" jobcenter", "desk.notice.locked_added"),
            ("Bürgerbüro\nBürgerbüro", "desk.notice.locked_added"),
            ("Jobcenter\nBürgerbüro", "desk.notice.locked_some"),
        ],
    )
    async def test_a_name_that_is_in_the_list_is_told_so(self, desk: Desk, typed: str, told: str) -> None:
        """Given a list with "Jobcenter"."""
        actor = desk.actor("editor")
        desk.do(lambda session: lock_words(session, actor, CITY, ["Jobcenter"]))
        editor = await desk.sign_in("editor")
        response = await editor.post("/desk/translations/locked-words", terms=typed, follow=True)
        notice = re.search(r'<p class="notice good">([^<]+)</p>', await response.text())
        assert notice is not None and html.unescape(notice[1]) == say(told, "en")

    async def test_too_long_a_name_is_said_and_nothing_typed_is_lost(self, desk: Desk) -> None:
        typed = f"Jobcenter\n{'x' * 201}"
        response = await (await desk.sign_in("editor")).post("/desk/translations/locked-words", terms=typed)
        assert response.status == 422
        assert html.escape(typed) in await response.text()
        assert desk.do(lambda session: listed(session, CITY)) == []

    async def test_nobody_takes_a_word_of_another_city(self, desk: Desk) -> None:
        other = desk.actor("elsewhere")
        desk.do(lambda session: lock_words(session, other, OTHER_CITY, ["Rathaus"]))
        number = desk.do(lambda session: session.scalar(select(LockedWordRow.id)))
        editor = await desk.sign_in("editor")
        await editor.post("/desk/translations/locked-words/remove", word=number)
        assert desk.do(lambda session: len(listed(session, OTHER_CITY))) == 1
        assert "Rathaus" not in await editor.page("/desk/translations/locked-words")

    async def test_an_organizations_editor_reads_the_citys_list_and_leaves_it_alone(self, desk: Desk) -> None:
        person = await desk.sign_in("organization_editor")
        assert "<textarea" not in await person.page("/desk/translations/locked-words")
        assert (await person.post("/desk/translations/locked-words", terms="x")).status == 403
