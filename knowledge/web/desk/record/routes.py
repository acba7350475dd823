"""Addresses of a record's page and of what can be done with it."""

from __future__ import annotations

from knowledge.editorial.actor import Permission
from knowledge.web.desk.record import acts, archiving, history, overview, preview
from knowledge.web.desk.records.sheets import KIND
from knowledge.web.desk.routing import DeskRoute

_RECORD = f"/desk/record/{KIND}/{{id}}"

ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute("GET", _RECORD, overview.show, Permission.VIEW),
    DeskRoute("GET", f"{_RECORD}/history", history.show, Permission.VIEW),
    DeskRoute("GET", f"{_RECORD}/preview", preview.show, Permission.VIEW),
    DeskRoute("GET", f"{_RECORD}/archive", archiving.show, Permission.PUBLISH),
    DeskRoute("POST", f"{_RECORD}/archive", acts.put_away, Permission.PUBLISH),
    DeskRoute("POST", f"{_RECORD}/submit", acts.submit, Permission.EDIT),
    DeskRoute("POST", f"{_RECORD}/send-back", acts.send_back, Permission.PUBLISH, ("note",)),
    DeskRoute("POST", f"{_RECORD}/publish", acts.publish, Permission.PUBLISH, ("publish_at", "expire_at")),
    DeskRoute("POST", f"{_RECORD}/expiry", acts.expire, Permission.PUBLISH, ("expire_at",)),
    DeskRoute("POST", f"{_RECORD}/undo", acts.take_back, Permission.PUBLISH),
    DeskRoute("POST", f"{_RECORD}/restore", history.restore, Permission.EDIT),
    DeskRoute("POST", f"{_RECORD}/verify", acts.verify, Permission.VERIFY),
    DeskRoute("POST", f"{_RECORD}/capacity", acts.capacity, Permission.AVAILABILITY, ("weeks",)),
    DeskRoute("POST", f"{_RECORD}/close", acts.close_for_a_while, Permission.AVAILABILITY, ("since", "until")),
    DeskRoute("POST", f"{_RECORD}/reopen", acts.open_again, Permission.AVAILABILITY),
    DeskRoute("POST", f"{_RECORD}/care", acts.set_care, Permission.EDIT, ("days",), ("responsible",)),
    DeskRoute("POST", f"{_RECORD}/suggest", acts.say_what_is_wrong, Permission.SUGGEST, ("text",)),
    DeskRoute("POST", f"{_RECORD}/suggestion-handled", acts.handled, Permission.EDIT),
)
