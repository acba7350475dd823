"""Addresses of the translation desk."""

from __future__ import annotations

from knowledge.editorial.actor import Permission
from knowledge.web.desk.records.sheets import KIND
from knowledge.web.desk.routing import DeskRoute
from knowledge.web.desk.translation import board, locked, machine, runs, sheet

_LANGUAGE = "/desk/translations/{language:[a-z]{2,3}}"
_RUN = "/desk/translations/run/{number:[0-9]{1,9}}"
_SHEET = f"/desk/record/{KIND}/{{id}}/translate/{{language}}"

ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute("GET", "/desk/translations", board.show, Permission.TRANSLATE),
    DeskRoute("GET", locked.URL, locked.show, Permission.TRANSLATE),
    DeskRoute("POST", locked.URL, locked.add, Permission.TRANSLATE, ("terms",)),
    DeskRoute("POST", f"{locked.URL}/remove", locked.remove, Permission.TRANSLATE),
    DeskRoute("GET", "/desk/translations/xliff", runs.upload_form, Permission.TRANSLATE),
    DeskRoute("POST", "/desk/translations/xliff", runs.upload, Permission.TRANSLATE),
    DeskRoute("GET", _RUN, runs.show_run, Permission.TRANSLATE, city_of=runs.city_of_run),
    DeskRoute("POST", _RUN, runs.go_on, Permission.TRANSLATE),
    DeskRoute("POST", f"{_RUN}/stop", runs.stop, Permission.TRANSLATE),
    DeskRoute("GET", f"{_RUN}/progress", runs.progress, Permission.TRANSLATE, city_of=runs.city_of_run),
    DeskRoute("GET", _LANGUAGE, board.language, Permission.TRANSLATE),
    DeskRoute("GET", f"{_LANGUAGE}/next", board.next_record, Permission.TRANSLATE),
    DeskRoute("GET", f"{_LANGUAGE}/export", runs.export, Permission.TRANSLATE),
    DeskRoute("POST", f"{_LANGUAGE}/machine", runs.machine, Permission.TRANSLATE),
    DeskRoute("GET", _SHEET, sheet.show, Permission.TRANSLATE),
    DeskRoute("POST", _SHEET, sheet.save, Permission.TRANSLATE, ("text.*",)),
    DeskRoute("POST", f"{_SHEET}/machine", machine.translate_record, Permission.TRANSLATE),
)
