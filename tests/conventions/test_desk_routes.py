"""Every route of the desk by every role. New routes are looked at by themselves."""

from __future__ import annotations

from collections.abc import Iterator

import aiohttp
import pytest

from knowledge.editorial.actor import Permission
from knowledge.web.desk.routes import DESK_ROUTES
from knowledge.web.desk.routing import DeskRoute, Needs
from knowledge.web.icon import ICON
from tests.conventions.desk_walk import PART, WRITING, address, only_sqlite, send
from tests.integration.desk.people import PEOPLE, Desk

ROLES = ("nobody", "halfway", *PEOPLE)


def canonical(route: DeskRoute) -> tuple[str, str]:
    return route.method, PART.sub(lambda match: "{" + match["name"] + "}", route.path)


def names(routes: Iterator[DeskRoute] | tuple[DeskRoute, ...]) -> list[str]:
    return [f"{route.method} {route.path}" for route in routes]


def test_each_route_says_once_what_it_needs() -> None:
    assert names(DESK_ROUTES)
    assert len(set(names(DESK_ROUTES))) == len(DESK_ROUTES)
    assert all(isinstance(route.needs, Permission | Needs) for route in DESK_ROUTES)
    assert all(route.path == "/desk" or route.path.startswith("/desk/") for route in DESK_ROUTES)


@only_sqlite
async def test_the_desk_has_no_other_routes(desk: Desk) -> None:
    app = desk.server.app
    assert app is not None
    mounted = {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD" and not route.resource.canonical.startswith("/desk/static/")
    }
    picture = {("GET", ICON), ("GET", "/favicon.ico")}
    assert mounted - picture == {canonical(route) for route in DESK_ROUTES}


def test_nobody_gets_further_than_signing_in() -> None:
    """The list of pages that need nobody is short, and every name on it was put there on purpose."""
    open_to_all = {f"{route.method} {route.path}" for route in DESK_ROUTES if route.needs in (Needs.NOBODY, Needs.LINK)}
    assert open_to_all == {
        "GET /desk/sign-in",
        "POST /desk/sign-in",
        "POST /desk/language",
        "GET /desk/sign-in/city",
        "GET /desk/sign-in/city/back",
        "GET /desk/welcome/{token}",
        "POST /desk/welcome/{token}",
        "GET /desk/accept/{token}",
        "GET /desk/digest/off/{token}",
        "POST /desk/digest/off/{token}",
    }


def wanted(desk: Desk, role: str, route: DeskRoute) -> str:
    """What a role gets: "in", "sign in" or "refused"; "perhaps" where it depends on the record, which the verbs' own tests look at."""
    if route.needs in (Needs.NOBODY, Needs.LINK):
        return "in"
    if role == "nobody" or (role == "halfway" and route.needs is not Needs.HALFWAY):
        return "sign in"
    if isinstance(route.needs, Needs):
        return "in"
    actor = desk.actor(role)
    if not actor.municipalities:
        return "no role"
    if not actor.may_anywhere(route.needs, actor.municipalities[0]):
        return "refused"
    # The address names no organization: somebody of one organization may be refused by the verb.
    return "perhaps" if all(one.organization for one in actor.memberships) else "in"


def got(response: aiohttp.ClientResponse) -> str:
    place = response.headers.get("Location", "")
    if response.status in (302, 303) and place == "/desk/sign-in":
        return "sign in"
    if response.status in (302, 303) and place == "/desk/no-role":
        return "no role"
    if response.status in (401, 403):
        return "refused"
    return "in"


def fits(expected: str, answer: str) -> bool:
    if expected == "perhaps":
        return answer in ("in", "refused")
    if expected == "no role":  # a page sends them on, a form is refused
        return answer in ("no role", "refused")
    return answer == expected


@only_sqlite
@pytest.mark.parametrize("role", ROLES)
async def test_every_route_lets_in_whom_it_says(desk: Desk, role: str) -> None:
    wrong = []
    for route in DESK_ROUTES:
        # Signed in anew for each: some of them end the session.
        person = await desk.sign_in(role)
        if route.method in WRITING:
            await person.get("/desk/sign-in")
        path, expected = address(route), wanted(desk, role, route)
        response = await send(person, route, path)
        answer = got(response)
        # Signing out leads to the page for signing in.
        if route.path == "/desk/sign-out" and expected == "in":
            expected = "sign in"
        if route.method == "POST" and route.path == "/desk/language":
            expected = "sign in"
        if not fits(expected, answer):
            wrong.append((route.method, path, expected, answer, response.status))
        if response.status >= 500:
            wrong.append((route.method, path, "no failure", answer, response.status))
        await person.browser.close()
    assert wrong == []


@only_sqlite
async def test_every_form_refuses_to_be_sent_by_another_page(desk: Desk) -> None:
    """Without the token, with the token of somebody else, and from another site: nothing is taken."""
    taken = []
    stranger = await desk.sign_in("reviewer")
    for route in DESK_ROUTES:
        if route.method not in WRITING or route.needs is Needs.LINK:
            continue
        halfway = route.needs is Needs.HALFWAY
        person = await desk.sign_in("halfway" if halfway else "nobody" if route.needs is Needs.NOBODY else "administrator")
        await person.get("/desk/sign-in")
        path = address(route)
        answers = {
            "without": await send(person, route, path, csrf=False),
            "another's": await person.browser.request(route.method, path, data={"csrf": stranger.csrf}, allow_redirects=False),
            "elsewhere": await person.browser.request(
                route.method, path, data={"csrf": person.csrf}, headers={"Origin": "https://evil.example"}, allow_redirects=False
            ),
        }
        taken += [(route.method, path, how, answer.status) for how, answer in answers.items() if answer.status != 403]
        await person.browser.close()
    assert taken == []


@only_sqlite
async def test_programs_get_json_where_people_get_pages(desk: Desk) -> None:
    asked = {"Accept": "application/json"}
    nobody, staff = await desk.sign_in("nobody"), await desk.sign_in("staff")
    assert (await nobody.get("/desk/users", headers=asked)).status == 401
    response = await staff.get("/desk/users", headers=asked)
    assert response.status == 403
    assert (await response.json())["error"] == "desk.not_allowed"
