"""A desk on a loopback port, and people of every role who use it as a browser does: cookies are kept, forms carry their token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie
from typing import TypeVar

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.api import KnowledgeApi
from knowledge.config import Settings
from knowledge.editorial.accounts import sessions
from knowledge.editorial.actor import Actor, Role
from knowledge.editorial.records import now
from knowledge.search.embedder import NoEmbedder
from knowledge.store.account_tables import MembershipRow, OfferedRoleRow, UserRow
from knowledge.store.library import Library
from knowledge.web.desk.routes import add_routes
from knowledge.web.desk.routing import COOKIE, VISITOR
from knowledge.web.keys import API, SETTINGS
from knowledge.web.security import security_headers
from tests.integration.databases import Database

Result = TypeVar("Result")
CITY, OTHER_CITY = "ankerstadt", "kleinstadt"
# An organization of the demonstration city that has services of its own.
ORGANIZATION = f"{CITY}/offene-hand"

# Who there is, by the roles they have: (role, municipality, organization).
PEOPLE: dict[str, tuple[tuple[Role, str, str | None], ...]] = {
    "staff": ((Role.STAFF, CITY, None),),
    "editor": ((Role.EDITOR, CITY, None),),
    "second_editor": ((Role.EDITOR, CITY, None),),
    "reviewer": ((Role.REVIEWER, CITY, None),),
    "administrator": ((Role.ADMINISTRATOR, CITY, None),),
    "organization_editor": ((Role.EDITOR, CITY, ORGANIZATION),),
    "organization_reviewer": ((Role.REVIEWER, CITY, ORGANIZATION),),
    "organization_administrator": ((Role.ADMINISTRATOR, CITY, ORGANIZATION),),
    "elsewhere": ((Role.ADMINISTRATOR, OTHER_CITY, None),),
    "two_cities": ((Role.EDITOR, CITY, None), (Role.ADMINISTRATOR, OTHER_CITY, None)),
    "without_role": (),
    "offered": (),
}
# Roles that wait until their owner has accepted them: no role is less.
OFFERED: dict[str, tuple[tuple[Role, str, str | None], ...]] = {"offered": ((Role.ADMINISTRATOR, CITY, None),)}


def add_people(session: Session) -> None:
    """A user for each of `PEOPLE`, without a password: tests sign them in by a session."""
    for name, roles in PEOPLE.items():
        user = UserRow(
            email=f"{name}@desk.example", name=name.replace("_", " ").title(), language="en", recovery_codes=[], created_at=now()
        )
        session.add(user)
        session.flush()
        for role, municipality, organization in roles:
            session.add(MembershipRow(user_id=user.id, role=role.value, municipality_id=municipality, organization_id=organization))
        for role, municipality, organization in OFFERED.get(name, ()):
            session.add(OfferedRoleRow(user_id=user.id, role=role.value, municipality_id=municipality, organization_id=organization))
    session.flush()


def user_of(session: Session, name: str) -> UserRow:
    """The user behind a name of `PEOPLE`."""
    return session.scalars(select(UserRow).where(UserRow.email == f"{name}@desk.example")).one()


def actor_of(session: Session, name: str) -> Actor:
    """The actor behind a name of `PEOPLE`, for calling verbs."""
    return sessions.actor_of(session, user_of(session, name))


class Person:
    """A browser with its cookies. Redirects are not followed unless asked."""

    def __init__(self, name: str, server: TestServer) -> None:
        self.name = name
        self.browser = aiohttp.ClientSession(base_url=server.make_url("/"), cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._server = server

    def keep_cookie(self, name: str, value: str) -> None:
        """As if the desk had set a cookie."""
        cookie: SimpleCookie = SimpleCookie()
        cookie[name] = value
        cookie[name]["path"] = "/desk"
        self.browser.cookie_jar.update_cookies(cookie, self._server.make_url("/desk"))

    def cookie(self, name: str) -> str:
        """Value of a cookie; empty where there is none."""
        found = self.browser.cookie_jar.filter_cookies(self._server.make_url("/desk")).get(name)
        return found.value if found is not None else ""

    @property
    def csrf(self) -> str:
        """What the hidden field of every form holds in this session."""
        return sessions.csrf_token(self.cookie(COOKIE) or self.cookie(VISITOR))

    async def get(self, path: str, *, headers: Mapping[str, str] | None = None, follow: bool = False) -> aiohttp.ClientResponse:
        """Open a page."""
        response = await self.browser.get(path, headers=headers, allow_redirects=follow)
        await response.read()
        return response

    async def page(self, path: str) -> str:
        """The text of a page, which has to be there (redirects are followed)."""
        response = await self.get(path, follow=True)
        assert response.status == 200, f"{path}: {response.status} {await response.text()}"
        return await response.text()

    async def post(
        self,
        path: str,
        form: Mapping[str, object] | None = None,
        *,
        csrf: bool = True,
        headers: Mapping[str, str] | None = None,
        follow: bool = False,
        **fields: object,
    ) -> aiohttp.ClientResponse:
        """Send a form. Values that are lists become repeated fields; bytes become a file of that name; names with dots go into `form`."""
        data = aiohttp.FormData()
        if csrf:
            data.add_field("csrf", self.csrf)
        for name, value in {**(form or {}), **fields}.items():
            for one in value if isinstance(value, list | tuple) else (value,):
                if isinstance(one, bytes):
                    data.add_field(name, one, filename=name)
                else:
                    data.add_field(name, str(one))
        response = await self.browser.post(path, data=data, headers=headers, allow_redirects=follow)
        await response.read()
        return response


class Desk:
    """The desk under test: its database, its server, and who uses it."""

    def __init__(self, database: Database, settings: Settings, server: TestServer) -> None:
        self.database = database
        self.settings = settings
        self.server = server
        self._people: list[Person] = []

    def browser(self, name: str = "nobody") -> Person:
        """Somebody who is not signed in."""
        person = Person(name, self.server)
        self._people.append(person)
        return person

    async def sign_in(self, role: str, *, municipality: str | None = None, complete: bool = True) -> Person:
        """Somebody of `PEOPLE`, signed in (working in `municipality`); "nobody" and "halfway" are known too."""
        person = self.browser(role)
        if role == "nobody":
            return person
        who = "editor" if role == "halfway" else role
        with self.database.sessions() as session, session.begin():
            token = sessions.start(
                session, user_of(session, who), browser="Test, Loopback", hours=1, complete=complete and role != "halfway"
            )
            if municipality is not None:
                found = sessions.find(session, token)
                assert found is not None
                sessions.choose_municipality(session, found.session_id, municipality)
        person.keep_cookie(COOKIE, token)
        return person

    def do(self, work: Callable[[Session], Result]) -> Result:
        """Do `work(session)` in a transaction of its own, for instance a verb of the desk or a look at the tables."""
        with self.database.sessions() as session, session.begin():
            return work(session)

    def actor(self, name: str) -> Actor:
        """The actor behind a name of `PEOPLE`."""
        return self.do(lambda session: actor_of(session, name))

    async def close(self) -> None:
        """End all browsers and the server."""
        for person in self._people:
            await person.browser.close()
        await self.server.close()


async def start_desk(database: Database, settings: Settings, *, more: Callable[[web.Application], None] | None = None) -> Desk:
    """A server with the desk only: no Rasa, no chat page, no embeddings. `more` adds to it."""
    app = web.Application(client_max_size=64 * 1024, middlewares=[security_headers])
    app[SETTINGS] = settings
    app[API] = KnowledgeApi(Library(database.sessions, CITY), NoEmbedder(), database.sessions)
    add_routes(app, database.sessions)
    if more is not None:
        more(app)
    server = TestServer(app)
    await server.start_server()
    return Desk(database, settings, server)
