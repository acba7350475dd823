"""Signing in with a password and, where somebody has one, the second factor; signing out; the language before anybody is signed in."""

from __future__ import annotations

import re

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import offers, passwords, second_factor, sessions, signing_in
from knowledge.editorial.accounts.failures import Locked
from knowledge.editorial.accounts.notes import note
from knowledge.editorial.accounts.roles import administrators
from knowledge.editorial.accounts.signing_in import Attempt
from knowledge.editorial.errors import DeskError
from knowledge.store.reader import municipalities
from knowledge.web.desk.accounts import common
from knowledge.web.desk.accounts.names import RoleWords, role_words
from knowledge.web.desk.accounts.parts import LIMITS, PROVIDER, TooMany
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.routing import COOKIE
from locales import registry

# Pages that somebody opens by a link before they are signed in.
_BY_LINK = re.compile(r"^/desk/(?:welcome|accept)/[\w-]+$")


def sign_in_page(desk: DeskRequest, *, mistake: str = "", email: str = "", status: int = 200) -> web.Response:
    """The page with its field kept and what went wrong."""
    return desk.page(
        "accounts/sign_in.html",
        status,
        mistake=mistake,
        email=email,
        provider=desk.request.app[PROVIDER] is not None,
        provider_name=desk.settings.oidc_name,
        languages=language_names(),
        here="/desk/sign-in",
    )


def language_names() -> list[tuple[str, str]]:
    """(code, own name) of the languages in which the desk can be read."""
    return [(code, registry.languages()[code].name) for code in registry.served()]


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/sign-in."""
    if desk.signed_in is not None:
        return desk.redirect("/desk" if desk.signed_in.complete else "/desk/sign-in/code")
    return sign_in_page(desk)


async def sign_in(desk: DeskRequest) -> web.Response:
    """POST /desk/sign-in."""
    email, password, secret = desk.text("email"), common.secret_text(desk, "password"), desk.settings.secret
    if not email or not password:
        return sign_in_page(desk, mistake=desk.say("desk.accounts.both_needed"), email=email, status=400)
    try:
        desk.request.app[LIMITS].take(desk.request)
        attempt = await desk.run(lambda session: signing_in.begin(session, secret, email))
        right = await common.hash_in_thread(passwords.matches, attempt.stored, password)
        entered = await _finish(desk, attempt, right, password)
    except (TooMany, Locked) as error:
        return sign_in_page(desk, mistake=common.words_of(desk, error), email=email, status=429)
    except DeskError as error:
        return sign_in_page(desk, mistake=common.words_of(desk, error), email=email, status=400)
    return await common.go_in(desk, entered)


async def _finish(desk: DeskRequest, attempt: Attempt, right: bool, password: str) -> signing_in.Entered:
    rehashed = None
    if right and attempt.stored is not None and passwords.outdated(attempt.stored):
        rehashed = await common.hash_in_thread(passwords.hashed, password)
    browser = common.this_browser(desk)
    try:
        return await desk.run(lambda session: signing_in.finish(session, attempt, right, browser, rehashed))
    except Locked:
        await desk.run(lambda session: signing_in.note_lockout(session, desk.settings.secret, attempt.email))
        raise


async def show_code(desk: DeskRequest) -> web.Response:
    """GET /desk/sign-in/code."""
    if desk.signed_in is not None and desk.signed_in.complete:
        return desk.redirect("/desk")
    return desk.page("accounts/code.html", mistake="")


async def sign_in_code(desk: DeskRequest) -> web.Response:
    """POST /desk/sign-in/code."""
    who, secret, code = desk.signed_in, desk.settings.secret, desk.text("code")
    assert who is not None
    if who.complete:
        return desk.redirect("/desk")
    if not code:
        return desk.page("accounts/code.html", 400, mistake=desk.say("desk.accounts.code_needed"))
    try:
        desk.request.app[LIMITS].take(desk.request)
        email = await desk.run(lambda session: signing_in.count_code(session, who, secret))
        entered = await _enter_code(desk, who, code, email)
        left = await desk.run(lambda session: len(common.own_user(session, desk).recovery_codes))
    except (TooMany, Locked) as error:
        return desk.page("accounts/code.html", 429, mistake=common.words_of(desk, error))
    except DeskError as error:
        return desk.page("accounts/code.html", 400, mistake=common.words_of(desk, error))
    used_one = len("".join(filter(str.isalnum, code))) > 6
    return await common.go_in(desk, entered, "few_recovery_codes" if used_one and left < second_factor.RECOVERY_CODES // 2 else "")


async def _enter_code(desk: DeskRequest, who: sessions.SignedIn, code: str, email: str) -> signing_in.Entered:
    try:
        return await desk.run(lambda session: signing_in.enter_code(session, who, code, common.this_browser(desk)))
    except Locked:
        await desk.run(lambda session: signing_in.note_lockout(session, desk.settings.secret, email))
        raise


async def sign_out(desk: DeskRequest) -> web.Response:
    """POST /desk/sign-out."""
    who = desk.signed_in
    assert who is not None
    await desk.run(lambda session: sessions.end(session, who.user_id, who.session_id))
    if who.complete:
        await desk.run(lambda session: note(session, common.own_user(session, desk), "sign_out"))
    response = desk.redirect("/desk/sign-in", "signed_out" if who.complete else "")
    response.del_cookie(COOKIE, path="/desk")
    response.del_cookie(common.NEXT, path="/desk")
    return response


async def choose_language(desk: DeskRequest) -> web.Response:
    """POST /desk/language: for this browser, before anybody is signed in."""
    chosen, back = desk.text("language"), desk.text("back")
    response = desk.redirect(back if _BY_LINK.match(back) else "/desk/sign-in")
    if chosen in registry.served():
        year = 365 * 24 * 3600
        response.set_cookie("desk_language", chosen, path="/desk", max_age=year, httponly=True, samesite="Lax", secure=desk.is_encrypted)
    return response


async def no_role(desk: DeskRequest) -> web.Response:
    """GET /desk/no-role: whom to ask for a role."""
    assert desk.signed_in is not None
    if desk.signed_in.municipality is not None:
        return desk.redirect("/desk")
    who, wanted = desk.signed_in, desk.settings.municipality

    def read(session: Session) -> tuple[list[RoleWords], list[str]]:
        offered = [offers.as_membership(row) for row in offers.offered_to(session, who.user_id)]
        # Whom to ask: those who offer something, or else everybody who could.
        asked = {one.municipality for one in offered} or {town for town, _ in municipalities(session) if wanted in ("", town)}
        names = {name for town in asked for name in administrators(session, town)}
        return [role_words(session, desk, one) for one in offered], sorted(names)

    offered, names = await desk.run(read)
    return desk.page("accounts/no_role.html", offered=offered, names=names)
