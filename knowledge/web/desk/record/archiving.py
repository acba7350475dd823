"""The page that asks before a record is taken away from readers."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Permission
from knowledge.editorial.records import get
from knowledge.editorial.references import used_by
from knowledge.web.desk.record.common import key_of, neighbours, place_of
from knowledge.web.desk.record.overview import MOST_SHOWN, record_fields
from knowledge.web.desk.request import DeskRequest


async def show(desk: DeskRequest) -> web.Response:
    """GET …/archive: what will happen, and who still uses it."""

    def work(session: Session) -> dict[str, Any]:
        record = get(session, desk.actor, key_of(desk), Permission.PUBLISH)
        users = used_by(session, record.kind, record.municipality_id, record.local_id)
        return {
            **record_fields(desk, record, place_of(session, desk)),
            "users": neighbours(desk.sight(session), users[:MOST_SHOWN], desk.language),
            "number": len(users),
        }

    return desk.page("record/archive.html", **await desk.run(work))
