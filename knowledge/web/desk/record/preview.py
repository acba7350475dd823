"""What readers would see: the draft as the chat would say it and as a public page, in every language, before it is published."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import web
from markupsafe import Markup
from sqlalchemy.orm import Session

from knowledge.api import KnowledgeApi
from knowledge.domain import records as r
from knowledge.domain.records import ARTICLE_FIELDS
from knowledge.editorial.preview import users_of, with_draft
from knowledge.editorial.sight import get_covered
from knowledge.replies.answer import answer_message, part_message
from knowledge.replies.parts import Message
from knowledge.replies.service_card import full_card, language_name, short_card
from knowledge.search.embedder import NoEmbedder
from knowledge.store.desk_tables import RecordRow
from knowledge.store.reader import read_knowledge
from knowledge.web.desk.keys import SESSIONS
from knowledge.web.desk.record.common import key_of, place_of
from knowledge.web.desk.record.overview import PUBLIC_KINDS, record_fields
from knowledge.web.desk.request import DeskRequest
from knowledge.web.keys import API
from knowledge.web.public.build import Builder
from knowledge.web.public.markdown import chat_html
from knowledge.web.public.pages import public_pages
from locales.catalogue import say
from locales.registry import base_code, direction, served

# Parts of an answer that a button brings; title and answer come first and by themselves.
_PARTS = tuple(one for one in ARTICLE_FIELDS if one not in ("title", "answer"))
# Telephone numbers and "from - to", which right-to-left text would turn around; the chat page marks the same.
_FROM_THE_LEFT = re.compile(r"\+\d[\d ()/-]{5,}\d|\d{1,2}:\d{2} ?[–-] ?\d{1,2}:\d{2}")
# Of the heading of a page in its preview: it stands below one of the desk's.
_LEVEL = 3
_ASKED = {"simple": "button.simpler", "other_person": "answer.other_person"}


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message of the assistant. `asked_words` stand on the button that brings it; empty for what comes by itself."""

    html: Markup
    buttons: tuple[str, ...]
    asked_words: str = ""


class _Shelf:
    """One version of the knowledge, whatever municipality is asked for."""

    def __init__(self, knowledge: r.Knowledge) -> None:
        self._knowledge = knowledge

    def knowledge(self, municipality: str | None = None) -> r.Knowledge:
        """The one version."""
        return self._knowledge


async def show(desk: DeskRequest) -> web.Response:
    """GET …/preview?language=ar."""
    asked = base_code(desk.request.query.get("language"))
    fields = await desk.run(lambda session: _fields(session, desk, asked))
    return desk.page("record/preview.html", **fields)


def _fields(session: Session, desk: DeskRequest, asked: str | None) -> dict[str, Any]:
    record = get_covered(session, desk.actor, key_of(desk))
    place = place_of(session, desk)
    language = asked if asked in served() else place.source_language
    known = desk.request.app[API]
    settings = desk.settings
    # What this process holds in memory is quick; the city that somebody works in need not be the one that answers here.
    published = known.knowledge(desk.municipality) if _is_served(known, desk.municipality) else read_knowledge(session, desk.municipality)
    knowledge = with_draft(desk.sight(session), published, record)
    api = KnowledgeApi(_Shelf(knowledge), NoEmbedder(), desk.request.app[SESSIONS], warn_days=settings.warn_days)
    page = Builder(api, language, level=_LEVEL).page(record.kind, record.local_id) if record.kind in PUBLIC_KINDS else None
    public = public_pages()
    return {
        **record_fields(desk, record, place),
        "language": language,
        "direction": direction(language),
        "codes": [(code, language_name(code, desk.language)) for code in served()],
        "bubbles": _bubbles(api, record, knowledge, language),
        "service_names": _meeting_places(knowledge, record, language),
        "page": public.body(page, level=_LEVEL) if page is not None else None,
        "public_css": public.assets.url("public.css"),
        "is_draft": record.published != record.newest,
    }


def _is_served(api: KnowledgeApi, municipality: str) -> bool:
    return api.knowledge().municipality.id == municipality


def _meeting_places(knowledge: r.Knowledge, record: RecordRow, language: str) -> Sequence[str]:
    """Names of the services in which readers meet an organization, a place or a contact."""
    codes = (language, knowledge.municipality.source_language)
    found = [knowledge.services[one] for one in users_of(knowledge, record.kind, record.local_id)]
    return [one.texts["name"].read(codes).body for one in found]


def _bubbles(api: KnowledgeApi, record: RecordRow, knowledge: r.Knowledge, language: str) -> list[Bubble]:
    if record.kind == "article":
        return _answer(api, record, language)
    if record.kind == "service":
        return _service(api, record.local_id, language)
    first = users_of(knowledge, record.kind, record.local_id)[:1]
    return _service(api, first[0], language) if first else []


def _answer(api: KnowledgeApi, record: RecordRow, language: str) -> list[Bubble]:
    topic, _, audience = record.local_id.partition(":")
    answer = api.answer(topic, language, audience=audience)
    if answer is None:
        return []
    now = api.now()
    parts = [part for part in _PARTS if part in answer.texts or (part == "where" and answer.services)]
    return [
        _bubble(answer_message(answer, language, now)),
        *(_bubble(part_message(answer, part, language, now), asked=_ASKED.get(part, f"button.{part}")) for part in parts),
    ]


def _service(api: KnowledgeApi, local: str, language: str) -> list[Bubble]:
    view = api.service(local, language)
    if view is None:
        return []
    now = api.now()
    monday = now.date() - timedelta(days=now.weekday())
    cards = (short_card(view, language, now), full_card(view, language, now, monday))
    return [_bubble(Message(language, text=cards[0])), _bubble(Message(language, text=cards[1]), asked="button.details")]


def _bubble(message: Message, *, asked: str = "") -> Bubble:
    buttons = tuple(one.title for one in message.buttons)
    text = message.text
    if direction(message.language) == "rtl":
        text = _FROM_THE_LEFT.sub(lambda found: f"\u2066{found[0]}\u2069", text)
    # Markup of our own renderer, which takes no HTML of the text.
    return Bubble(Markup(chat_html(text)), buttons, say(asked, message.language) if asked else "")  # noqa: S704
