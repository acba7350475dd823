"""What every handler of the desk is given: the person, the place, the language, the form, and the way to the database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from aiohttp import web
from multidict import MultiDictProxy
from sqlalchemy.orm import Session

from knowledge.config import Settings
from knowledge.editorial.accounts.form_tokens import Owner, with_owner
from knowledge.editorial.accounts.sessions import SignedIn, csrf_token
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.sight import Sight, sight_of
from knowledge.store.transactions import transact
from knowledge.web.client import is_encrypted
from knowledge.web.desk.keys import PAGES, SESSIONS
from knowledge.web.keys import SETTINGS
from knowledge.web.writers import in_writing_thread
from locales import catalogue, registry

Result = TypeVar("Result")
# Says on the next page in which municipality somebody works again.
MOVED = "desk_moved"
FormValue = str | bytes | bytearray | web.FileField


@dataclass
class DeskRequest:
    """One request at the desk. `form` is empty for GET; `signed_in` is None only on pages that need nobody."""

    request: web.Request
    language: str
    signed_in: SignedIn | None = None
    token: str = ""
    form: MultiDictProxy[FormValue] | None = None
    problems: list[str] = field(default_factory=list)
    new_visitor: bool = False
    # The form belonged to another of their municipalities than the one they worked in, and they work there again.
    moved: bool = False

    @property
    def actor(self) -> Actor:
        """Who acts. Only on pages that need somebody."""
        assert self.signed_in is not None
        return self.signed_in.actor

    @property
    def municipality(self) -> str:
        """Where they work at the moment. Only on pages that need a role."""
        assert self.signed_in is not None and self.signed_in.municipality is not None
        return self.signed_in.municipality

    @property
    def settings(self) -> Settings:
        """What the environment says."""
        return self.request.app[SETTINGS]

    @property
    def is_encrypted(self) -> bool:
        """Whether the browser came by https: then cookies come back by https only."""
        return is_encrypted(self.request, self.settings.proxies)

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return registry.direction(self.language)

    @property
    def csrf(self) -> str:
        """For the hidden field `csrf` of every form: of this session, and whose page it is."""
        token, who = csrf_token(self.token), self.signed_in
        if who is None or not who.complete:
            return token
        return with_owner(token, Owner(who.user_id, who.municipality or ""), self.settings.secret)

    def may(self, permission: str, organization: str | None = None) -> bool:
        """For templates: whether to show a button."""
        return self.actor.may(Permission(permission), self.municipality, organization)

    def may_anywhere(self, permission: str) -> bool:
        """For templates: whether to show a page in the menu."""
        return self.actor.may_anywhere(Permission(permission), self.municipality)

    def sight(self, session: Session) -> Sight:
        """What this person sees of the city they work in: whatever a page shows of records goes through it."""
        return sight_of(session, self.actor, self.municipality)

    def say(self, key: str, **fields: object) -> str:
        """Words in the reader's language."""
        return catalogue.say(key, self.language, **fields)

    def text(self, name: str) -> str:
        """A field of the form, without spaces around it; empty where it is not there."""
        value = self.form.get(name, "") if self.form is not None else ""
        return value.strip() if isinstance(value, str) else ""

    async def run(self, work: Callable[[Session], Result], *, writing: bool | None = None) -> Result:
        """Do `work` in a thread within one transaction: committed if it returns, rolled back if it raises.

        It is done again where the database ended it for the sake of another one, so it must do nothing that a rollback does not undo.
        `writing` has to be said of a GET that changes something.
        """
        writing = self.request.method != "GET" if writing is None else writing
        inside = partial(transact, self.request.app[SESSIONS], work, writing=writing)
        return await (in_writing_thread(inside) if writing else asyncio.to_thread(inside))

    def page(self, template: str, /, status: int = 200, **fields: object) -> web.Response:
        """A page. Never kept by a cache: it is one person's."""
        html = self.request.app[PAGES].render(template, {"t": self.say, "desk": self, **fields})
        return web.Response(text=html, content_type="text/html", status=status, headers={"Cache-Control": "no-store"})

    def redirect(self, path: str, notice: str = "") -> web.Response:
        """Go on to another page after a form was taken (303). `notice` is the key of a message that is shown there once."""
        response = web.Response(status=303, headers={"Location": path})
        for name, value in (("desk_notice", notice), (MOVED, "yes" if self.moved else "")):
            if value:
                response.set_cookie(name, value, path="/desk", max_age=60, httponly=True, samesite="Lax", secure=self.is_encrypted)
        return response
