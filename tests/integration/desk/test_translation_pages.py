"""The translation desk by the people who use it: the board, source and target side by side, locked words."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState
from knowledge.editorial.coverage import coverage
from knowledge.editorial.locked_words import listed, lock_words
from knowledge.editorial.publish import publish
from knowledge.editorial.records import body
from knowledge.editorial.save import create, save
from knowledge.editorial.translate import Section, sections
from knowledge.store.account_tables import AuditRow
from knowledge.store.desk_tables import LockedWordRow, RecordRow
from knowledge.store.reader import read_knowledge
from locales.catalogue import say
from tests.folders import a_service
from tests.integration.desk.people import CITY, OTHER_CITY, Desk
from tests.integration.desk.test_translation_coverage import fill
from tests.integration.statements import counted

KEY, LOCAL = f"service:{CITY}/welcome-point", "/desk/record/service/welcome-point"
NAME = "Willkommenspunkt"


def sheet(code: str) -> str:
    return f"{LOCAL}/translate/{code}"


def change(desk: Desk, who: str = "reviewer", key: str = KEY, *, put_out: bool = True, **texts: str) -> None:
    actor = desk.actor(who)

    def work(session: Any) -> None:
        row = session.get_one(RecordRow, key)
        document = body(session, row)
        save(session, actor, key, {**document, "texts": {**document["texts"], **texts}}, base=row.newest)
        if put_out:
            publish(session, actor, key)

    desk.do(work)


def section(desk: Desk, field: str = "name", code: str = "ar", key: str = KEY) -> Section:
    return desk.do(lambda session: next(one for one in sections(session, session.get_one(RecordRow, key), code) if one.field == field))


def fields(**texts: tuple[str, str]) -> dict[str, str]:
    """What the form sends: field=(words, words of the original)."""
    sent = {}
    for name, (words, source) in texts.items():
        sent |= {f"text.{name}": words, f"of.{name}": text_digest(source)}
    return sent


def as_sent(page: str) -> dict[str, str]:
    """What a browser sends of the page as it stands."""
    hidden = re.findall(r'<input type="hidden" name="((?:of|shown)\.\w+)" value="([^"]*)"', page)
    typed = re.findall(r'<textarea [^>]*name="(text\.\w+)"[^>]*>([^<]*)</textarea>', page)
    return {name: html.unescape(value) for name, value in (*hidden, *typed)}


def lost(page: str) -> list[str]:
    """The warnings about locked words, by section."""
    return [html.unescape(words) for words in re.findall(r'<p class="lost"[^>]*>([^<]+)</p>', page)]


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
        assert section(desk).reviewed_by == "Editor"

    async def test_all_that_was_changed_is_kept_and_nothing_else(self, desk: Desk) -> None:
        before = section(desk, "fees")
        sources = {field: section(desk, field).source for field in ("name", "eligibility")}
        sent = fields(
            name=("نقطة", sources["name"]), eligibility=("للجميع", sources["eligibility"]), fees=(before.translation, before.source)
        )
        await (await desk.sign_in("editor")).post(sheet("ar"), sent, save="all")
        assert section(desk, "name").state is TranslationState.REVIEWED
        assert section(desk, "eligibility").translation == "للجميع"
        assert section(desk, "fees") == before, "nobody has read what was not touched"

    async def test_one_section_is_saved_and_what_was_typed_into_the_others_stays(self, desk: Desk) -> None:
        sent = fields(name=("نقطة", NAME), eligibility=("نصف جملة", section(desk, "eligibility").source))
        response = await (await desk.sign_in("editor")).post(sheet("ar"), sent, save="name")
        page = await response.text()
        assert response.status == 200
        assert "نصف جملة</textarea>" in page
        assert say("desk.translation.unsaved", "en") in page
        assert section(desk, "name").translation == "نقطة"
        assert section(desk, "eligibility").translation != "نصف جملة"

    async def test_a_machines_words_are_right_with_one_click(self, desk: Desk) -> None:
        before = section(desk)
        assert before.state is TranslationState.MACHINE
        await (await desk.sign_in("editor")).post(sheet("ar"), fields(name=(before.translation, NAME)), save="name")
        after = section(desk)
        assert (after.translation, after.state, after.reviewed_by) == (before.translation, TranslationState.REVIEWED, "Editor")

    async def test_all_of_a_machines_words_with_one_click(self, desk: Desk) -> None:
        found = {field: section(desk, field) for field in ("name", "description", "fees")}
        sent = fields(**{field: (one.translation, one.source) for field, one in found.items()})
        await (await desk.sign_in("editor")).post(sheet("ar"), sent, save="reviewed")
        assert {section(desk, field).state for field in found} == {TranslationState.REVIEWED}

    async def test_what_changed_since_is_shown_with_the_day_and_the_words(self, desk: Desk) -> None:
        change(desk, name="Willkommenspunkt am Markt")
        page = await (await desk.sign_in("editor")).page(sheet("ar"))
        assert "<ins> am Markt</ins>" in page
        assert re.search(r"The original changed: \d+ \w+ \d{4}, \d\d:\d\d", page)

    async def test_what_a_draft_changed_is_shown_as_well(self, desk: Desk) -> None:
        change(desk, put_out=False, name="Willkommenspunkt am Markt")
        editor = await desk.sign_in("editor")
        assert "<ins> am Markt</ins>" in await editor.page(sheet("ar"))
        await editor.post(sheet("ar"), fields(name=("عند السوق", "Willkommenspunkt am Markt")), save="name")
        assert section(desk).state is TranslationState.REVIEWED
        change(desk, put_out=False, name="Willkommenspunkt am Bahnhof")
        page = await editor.page(sheet("ar"))
        assert "<del>Markt</del>" in page
        assert "<ins>Bahnhof</ins>" in page

    async def test_nothing_is_lost_when_the_original_changes_while_somebody_writes(self, desk: Desk) -> None:
        eligibility = section(desk, "eligibility").source
        change(desk, name="Ganz neuer Name")
        sent = fields(name=("كلمات كتبتها", NAME), eligibility=("للجميع", eligibility))
        response = await (await desk.sign_in("editor")).post(sheet("ar"), sent, save="all")
        page = await response.text()
        assert response.status == 409
        assert "كلمات كتبتها</textarea>" in page
        assert "Ganz neuer Name" in page
        assert say("desk.translation.clash.one", "en") in page
        assert f'value="{text_digest("Ganz neuer Name")}"' in page, "saving again is of the new original"
        assert section(desk, "eligibility").translation == "للجميع", "the others are saved"
        assert section(desk).translation != "كلمات كتبتها"

    @pytest.mark.parametrize("save", ["all", "fees", "reviewed"])
    async def test_two_translators_with_the_same_page_before_them_both_keep_their_words(self, desk: Desk, save: str) -> None:
        first, second = await desk.sign_in("editor"), await desk.sign_in("second_editor")
        opened = as_sent(await second.page(sheet("ar")))
        await first.post(sheet("ar"), as_sent(await first.page(sheet("ar"))) | {"text.name": "الأول"}, save="all")
        await second.post(sheet("ar"), opened | {"text.fees": "مجانا تماما"}, save=save)
        assert section(desk).translation == "الأول"
        assert section(desk, "fees").translation == "مجانا تماما"

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
        assert section(desk).translation == "الأول"
        assert (await second.post(sheet("ar"), as_sent(page), save="name")).status == 303
        assert section(desk).translation == "الثاني"

    async def test_words_that_are_no_longer_there_are_not_called_right(self, desk: Desk) -> None:
        first, second = await desk.sign_in("editor"), await desk.sign_in("second_editor")
        opened = as_sent(await second.page(sheet("ar")))
        await first.post(sheet("ar"), as_sent(await first.page(sheet("ar"))) | {"text.name": "الأول"}, save="all")
        response = await second.post(sheet("ar"), opened, save="name")
        assert response.status == 409
        assert "الأول</textarea>" in await response.text()
        assert (section(desk).translation, section(desk).reviewed_by) == ("الأول", "Editor")

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
        before = section(desk)
        sent = {**fields(name=("", NAME)), "text.password": "x", "of.password": "x"}
        assert (await (await desk.sign_in("editor")).post(sheet("ar"), sent, save="all")).status == 303
        assert section(desk) == before


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
