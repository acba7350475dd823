"""Routes of the desk. Each declares what it takes to use it; one wrapper checks that before any handler, and puts errors into words."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from knowledge.domain.errors import KnowledgeError, KnowledgeUnavailable
from knowledge.editorial.accounts import kept_forms
from knowledge.editorial.accounts.sessions import SignedIn, find, note_seen
from knowledge.editorial.actor import Permission
from knowledge.editorial.errors import Conflict, NotAllowed, NotFound
from knowledge.store.transactions import waited_in_vain
from knowledge.web.desk.kept.going_on import HOME, go_on_with
from knowledge.web.desk.kept.late import KEPT_FIELD, Outcome, keep_late, page_above
from knowledge.web.desk.keys import SESSIONS
from knowledge.web.desk.request import MOVED, DeskRequest
from knowledge.web.desk.sent_forms import Again, form_owner, handed_back, is_ours, read_form, wants_json
from knowledge.web.desk.where_opened import CityOf, stand_where_it_is, stand_where_it_was_opened
from knowledge.web.keys import SETTINGS
from locales import catalogue, registry

log = structlog.get_logger(__name__)
COOKIE = "desk"
# Of somebody who is not signed in: only for the token in their forms.
VISITOR = "desk_visitor"
# The end of an address whose file has the same as the page without it.
_TABLE = ".csv"


class Needs(StrEnum):
    """What a page needs where it needs no role."""

    NOBODY = "nobody"
    LINK = "link"  # the signed link in the address is the permission: mail programs send it without a cookie or a page of ours
    SIGNED_IN = "signed_in"
    HALFWAY = "halfway"  # the password was right, the second factor is still to come


DeskHandler = Callable[[DeskRequest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class DeskRoute:
    """A page or an action. `needs` is checked for the municipality the person works in; which record it is about, the verbs check.

    `typed` are patterns for the names of the fields that people write into, `chosen` for those in which they choose among much: where the
    form cannot be taken, the former are shown again, and both are a reason to keep it. `city_of` tells whose page it is where it is about
    one thing of one municipality.
    """

    method: str
    path: str
    handler: DeskHandler
    needs: Permission | Needs
    typed: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    city_of: CityOf | None = None


def add_desk_routes(app: web.Application, routes: Iterable[DeskRoute]) -> None:
    """Mount `routes`."""
    for route in routes:
        app.router.add_route(route.method, route.path, _guarded(route))


@web.middleware
async def unknown_addresses(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Somebody who has mistyped an address of the desk, or opens one that only forms are sent to, is shown the way back."""
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        if not request.path.startswith("/desk/") or request.method not in ("GET", "HEAD"):
            raise
        desk = _desk_request(request)
        await _recognise(desk)
        return _problem(desk, NotFound("desk.no_page"), 404)


def _guarded(route: DeskRoute) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        desk = _desk_request(request)
        response = await answer(desk)
        if desk.new_visitor and not response.prepared:
            response.set_cookie(VISITOR, desk.token, path="/desk", httponly=True, samesite="Lax", secure=desk.is_encrypted)
        return response

    async def answer(desk: DeskRequest) -> web.StreamResponse:
        request = desk.request
        try:
            await _recognise(desk)
            refusal = await _refusal(desk, route)
            if refusal is not None:
                return refusal
            response = await route.handler(desk)
            await _sent_at_last(desk, response)
            return _forget_notice(request, response)
        except NotFound as error:
            return await refused(desk, error, 404)
        except NotAllowed as error:
            return await refused(desk, error, 403)
        except Conflict as error:
            return await refused(desk, error, 409)
        except KnowledgeError as error:
            return await refused(desk, error, 400) if error.permanent else await failed(desk, error, 503)
        except web.HTTPException:
            raise
        except SQLAlchemyError as error:
            log.error("desk.database", path=route.path, error=type(error).__name__)
            return await failed(desk, KnowledgeUnavailable("desk.busy" if waited_in_vain(error) else "desk.internal"), 503)
        except Exception as error:
            # The pattern of the route and not the address: it may name a person.
            log.error("desk.failed", path=route.path, error=type(error).__name__, exc_info=True)
            return await failed(desk, KnowledgeUnavailable("desk.internal"), 500)

    async def refused(desk: DeskRequest, error: KnowledgeError, status: int) -> web.Response:
        """Sent again it would be refused again, for instance because the role was taken meanwhile: what they wrote can be copied."""
        return _problem(desk, error, status, await sent(desk) if desk.form is not None else None, of_use=False)

    async def failed(desk: DeskRequest, error: KnowledgeError, status: int) -> web.Response:
        """It is not the person's mistake: what they have sent is on the page, to be sent again."""
        return _problem(desk, error, status, await sent(desk))

    async def sent(desk: DeskRequest) -> Again | None:
        """What they have sent; of accounts nothing, since those forms hold secrets."""
        return await handed_back(desk, route.typed) if isinstance(route.needs, Permission) else None

    return handle


def _desk_request(request: web.Request) -> DeskRequest:
    """Before it is known who it is. Somebody who is not signed in has a token of their own, so that signing in is as safe as any form."""
    token = request.cookies.get(COOKIE, "") or request.cookies.get(VISITOR, "")
    return DeskRequest(request, _language(request), token=token or secrets.token_urlsafe(24), new_visitor=not token)


async def _recognise(desk: DeskRequest) -> None:
    token = desk.request.cookies.get(COOKIE, "")
    if token:
        desk.signed_in = await asyncio.to_thread(_signed_in, desk.request.app[SESSIONS], token)
        if desk.signed_in is not None and desk.signed_in.language in registry.served():
            desk.language = desk.signed_in.language or desk.language


def _signed_in(sessions: sessionmaker[Session], token: str) -> SignedIn | None:
    # Reading only: somebody else may be writing for a long time, for instance importing.
    with sessions() as session:
        found = find(session, token)
    if found is not None and found.seen_long_ago:
        note_seen(sessions, found.session_id)
    return found


def _language(request: web.Request) -> str:
    """Before somebody is signed in: the one they chose on this browser, what the browser asks for, the city's."""
    chosen = request.cookies.get("desk_language", "")
    if chosen in registry.served():
        return chosen
    for part in request.headers.get("Accept-Language", "").split(","):
        code = registry.base_code(part.partition(";")[0].strip())
        if code in registry.served():
            return str(code)
    return request.app[SETTINGS].language


async def _refusal(desk: DeskRequest, route: DeskRoute) -> web.Response | None:
    """The answer to somebody who may not use the route; None for those who may.

    Raises NotAllowed for a role that is missing, and for a form that is not ours.
    """
    who, sent = desk.signed_in, desk.request.method in ("POST", "PUT", "DELETE")
    if route.needs not in (Needs.NOBODY, Needs.LINK) and (who is None or (not who.complete and route.needs is not Needs.HALFWAY)):
        return await _to_sign_in(desk, route)
    if sent:
        desk.form = await read_form(desk.request)
    if isinstance(route.needs, Permission):
        if is_ours(desk) and not await stand_where_it_was_opened(desk):
            return await _of_a_city_without_role(desk, route)
        if route.city_of is not None and not sent:
            await stand_where_it_is(desk, route.city_of)
        refusal = _without_permission(desk, route.needs)
        if refusal is not None:
            return refusal
    if sent and route.needs is not Needs.LINK and not is_ours(desk):
        return await _late(desk, route)
    return None


def _without_permission(desk: DeskRequest, needed: Permission) -> web.Response | None:
    who = desk.signed_in
    assert who is not None
    if who.municipality is None and desk.request.method == "GET":
        return desk.redirect("/desk/no-role")
    if who.municipality is None or not who.actor.may_anywhere(needed, who.municipality):
        raise NotAllowed("desk.not_allowed", permission=needed.value)
    return desk.redirect("/desk/account") if who.must_change_password else None


async def _of_a_city_without_role(desk: DeskRequest, route: DeskRoute) -> web.Response:
    """The role was taken while the page was open: what was typed in it can still be read and copied.

    Raises NotAllowed where nothing was typed, or it cannot be kept.
    """
    if wants_json(desk.request) or desk.form is None or await keep_late(desk, route.typed, route.chosen) is not Outcome.KEPT:
        raise NotAllowed("desk.no_role_there")
    return desk.redirect(HOME)


async def _to_sign_in(desk: DeskRequest, route: DeskRoute) -> web.Response:
    """What somebody has sent after their session had ended is kept for them."""
    if wants_json(desk.request):
        return web.json_response({"error": "signed_out", "message": desk.say("desk.error.signed_out")}, status=401)
    path, notice = desk.request.path_qs, ""
    if desk.request.path.endswith(_TABLE):  # a browser would save it, and stay on the page of signing in
        path = path.replace(_TABLE, "", 1)
    if desk.request.method != "GET":
        path, outcome = await page_above(desk.request, desk.request.rel_url.raw_path), Outcome.NOTHING
        # Forms of accounts hold secrets, and are short.
        if isinstance(route.needs, Permission):
            desk.form = await read_form(desk.request)
            outcome = await keep_late(desk, route.typed, route.chosen)
        notice = outcome.notice
    response = desk.redirect("/desk/sign-in", notice)
    # Not in the address: addresses are kept in histories and logs.
    response.set_cookie("desk_next", path, path="/desk", max_age=900, httponly=True, samesite="Lax", secure=desk.is_encrypted)
    return response


async def _late(desk: DeskRequest, route: DeskRoute) -> web.Response:
    """A page of another session: of an earlier one of the same person, who goes on with what they typed, or of somebody else.

    Raises NotAllowed where nothing was typed, or it cannot be kept.
    """
    who, owner = desk.signed_in, form_owner(desk)
    if who is None or not who.complete or owner is None or wants_json(desk.request) or not isinstance(route.needs, Permission):
        raise NotAllowed("desk.form_too_old")
    if await keep_late(desk, route.typed, route.chosen) is not Outcome.KEPT:
        raise NotAllowed("desk.form_too_old")
    if owner.user_id != who.user_id:
        raise NotAllowed("desk.form_of_another")
    onward = await desk.run(lambda session: go_on_with(session, desk.settings.secret, who))
    if onward is None:
        raise NotAllowed("desk.form_too_old")
    return desk.redirect(onward)


async def _sent_at_last(desk: DeskRequest, response: web.StreamResponse) -> None:
    """A form that was kept has been taken, or stands on the page that is shown now."""
    id, who = desk.text(KEPT_FIELD), desk.signed_in
    if not id or who is None or response.status >= 500:
        return
    try:
        await desk.run(lambda session: kept_forms.forget(session, who.user_id, id))
    except SQLAlchemyError as error:
        log.warning("desk.kept_form", error=type(error).__name__)  # it stays on the list of what was not sent; what it was for is done


def _problem(desk: DeskRequest, error: KnowledgeError, status: int, again: Again | None = None, *, of_use: bool = True) -> web.Response:
    words = error_words(desk, error)
    if wants_json(desk.request):
        return web.json_response({"error": error.key, "message": words, "retry": not error.permanent}, status=status)
    return desk.page("problem.html", status=status, words=words, error=error, again=again, of_use=of_use)


def error_words(desk: DeskRequest, error: KnowledgeError) -> str:
    """An error in the reader's language; its key where nobody has written words for it yet."""
    key = f"desk.error.{error.key.removeprefix('desk.')}"
    fields = {name: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value for name, value in error.fields.items()}
    return desk.say(key, **fields) if key in catalogue.catalogue(catalogue.LAST_RESORT) else error.key


def _forget_notice(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """A notice is shown once."""
    if request.method == "GET" and response.content_type == "text/html" and response.status == 200:
        for name in {"desk_notice", MOVED} & set(request.cookies):
            response.del_cookie(name, path="/desk")
    return response
