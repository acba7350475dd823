"""The people of a municipality: list, invitation, roles, and what an administrator does for somebody who cannot get in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import links, offers, people, roles
from knowledge.editorial.accounts.names import municipality_name
from knowledge.editorial.accounts.people import PersonView
from knowledge.editorial.actor import Actor, Membership, Role
from knowledge.editorial.errors import DeskError, NotFound
from knowledge.store.account_tables import UserRow
from knowledge.web.desk.accounts import common
from knowledge.web.desk.accounts.invitation import send_link
from knowledge.web.desk.accounts.names import role_words
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.request import DeskRequest

# Beside which field of an invitation a mistake is shown; beside the last one where none is named.
_FIELDS = {
    "desk.email": "email", "desk.user_exists": "email", "desk.user_switched_off": "email", "desk.name": "name",
    "desk.no_role_chosen": "role",
}  # fmt: skip


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/users."""

    def read(session: Session) -> dict[str, Any]:
        lists = people.people(session, desk.actor, desk.municipality)
        zone = common.zone_of(session, desk.municipality)
        return {
            "people": [(one, _roles(session, desk, one), common.moment_words(one.seen_at, zone, desk.language)) for one in lists.here],
            "waiting": lists.waiting,
            "turned_away": lists.turned_away,
            "town": municipality_name(session, desk.municipality),
        }

    return desk.page("accounts/users.html", **await desk.run(read))


def _roles(session: Session, desk: DeskRequest, one: PersonView) -> list[object]:
    return [role_words(session, desk, membership) for membership in (*one.roles, *one.offered)]


async def show_invite(desk: DeskRequest) -> web.Response:
    """GET /desk/users/new."""
    return await _invite_page(desk)


async def _invite_page(desk: DeskRequest, mistake: str = "", field: str = "", status: int = 200) -> web.Response:
    organizations = await desk.run(lambda session: roles.organizations(session, desk.municipality))
    given = {name: desk.text(name) for name in ("email", "name", "role", "organization")}
    return desk.page(
        "accounts/invite.html", status, organizations=organizations, roles=list(Role), given=given, mistake=mistake, field=field
    )


async def invite(desk: DeskRequest) -> web.Response:
    """POST /desk/users/new."""
    email, name = desk.text("email"), desk.text("name")
    try:
        role, organization = _role(desk)
        found = await desk.run(
            lambda session: people.invite(
                session, desk.actor, desk.municipality, email=email, name=name, role=role, organization=organization
            )
        )
    except DeskError as error:
        return await _invite_page(desk, common.words_of(desk, error), _FIELDS.get(error.key, "organization"), 400)
    if found.acceptance is not None:
        return _acceptance_page(desk, found.user, found.acceptance)
    if found.password is not None:
        return await _link_page(desk, found.user, found.password, invited=True)
    return desk.redirect(f"/desk/users/{found.user.id}", "role_for_known")


async def _link_page(desk: DeskRequest, user: UserRow, token: str, *, invited: bool) -> web.Response:
    """The link, shown this once: the database has only its digest."""
    address = common.public_address(desk, links.path(token))
    sent = await send_link(desk, user, address, invited=invited)
    which = "invited" if invited else "reset"
    return desk.page("accounts/link.html", user=user, address=address, sent=sent, which=which, days=links.VALID.days)


def _acceptance_page(desk: DeskRequest, user: UserRow, token: str) -> web.Response:
    """The link to accept a role, shown this once. It is not sent: the mailbox may be in the hands of those who know the password."""
    address = common.public_address(desk, offers.path(token))
    return desk.page("accounts/link.html", user=user, address=address, sent="none", which="offered", days=links.VALID.days)


async def show_person(desk: DeskRequest) -> web.Response:
    """GET /desk/users/{user}."""
    return await _person_page(desk)


async def _person_page(desk: DeskRequest, mistake: str = "", status: int = 200) -> web.Response:
    def read(session: Session) -> dict[str, Any]:
        user = people.person(session, desk.actor, desk.municipality, _user_id(desk))
        held = [
            (row.id, role_words(session, desk, Membership(Role(row.role), row.municipality_id, row.organization_id)))
            for row in roles.roles_in(session, user.id, desk.municipality)
        ]
        shown = people.view(session, user, desk.municipality)
        return {
            "person": shown,
            "held": held,
            "offered": [
                (row.id, role_words(session, desk, offers.as_membership(row)))
                for row in offers.offered_in(session, user.id, desk.municipality)
            ],
            "manage": people.may_manage(session, desk.actor, user),
            "of_nobody": people.of_nobody(session, user),
            "myself": user.id == desk.actor.id,
            "seen": common.moment_words(shown.seen_at, common.zone_of(session, desk.municipality), desk.language),
            "organizations": roles.organizations(session, desk.municipality),
        }

    return desk.page("accounts/person.html", status, mistake=mistake, roles=list(Role), **await desk.run(read))


async def add_role(desk: DeskRequest) -> web.Response:
    """POST /desk/users/{user}/roles/add."""

    def add(session: Session) -> tuple[UserRow, str | None]:
        role, organization = _role(desk)
        user = people.person(session, desk.actor, desk.municipality, _user_id(desk))
        return user, roles.add_role(session, desk.actor, user, role, desk.municipality, organization)

    try:
        user, token = await desk.run(add)
    except DeskError as error:
        return await _refused(desk, error)
    if token is not None:
        return _acceptance_page(desk, user, token)
    return desk.redirect(f"/desk/users/{user.id}", "role_added")


async def take_role(desk: DeskRequest) -> web.Response:
    """POST /desk/users/{user}/roles/take."""
    membership = whole(desk.text("membership")) or 0

    def take(session: Session) -> bool:
        user = people.person(session, desk.actor, desk.municipality, _user_id(desk))
        roles.take_role(session, desk.actor, user.id, membership, desk.municipality)
        return _still_here(session, desk, user)

    return await _taken(desk, take)


async def take_offer(desk: DeskRequest) -> web.Response:
    """POST /desk/users/{user}/offers/take."""
    offered = whole(desk.text("offer")) or 0

    def take(session: Session) -> bool:
        user = people.person(session, desk.actor, desk.municipality, _user_id(desk))
        offers.take_back(session, desk.actor, user.id, offered, desk.municipality)
        return _still_here(session, desk, user)

    return await _taken(desk, take)


async def _taken(desk: DeskRequest, take: Callable[[Session], bool]) -> web.Response:
    try:
        still_here = await desk.run(take)
    except DeskError as error:
        return await _refused(desk, error)
    return desk.redirect(f"/desk/users/{_user_id(desk)}" if still_here else "/desk/users", "role_taken")


def _still_here(session: Session, desk: DeskRequest, user: UserRow) -> bool:
    """Whether there is a page about them to go back to."""
    return any(found(session, user.id, desk.municipality) for found in (roles.roles_in, offers.offered_in))


async def offer_link(desk: DeskRequest) -> web.Response:
    """POST /desk/users/{user}/offers/link: another link to accept a role, shown this once."""

    def make(session: Session) -> tuple[UserRow, str]:
        user = people.person(session, desk.actor, desk.municipality, _user_id(desk))
        return user, offers.new_link(session, desk.actor, user, desk.municipality)

    try:
        user, token = await desk.run(make)
    except DeskError as error:
        return await _refused(desk, error)
    return _acceptance_page(desk, user, token)


async def disable(desk: DeskRequest) -> web.Response:
    """POST /desk/users/{user}/disable."""
    return await _switched(desk, people.disable, "user_disabled")


async def enable(desk: DeskRequest) -> web.Response:
    """POST /desk/users/{user}/enable."""
    return await _switched(desk, people.enable, "user_enabled")


async def _switched(desk: DeskRequest, verb: Callable[[Session, Actor, UserRow, str], None], notice: str) -> web.Response:
    def act(session: Session) -> None:
        verb(session, desk.actor, people.switchable(session, desk.actor, desk.municipality, _user_id(desk)), desk.municipality)

    return await _done(desk, act, notice)


async def end_sessions(desk: DeskRequest) -> web.Response:
    """POST /desk/users/{user}/end-sessions."""
    return await _managed(desk, people.end_sessions, "sessions_ended")


async def reset_second_factor(desk: DeskRequest) -> web.Response:
    """POST /desk/users/{user}/reset-second-factor."""
    return await _managed(desk, people.reset_second_factor, "second_factor_reset")


async def reset_password(desk: DeskRequest) -> web.Response:
    """POST /desk/users/{user}/reset-password: a link, shown this once."""

    def make(session: Session) -> tuple[UserRow, str]:
        user = people.managed(session, desk.actor, desk.municipality, _user_id(desk))
        return user, people.password_link(session, desk.actor, user, desk.settings.secret)

    try:
        user, token = await desk.run(make)
    except DeskError as error:
        return await _refused(desk, error)
    return await _link_page(desk, user, token, invited=user.password is None)


async def _managed(desk: DeskRequest, verb: Callable[[Session, Actor, UserRow], None], notice: str) -> web.Response:
    def act(session: Session) -> None:
        verb(session, desk.actor, people.managed(session, desk.actor, desk.municipality, _user_id(desk)))

    return await _done(desk, act, notice)


async def _done(desk: DeskRequest, work: Callable[[Session], None], notice: str) -> web.Response:
    try:
        await desk.run(work)
    except DeskError as error:
        return await _refused(desk, error)
    return desk.redirect(f"/desk/users/{_user_id(desk)}", notice)


async def _refused(desk: DeskRequest, error: DeskError) -> web.Response:
    """What a rule refuses is said on the page; what the person may not do at all goes its usual way."""
    if type(error) is not DeskError:
        raise error
    return await _person_page(desk, common.words_of(desk, error), 400)


def _user_id(desk: DeskRequest) -> int:
    found = whole(desk.request.match_info["user"])
    if found is None:
        raise NotFound("desk.no_user")
    return found


def _role(desk: DeskRequest) -> tuple[Role, str | None]:
    try:
        role = Role(desk.text("role"))
    except ValueError as error:
        raise DeskError("desk.no_role_chosen") from error
    return role, desk.text("organization") or None
