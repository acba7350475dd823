"""A one-time link: choose a password. Opening it uses nothing up, since mail programs open links to look at them."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import links, own, passwords, signing_in
from knowledge.editorial.errors import DeskError
from knowledge.store.account_tables import UserRow
from knowledge.web.desk.accounts import common
from knowledge.web.desk.accounts.parts import LIMITS, PROVIDER, TooMany
from knowledge.web.desk.accounts.sign_in import language_names
from knowledge.web.desk.request import DeskRequest


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/welcome/{token}."""
    try:
        name, email = await desk.run(lambda session: _who(links.whose(session, _token(desk))))
    except DeskError as error:
        return desk.page("accounts/link_over.html", 404, words=common.words_of(desk, error))
    return _page(desk, name, email)


async def choose_password(desk: DeskRequest) -> web.Response:
    """POST /desk/welcome/{token}: the password is set and the person is in."""
    token, password = _token(desk), common.secret_text(desk, "password")
    try:
        desk.request.app[LIMITS].take(desk.request)
        name, email = await desk.run(lambda session: _who(links.whose(session, token)))
    except (TooMany, DeskError) as error:
        return desk.page("accounts/link_over.html", 404 if error.permanent else 429, words=common.words_of(desk, error))
    try:
        if password != common.secret_text(desk, "again"):
            raise DeskError("desk.passwords_differ")
        await common.hash_in_thread(passwords.check_new, password, (name, email))
    except DeskError as error:
        return _page(desk, name, email, common.words_of(desk, error), 400)
    stored = await common.hash_in_thread(passwords.hashed, password)
    browser = common.this_browser(desk)

    def take(session: Session) -> signing_in.Entered:
        user = links.whose(session, token)
        own.set_password(session, user, stored)
        return signing_in.enter(session, user, browser, "link")

    try:
        entered = await desk.run(take)
    except DeskError as error:  # used in another window meanwhile
        return desk.page("accounts/link_over.html", 404, words=common.words_of(desk, error))
    return await common.go_in(desk, entered, "password_set" if entered.complete else "")


def _token(desk: DeskRequest) -> str:
    return desk.request.match_info["token"]


def _who(user: UserRow) -> tuple[str, str]:
    return user.name, user.email


def _page(desk: DeskRequest, name: str, email: str, mistake: str = "", status: int = 200) -> web.Response:
    return desk.page(
        "accounts/welcome.html",
        status,
        name=name,
        email=email,
        mistake=mistake,
        least=passwords.SHORTEST,
        provider=desk.request.app[PROVIDER] is not None,
        provider_name=desk.settings.oidc_name,
        languages=language_names(),
        here=desk.request.path,
    )
