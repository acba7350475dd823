"""A server with the desk and the public pages, in a city that fills every screen and beside one that has nothing yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from aiohttp import web
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.cli import DEMO_CITY
from knowledge.editorial.records import body
from knowledge.store.account_tables import UserRow
from knowledge.store.desk_tables import RecordRow
from knowledge.web.desk.routing import DeskRoute, Needs, add_desk_routes
from knowledge.web.public.routes import add_routes as add_public_routes
from tests.browser.desk_pages import DeskServer, serving
from tests.browser.every_screen.city import EMPTY_CITY, fill
from tests.browser.every_screen.imports import fill_imports
from tests.browser.every_screen.look import SCRIPT_ADDRESS, SCRIPTS
from tests.folders import small_town, write
from tests.integration.databases import Database
from tests.integration.desk.people import OTHER_CITY

# Nobody answers there: what the desk says then is looked at, too.
NOWHERE = "http://127.0.0.1:9"
CITY_ACCOUNT = "Stadt-Konto"
ENVIRONMENT = {
    "NEWCOMER_LANGUAGE": "de",
    "NEWCOMER_PUBLIC_URL": "https://desk.example",
    "NEWCOMER_OIDC_ISSUER": f"{NOWHERE}/stadt",
    "NEWCOMER_OIDC_CLIENT_ID": "newcomer",
    "NEWCOMER_OIDC_NAME": CITY_ACCOUNT,
    "NEWCOMER_TRANSLATE_URL": NOWHERE,
    "NEWCOMER_SMTP_URL": "smtp://127.0.0.1:9",
    "NEWCOMER_MAIL_FROM": "desk@city.example",
}
NEUSTADT = {"id": EMPTY_CITY, "source_language": "de", "country": "DE", "timezone": "Europe/Berlin", "texts": {"name": "Neustadt"}}


async def _fail(_: object) -> web.StreamResponse:
    raise RuntimeError("as when something is wrong in the program")


async def _script(_: web.Request) -> web.Response:
    # Kept by the browser, which then need not read half a megabyte again on every page.
    return web.Response(text=SCRIPTS, content_type="text/javascript", headers={"Cache-Control": "max-age=3600"})


def _more(database: Database, app: web.Application) -> None:
    add_public_routes(app, database.sessions)
    app.router.add_get(SCRIPT_ADDRESS, _script)
    add_desk_routes(app, [DeskRoute("GET", "/desk/broken", _fail, Needs.SIGNED_IN)])


@contextmanager
def serving_everything(folder: Path) -> Iterator[DeskServer]:
    """The server; `folder` holds its database."""
    empty, other = write(folder / "empty", {"municipality.yml": NEUSTADT}), write(folder / "other", small_town(OTHER_CITY))
    with serving(folder, fill, cities=(DEMO_CITY, empty, other), more=_more, **ENVIRONMENT) as made:
        fill_imports(made)
        yield made


def names(session: Session) -> set[str]:
    """Of people, records and places: they are the same in every language."""
    municipality = yaml.safe_load((DEMO_CITY / "municipality.yml").read_text(encoding="utf-8"))
    found = {CITY_ACCOUNT, "Neustadt", *(one["texts"]["name"] for one in municipality["districts"]), *session.scalars(select(UserRow.name))}
    for row in session.scalars(select(RecordRow)):
        address = body(session, row).get("address", {})
        found |= {row.name, row.local_id, row.id, *(str(one) for one in address.values() if len(str(one)) > 2)}
    return found
