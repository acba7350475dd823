"""The REST channel: ``POST /webhooks/rest/webhook`` {"sender", "message"[, "metadata"]} -> a list of messages.

For programs of the city (its own site, a test). The sender is the caller's own name for a conversation; conversations of other channels
cannot be reached through it. With NEWCOMER_REST_TOKEN set, the caller has to know it.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from aiohttp import web

from bot.channels.base.messages import LONGEST_TEXT, InboundMessage, read_text
from bot.front.keys import CONVERSATIONS, LIMITS
from bot.front.limits import RateLimited
from knowledge.tokens import same_token
from knowledge.web.keys import SETTINGS
from locales.catalogue import say
from locales.registry import base_code

PATH = "/webhooks/rest/webhook"
LONGEST_SENDER = 200


def add_routes(app: web.Application) -> None:
    """Mount the channel."""
    app.router.add_post(PATH, receive)


async def receive(request: web.Request) -> web.Response:
    """One message, answered at once."""
    settings = request.app[SETTINGS]
    if settings.rest_token and not same_token(request.headers.get("Authorization", ""), f"Bearer {settings.rest_token}"):
        return _problem(401, "token", "this channel wants the token that the city has set")
    try:
        body = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return _problem(400, "json", "the body is not JSON")
    if not isinstance(body, dict):
        return _problem(400, "json", "the body is a JSON object with sender and message")
    sender, text = body.get("sender"), body.get("message")
    if not isinstance(sender, str) or not sender.strip() or len(sender) > LONGEST_SENDER:
        return _problem(400, "sender", "sender is missing: a text of your own that names the conversation")
    if not isinstance(text, str) or not text.strip():
        return _problem(400, "message", "message is missing: the text of the person")
    given = body.get("metadata")
    metadata: dict[str, Any] = given if isinstance(given, dict) else {}
    if len(text) > LONGEST_TEXT:
        return _problem(422, "too_long", say("error.too_long", base_code(metadata.get("language")) or settings.language))
    conversation = conversation_id(sender)
    try:
        request.app[LIMITS].take(request, conversation)
    except RateLimited as limited:
        return _problem(429, "rate", "too many messages", {"Retry-After": str(limited.retry_after)})
    plain, payload = read_text(text)
    message = InboundMessage(
        conversation=conversation,
        id=str(metadata.get("message_id") or uuid.uuid4()),
        text=plain or text.strip(),
        payload=payload,
        title=text if payload else "",
        metadata=_known(metadata),
    )
    outcome = await request.app[CONVERSATIONS].reply(message)
    return web.json_response([{"recipient_id": sender, **one.as_json()} for one in outcome.messages])


def conversation_id(sender: str) -> str:
    """Conversations of this channel have a name space of their own; the hash keeps phone numbers and names out of the records."""
    return "rest-" + uuid.uuid5(uuid.NAMESPACE_URL, sender).hex


def _known(metadata: dict[str, Any]) -> dict[str, Any]:
    """The metadata that means something here; the rest is not stored."""
    known: dict[str, Any] = {"channel": "rest"}
    hint = base_code(metadata.get("language")) if isinstance(metadata.get("language"), str) else None
    if hint:
        known["language_hint"] = hint
    if isinstance(metadata.get("municipality"), str):
        known["municipality"] = metadata["municipality"][:80]
    return known


def _problem(status: int, key: str, words: str, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response({"error": key, "message": words}, status=status, headers=headers)
