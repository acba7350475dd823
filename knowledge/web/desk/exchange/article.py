"""A draft of an answer out of a page of the guide, in the form for answers; what is still missing is named before."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import parse
from knowledge.documents.models import PageModel
from knowledge.editorial import autosave
from knowledge.editorial.actor import Permission
from knowledge.editorial.errors import NotFound
from knowledge.editorial.records import body, get, record_key
from knowledge.exchange.integreat.articles import as_article
from knowledge.store.desk_tables import ImportItemRow, ImportRunRow, RecordRow
from knowledge.web.desk.record.common import url_of
from knowledge.web.desk.records.documents import fields_of
from knowledge.web.desk.records.views import words_for
from knowledge.web.desk.request import DeskRequest


async def make(desk: DeskRequest) -> web.Response:
    """POST /desk/exchange/article: from the page with the id `page`."""
    desk.actor.need(Permission.EDIT, desk.municipality)

    def write(session: Session) -> web.Response:
        key = record_key("page", desk.municipality, desk.text("page"))
        record = get(session, desk.actor, key)
        page = parse("page", body(session, record))
        if not isinstance(page, PageModel):
            raise NotFound("desk.no_record", record=key)
        draft = as_article(page, changed_on=_changed_on(session, desk, key))
        topic = draft.document.get("topic")
        known = session.get(RecordRow, record_key("article", desk.municipality, f"{topic}:everyone")) if topic else None
        token = secrets.token_urlsafe(9)
        fields: dict[str, Any] = fields_of("article", draft.document, desk.language)
        if known is None:
            autosave.keep(session, desk.actor, desk.municipality, f"new:article:{token}", "article", 0, fields)
        return desk.page(
            "exchange/article.html",
            title=record.name,
            page_url=url_of(key),
            form_url=f"/desk/records/article/new?form={token}",
            missing=[_label(name, desk.language) for name in draft.missing],
            to_confirm=[_label(name, desk.language) for name in draft.to_confirm],
            known=known,
            known_url=url_of(known.id) if known is not None else "",
        )

    return await desk.run(write)


def _label(name: str, language: str) -> str:
    return words_for("article", name, "", language) or name


def _changed_on(session: Session, desk: DeskRequest, key: str) -> date | None:
    """The day of the last change that the newest import of the page has told."""
    item = session.scalar(
        select(ImportItemRow)
        .join(ImportRunRow, ImportRunRow.id == ImportItemRow.run_id)
        .where(ImportRunRow.municipality_id == desk.municipality, ImportItemRow.record == key, ImportItemRow.section == "topic")
        .order_by(ImportItemRow.id.desc())
        .limit(1)
    )
    changed = item.detail.get("changed_on") if item is not None else None
    return date.fromisoformat(changed) if changed else None
