"""A form comes when the session it belongs to is over: it is kept for the person whose page it was."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fnmatch import fnmatchcase

from aiohttp import web

from knowledge.editorial.accounts.kept_forms import Field, keep
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.sent_forms import form_owner, has_files, lines_of, pairs_of

# The hidden field of a form that was kept and is sent now.
KEPT_FIELD = "_kept"


class Outcome(StrEnum):
    """What became of a form that came late: the end of the key of the notice that says so."""

    KEPT = "kept"
    LOST = "lost"  # too large, or nobody knows whose it was
    FILE = "file"  # a browser sends a file only after somebody has chosen it
    NOTHING = "nothing"  # a button alone

    @property
    def notice(self) -> str:
        """For the page of signing in."""
        return f"signed_out_{self.value}"


async def keep_late(desk: DeskRequest, typed: Sequence[str], chosen: Sequence[str]) -> Outcome:
    """Keep the form, which was read, if somebody has written (`typed`) or chosen something in it: patterns for names of fields."""
    form = desk.form
    assert form is not None
    if has_files(form):
        return Outcome.FILE
    pairs = [(name, value) for name, value in pairs_of(form) if name != KEPT_FIELD]
    fields = [Field(line.name, line.value, line.typed) for line in lines_of(pairs, typed)]
    if not any(one.typed or (one.value and any(fnmatchcase(one.name, pattern) for pattern in chosen)) for one in fields):
        return Outcome.NOTHING
    owner = form_owner(desk)
    if owner is None:
        return Outcome.LOST
    path, secret = desk.request.path_qs, desk.settings.secret
    kept = await desk.run(lambda session: keep(session, secret, owner, path, fields), writing=True)
    return Outcome.KEPT if kept else Outcome.LOST


async def page_above(request: web.Request, path: str) -> str:
    """The nearest page to the address of a form: where its button stands."""
    while path.startswith("/desk/"):
        found = await request.app.router.resolve(request.clone(method="GET", rel_url=path))
        if found.http_exception is None:
            return path
        path = path.rpartition("/")[0]
    return "/desk"
