"""One's own account: name, language, password, e-mails, where one is signed in, and the municipality one works in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import offers, own, passwords, second_factor, sessions
from knowledge.editorial.accounts import people as people_verbs
from knowledge.editorial.accounts.names import municipality_name
from knowledge.editorial.errors import DeskError, NotFound
from knowledge.editorial.records import aware
from knowledge.store.account_tables import UserRow
from knowledge.web.desk.accounts import common
from knowledge.web.desk.accounts.names import role_words
from knowledge.web.desk.accounts.parts import PROVIDER
from knowledge.web.desk.accounts.sign_in import language_names
from knowledge.web.desk.request import DeskRequest


@dataclass(frozen=True, slots=True)
class SessionView:
    """Somewhere the person is signed in."""

    id: str
    browser: str
    since: str
    seen: str
    this_one: bool


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/account."""
    return await account_page(desk)


async def account_page(desk: DeskRequest, status: int = 200, **mistakes: str) -> web.Response:
    """The page; `mistakes` are what went wrong in its parts ("details", "email", "password", "city")."""
    fields = await desk.run(lambda session: _fields(session, desk))
    return desk.page("accounts/account.html", status, mistakes=mistakes, **fields)


def _fields(session: Session, desk: DeskRequest) -> dict[str, Any]:
    who = desk.signed_in
    assert who is not None
    user, zone = session.get_one(UserRow, who.user_id), common.zone_of(session, who.municipality)
    rows = [
        SessionView(
            row.id,
            row.browser,
            common.moment_words(aware(row.created_at), zone, desk.language),
            common.moment_words(aware(row.seen_at), zone, desk.language),
            row.id == who.session_id,
        )
        for row in sessions.sessions_of(session, user.id)
        if row.complete
    ]
    return {
        "user": user,
        "languages": language_names(),
        "sessions": rows,
        "second_factor": second_factor.in_force(user),
        "codes_left": len(user.recovery_codes),
        "roles": [role_words(session, desk, one) for one in who.actor.memberships],
        "offered": [role_words(session, desk, offers.as_membership(row)) for row in offers.offered_to(session, user.id)],
        "provider": desk.request.app[PROVIDER] is not None,
        "provider_name": desk.settings.oidc_name,
        "least": passwords.SHORTEST,
        "sends_mail": bool(desk.settings.smtp_url),
    }


async def save_details(desk: DeskRequest) -> web.Response:
    """POST /desk/account/details."""
    name, language = desk.text("name"), desk.text("language")
    try:
        await desk.run(lambda session: own.set_details(session, common.own_user(session, desk), name, language))
    except DeskError as error:
        return await account_page(desk, 400, details=common.words_of(desk, error))
    return desk.redirect("/desk/account", "saved")


async def save_digest(desk: DeskRequest) -> web.Response:
    """POST /desk/account/digest."""

    def save(session: Session) -> None:
        common.own_user(session, desk).digest = desk.text("digest") == "on"

    await desk.run(save)
    return desk.redirect("/desk/account", "saved")


async def change_password(desk: DeskRequest) -> web.Response:
    """POST /desk/account/password: all other sessions end, and this one gets a new token."""
    who = desk.signed_in
    assert who is not None
    present, wanted = common.secret_text(desk, "present"), common.secret_text(desk, "password")
    user = await desk.run(lambda session: session.get_one(UserRow, who.user_id))
    try:
        # Somebody who has only a city account so far adds a password, having just shown who they are.
        if user.password is not None:
            await check_own_password(desk, user, present)
        if wanted != common.secret_text(desk, "again"):
            raise DeskError("desk.passwords_differ")
        await common.hash_in_thread(passwords.check_new, wanted, own.words_about(user, who.municipality or ""))
    except DeskError as error:
        return await account_page(desk, 400, password=common.words_of(desk, error))
    stored = await common.hash_in_thread(passwords.hashed, wanted)
    browser = common.this_browser(desk)

    def change(session: Session) -> str:
        own.set_password(session, common.own_user(session, desk), stored)
        return sessions.start(session, user, browser=browser.name, hours=browser.hours, municipality=who.municipality)

    response = desk.redirect("/desk" if who.must_change_password and who.municipality else "/desk/account", "password_set")
    common.set_session(desk, response, await desk.run(change))
    return response


async def check_own_password(desk: DeskRequest, user: UserRow, password: str) -> None:
    """A session that was left open must not be a way to guess: tries count as they do when signing in."""
    await common.count_own_try(desk, user.email)
    if not await common.hash_in_thread(passwords.matches, user.password, password):
        raise DeskError("desk.wrong_own_password")
    await common.forget_own_tries(desk, user.email)


async def end_session(desk: DeskRequest) -> web.Response:
    """POST /desk/account/sessions/end: one of one's own."""
    who, chosen = desk.signed_in, desk.text("session")
    assert who is not None
    await desk.run(lambda session: sessions.end(session, who.user_id, chosen))
    return desk.redirect("/desk/account", "session_ended")


async def end_other_sessions(desk: DeskRequest) -> web.Response:
    """POST /desk/account/sessions/end-others."""
    who = desk.signed_in
    assert who is not None
    await desk.run(lambda session: people_verbs.end_sessions(session, who.actor, common.own_user(session, desk), besides=who.session_id))
    return desk.redirect("/desk/account", "session_ended")


async def show_municipalities(desk: DeskRequest) -> web.Response:
    """GET /desk/municipality: where to work now."""
    names = await desk.run(lambda session: [(one, municipality_name(session, one)) for one in desk.actor.municipalities])
    return desk.page("accounts/municipality.html", municipalities=names)


async def choose_municipality(desk: DeskRequest) -> web.Response:
    """POST /desk/municipality."""
    who, chosen = desk.signed_in, desk.text("municipality")
    assert who is not None
    if chosen not in desk.actor.municipalities:
        raise NotFound("desk.no_municipality", municipality=chosen)
    await desk.run(lambda session: sessions.choose_municipality(session, who.session_id, chosen))
    response = desk.redirect("/desk")
    common.remember_city(desk, response, chosen)
    return response
