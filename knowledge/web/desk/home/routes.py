"""Routes of the home and what belongs to it."""

from __future__ import annotations

from knowledge.editorial.actor import Permission
from knowledge.web.desk.home import digest, home, questions, suggestions, todo
from knowledge.web.desk.home.common import QUESTIONS, SUGGESTIONS, TODO
from knowledge.web.desk.routing import DeskRoute, Needs

_QUESTION = QUESTIONS + "/{question}"

ROUTES: tuple[DeskRoute, ...] = (
    DeskRoute("GET", "/desk", home.show, Permission.VIEW),
    DeskRoute("GET", TODO + "/{name}", todo.show, Permission.EDIT),
    DeskRoute("POST", TODO + "/due", todo.verify, Permission.VERIFY),
    DeskRoute("POST", TODO + "/unfinished", todo.discard, Permission.EDIT),
    DeskRoute("POST", TODO + "/links", todo.link_works, Permission.EDIT),
    DeskRoute("POST", TODO + "/nobody", todo.assign, Permission.EDIT, chosen=("record",)),
    DeskRoute("GET", SUGGESTIONS, suggestions.show, Permission.EDIT),
    DeskRoute("POST", SUGGESTIONS + "/handled", suggestions.handle, Permission.EDIT),
    DeskRoute("POST", SUGGESTIONS + "/reopened", suggestions.reopen, Permission.EDIT),
    DeskRoute("GET", "/desk/suggest", suggestions.form, Permission.SUGGEST),
    DeskRoute("POST", "/desk/suggest", suggestions.send, Permission.SUGGEST, ("text",)),
    DeskRoute("GET", QUESTIONS, questions.show, Permission.EDIT),
    DeskRoute("GET", _QUESTION, questions.show_one, Permission.EDIT),
    DeskRoute("POST", _QUESTION, questions.look_for_service, Permission.EDIT),
    DeskRoute("POST", _QUESTION + "/handled", questions.handle, Permission.EDIT),
    DeskRoute("POST", _QUESTION + "/reopened", questions.reopen, Permission.EDIT),
    DeskRoute("POST", _QUESTION + "/other-name", questions.other_name, Permission.EDIT, ("name",)),
    DeskRoute("GET", digest.OFF, digest.ask, Needs.LINK),
    DeskRoute("POST", digest.OFF, digest.switch_off, Needs.LINK),
)
