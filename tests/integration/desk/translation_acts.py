"""What the tests of translation do again and again: other words of an original, one text with its translation, a run's end."""

from __future__ import annotations

import asyncio
import html
from typing import Any

from knowledge.documents.canonical import text_digest
from knowledge.editorial.publish import publish
from knowledge.editorial.save import create
from knowledge.editorial.translate import Section, sections
from knowledge.store.desk_tables import RecordRow
from knowledge.web.desk.translation.running import BUSY
from tests.folders import a_service
from tests.integration.desk import record_page
from tests.integration.desk.people import CITY, Desk, Person

KEY, LOCAL = f"service:{CITY}/welcome-point", "/desk/record/service/welcome-point"
NAME = "Willkommenspunkt"
SECRET = "Geheimgasse 5"


def sheet(code: str) -> str:
    """Original and translation side by side."""
    return f"{LOCAL}/translate/{code}"


def change(desk: Desk, key: str = KEY, *, put_out: bool = True, **texts: Any) -> None:
    """Other words of the original."""
    record_page.change(desk, "reviewer", key, put_out=put_out, **texts)


def section(desk: Desk, field: str = "name", code: str = "uk", key: str = KEY) -> Section:
    """One text with its translation."""
    return desk.do(lambda session: next(one for one in sections(session, session.get_one(RecordRow, key), code) if one.field == field))


def arabic(desk: Desk, field: str = "name") -> Section:
    """One text with its translation into Arabic."""
    return section(desk, field, "ar")


def a_shelter(desk: Desk) -> None:
    """A public service at a confidential place, with words that tell where it is."""
    actor = desk.actor("reviewer")

    def work(session: Any) -> None:
        place = {
            "id": "zuflucht",
            "confidential": True,
            "address": {"street": SECRET},
            "texts": {"name": "Haus", "directions": "Am Baum links"},
        }
        create(session, actor, CITY, "location", place)
        texts = {"name": "Zuflucht", "application_process": f"Kommen Sie in die {SECRET}.", "fees": "Kostenlos."}
        create(
            session, actor, CITY, "service", a_service("zuflucht", organization="offene-hand", at=[{"location": "zuflucht"}], texts=texts)
        )
        publish(session, actor, f"location:{CITY}/zuflucht")
        publish(session, actor, f"service:{CITY}/zuflucht")

    desk.do(work)


async def finished(person: Person, path: str) -> str:
    """The page of a run once it is at its end."""
    for _ in range(200):
        answer = await person.get(f"{path}/progress")
        if (await answer.json())["state"] not in BUSY:
            return html.unescape(await person.page(path))
        await asyncio.sleep(0.05)
    raise AssertionError("it did not end")


def fields(**texts: tuple[str, str]) -> dict[str, str]:
    """What the form sends: field=(words, words of the original)."""
    sent = {}
    for name, (words, source) in texts.items():
        sent |= {f"text.{name}": words, f"of.{name}": text_digest(source)}
    return sent
