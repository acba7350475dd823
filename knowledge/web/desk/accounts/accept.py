"""The link with which the owner of an account accepts a role in another municipality. Opening it uses nothing up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import accepting, offers, passwords, sessions
from knowledge.editorial.accounts.names import municipality_name
from knowledge.editorial.errors import DeskError
from knowledge.store.account_tables import UserRow
from knowledge.web.desk.accounts import common
from knowledge.web.desk.accounts.names import RoleWords, role_words
from knowledge.web.desk.accounts.parts import LIMITS, TooMany
from knowledge.web.desk.accounts.sign_in import language_names
from knowledge.web.desk.request import DeskRequest


@dataclass(frozen=True, slots=True)
class _Offered:
    """What the page shows. `with_password`: the account has one, which others may know."""

    user_id: int
    name: str
    email: str
    stored: str | None
    city_account: bool
    place: str
    roles: tuple[RoleWords, ...]

    @property
    def with_password(self) -> bool:
        return self.stored is not None


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/accept/{token}: also for somebody who is not signed in yet, and comes back afterwards."""
    try:
        found = await desk.run(lambda session: _offered(session, desk))
    except DeskError as error:
        return _over(desk, error)
    response = _page(desk, found)
    if desk.signed_in is None or not desk.signed_in.complete:
        common.come_back(desk, response, desk.request.path)
    return response


async def accept(desk: DeskRequest) -> web.Response:
    """POST /desk/accept/{token}: the role is in force, and nobody else gets in with the account any more."""
    who, token = desk.signed_in, _token(desk)
    assert who is not None
    try:
        desk.request.app[LIMITS].take(desk.request)
        found = await desk.run(lambda session: _offered(session, desk))
    except (TooMany, DeskError) as error:
        return _over(desk, error)
    stored = None
    if found.user_id == who.user_id and found.with_password:
        try:
            stored = await _new_password(desk, found)
        except DeskError as error:
            return _page(desk, found, common.words_of(desk, error), 400)
    browser = common.this_browser(desk)

    def take(session: Session) -> str:
        place = accepting.accept(session, who.user_id, token, stored)
        user = session.get_one(UserRow, who.user_id)
        return sessions.start(session, user, browser=browser.name, hours=browser.hours, municipality=place)

    try:
        fresh = await desk.run(take)
    except DeskError as error:  # accepted or taken back in another window meanwhile
        return _over(desk, error)
    response = desk.redirect("/desk", "role_accepted")
    common.set_session(desk, response, fresh)
    response.del_cookie(common.NEXT, path="/desk")
    return response


async def _new_password(desk: DeskRequest, found: _Offered) -> str:
    """The hash of what was chosen.

    Raises DeskError: also for the password as it is, which others may know.
    """
    wanted = common.secret_text(desk, "password")
    if wanted != common.secret_text(desk, "again"):
        raise DeskError("desk.passwords_differ")
    await common.hash_in_thread(passwords.check_new, wanted, (found.name, found.email))
    if await common.hash_in_thread(passwords.matches, found.stored, wanted):
        raise DeskError("desk.same_password")
    return await common.hash_in_thread(passwords.hashed, wanted)


def _token(desk: DeskRequest) -> str:
    return desk.request.match_info["token"]


def _offered(session: Session, desk: DeskRequest) -> _Offered:
    offer = offers.find(session, _token(desk))
    user = offer.user
    return _Offered(
        user.id,
        user.name,
        user.email,
        user.password,
        user.oidc_subject is not None,
        municipality_name(session, offer.municipality),
        tuple(role_words(session, desk, one) for one in offer.roles),
    )


def _over(desk: DeskRequest, error: DeskError) -> web.Response:
    return desk.page("accounts/link_over.html", 404 if error.permanent else 429, words=common.words_of(desk, error))


def _page(desk: DeskRequest, found: _Offered, mistake: str = "", status: int = 200) -> web.Response:
    who = desk.signed_in if desk.signed_in is not None and desk.signed_in.complete else None
    fields: dict[str, Any] = {"least": passwords.SHORTEST, "languages": language_names(), "here": desk.request.path}
    return desk.page(
        "accounts/accept.html",
        status,
        offered=found,
        mistake=mistake,
        signed_in=who is not None,
        owner=who is not None and who.user_id == found.user_id,
        **fields,
    )
