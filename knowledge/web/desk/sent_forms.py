"""Forms as they were sent: reading them, seeing that they are ours, and handing one back that could not be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from knowledge.editorial.accounts.form_tokens import Owner, owner_of, session_part
from knowledge.editorial.accounts.sessions import csrf_token
from knowledge.editorial.errors import DeskError
from knowledge.tokens import same_token
from knowledge.web.desk.request import DeskRequest, FormValue

# Room for a form with long texts, and for a file that is uploaded.
LARGEST_FORM = 32 * 1024 * 1024
Pairs = Sequence[tuple[str, str]]


async def read_form(request: web.Request) -> MultiDictProxy[FormValue]:
    """The fields of the form; none where it is JSON. Raises DeskError where it is too large."""
    if request.content_type == "application/json":
        return MultiDictProxy(MultiDict())
    # The front keeps messages small; the desk takes files.
    try:
        sent = await request.clone(client_max_size=LARGEST_FORM).post()
    except web.HTTPRequestEntityTooLarge as error:
        raise DeskError("desk.form_too_large", megabytes=LARGEST_FORM // 1024 // 1024 - 2) from error
    # No keyboard writes a NUL, and PostgreSQL takes none.
    return MultiDictProxy(MultiDict((name, value.replace("\0", "") if isinstance(value, str) else value) for name, value in sent.items()))


def given_token(desk: DeskRequest) -> str:
    """The token that came along: scripts send it as a header."""
    return desk.request.headers.get("X-CSRF", "") or desk.text("csrf")


def is_ours(desk: DeskRequest) -> bool:
    """Whether the form comes from a page of this session."""
    part = session_part(given_token(desk))
    return same_token(part, csrf_token(desk.token)) and same_origin(desk.request)


def form_owner(desk: DeskRequest) -> Owner | None:
    """For whom the page was made that the form comes from, and in which municipality."""
    return owner_of(given_token(desk), desk.settings.secret) if same_origin(desk.request) else None


def same_origin(request: web.Request) -> bool:
    """Browsers say where a form comes from; other programs say nothing."""
    origin = request.headers.get("Origin", "")
    return origin in ("", "null") or origin.partition("://")[2] == request.host


def wants_json(request: web.Request) -> bool:
    """Whether a script asks, and not a person."""
    return "application/json" in request.headers.get("Accept", "")


def pairs_of(form: MultiDictProxy[FormValue]) -> Pairs:
    """Everything that was sent but the form's token and files, in its order."""
    return [(name, value) for name, value in form.items() if isinstance(value, str) and name != "csrf"]


def has_files(form: MultiDictProxy[FormValue]) -> bool:
    """Whether a file was sent: only the person can choose it again."""
    return any(isinstance(value, web.FileField) and value.filename for value in form.values())


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a form that is shown again: as words to be read and changed (`typed`), or carried along unseen."""

    name: str
    value: str
    typed: bool


@dataclass(frozen=True, slots=True)
class Again:
    """A form to be sent once more. Where there were `files`, the page says that they have to be chosen again."""

    path: str
    lines: Sequence[Line]
    files: bool = False


def lines_of(pairs: Pairs, typed: Sequence[str]) -> list[Line]:
    """`typed` are patterns for the names of fields that people write into."""
    return [Line(name, value, bool(value.strip()) and any(fnmatchcase(name, one) for one in typed)) for name, value in pairs]


async def handed_back(desk: DeskRequest, typed: Sequence[str]) -> Again | None:
    """The form that came with the request, to be sent again; None where there was none, or none of ours."""
    if desk.request.method != "POST" or wants_json(desk.request):
        return None
    if desk.form is None:
        try:
            desk.form = await read_form(desk.request)
        except DeskError:
            return None
    if not is_ours(desk):
        return None
    return Again(desk.request.path_qs, lines_of(pairs_of(desk.form), typed), has_files(desk.form))
