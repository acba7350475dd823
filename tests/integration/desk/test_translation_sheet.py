"""One record with its original and its translation side by side."""

from __future__ import annotations

import html
import re

import pytest

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState
from knowledge.editorial.publish import publish
from knowledge.editorial.save import create
from knowledge.store.reader import read_knowledge
from locales.catalogue import say
from tests.folders import a_service
from tests.integration.desk.people import CITY, Desk
from tests.integration.desk.translation_acts import NAME, arabic, change, fields, sheet


def as_sent(page: str) -> dict[str, str]:
    """What a browser sends of the page as it stands."""
    hidden = re.findall(r'<input type="hidden" name="((?:of|shown)\.\w+)" value="([^"]*)"', page)
    typed = re.findall(r'<textarea [^>]*name="(text\.\w+)"[^>]*>([^<]*)</textarea>', page)
    return {name: html.unescape(value) for name, value in (*hidden, *typed)}


class TestSheet:
    async def test_both_sides_say_their_language_and_direction(self, desk: Desk) -> None:
        page = await (await desk.sign_in("editor")).page(sheet("ar"))
        assert re.search(r'<textarea id="t-name" name="text.name" lang="ar" dir="rtl"', page)
        assert re.search(r'<div class="words source" id="o-name" lang="de" dir="ltr">', page)

    async def test_a_translation_is_in_public_at_once(self, desk: Desk) -> None:
        editor = await desk.sign_in("editor")
        response = await editor.post(sheet("ar"), fields(name=("نقطة ترحيب", NAME)), save="name")
        assert response.status == 303
        known = desk.do(lambda session: read_knowledge(session, CITY).services["welcome-point"].texts["name"].read(("ar",)))
        assert (known.body, known.state) == ("نقطة ترحيب", TranslationState.REVIEWED)
        assert arabic(desk).reviewed_by == "Editor"

    async def test_all_that_was_changed_is_kept_and_nothing_else(self, desk: Desk) -> None:
        before = arabic(desk, "fees")
        sources = {field: arabic(desk, field).source for field in ("name", "eligibility")}
        sent = fields(
            name=("نقطة", sources["name"]), eligibility=("للجميع", sources["eligibility"]), fees=(before.translation, before.source)
        )
        await (await desk.sign_in("editor")).post(sheet("ar"), sent, save="all")
        assert arabic(desk, "name").state is TranslationState.REVIEWED
        assert arabic(desk, "eligibility").translation == "للجميع"
        assert arabic(desk, "fees") == before, "nobody has read what was not touched"

    async def test_one_section_is_saved_and_what_was_typed_into_the_others_stays(self, desk: Desk) -> None:
        sent = fields(name=("نقطة", NAME), eligibility=("نصف جملة", arabic(desk, "eligibility").source))
        response = await (await desk.sign_in("editor")).post(sheet("ar"), sent, save="name")
        page = await response.text()
        assert response.status == 200
        assert "نصف جملة</textarea>" in page
        assert say("desk.translation.unsaved", "en") in page
        assert arabic(desk, "name").translation == "نقطة"
        assert arabic(desk, "eligibility").translation != "نصف جملة"

    async def test_a_machines_words_are_right_with_one_click(self, desk: Desk) -> None:
        before = arabic(desk)
        assert before.state is TranslationState.MACHINE
        await (await desk.sign_in("editor")).post(sheet("ar"), fields(name=(before.translation, NAME)), save="name")
        after = arabic(desk)
        assert (after.translation, after.state, after.reviewed_by) == (before.translation, TranslationState.REVIEWED, "Editor")

    async def test_all_of_a_machines_words_with_one_click(self, desk: Desk) -> None:
        found = {field: arabic(desk, field) for field in ("name", "description", "fees")}
        sent = fields(**{field: (one.translation, one.source) for field, one in found.items()})
        await (await desk.sign_in("editor")).post(sheet("ar"), sent, save="reviewed")
        assert {arabic(desk, field).state for field in found} == {TranslationState.REVIEWED}

    async def test_what_changed_since_is_shown_with_the_day_and_the_words(self, desk: Desk) -> None:
        change(desk, name="Willkommenspunkt am Markt")
        page = await (await desk.sign_in("editor")).page(sheet("ar"))
        assert "<ins> am Markt</ins>" in page
        assert re.search(r"The original changed: \w+ \d+, \d{4}, \d\d:\d\d", page)

    async def test_what_a_draft_changed_is_shown_as_well(self, desk: Desk) -> None:
        change(desk, put_out=False, name="Willkommenspunkt am Markt")
        editor = await desk.sign_in("editor")
        assert "<ins> am Markt</ins>" in await editor.page(sheet("ar"))
        await editor.post(sheet("ar"), fields(name=("عند السوق", "Willkommenspunkt am Markt")), save="name")
        assert arabic(desk).state is TranslationState.REVIEWED
        change(desk, put_out=False, name="Willkommenspunkt am Bahnhof")
        page = await editor.page(sheet("ar"))
        assert "<del>Markt</del>" in page
        assert "<ins>Bahnhof</ins>" in page

    async def test_nothing_is_lost_when_the_original_changes_while_somebody_writes(self, desk: Desk) -> None:
        eligibility = arabic(desk, "eligibility").source
        change(desk, name="Ganz neuer Name")
        sent = fields(name=("كلمات كتبتها", NAME), eligibility=("للجميع", eligibility))
        response = await (await desk.sign_in("editor")).post(sheet("ar"), sent, save="all")
        page = await response.text()
        assert response.status == 409
        assert "كلمات كتبتها</textarea>" in page
        assert "Ganz neuer Name" in page
        assert say("desk.translation.clash.one", "en") in page
        assert f'value="{text_digest("Ganz neuer Name")}"' in page, "saving again is of the new original"
        assert arabic(desk, "eligibility").translation == "للجميع", "the others are saved"
        assert arabic(desk).translation != "كلمات كتبتها"

    @pytest.mark.parametrize("save", ["all", "fees", "reviewed"])
    async def test_two_translators_with_the_same_page_before_them_both_keep_their_words(self, desk: Desk, save: str) -> None:
        first, second = await desk.sign_in("editor"), await desk.sign_in("second_editor")
        opened = as_sent(await second.page(sheet("ar")))
        await first.post(sheet("ar"), as_sent(await first.page(sheet("ar"))) | {"text.name": "الأول"}, save="all")
        await second.post(sheet("ar"), opened | {"text.fees": "مجانا تماما"}, save=save)
        assert arabic(desk).translation == "الأول"
        assert arabic(desk, "fees").translation == "مجانا تماما"

    async def test_two_translators_of_the_same_text_see_both_and_decide(self, desk: Desk) -> None:
        first, second = await desk.sign_in("editor"), await desk.sign_in("second_editor")
        opened = as_sent(await second.page(sheet("ar")))
        await first.post(sheet("ar"), as_sent(await first.page(sheet("ar"))) | {"text.name": "الأول"}, save="all")
        response = await second.post(sheet("ar"), opened | {"text.name": "الثاني"}, save="name")
        page = await response.text()
        assert response.status == 409
        assert "الثاني</textarea>" in page
        assert ">الأول</div>" in page
        assert say("desk.translation.overtaken.one", "en") in page
        assert arabic(desk).translation == "الأول"
        assert (await second.post(sheet("ar"), as_sent(page), save="name")).status == 303
        assert arabic(desk).translation == "الثاني"

    async def test_words_that_are_no_longer_there_are_not_called_right(self, desk: Desk) -> None:
        first, second = await desk.sign_in("editor"), await desk.sign_in("second_editor")
        opened = as_sent(await second.page(sheet("ar")))
        await first.post(sheet("ar"), as_sent(await first.page(sheet("ar"))) | {"text.name": "الأول"}, save="all")
        response = await second.post(sheet("ar"), opened, save="name")
        assert response.status == 409
        assert "الأول</textarea>" in await response.text()
        assert (arabic(desk).translation, arabic(desk).reviewed_by) == ("الأول", "Editor")

    async def test_a_draft_that_nobody_sees_is_translated_for_the_day_it_is_published(self, desk: Desk) -> None:
        actor, key = desk.actor("reviewer"), f"service:{CITY}/neu"
        desk.do(lambda session: create(session, actor, CITY, "service", a_service("neu", organization="offene-hand", at=[])))
        editor = await desk.sign_in("editor")
        assert say("desk.translation.not_public", "en") in await editor.page("/desk/record/service/neu/translate/en")
        await editor.post("/desk/record/service/neu/translate/en", fields(name=("Citizens' office", "Bürgerbüro")), save="name")
        desk.do(lambda session: publish(session, actor, key))
        assert desk.do(lambda session: read_knowledge(session, CITY).services["neu"].texts["name"].read(("en",)).body) == "Citizens' office"

    async def test_an_organizations_editor_translates_nothing_of_others(self, desk: Desk) -> None:
        person = await desk.sign_in("organization_editor")
        assert (await person.get(sheet("ar"))).status == 403
        assert (await person.post(sheet("ar"), fields(name=("x", NAME)), save="name")).status == 403

    async def test_an_unknown_field_and_empty_words_change_nothing(self, desk: Desk) -> None:
        before = arabic(desk)
        sent = {**fields(name=("", NAME)), "text.password": "x", "of.password": "x"}
        assert (await (await desk.sign_in("editor")).post(sheet("ar"), sent, save="all")).status == 303
        assert arabic(desk) == before
