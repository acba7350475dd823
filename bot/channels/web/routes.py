"""The channel of the city's own chat page. The session is a signed cookie that the page can neither read nor choose."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any

from aiohttp import web
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.channels.base.messages import LONGEST_TEXT, InboundMessage, read_text
from bot.channels.base.payloads import parse_payload
from bot.front.keys import CONVERSATIONS, LIMITS
from bot.front.limits import RateLimited
from bot.front.rasa_client import RasaUnavailable
from knowledge.domain.errors import KnowledgeError
from knowledge.replies.parts import payload
from knowledge.replies.times import kept_words
from knowledge.web.keys import API, SETTINGS
from locales.catalogue import say
from locales.registry import base_code, served

COOKIE = "desk_session"
_MESSAGE_ID = re.compile(r"^[A-Za-z0-9\-]{8,64}$")
SUGGESTIONS = ("registration.address", "housing.emergency", "health.doctor", "schools.enrol", "housing.search", "health.uninsured")
LONGEST_TITLE = 200


def add_routes(app: web.Application) -> None:
    """Mount the channel."""
    app.router.add_post("/chat/session", open_session)
    app.router.add_delete("/chat/session", end_session)
    app.router.add_post("/chat/messages", receive)


async def open_session(request: web.Request) -> web.Response:
    """The conversation of this browser, or a new one; with what was said so far and what can be asked."""
    body = await _body(request)
    language = _language(request, body)
    conversation = session_of(request)
    try:
        request.app[LIMITS].take(request)
    except RateLimited as limited:
        return _rate(language, limited)
    history: list[dict[str, Any]] = []
    if conversation:
        try:
            history = await request.app[CONVERSATIONS].rasa.history(conversation)
        except RasaUnavailable:
            return _problem(503, "unavailable", say("error.apology", language))
    else:
        conversation = f"web-{secrets.token_urlsafe(18)}"
    spoken = next((one["language"] for one in reversed(history) if one["from"] == "desk" and one.get("language")), language)
    messages = [greeting(request, spoken), *history]
    response = web.json_response({"messages": messages, "language": spoken, "suggestions": suggestions(request, spoken)})
    _set_cookie(request, response, conversation)
    return response


async def end_session(request: web.Request) -> web.Response:
    """Erase the conversation and forget the session."""
    conversation = session_of(request)
    if conversation:
        try:
            await request.app[CONVERSATIONS].erase(conversation)
        except RasaUnavailable:
            return _problem(503, "unavailable", say("error.apology", _language(request, {})))
    response = web.Response(status=204)
    response.del_cookie(COOKIE, path="/")
    return response


async def receive(request: web.Request) -> web.Response:
    """One message of the page."""
    if request.content_type != "application/json":  # a form of another site cannot send this type without being asked first
        return _problem(415, "type", "application/json")
    body = await _body(request)
    language = _language(request, body)
    conversation = session_of(request)
    if conversation is None:
        return _problem(401, "session", "open a session first")
    message_id = body.get("id")
    if not isinstance(message_id, str) or not _MESSAGE_ID.match(message_id):
        return _problem(400, "id", "id is missing: the same for every try of one message")
    try:
        request.app[LIMITS].take(request, conversation)
    except RateLimited as limited:
        return _rate(language, limited)
    raw_text, raw_payload = body.get("text"), body.get("payload")
    pressed = parse_payload(raw_payload) if isinstance(raw_payload, str) else None
    if pressed is None and not raw_text and isinstance(body.get("title"), str):
        # A button that an earlier version of ours has shown, and which is no longer known: its words say what was meant.
        raw_text = body["title"]
    text = ""
    if pressed is None:
        if not isinstance(raw_text, str) or not raw_text.strip():
            return _problem(422, "empty", say("error.empty", language))
        if len(raw_text) > LONGEST_TEXT:
            return _problem(422, "too_long", say("error.too_long", language))
        text = read_text(raw_text)[0] or raw_text.strip()
    message = InboundMessage(
        conversation=conversation,
        id=message_id,
        text=text,
        payload=pressed,
        title=str(body.get("title") or "")[:LONGEST_TITLE],
        # The page has introduced the assistant in its first message.
        metadata={"channel": "web", "language_hint": language, "introduced": True},
    )
    outcome = await request.app[CONVERSATIONS].reply(message)
    return web.json_response(
        {"messages": [one.as_json() for one in outcome.messages], "language": outcome.language, "erased": outcome.erase}
    )


def greeting(request: web.Request, language: str) -> dict[str, Any]:
    """The first contact: what this is, and what is kept for how long."""
    settings = request.app[SETTINGS]
    try:
        city = request.app[API].municipality_name(language)
    except KnowledgeError:
        city = say("city", language)
    # The page itself asks what is needed.
    text = say("intro", language, city=city, time=kept_words(settings.retention_days, language))
    return {"from": "desk", "text": text, "language": language, "buttons": [], "custom": {"greeting": True}}


def suggestions(request: web.Request, language: str) -> list[dict[str, str]]:
    """Topics to begin with, by the titles of their articles."""
    api = request.app[API]
    try:
        titles = [(topic, api.title(topic, language)) for topic in SUGGESTIONS]
    except KnowledgeError:
        return []
    return [{"title": title, "payload": payload("choose", topic=topic)} for topic, title in titles if title]


def session_of(request: web.Request) -> str | None:
    """The conversation named by the cookie; None where there is none, or it is not of our making, or too old."""
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    settings = request.app[SETTINGS]
    try:
        found = _signer(settings.secret).loads(token, max_age=settings.retention_days * 86_400)
    except BadSignature:
        return None
    return str(found)


def _set_cookie(request: web.Request, response: web.Response, conversation: str) -> None:
    settings = request.app[SETTINGS]
    response.set_cookie(
        COOKIE,
        _signer(settings.secret).dumps(conversation),
        max_age=settings.retention_days * 86_400,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=request.secure or request.headers.get("X-Forwarded-Proto") == "https",
    )


def _signer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="web-chat-session")


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return body if isinstance(body, dict) else {}


def _language(request: web.Request, body: dict[str, Any]) -> str:
    asked = base_code(body.get("language")) if isinstance(body.get("language"), str) else None
    return asked if asked in served() else request.app[SETTINGS].language


def _rate(language: str, limited: RateLimited) -> web.Response:
    headers = {"Retry-After": str(limited.retry_after)}
    body = {"error": "rate", "message": say("error.rate", language), "retry_after": limited.retry_after}
    return web.json_response(body, status=429, headers=headers)


def _problem(status: int, key: str, words: str) -> web.Response:
    return web.json_response({"error": key, "message": words}, status=status)
