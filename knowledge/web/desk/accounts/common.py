"""What the handlers of this part share: the cookie of a session, secrets from forms, hashing in a thread."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.domain.errors import KnowledgeError
from knowledge.editorial.accounts import failures, sessions
from knowledge.editorial.accounts.signing_in import Browser, Entered
from knowledge.store.account_tables import UserRow
from knowledge.store.tables import MunicipalityRow
from knowledge.web.client import browser_name
from knowledge.web.desk.accounts.parts import LIMITS
from knowledge.web.desk.kept.going_on import go_on_with
from knowledge.web.desk.records.formats import Formats
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.routing import COOKIE, error_words

Result = TypeVar("Result")
NEXT = "desk_next"
# Which of several municipalities somebody has chosen in this browser last. It gives no rights.
LAST_CITY = "desk_city"
# A path of the desk and nothing that a browser could take for another site.
_LOCAL = re.compile(r"^/desk(?:[/?][^\\\s]*)?$")
# Not back to what somebody is through with.
_PASSED = ("/desk/sign-in", "/desk/welcome/", "/desk/no-role")


@cache
def _hashing() -> ThreadPoolExecutor:
    """Two at a time: each takes a processor and 64 MiB, and other threads have other work to do."""
    return ThreadPoolExecutor(2, thread_name_prefix="hashing")


async def hash_in_thread(work: Callable[..., Result], *arguments: object) -> Result:
    """Do something slow with a password."""
    return await asyncio.get_running_loop().run_in_executor(_hashing(), work, *arguments)


def secret_text(desk: DeskRequest, name: str) -> str:
    """A password of the form as it was typed: spaces belong to it."""
    value = desk.form.get(name, "") if desk.form is not None else ""
    return value if isinstance(value, str) else ""


def this_browser(desk: DeskRequest) -> Browser:
    """What a session is started with."""
    name = browser_name(desk.request.headers.get("User-Agent", "")) or desk.say("desk.accounts.some_browser")
    return Browser(name, desk.settings.desk_hours, desk.settings.secret)


def safe_next(path: str) -> str:
    """Where to go on after signing in: only within the desk."""
    return path if _LOCAL.match(path) and "//" not in path.partition("?")[0] and not path.startswith(_PASSED) else "/desk"


async def go_in(desk: DeskRequest, entered: Entered, notice: str = "") -> web.Response:
    """Hand over the new session: a new token each time, and on to the page that was asked for. What this browser had before ends."""
    before = desk.signed_in
    if before is not None:
        await desk.run(lambda session: sessions.end(session, before.user_id, before.session_id), writing=True)
    if entered.complete:
        last = desk.request.cookies.get(LAST_CITY, "")
        onward = await desk.run(lambda session: _onward(session, desk.settings.secret, entered.token, last), writing=True)
        response = desk.redirect(onward or safe_next(desk.request.cookies.get(NEXT, "")), notice)
        response.del_cookie(NEXT, path="/desk")
    else:
        response = desk.redirect("/desk/sign-in/code")
    set_session(desk, response, entered.token)
    return response


def _onward(session: Session, secret: str, token: str, last_city: str) -> str | None:
    """To the form that was kept for whoever has come in with `token`. They work again where they worked last: the page that they asked for
    is one of that municipality."""
    who = sessions.find(session, token)
    if who is None:
        return None
    if last_city in who.actor.municipalities and last_city != who.municipality:
        sessions.choose_municipality(session, who.session_id, last_city)
        who = replace(who, municipality=last_city)
    return go_on_with(session, secret, who)


def remember_city(desk: DeskRequest, response: web.Response, municipality: str) -> None:
    """For the next time somebody signs in with this browser."""
    year = 365 * 24 * 3600
    response.set_cookie(LAST_CITY, municipality, path="/desk", max_age=year, httponly=True, samesite="Lax", secure=desk.is_encrypted)


def come_back(desk: DeskRequest, response: web.Response, path: str) -> None:
    """Signing in leads on to `path`. Not in an address: addresses are kept in histories and logs."""
    response.set_cookie(NEXT, path, path="/desk", max_age=900, httponly=True, samesite="Lax", secure=desk.is_encrypted)


def set_session(desk: DeskRequest, response: web.Response, token: str) -> None:
    """The cookie ends with the browser, or when the session does: desks in offices are shared."""
    response.set_cookie(COOKIE, token, path="/desk", httponly=True, samesite="Lax", secure=desk.is_encrypted)


def words_of(desk: DeskRequest, error: KnowledgeError) -> str:
    """An error beside its field."""
    return error_words(desk, error)


def own_user(session: Session, desk: DeskRequest) -> UserRow:
    """The account of the person, to change it."""
    assert desk.signed_in is not None
    return session.get_one(UserRow, desk.signed_in.user_id, with_for_update=desk.request.method != "GET")


def zone_of(session: Session, municipality: str | None) -> ZoneInfo:
    """The time zone in which times are shown."""
    row = session.get(MunicipalityRow, municipality) if municipality else None
    return ZoneInfo(row.timezone) if row is not None else ZoneInfo("UTC")


def moment_words(moment: datetime | None, zone: ZoneInfo, language: str) -> str:
    """ "Nov 2, 2026, 09:15", to the minute; empty for none."""
    return Formats(language, zone.key).moment(moment) if moment else ""


def public_address(desk: DeskRequest, path: str) -> str:
    """The whole address of a page, for links that leave the browser."""
    scheme = "https" if desk.is_encrypted else "http"
    return (desk.settings.public_url or f"{scheme}://{desk.request.host}") + path


async def count_own_try(desk: DeskRequest, email: str) -> None:
    """A password or code is asked for again: tries count as they do when signing in, so that an open session is no way to guess.

    Raises TooMany, Locked.
    """
    desk.request.app[LIMITS].take(desk.request)
    await desk.run(lambda session: failures.count(session, desk.settings.secret, email))


async def forget_own_tries(desk: DeskRequest, email: str) -> None:
    """It was right."""
    await desk.run(lambda session: failures.forget(session, desk.settings.secret, email))
