"""Signing in with an account of the city (OpenID Connect), and linking one to an account that is there.

What has to come back to the same browser is in a cookie that is encrypted, lives for ten minutes, and is used once.
"""

from __future__ import annotations

import json
from dataclasses import asdict

import structlog
from aiohttp import web
from cryptography.fernet import InvalidToken
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import identity, signing_in
from knowledge.editorial.accounts.keys import box
from knowledge.editorial.accounts.openid import Handshake, Provider
from knowledge.editorial.errors import DeskError, NotFound
from knowledge.store.account_tables import UserRow
from knowledge.web.desk.accounts import common
from knowledge.web.desk.accounts.account import account_page
from knowledge.web.desk.accounts.parts import LIMITS, PROVIDER
from knowledge.web.desk.accounts.sign_in import sign_in_page
from knowledge.web.desk.request import DeskRequest

log = structlog.get_logger(__name__)
COOKIE = "desk_city_account"
BACK = "/desk/sign-in/city/back"
_PATH = "/desk/sign-in/city"
_SECONDS = 600
_PURPOSE = "handshake with the provider"


async def start(desk: DeskRequest) -> web.Response:
    """GET /desk/sign-in/city: to the provider."""
    return await _to_provider(desk, link_for="")


async def start_link(desk: DeskRequest) -> web.Response:
    """GET /desk/account/city: to the provider, to link the city account to the person who is signed in.

    Only by the button on our own page: another site that led here might have signed the browser in at the provider as somebody else, who
    would get into this account. (A form with a token it cannot be: browsers let forms lead to our own site only, redirects included.)
    """
    assert desk.signed_in is not None
    if desk.request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
        return desk.redirect("/desk/account")
    return await _to_provider(desk, link_for=desk.signed_in.session_id)


async def _to_provider(desk: DeskRequest, *, link_for: str) -> web.Response:
    handshake = Handshake.fresh()
    try:
        desk.request.app[LIMITS].take(desk.request)
        address = await _provider(desk).address(handshake, common.public_address(desk, BACK), desk.language)
    except NotFound:
        raise
    except DeskError as error:
        return await _said(desk, error)
    response = web.Response(status=303, headers={"Location": address, "Cache-Control": "no-store"})
    kept = json.dumps({**asdict(handshake), "link_for": link_for}).encode()
    response.set_cookie(
        COOKIE,
        box(desk.settings.secret, _PURPOSE).encrypt(kept).decode(),
        path=_PATH,
        max_age=_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=desk.is_encrypted,
    )
    return response


async def back(desk: DeskRequest) -> web.Response:
    """GET /desk/sign-in/city/back: the provider has sent the browser here."""
    try:
        response = await _came_back(desk)
    except NotFound:
        raise
    except DeskError as error:
        response = await _said(desk, error)
    response.del_cookie(COOKIE, path=_PATH)
    return response


async def _came_back(desk: DeskRequest) -> web.Response:
    provider, browser = _provider(desk), common.this_browser(desk)
    try:
        kept = json.loads(box(desk.settings.secret, _PURPOSE).decrypt(desk.request.cookies.get(COOKIE, ""), ttl=_SECONDS))
    except InvalidToken as error:
        raise DeskError("desk.provider_too_late") from error
    link_for = kept.pop("link_for")
    found = await provider.identity(desk.request.query, Handshake(**kept), common.public_address(desk, BACK))
    if link_for:
        who = desk.signed_in
        if who is None or not who.complete or who.session_id != link_for:
            raise DeskError("desk.provider_too_late")
        user_id = who.user_id

        def link(session: Session) -> None:
            identity.link(session, session.get_one(UserRow, user_id, with_for_update=True), found)

        await desk.run(link, writing=True)
        return desk.redirect("/desk/account", "city_account_linked")
    entered = await desk.run(
        lambda session: signing_in.enter(session, identity.user_for(session, found), browser, "city_account"), writing=True
    )
    return await common.go_in(desk, entered)


async def unlink(desk: DeskRequest) -> web.Response:
    """POST /desk/account/city/unlink."""
    await desk.run(lambda session: identity.unlink(session, common.own_user(session, desk)))
    return desk.redirect("/desk/account", "city_account_unlinked")


def _provider(desk: DeskRequest) -> Provider:
    provider = desk.request.app[PROVIDER]
    if provider is None:
        raise NotFound("desk.no_provider")
    return provider


async def _said(desk: DeskRequest, error: DeskError) -> web.Response:
    """What went wrong, on the page where the button was."""
    # The reason is for who runs the desk; it names no person.
    log.warning("desk.city_account", key=error.key, reason=error.fields.get("reason"))
    words, status = common.words_of(desk, error), 400 if error.permanent else 503
    if desk.signed_in is not None and desk.signed_in.complete:
        return await account_page(desk, status, city=words)
    return sign_in_page(desk, mistake=words, status=status)
