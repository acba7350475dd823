"""The home page in tests: what it is about, and what a page says."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.records import body
from knowledge.editorial.save import save
from knowledge.store.desk_tables import RecordRow
from tests.integration.desk.people import CITY, Desk, actor_of

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
