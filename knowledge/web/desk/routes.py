"""All routes of the desk: each part has its own tuple, and this is the list of the parts."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.orm import Session, sessionmaker

from knowledge.web.desk.accounts import parts as accounts
from knowledge.web.desk.accounts.routes import ROUTES as ACCOUNTS
from knowledge.web.desk.audit.routes import ROUTES as AUDIT
from knowledge.web.desk.exchange import background as exchange
from knowledge.web.desk.exchange.routes import ROUTES as EXCHANGE
from knowledge.web.desk.home.routes import ROUTES as HOME
from knowledge.web.desk.kept.routes import ROUTES as KEPT
from knowledge.web.desk.keys import PAGES, SESSIONS
from knowledge.web.desk.pages import PREFIX, desk_pages
from knowledge.web.desk.record.routes import ROUTES as RECORD
from knowledge.web.desk.records.routes import ROUTES as RECORDS
from knowledge.web.desk.routing import DeskRoute, add_desk_routes, unknown_addresses
from knowledge.web.desk.translation import running as translation
from knowledge.web.desk.translation.routes import ROUTES as TRANSLATION
from knowledge.web.icon import add_icon

PARTS: tuple[tuple[DeskRoute, ...], ...] = (
    HOME,
    AUDIT,
    ACCOUNTS,
    EXCHANGE,
    KEPT,
    RECORD,
    RECORDS,
    TRANSLATION,
)
DESK_ROUTES: tuple[DeskRoute, ...] = tuple(route for part in PARTS for route in part)


def add_routes(app: web.Application, sessions: sessionmaker[Session]) -> None:
    """Mount the desk on the front."""
    app[SESSIONS] = sessions
    app[PAGES] = desk_pages()
    accounts.prepare(app)
    exchange.prepare(app)
    translation.prepare(app)
    add_desk_routes(app, DESK_ROUTES)
    app.middlewares.append(unknown_addresses)
    add_icon(app)
    app.router.add_get(PREFIX + "/{version}/{name}", app[PAGES].assets.serve)
