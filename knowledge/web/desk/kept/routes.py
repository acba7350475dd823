"""The routes of this part, and what each needs."""

from __future__ import annotations

from knowledge.web.desk.kept import pages
from knowledge.web.desk.kept.going_on import HOME
from knowledge.web.desk.routing import DeskRoute, Needs

ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute("GET", HOME, pages.show, Needs.SIGNED_IN),
    DeskRoute("POST", f"{HOME}/open", pages.open_again, Needs.SIGNED_IN),
    DeskRoute("POST", f"{HOME}/discard", pages.discard, Needs.SIGNED_IN),
)
