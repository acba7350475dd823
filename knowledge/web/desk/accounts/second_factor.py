"""Setting the second factor up and switching it off."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import own, passwords, second_factor
from knowledge.editorial.accounts.notes import note
from knowledge.editorial.errors import DeskError
from knowledge.store.account_tables import UserRow
from knowledge.web.desk.accounts import common
from knowledge.web.desk.request import DeskRequest

HOME = "/desk/account/second-factor"


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/account/second-factor: what it is; picture and key while it is set up; how to switch it off once it is on."""
    return await _page(desk)


async def _page(desk: DeskRequest, mistake: str = "", status: int = 200) -> web.Response:
    user = await desk.run(lambda session: common.own_user(session, desk))
    on, key = second_factor.in_force(user), ""
    if not on and user.totp_secret is not None:
        try:
            key = second_factor.secret(user, desk.settings.secret)
        except DeskError:  # made with another secret of the installation, and never used
            key = ""
    return desk.page(
        "accounts/second_factor.html",
        status,
        on=on,
        key=" ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        has_password=user.password is not None,
        codes_left=len(user.recovery_codes),
        mistake=mistake,
    )


async def begin(desk: DeskRequest) -> web.Response:
    """POST …/begin: a new secret, which does nothing until its first code was typed."""

    def prepare(session: Session) -> None:
        user = common.own_user(session, desk)
        if second_factor.in_force(user):
            raise DeskError("desk.second_factor_on")
        second_factor.prepare(user, desk.settings.secret)

    await desk.run(prepare)
    return desk.redirect(HOME)


async def picture(desk: DeskRequest) -> web.Response:
    """GET …/qr.svg: only while it is being set up; afterwards nobody can read the secret here."""

    def address(session: Session) -> str:
        user = common.own_user(session, desk)
        if second_factor.in_force(user):
            raise DeskError("desk.second_factor_on")
        return second_factor.address(user, desk.settings.secret, desk.say("desk.name"))

    svg = second_factor.picture(await desk.run(address))
    return web.Response(body=svg, content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


async def confirm(desk: DeskRequest) -> web.Response:
    """POST …/confirm: the first code. The recovery codes are shown, this once."""
    code, key = desk.text("code"), desk.settings.secret
    try:
        codes = await desk.run(lambda session: own.second_factor_on(session, common.own_user(session, desk), key, code))
    except DeskError as error:
        return await _page(desk, common.words_of(desk, error), 400)
    return desk.page("accounts/recovery_codes.html", codes=codes)


async def switch_off(desk: DeskRequest) -> web.Response:
    """POST …/off: with the password, or with a code for somebody who has none."""
    try:
        await _proof(desk)
    except DeskError as error:
        return await _page(desk, common.words_of(desk, error), 400)
    await desk.run(lambda session: own.second_factor_off(session, common.own_user(session, desk)))
    return desk.redirect("/desk/account", "second_factor_off")


async def new_codes(desk: DeskRequest) -> web.Response:
    """POST …/codes: new recovery codes; the old ones are void."""
    try:
        await _proof(desk)
    except DeskError as error:
        return await _page(desk, common.words_of(desk, error), 400)

    def make(session: Session) -> list[str]:
        user = common.own_user(session, desk)
        note(session, user, "recovery_codes")
        return second_factor.new_recovery_codes(user)

    return desk.page("accounts/recovery_codes.html", codes=await desk.run(make))


async def _proof(desk: DeskRequest) -> None:
    """That it is the person and not somebody at an open computer.

    Raises DeskError.
    """
    user: UserRow = await desk.run(lambda session: common.own_user(session, desk))
    if not second_factor.in_force(user):
        raise DeskError("desk.no_second_factor")
    await common.count_own_try(desk, user.email)
    if user.password is not None:
        if not await common.hash_in_thread(passwords.matches, user.password, common.secret_text(desk, "password")):
            raise DeskError("desk.wrong_own_password")
    elif not await desk.run(lambda session: second_factor.accept(common.own_user(session, desk), desk.settings.secret, desk.text("code"))):
        raise DeskError("desk.wrong_code")
    await common.forget_own_tries(desk, user.email)
