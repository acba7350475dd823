"""Switching the digest off by the link in the e-mail, without signing in."""

from __future__ import annotations

from aiohttp import web

from knowledge.editorial.digest import OFF as PATH
from knowledge.editorial.digest import switch_off as off
from knowledge.editorial.digest import user_of_token
from knowledge.editorial.errors import NotFound
from knowledge.web.desk.request import DeskRequest
from knowledge.web.keys import SETTINGS

OFF = PATH + "{token}"


async def ask(desk: DeskRequest) -> web.Response:
    """GET: a page with a button. Opening a link alone switches nothing off: programs that check e-mails open links too."""
    _user(desk.request)
    return desk.page("home/digest_off.html", token=desk.request.match_info["token"], done=False)


async def switch_off(desk: DeskRequest) -> web.Response:
    """POST: the button, or the mail program itself (RFC 8058)."""
    user_id = _user(desk.request)
    await desk.run(lambda session: off(session, user_id))
    return desk.page("home/digest_off.html", token="", done=True)


def _user(request: web.Request) -> int:
    found = user_of_token(request.match_info["token"], request.app[SETTINGS].secret)
    if found is None:
        raise NotFound("desk.no_link")
    return found
