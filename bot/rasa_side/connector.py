"""The connector between the front and Rasa. All channels come through it; it listens on loopback and wants the internal token.

It never processes a message twice (the conversation itself is the record), gives a conversation back, and erases it.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.nlg import conversation_language
from bot.rasa_side.numbered import chosen
from bot.rasa_side.pauses import is_over, let_go
from knowledge.config import internal_token
from knowledge.tokens import same_token

log = structlog.get_logger(__name__)


class _Collector(CollectingOutputChannel):
    """Keeps each message whole: text, buttons and data together, as the action made it."""

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        self.messages.append(shown(message))


def shown(message: dict[str, Any]) -> dict[str, Any]:
    """What leaves Rasa of a message."""
    return {
        "text": message.get("text") or "",
        "language": message.get("language"),
        "buttons": [{"title": one["title"], "payload": one["payload"]} for one in message.get("buttons") or ()],
        "custom": message.get("custom") or {},
    }


class DeskInput(InputChannel):
    """Rasa's side of the front."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, str], asyncio.Future[None]] = {}
        self._warm = False

    @classmethod
    def name(cls) -> str:
        """Part of the routes: ``/webhooks/desk/…``."""
        return "desk"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes."""
        desk = Blueprint("desk_webhook", "bot.rasa_side.connector")

        @desk.middleware("request")
        async def only_the_front(request: Request) -> HTTPResponse | None:
            token = internal_token()
            if token and not same_token(request.headers.get("X-Desk-Token", ""), token):
                return response.json({"error": "forbidden"}, status=403)
            return None

        @desk.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            agent = request.app.ctx.agent
            if agent.is_ready() and not self._warm:
                await self._warm_up(agent, on_new_message)
            return response.json({"ready": agent.is_ready() and self._warm})

        @desk.post("/message")
        async def message(request: Request) -> HTTPResponse:
            return response.json(await self._turn(request, on_new_message))

        @desk.get("/history/<conversation>")
        async def history(request: Request, conversation: str) -> HTTPResponse:
            tracker = await _store(request).retrieve(conversation)
            return response.json({"messages": entries(tracker) if tracker else []})

        @desk.post("/erase/<conversation>")
        async def erase(request: Request, conversation: str) -> HTTPResponse:
            async with request.app.ctx.agent.lock_store.lock(conversation):
                return response.json({"deleted": await _store(request).erase(conversation)})

        @desk.post("/purge")
        async def purge(request: Request) -> HTTPResponse:
            waiting = await _store(request).flush()
            return response.json({"deleted": await _store(request).purge(int(request.json["days"])), "waiting": waiting})

        return desk

    async def _warm_up(self, agent: Any, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> None:
        """One turn in a conversation that is thrown away, so that the first person does not wait for what is loaded when first used."""
        self._warm = True
        conversation = f"warm-up-{uuid.uuid4().hex}"
        try:
            await on_new_message(UserMessage("where do I register", _Collector(), conversation, input_channel="desk"))
            await _store_of(agent).erase(conversation)
        except Exception as error:
            log.warning("warm_up.failed", error=type(error).__name__)

    async def _turn(self, request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> dict[str, Any]:
        """One turn. The same message again, even while the first is being answered, gives the same reply and no second turn."""
        body = request.json
        conversation, message_id = body["conversation"], body["id"]
        store = _store(request)
        key = (conversation, message_id)
        running = self._under_way.get(key)
        if running is not None:
            await asyncio.shield(running)
        tracker = await store.retrieve(conversation)
        known = replies_to(tracker, message_id) if tracker else None
        if known is not None:
            return {"messages": known, "language": conversation_language(tracker), "safety": None, "repeated": True}
        if tracker is not None and tracker.events and tracker.latest_action_name != ACTION_LISTEN_NAME:
            # A turn that broke off (a crash, an action that looped) would make Rasa refuse every later turn of this conversation.
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
            await store.save(tracker)
        if tracker is not None and is_over(tracker, time.time()):
            let_go(tracker)
            await store.save(tracker)
            # Kept with the message, so that the actions know where the present talk begins.
            body = {**body, "metadata": {**(body.get("metadata") or {}), "anew": True}}
        elif not body.get("payload"):
            choice = chosen(str(body.get("text") or ""), tracker)
            if choice is not None:
                # What was typed stays what the conversation shows.
                body = {**body, "payload": {"intent": choice.intent, "entities": choice.entities}, "title": body["text"]}
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._under_way[key] = done
        collector = _Collector()
        try:
            await on_new_message(_user_message(body, collector))
        except Exception as error:  # the front says something useful; the text must not come into the log with the traceback
            log.error("turn.failed", error=type(error).__name__)
        finally:
            self._under_way.pop(key, None)
            done.set_result(None)
        tracker = await store.retrieve(conversation)
        latest = tracker.latest_message if tracker else None
        return {
            "messages": collector.messages,
            "language": conversation_language(tracker) if tracker else None,
            "safety": ((latest.parse_data or {}).get("safety") or {}).get("kind") if latest else None,
        }


def _user_message(body: dict[str, Any], collector: _Collector) -> UserMessage:
    payload = body.get("payload")
    metadata = body.get("metadata") or {}
    parse_data = None
    text = body.get("text") or ""
    if payload:
        # A button: what it means is known, so nothing is guessed. What it said is what the history shows.
        text = body.get("title") or ""
        metadata = {**metadata, "button": True}
        parse_data = {
            "text": text,
            "intent": {"name": payload["intent"], "confidence": 1.0},
            "intent_ranking": [],
            "entities": [{"entity": name, "value": value, "start": 0, "end": 0} for name, value in sorted(payload["entities"].items())],
        }
    return UserMessage(
        text,
        collector,
        body["conversation"],
        parse_data=parse_data,
        input_channel="desk",
        message_id=body["id"],
        metadata=metadata,
    )


def replies_to(tracker: DialogueStateTracker, message_id: str) -> list[dict[str, Any]] | None:
    """What was replied to the message with this id; None if it is new, or if it was never answered."""
    replies: list[dict[str, Any]] = []
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            replies.append(shown(event.message()))
        elif isinstance(event, UserUttered):
            if event.message_id == message_id:
                return list(reversed(replies)) or None
            replies = []
    return None


def entries(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """The conversation as the page shows it."""
    found: list[dict[str, Any]] = []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            found.append({"from": "person", "id": event.message_id, "text": event.text or ""})
        elif isinstance(event, BotUttered):
            found.append({"from": "desk", **shown(event.message())})
    return found


def _store(request: Request) -> Any:
    """Our tracker store, unwrapped from the layers that Rasa puts around it."""
    return _store_of(request.app.ctx.agent)


def _store_of(agent: Any) -> Any:
    store = agent.tracker_store
    while not hasattr(store, "purge"):
        store = store._tracker_store
    return store
