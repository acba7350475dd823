"""Keys under which the application carries the parts of the desk."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.orm import Session, sessionmaker

from knowledge.web.desk.pages import Pages

SESSIONS: web.AppKey[sessionmaker[Session]] = web.AppKey("desk_sessions", sessionmaker)
PAGES: web.AppKey[Pages] = web.AppKey("desk_pages", Pages)
