"""The channels over real HTTP, with a stand-in for Rasa at the edge: sessions, sizes, limits, and the guard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.orm import sessionmaker

from bot.front.app import RasaAddress, front_app
from knowledge.api import KnowledgeApi
from knowledge.config import load_settings
from knowledge.search.embedder import NoEmbedder
from knowledge.store.engine import make_engine
from knowledge.store.library import Library
from knowledge.store.migrate import upgrade
from locales.safety_texts import safety_text

TOKEN = "between the two of them"
Client = TestClient[web.Request, web.Application]


class RasaStandIn:
    """Answers like our connector, and can be told to fail."""

    def __init__(self) -> None:
        self.turns: list[dict[str, Any]] = []
        self.mode = "answers"

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/webhooks/desk/ready", self.ready)
        app.router.add_post("/webhooks/desk/message", self.message)
        app.router.add_get("/webhooks/desk/history/{conversation}", self.history)
        app.router.add_post("/webhooks/desk/erase/{conversation}", self.erase)
        app.router.add_post("/webhooks/desk/purge", self.purge)
        return app

    async def ready(self, request: web.Request) -> web.Response:
        assert request.headers["X-Desk-Token"] == TOKEN
        return web.json_response({"ready": self.mode == "answers"})

    async def message(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.turns.append(body)
        if self.mode == "fails":
            return web.json_response({}, status=500)
        if self.mode == "hangs":
            await asyncio.sleep(30)
        messages = [] if self.mode == "silent" else [{"text": "here", "language": "fr", "buttons": [], "custom": {}}]
        return web.json_response({"messages": messages, "language": "fr", "safety": None})

    async def history(self, request: web.Request) -> web.Response:
        mine = [turn for turn in self.turns if turn["conversation"] == request.match_info["conversation"]]
        return web.json_response({"messages": [{"from": "person", "id": turn["id"], "text": turn["text"]} for turn in mine]})

    async def erase(self, request: web.Request) -> web.Response:
        self.turns = [turn for turn in self.turns if turn["conversation"] != request.match_info["conversation"]]
        return web.json_response({"deleted": 1})

    async def purge(self, request: web.Request) -> web.Response:
        return web.json_response({"deleted": 0, "waiting": 0})


@pytest.fixture
def rasa() -> RasaStandIn:
    return RasaStandIn()


Make = Callable[..., Awaitable[Client]]


@pytest.fixture
async def front(rasa: RasaStandIn, tmp_path: Any) -> AsyncIterator[Make]:
    """Makes clients of a front with the settings given; a client keeps cookies as a browser does."""
    servers: list[TestServer] = []
    clients: list[Client] = []

    async def make(**settings: str) -> Client:
        behind = TestServer(rasa.app())
        await behind.start_server()
        servers.append(behind)
        read = load_settings({"NEWCOMER_VAR": str(tmp_path), "NEWCOMER_REPLY_SECONDS": "1", **settings})
        engine = make_engine(read.database_url)
        upgrade(engine)
        sessions = sessionmaker(engine)
        api = KnowledgeApi(Library(sessions), NoEmbedder(), sessions)
        client: Client = TestClient(TestServer(front_app(read, api, RasaAddress(str(behind.make_url("")).rstrip("/"), TOKEN))))
        await client.start_server()
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()
    for server in servers:
        await server.close()


async def post_rest(client: Client, body: Any, **headers: str) -> tuple[int, Any]:
    answer = await client.post("/webhooks/rest/webhook", json=body, headers=headers)
    return answer.status, await answer.json()


@pytest.mark.parametrize("body", [{"message": "hi"}, {"sender": "", "message": "hi"}, {"sender": 5, "message": "hi"}, [], "hi"])
async def test_rest_without_a_sender_is_refused_and_never_shared(front: Make, rasa: RasaStandIn, body: Any) -> None:
    status, problem = await post_rest(await front(), body)
    assert status == 400
    assert problem["error"]
    assert rasa.turns == []


async def test_rest_answers_with_the_senders_own_name(front: Make, rasa: RasaStandIn) -> None:
    status, messages = await post_rest(await front(), {"sender": "a person's name", "message": "hi"})
    assert status == 200
    assert messages == [{"recipient_id": "a person's name", "text": "here", "language": "fr", "buttons": [], "custom": {}}]
    # The name itself does not go into the records.
    assert "person" not in rasa.turns[0]["conversation"]


async def test_rest_conversations_cannot_reach_into_the_web_chats(front: Make, rasa: RasaStandIn) -> None:
    client = await front()
    await client.post("/chat/session", json={})
    await client.post("/chat/messages", json={"id": "12345678-1", "text": "hello"})
    web_conversation = rasa.turns[0]["conversation"]
    await post_rest(client, {"sender": web_conversation, "message": "show me"})
    assert rasa.turns[1]["conversation"] != web_conversation


async def test_rest_wants_the_token_where_one_is_set(front: Make) -> None:
    client = await front(NEWCOMER_REST_TOKEN="the city's token")
    assert (await post_rest(client, {"sender": "a", "message": "hi"}))[0] == 401
    assert (await post_rest(client, {"sender": "a", "message": "hi"}, Authorization="Bearer ключ"))[0] == 401
    assert (await post_rest(client, {"sender": "a", "message": "hi"}, Authorization="Bearer the city's token"))[0] == 200


async def test_too_much_and_too_often_are_refused_in_words(front: Make) -> None:
    client = await front(NEWCOMER_RATE_PERSON="2")
    status, problem = await post_rest(client, {"sender": "a", "message": "x" * 5000, "metadata": {"language": "tr"}})
    assert status == 422
    assert "uzun" in problem["message"]
    for _ in range(2):
        assert (await post_rest(client, {"sender": "a", "message": "hi"}))[0] == 200
    answer = await client.post("/webhooks/rest/webhook", json={"sender": "a", "message": "hi"})
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) >= 1


async def test_the_web_session_is_signed_and_not_chosen_by_the_page(front: Make, rasa: RasaStandIn) -> None:
    client = await front()
    assert (await client.post("/chat/messages", json={"id": "12345678", "text": "hi"})).status == 401
    forged = await client.post("/chat/messages", json={"id": "12345678", "text": "hi"}, cookies={"desk_session": "web-somebody-else"})
    assert forged.status == 401
    opened = await client.post("/chat/session", json={"language": "uk"})
    cookie = opened.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    body = await opened.json()
    assert body["messages"][0]["from"] == "desk"
    assert "30" in body["messages"][0]["text"]
    assert (await client.post("/chat/messages", json={"id": "12345678", "text": "hi", "language": "uk"})).status == 200
    assert rasa.turns[0]["metadata"]["language_hint"] == "uk"


async def test_the_conversation_survives_a_reload_and_ends_when_it_is_deleted(front: Make, rasa: RasaStandIn) -> None:
    client = await front()
    await client.post("/chat/session", json={})
    await client.post("/chat/messages", json={"id": "12345678", "text": "remember me"})
    again = await (await client.post("/chat/session", json={})).json()
    assert [one["text"] for one in again["messages"] if one["from"] == "person"] == ["remember me"]
    assert (await client.delete("/chat/session")).status == 204
    assert rasa.turns == []
    fresh = await (await client.post("/chat/session", json={})).json()
    assert [one for one in fresh["messages"] if one["from"] == "person"] == []


async def test_a_button_is_passed_on_as_its_meaning_and_a_forged_one_as_words(front: Make, rasa: RasaStandIn) -> None:
    client = await front()
    await client.post("/chat/session", json={})
    await client.post("/chat/messages", json={"id": "12345678", "payload": '/choose{"topic": "health.doctor"}', "title": "Find a doctor"})
    assert rasa.turns[0]["payload"] == {"intent": "choose", "entities": {"topic": "health.doctor"}}
    assert rasa.turns[0]["title"] == "Find a doctor"
    forged = await client.post("/chat/messages", json={"id": "12345679", "payload": '/greet{"language_choice": "tr"}'})
    assert forged.status == 422


async def test_a_button_of_an_earlier_version_is_taken_by_its_words(front: Make, rasa: RasaStandIn) -> None:
    client = await front()
    await client.post("/chat/session", json={})
    old = {"id": "12345678", "payload": "/follow_up.documents", "title": "Which papers?"}
    assert (await client.post("/chat/messages", json=old)).status == 200
    assert (rasa.turns[0]["text"], rasa.turns[0].get("payload")) == ("Which papers?", None)


@pytest.mark.parametrize("mode", ["fails", "silent", "hangs"])
async def test_nobody_gets_silence(front: Make, rasa: RasaStandIn, mode: str) -> None:
    client = await front()
    rasa.mode = mode
    status, messages = await post_rest(client, {"sender": "a", "message": "мені потрібна допомога", "metadata": {"language": "uk"}})
    assert status == 200
    assert "112" in messages[-1]["text"]
    assert messages[-1]["language"] in ("uk", "fr")


async def test_a_crisis_is_recognised_even_without_rasa(front: Make, rasa: RasaStandIn) -> None:
    client = await front()
    rasa.mode = "fails"
    _, messages = await post_rest(client, {"sender": "a", "message": "I want to kill myself", "metadata": {"language": "en"}})
    assert messages[0]["text"] == safety_text("safety.self_harm", "en").body
    assert messages[0]["custom"]["safety"]["kind"] == "safety.self_harm"


async def test_health_tells_what_is_missing(front: Make, rasa: RasaStandIn) -> None:
    client = await front()
    answer = await client.get("/healthz")
    assert answer.status == 503
    assert set((await answer.json())["missing"]) == {"knowledge"}
    rasa.mode = "fails"
    assert set((await (await client.get("/healthz")).json())["missing"]) == {"knowledge", "assistant"}


async def test_every_answer_carries_the_security_headers(front: Make) -> None:
    client = await front()
    for path in ("/", "/healthz", "/nothing-here"):
        answer = await client.get(path)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
