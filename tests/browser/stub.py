"""A stand-in for the server behind the chat page: the page itself is real, the conversation is scripted, failures can be ordered."""

from __future__ import annotations

import asyncio
import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

from aiohttp import web

from knowledge.api import KnowledgeApi
from knowledge.config import Settings
from knowledge.domain import records as r
from knowledge.domain.errors import KnowledgeUnavailable
from knowledge.domain.hours import HoursRule, OpeningHours, OpenNow, OpenState, no_holidays
from knowledge.domain.text import Reading, TranslationState
from knowledge.views import HelplineView, PlaceView, ServiceView
from knowledge.web.chat.routes import add_routes
from knowledge.web.keys import API, SETTINGS
from knowledge.web.security import security_headers

HELPLINES = (
    HelplineView("Notruf 112: Rettungswagen, Feuerwehr, Polizei.", "112", ("de", "en"), True),
    HelplineView("Krisentelefon Ankerstadt: Jemand hört zu. Kostenlos, ohne Namen.", "+49 30 23125 001", ("de", "en", "ar", "uk"), True),
    HelplineView("Frauentelefon: Hilfe bei Gewalt. Kostenlos, mit Dolmetscherin.", "+49 30 23125 002", ("de", "ar", "tr", "uk"), True),
    HelplineView("Ärztlicher Bereitschaftsdienst: wenn Sie krank sind.", "+49 30 23125 005", ("de", "en", "ar"), False),
)
GREETING = {
    "en": "Hello, I am the **Newcomer Desk** of Ankerstadt. I am a computer program, not a person.\n\nWhat would you like to know?",
    "ar": "مرحباً، أنا **مكتب القادمين الجدد** في أنكرشتات. أنا برنامج ولست إنساناً.\n\nماذا تريد أن تعرف؟",
    "uk": "Вітаю, я **довідка для новоприбулих** міста Анкерштадт. Я програма, а не людина.\n\nЩо ви хочете дізнатися?",
}
SUGGESTIONS = {
    "en": ["A place to sleep tonight", "See a doctor", "Register my address", "School for a child", "Learn German", "Talk to a person"],
    "ar": ["مكان للنوم الليلة", "زيارة طبيب", "تسجيل عنواني", "مدرسة لطفلي", "تعلّم اللغة", "التحدث مع إنسان"],
    "uk": ["Де переночувати", "До лікаря", "Зареєструвати адресу", "Школа для дитини", "Вивчати мову", "Поговорити з людиною"],
}
ANSWER = {
    "en": "You can sleep here tonight, **without papers**:\n\n- Night shelter Ankerlicht, Gleisweg 5\n- Open 20:00–08:00, every night\n\n"
    "1. Take tram 1 to the station.\n2. Ring the bell.\n\nCall +49 30 23125 007 first. In danger call 112. Code: AB-12-CD.\n"
    "More: https://www.ankerstadt.example/schlafen.",
    "ar": "يمكنك النوم هنا الليلة، **بدون أوراق**:\n\n- مأوى ليلي Ankerlicht، شارع Gleisweg 5\n- مفتوح 20:00–08:00 كل ليلة\n\n"
    "1. خذ الترام 1 إلى المحطة.\n2. اقرع الجرس.\n\nاتصل أولاً على +49 30 23125 007. في حالة الخطر اتصل على 112. الرمز: AB-12-CD.\n"
    "المزيد: https://www.ankerstadt.example/schlafen.",
    "uk": "Сьогодні можна переночувати тут, **без документів**:\n\n- Нічліг Ankerlicht, Gleisweg 5\n- Відчинено 20:00–08:00 щоночі\n\n"
    "1. Їдьте трамваєм 1 до вокзалу.\n2. Подзвоніть у двері.\n\nСпочатку зателефонуйте +49 30 23125 007. У небезпеці: 112. Код: AB-12-CD.\n"
    "Більше: https://www.ankerstadt.example/schlafen.",
}
SAFETY = {
    "en": "I am glad that you wrote this. **You are not alone.** People listen, day and night.\n\nIf you are in danger, call 112.",
    "ar": "جيد أنك كتبت هذا. **لست وحدك.** هناك أشخاص يستمعون إليك الآن، ليلاً ونهاراً.\n\nإذا كنت في خطر، اتصل على 112.",
    "uk": "Добре, що ви про це написали. **Ви не самі.** Є люди, які вислухають, удень і вночі.\n\nЯкщо ви в небезпеці, телефонуйте 112.",
}
ORIGINAL = "Sie können heute Nacht **ohne Papiere** hier schlafen:\n\n- Notschlafstelle Ankerlicht, Gleisweg 5"
BUTTONS = {"en": ["This helped", "Where is it?"], "ar": ["هذا ساعدني", "أين يقع؟"], "uk": ["Це допомогло", "Де це?"]}


def _point() -> ServiceView:
    hours = OpeningHours((HoursRule(frozenset(range(5)), 510, 750), HoursRule(frozenset({0, 3}), 810, 960)))
    name = Reading("Willkommenspunkt", "de", TranslationState.ORIGINAL)
    place = PlaceView(
        "Rathaus", "Rathausplatz 1", "00001", "Ankerstadt", "Altstadt", 49.8, 9.95, False, (), "Tram 1 und 4, Haltestelle Rathaus.", None,
        hours, OpenNow(OpenState.OPEN), no_holidays,
    )  # fmt: skip
    return ServiceView(
        "welcome-point", name, "Stadt Ankerstadt", None, None, None, None, None, ("+49 30 23125 100",), None, None, (),
        None, None, r.Cost(True), r.Capacity(), date(2026, 11, 10), (), (place,),
    )  # fmt: skip


@dataclass
class FakeApi:
    """What the page asks the knowledge base."""

    broken: Exception | None = None

    def _check(self) -> None:
        if self.broken:
            raise self.broken

    def helplines(self, kind: str, language: str) -> tuple[HelplineView, ...]:
        self._check()
        return HELPLINES if kind == "safety.self_harm" else HELPLINES[:1]

    def information_point(self, language: str) -> ServiceView | None:
        self._check()
        return _point()

    def municipality_name(self, language: str) -> str:
        self._check()
        return "Ankerstadt"

    def now(self) -> datetime:
        return datetime(2026, 11, 18, 23, 40, tzinfo=UTC)


@dataclass
class Desk:
    """The running stand-in: what it got, and what it shall do wrong."""

    url: str = ""
    api: FakeApi = field(default_factory=FakeApi)
    conversations: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    turns: list[str] = field(default_factory=list)
    tries: list[str] = field(default_factory=list)
    # Answers to give in place of the next ones: ("lost" and "gateway" after the turn was done, "busy", "session", "rate", "refuse").
    faults: list[str] = field(default_factory=list)

    def break_knowledge(self) -> None:
        """From now on the knowledge base cannot be read."""
        self.api.broken = KnowledgeUnavailable("unavailable")


def _reply(content: dict[str, Any], language: str) -> list[dict[str, Any]]:
    text = str(content.get("text") or content.get("payload"))
    language = "uk" if "Привіт" in text else language
    language = language if language in ANSWER else "en"
    if "die" in text.split() or "darkness" in text:
        line = "- Krisentelefon Ankerstadt: Jemand hört Ihnen zu: +49 30 23125 001 (Tag und Nacht)"
        name = "Krisentelefon Ankerstadt: Jemand hört Ihnen zu."
        numbers = [
            {"name": name, "number": "+49 30 23125 001", "languages": ["de"], "always": True, "card": line},
            {"number": "112"},
        ]
        later = "- Männertelefon: +49 30 23125 006 (öffnet morgen um 10:00)"
        custom: dict[str, Any] = {"safety": {"kind": "safety.self_harm", "language": language, "numbers": numbers}}
        return [{"text": f"{SAFETY[language]}\n\n{line}\n{later}", "language": language, "buttons": [], "custom": custom}]
    if text.startswith("/change_language"):
        return [{"text": GREETING[language], "language": language, "buttons": [], "custom": {}}]
    answer = {
        "topic": "housing.emergency",
        "language": language,
        "article": "housing.emergency",
        "source": {"title": "Stadt Ankerstadt: Schlafen", "url": "https://www.ankerstadt.example/schlafen", "level": "city"},
        "checked_on": "2026-11-10",
        "translation": "machine",
        "original": {"language": "de", "text": ORIGINAL},
    }
    service = {
        "id": "night", "name": "Notschlafstelle Ankerlicht", "street": "Gleisweg 5", "district": "Am Bahnhof", "open": "20:00–08:00",
        "phone": "+49 30 23125 007", "map": "https://www.openstreetmap.org/?mlat=49.8&mlon=9.9",
    }  # fmt: skip
    card = "**Notschlafstelle Ankerlicht**\nGleisweg 5, Am Bahnhof\n20:00–08:00 · man spricht Deutsch\n☎ +49 30 23125 007"
    another = {**service, "id": "day", "name": "Tagestreff", "phone": "+49 30 23125 008"}
    buttons = [{"title": title, "payload": f"/reply_{at}"} for at, title in enumerate(BUTTONS[language])]
    custom = {"answer": answer, "services": [{**service, "card": card}, another]}
    return [{"text": f"{ANSWER[language]}\n\n{card}", "language": language, "buttons": buttons, "custom": custom}]


def make_app(desk: Desk, settings: Settings) -> web.Application:
    """The page with the stand-in behind it."""

    async def session(request: web.Request) -> web.Response:
        language = (await request.json())["language"]
        name = request.cookies.get("desk_session", "")
        if name not in desk.conversations:
            name = secrets.token_hex(8)
            greeting = {"from": "desk", "text": GREETING.get(language, GREETING["en"]), "language": language, "buttons": [], "custom": {}}
            desk.conversations[name] = [greeting]
        titles = SUGGESTIONS.get(language, SUGGESTIONS["en"])
        suggestions = [{"title": title, "payload": f"/topic_{at}"} for at, title in enumerate(titles)]
        response = web.json_response({"messages": desk.conversations[name], "language": language, "suggestions": suggestions})
        response.set_cookie("desk_session", name, httponly=True, samesite="Lax")
        return response

    async def message(request: web.Request) -> web.StreamResponse:
        content = await request.json()
        desk.tries.append(content["id"])
        fault = desk.faults.pop(0) if desk.faults else ""
        if fault == "busy":
            return web.json_response({"error": "busy"}, status=503)
        if fault == "rate":
            return web.json_response({"error": "rate", "retry_after": 1}, status=429)
        if fault == "refuse":
            return web.json_response({"error": "long", "message": "This is too long. Please write less."}, status=413)
        history = desk.conversations.get(request.cookies.get("desk_session", ""))
        if history is None or fault == "session":
            return web.json_response({"error": "session"}, status=401)
        if content["id"] not in desk.done:
            replies = _reply(content, content["language"])
            desk.turns.append(content["id"])
            said = content.get("text") or content["title"]
            history.append({"from": "person", "id": content["id"], "text": said, "language": content["language"]})
            history.extend({"from": "desk", **reply} for reply in replies)
            desk.done[content["id"]] = {"messages": replies, "language": replies[0]["language"]}
        if fault == "lost":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault == "gateway":
            return web.json_response({}, status=502)
        await asyncio.sleep(0.15)
        return web.json_response(desk.done[content["id"]])

    async def erase(request: web.Request) -> web.Response:
        desk.conversations.pop(request.cookies.get("desk_session", ""), None)
        response = web.Response(status=204)
        response.del_cookie("desk_session")
        return response

    app = web.Application(middlewares=[security_headers])
    app[API] = cast(KnowledgeApi, desk.api)
    app[SETTINGS] = settings
    add_routes(app)
    app.router.add_post("/chat/session", session)
    app.router.add_delete("/chat/session", erase)
    app.router.add_post("/chat/messages", message)
    return app


def fake_settings() -> Settings:
    """Only what the page reads."""
    return cast(Settings, SimpleNamespace(language="en", municipality="", proxies=0))


class Running:
    """The stand-in in a thread of its own, so that the browser can be driven from the test."""

    def __init__(self) -> None:
        self.desk = Desk()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._runner = web.AppRunner(make_app(self.desk, fake_settings()), access_log=None)

    def start(self) -> Desk:
        """Listen on a free port."""
        self._thread.start()

        async def listen() -> int:
            await self._runner.setup()
            site = web.TCPSite(self._runner, "127.0.0.1", 0)
            await site.start()
            return int(self._runner.addresses[0][1])

        port = asyncio.run_coroutine_threadsafe(listen(), self._loop).result(10)
        self.desk.url = f"http://127.0.0.1:{port}"
        return self.desk

    def stop(self) -> None:
        """Close it; the address answers nothing any more."""
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


if __name__ == "__main__":  # to look at the page: python -m tests.browser.stub
    import tempfile
    from pathlib import Path

    import pytest

    from tests.browser.words import overlay_parts

    overlay_parts(pytest.MonkeyPatch(), Path(tempfile.mkdtemp()))
    web.run_app(make_app(Desk(), fake_settings()), host="127.0.0.1", port=8091)
