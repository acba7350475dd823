"""The board of translations: how far each language is, as a picture, and what is needed first."""

from __future__ import annotations

import html
import re
from itertools import pairwise

import pytest
from sqlalchemy import select

from knowledge.domain.text import TranslationState
from knowledge.editorial.coverage import coverage
from knowledge.store.desk_tables import RecordRow
from locales.catalogue import say
from tests.integration.desk.people import CITY, Desk
from tests.integration.desk.test_translation_coverage import fill
from tests.integration.desk.translation_acts import KEY, LOCAL, change, sheet
from tests.integration.statements import counted


class TestBoard:
    async def test_the_picture_says_its_numbers_in_words(self, desk: Desk) -> None:
        page = await (await desk.sign_in("editor")).page("/desk/translations")
        whole = desk.do(lambda session: coverage(session, CITY).totals()["uk"])
        assert f"{say('desk.text_state.machine', 'en')}: {whole[TranslationState.MACHINE]}" in page
        pictures = re.findall(r'<svg class="coverage"[^>]*role="img" aria-label="([^"]+)"', page)
        assert any(words.startswith("Ukrainian: ") for words in pictures)
        assert len(pictures) >= 5 * 4
        assert "style=" not in page

    async def test_the_parts_of_a_bar_fill_it(self, desk: Desk) -> None:
        page = await (await desk.sign_in("editor")).page("/desk/translations")
        bar = re.search(r'<svg class="coverage".*?</svg>', page, re.S)
        assert bar is not None
        parts = [
            (float(x), float(width)) for x, width in re.findall(r'<rect class="(?!ground)\w+" x="([\d.]+)" y="0" width="([\d.]+)"', bar[0])
        ]
        assert sum(width for _, width in parts) == pytest.approx(1000, abs=1)
        assert all(after == pytest.approx(x + width, abs=0.1) for (x, width), (after, _) in pairwise(parts))

    async def test_every_number_leads_to_its_list(self, desk: Desk) -> None:
        editor = await desk.sign_in("editor")
        page = await editor.page("/desk/translations")
        for path in set(re.findall(r'href="(/desk/translations/uk\?[^"]+)"', page)):
            found = await editor.page(html.unescape(path))
            assert "<tbody>" in found, path

    async def test_what_is_needed_most_is_one_click_away(self, desk: Desk) -> None:
        change(desk, key=f"article:{CITY}/safety.violence:everyone", title="Gewalt")
        change(desk, key=f"article:{CITY}/registration.address:everyone", title="Anmelden")
        page = await (await desk.sign_in("editor")).page("/desk/translations")
        button = re.search(r'class="button main" href="([^"]+)"', page)
        assert button is not None
        assert "safety.violence" in button[1]

    async def test_the_list_begins_with_what_is_for_emergencies(self, desk: Desk) -> None:
        change(desk, key=f"article:{CITY}/registration.address:everyone", title="Anmelden")
        change(desk, key=f"article:{CITY}/safety.violence:everyone", title="Gewalt")
        page = await (await desk.sign_in("editor")).page("/desk/translations/ar?state=outdated")
        assert page.index(">Gewalt<") < page.index(">Anmelden<")
        assert say("desk.translation.crisis", "en") in page

    async def test_an_organizations_editor_sees_what_is_theirs(self, desk: Desk) -> None:
        page = await (await desk.sign_in("organization_editor")).page("/desk/translations/ar?kind=service")
        names = desk.do(
            lambda session: {
                row.name: row.organization_id for row in session.scalars(select(RecordRow).where(RecordRow.kind == "service")).all()
            }
        )
        shown = {name for name in names if f">{html.escape(name)}</a>" in page}
        assert shown
        assert {names[name] for name in shown} == {f"{CITY}/offene-hand"}

    @pytest.mark.parametrize("path", ["/desk/translations/de", "/desk/translations/xx", f"{LOCAL}/translate/de", f"{LOCAL}/translate/xx"])
    async def test_the_citys_own_language_is_not_translated_into(self, desk: Desk, path: str) -> None:
        assert (await (await desk.sign_in("editor")).get(path)).status == 404

    async def test_a_page_number_that_is_none_is_the_first(self, desk: Desk) -> None:
        editor = await desk.sign_in("editor")
        for number in ("²", "0", "-1", "x", "99999999"):
            assert (await editor.get(f"/desk/translations/uk?page={number}")).status == 200, number

    async def test_staff_do_not_translate(self, desk: Desk) -> None:
        staff = await desk.sign_in("staff")
        for path in ("/desk/translations", "/desk/translations/ar", sheet("ar")):
            assert (await staff.get(path)).status == 403

    async def test_on_to_the_next_record_that_wants_somebody(self, desk: Desk) -> None:
        change(desk, name="Neuer Name")
        change(desk, key=f"article:{CITY}/registration.address:everyone", title="Anmelden")
        editor = await desk.sign_in("editor")
        response = await editor.get(f"/desk/translations/ar/next?after={KEY}")
        assert response.status == 303
        assert "registration.address" in response.headers["Location"]


class TestManyRecords:
    async def test_the_board_and_a_list_ask_no_more_of_the_database(self, desk: Desk) -> None:
        """Given: ten times as many services; counted for the first time before."""
        editor = await desk.sign_in("editor")
        asked = []
        for first, last in ((0, 50), (50, 500)):
            fill(desk.database, last, first=first)
            change(desk, name=f"Name mit {last}")
            await editor.page("/desk/translations")
            numbers = {}
            for path in ("/desk/translations", "/desk/translations/tr", "/desk/translations/tr?page=2"):
                with counted(desk.database) as sent:
                    await editor.page(path)
                numbers[path] = len(sent)
            change(desk, name=f"Neuer Name mit {last}")
            with counted(desk.database) as sent:
                assert "/desk/translations/tr" in await editor.page("/desk/translations")
            numbers["after a change"] = len(sent)
            asked.append(numbers)
        assert asked[0] == asked[1]
