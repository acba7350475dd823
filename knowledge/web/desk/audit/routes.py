"""Routes of the log."""

from __future__ import annotations

from knowledge.editorial.actor import Permission
from knowledge.web.desk.audit import log
from knowledge.web.desk.routing import DeskRoute

ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute("GET", "/desk/audit", log.show, Permission.AUDIT),
    DeskRoute("GET", "/desk/audit.csv", log.download, Permission.AUDIT),
)
