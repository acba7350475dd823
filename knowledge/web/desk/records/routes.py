"""Addresses of the lists and forms."""

from __future__ import annotations

from knowledge.editorial.actor import Permission
from knowledge.web.desk.records import forms, lists, live
from knowledge.web.desk.records.sheets import KIND
from knowledge.web.desk.routing import DeskRoute, Needs

_LIST = f"/desk/records/{KIND}"
_RECORD = f"/desk/record/{KIND}/{{id}}"
_TYPED = ("texts.*", "also", "phones.*.number", "email", "website", "address.*", "at.*.hours", "source.*", "_note")

ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute("GET", "/desk/records/token", live.token, Needs.SIGNED_IN),
    DeskRoute("GET", _LIST, lists.records, Permission.VIEW),
    DeskRoute("GET", f"{_LIST}/new", forms.new, Permission.EDIT),
    DeskRoute("POST", f"{_LIST}/new", forms.create_new, Permission.EDIT, _TYPED, ("*",)),
    DeskRoute("POST", f"{_LIST}/discard", forms.discard, Permission.EDIT),
    DeskRoute("POST", f"{_LIST}/autosave", live.keep, Permission.EDIT),
    DeskRoute("POST", f"{_LIST}/hours", live.hours, Permission.EDIT),
    DeskRoute("POST", f"{_LIST}/similar", live.likeness, Permission.EDIT),
    DeskRoute("POST", f"{_LIST}/sentences", live.sentences, Permission.EDIT),
    DeskRoute("GET", f"{_LIST}/choices", live.choices, Permission.EDIT),
    DeskRoute("GET", f"{_RECORD}/edit", forms.edit, Permission.EDIT),
    DeskRoute("POST", f"{_RECORD}/edit", forms.save_edit, Permission.EDIT, _TYPED, ("*",)),
    DeskRoute("POST", f"{_RECORD}/take-over", forms.take_over, Permission.EDIT),
    DeskRoute("POST", f"{_RECORD}/lock", live.lock, Permission.EDIT),
)
