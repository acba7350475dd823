"""Another e-mail address for the own account: a link goes to it, and opening that by its owner makes it count."""

from __future__ import annotations

from aiohttp import web

from knowledge.editorial.accounts import links, own_email
from knowledge.editorial.errors import DeskError
from knowledge.editorial.mail import Mail
from knowledge.web.desk.accounts import common
from knowledge.web.desk.accounts.account import account_page, check_own_password
from knowledge.web.desk.accounts.invitation import hand_over
from knowledge.web.desk.request import DeskRequest


async def ask(desk: DeskRequest) -> web.Response:
    """POST /desk/account/email: nothing changes before the link was opened."""
    secret, wanted = desk.settings.secret, desk.text("email")
    try:
        user = await desk.run(lambda session: common.own_user(session, desk))
        await check_own_password(desk, user, common.secret_text(desk, "present"))
        email, token = await desk.run(lambda session: own_email.ask(session, secret, common.own_user(session, desk), wanted))
    except DeskError as error:
        return await account_page(desk, 400, email=common.words_of(desk, error))
    fields = {"name": user.name, "address": common.public_address(desk, own_email.path(token)), "days": links.VALID.days}
    subject, text = (desk.say(f"desk.accounts.mail.{part}_email", **fields) for part in ("subject", "body"))
    if await hand_over(desk, Mail(email, subject, text, language=desk.language)) != "sent":
        return await account_page(desk, 503, email=desk.say("desk.error.email_not_sent"))
    return desk.redirect("/desk/account", "email_asked")


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/account/email/{token}: opening the link uses nothing up, since mail programs open links to look at them."""
    try:
        email = await desk.run(
            lambda session: own_email.asked_for(session, desk.settings.secret, common.own_user(session, desk), _token(desk))
        )
    except DeskError as error:
        return _over(desk, error)
    return desk.page("accounts/own_email.html", email=email, here=desk.request.path)


async def take(desk: DeskRequest) -> web.Response:
    """POST /desk/account/email/{token}."""
    try:
        await desk.run(lambda session: own_email.take(session, desk.settings.secret, common.own_user(session, desk), _token(desk)))
    except DeskError as error:
        return _over(desk, error)
    return desk.redirect("/desk/account", "email_changed")


def _token(desk: DeskRequest) -> str:
    return desk.request.match_info["token"]


def _over(desk: DeskRequest, error: DeskError) -> web.Response:
    return desk.page("accounts/link_over.html", 404, words=common.words_of(desk, error))
