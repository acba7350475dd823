"""The page of one record in tests: what it is about, who changes it, what stands out on it."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from knowledge.editorial.publish import publish
from knowledge.editorial.records import body
from knowledge.editorial.save import save
from knowledge.store.desk_tables import RecordRow
from knowledge.store.reader import read_knowledge
from tests.integration.desk.people import CITY, Desk

PAGE, KEY = "/desk/record/service/welcome-point", f"service:{CITY}/welcome-point"
DRAFT, DRAFT_KEY = "/desk/record/service/entwurf", f"service:{CITY}/entwurf"
ANSWER = "/desk/record/article/registration.address%3Aeveryone"
BERLIN = ZoneInfo("Europe/Berlin")


def record(desk: Desk, key: str = KEY) -> RecordRow:
    return desk.do(lambda session: session.get_one(RecordRow, key))


def change(desk: Desk, who: str, key: str = KEY, *, put_out: bool = False, **texts: Any) -> None:
    actor = desk.actor(who)

    def work(session: Any) -> None:
        row = session.get_one(RecordRow, key)
        document = body(session, row)
        save(session, actor, key, {**document, "texts": {**document["texts"], **texts}}, base=row.newest)
        if put_out:
            publish(session, actor, key)

    desk.do(work)


def main_button(page: str) -> str:
    """Words of the one button that stands out in "What to do next"."""
    card = page[page.index('class="card next"') : page.index("</section>", page.index('class="card next"'))]
    found = re.findall(r'class="(?:button )?main"[^>]*>([^<]*)<', card)
    assert len(found) <= 1
    return found[0] if found else ""


def public_name(desk: Desk) -> str:
    return desk.do(lambda session: read_knowledge(session, CITY).services["welcome-point"].texts["name"].body)
