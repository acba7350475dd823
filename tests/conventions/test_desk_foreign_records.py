"""Nobody from another municipality comes near a draft: by every page, every form and every verb of the desk."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import pkgutil
import re
import zipfile
from collections.abc import Callable, Iterator
from html import unescape

import aiohttp
import pytest
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from knowledge import editorial
from knowledge.editorial import autosave
from knowledge.editorial.errors import NotAllowed, NotFound
from knowledge.store.account_tables import MembershipRow
from knowledge.store.desk_tables import RecordRow
from knowledge.store.tables import Base
from knowledge.web.desk.routes import DESK_ROUTES
from knowledge.web.desk.routing import DeskRoute
from tests.conventions.desk_walk import OPEN, address, only_sqlite
from tests.integration.desk.conftest import DRAFT_HERE, DRAFT_THERE, SECRET_HERE, SECRET_THERE
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, Person, actor_of, user_of

VERB = ("session", "actor", "key")
# No secret word among them: a page may repeat what was searched for.
SEARCHES = ("?q=entwurf&search=entwurf&text=entwurf", "?q=Beratung&search=Beratung&text=Beratung", "?record=entwurf")


def text_of(response: aiohttp.ClientResponse, body: bytes) -> str:
    """What can be read in an answer: also within the archives that exports and workbooks are."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return unescape(body.decode("utf-8", "replace"))


def readable(routes: tuple[DeskRoute, ...]) -> Iterator[DeskRoute]:
    yield from (route for route in routes if route.method == "GET" and route.needs not in OPEN)


async def look_everywhere(person: Person, record: RecordRow) -> dict[str, str]:
    """Every page that can be read, about `record` where its path takes one, for every kind where it takes a kind; with searches that would
    find the record by its id and by its name."""
    seen: dict[str, str] = {}
    for route in readable(DESK_ROUTES):
        if "{id" in route.path:
            paths = [address(route, kind=record.kind, id=record.local_id), address(route, kind=record.kind, id=record.id)]
        else:
            listed = re.search(r"\{kind:([a-z|]+)\}", route.path)
            plain = [address(route, kind=kind) for kind in (listed[1].split("|") if listed else [record.kind])]
            paths = [path + query for path in plain for query in ("", *SEARCHES)]
        for path in paths:
            response = await person.get(path)
            seen[path] = text_of(response, await response.read())
    return seen


def record_of(desk: Desk, key: str) -> RecordRow:
    return desk.do(lambda session: session.scalars(select(RecordRow).where(RecordRow.id == key)).one())


@only_sqlite
async def test_its_own_people_see_the_draft(desk: Desk) -> None:
    """Otherwise the next test would prove nothing."""
    seen = await look_everywhere(await desk.sign_in("administrator"), record_of(desk, DRAFT_HERE))
    told = {path for path, text in seen.items() if SECRET_HERE in text}
    assert {"/desk/record/service/entwurf", "/desk/record/service/entwurf/edit", "/desk/record/service/entwurf/preview"} <= told
    assert any(path.startswith("/desk/records/service?") for path in told)


@only_sqlite
@pytest.mark.parametrize(
    ("reader", "works_in", "secret", "key"),
    [
        ("elsewhere", OTHER_CITY, SECRET_HERE, DRAFT_HERE),
        ("administrator", CITY, SECRET_THERE, DRAFT_THERE),
        ("organization_administrator", CITY, SECRET_THERE, DRAFT_THERE),
        ("two_cities", CITY, SECRET_THERE, DRAFT_THERE),
        ("without_role", None, SECRET_HERE, DRAFT_HERE),
        ("offered", None, SECRET_HERE, DRAFT_HERE),
        ("halfway", None, SECRET_HERE, DRAFT_HERE),
        ("nobody", None, SECRET_HERE, DRAFT_HERE),
    ],
)
async def test_no_page_shows_a_draft_of_another_municipality(desk: Desk, reader: str, works_in: str | None, secret: str, key: str) -> None:
    # Both towns have a record of this name, and somebody has typed into each.
    for name, draft, word in (("editor", DRAFT_HERE, SECRET_HERE), ("elsewhere", DRAFT_THERE, SECRET_THERE)):
        desk.do(lambda session, name=name, draft=draft, word=word: keep_typed(session, name, draft, word))
    person = await desk.sign_in(reader, municipality=works_in)
    seen = await look_everywhere(person, record_of(desk, key))
    assert [path for path, text in seen.items() if secret in text] == []
    assert len(seen) >= len(list(readable(DESK_ROUTES)))


def keep_typed(session: Session, name: str, draft: str, word: str) -> None:
    """An autosave with the secret word in it."""
    autosave.keep(session, actor_of(session, name), draft.partition(":")[2].partition("/")[0], draft, "service", 1, {"texts.name": word})


def rows_of(desk: Desk, municipality: str, writer: str) -> dict[str, list[str]]:
    """Everything in the database that belongs to a municipality, and the accounts of those who work there alone; without what `writer` did
    to the own account."""
    found: dict[str, list[str]] = {}
    with desk.database.sessions() as session:
        own = "" if writer == "nobody" else f"user:{user_of(session, writer).id}"
        records = select(RecordRow.id).where(RecordRow.municipality_id == municipality)
        members = select(MembershipRow.user_id).where(MembershipRow.municipality_id == municipality)
        others = select(MembershipRow.user_id).where(MembershipRow.municipality_id != municipality)
        for table in Base.metadata.sorted_tables:
            columns = table.c
            which: ColumnElement[bool]
            if table.name in ("user_account", "desk_session"):
                person = columns.id if table.name == "user_account" else columns.user_id
                which = person.in_(members) & person.not_in(others)
            elif table.name == "audit_entry":
                which = (columns.municipality_id == municipality) & (columns.record != own)
            elif "municipality_id" in columns:
                which = columns.municipality_id == municipality
            elif "record_id" in columns:
                which = columns.record_id.in_(records)
            elif table.name == "municipality":
                which = columns.id == municipality
            else:
                continue
            found[table.name] = sorted(map(repr, session.execute(select(table).where(which))))
    return found


@only_sqlite
@pytest.mark.parametrize(
    ("writer", "works_in", "target", "key"),
    [
        ("elsewhere", OTHER_CITY, CITY, DRAFT_HERE),
        ("administrator", CITY, OTHER_CITY, DRAFT_THERE),
        ("organization_administrator", CITY, OTHER_CITY, DRAFT_THERE),
        ("two_cities", CITY, OTHER_CITY, DRAFT_THERE),
        ("without_role", None, CITY, DRAFT_HERE),
        ("offered", None, CITY, DRAFT_HERE),
        ("nobody", None, CITY, DRAFT_HERE),
    ],
)
async def test_no_form_changes_anything_in_another_municipality(
    desk: Desk, writer: str, works_in: str | None, target: str, key: str
) -> None:
    before = rows_of(desk, target, writer)
    local = record_of(desk, key).local_id
    victim = desk.do(lambda session: user_of(session, "editor" if target == CITY else "elsewhere").id)
    # What a form could name: a record by its key or its short name, the other municipality, a person, a role.
    fields = {
        **{name: key for name in ("record", "records", "key", "keys", "id", "form", "parent")},
        **{"municipality": target, "organization": f"{target}/stadt", "user": victim, "role": "administrator", "membership": 1},
        **{"offer": 1},
        **{"language": "en", "number": 1, "base": 1, "note": "x", "texts.name": "x", "email": "editor@desk.example", "name": "x"},
        **{"state": "closed", "until": "2030-01-01", "title": "x", "text": "x", "kind": "service", "confirm": "yes", "session": "1"},
    }
    sent = 0
    for route in DESK_ROUTES:
        if route.method != "POST":
            continue
        for parts in ({"id": local, "user": str(victim)}, {"id": key, "user": str(victim)}):
            person = await desk.sign_in(writer, municipality=works_in)
            await person.get("/desk/sign-in")
            await person.post(address(route, **parts), fields)
            await person.browser.close()
            sent += 1
    after = rows_of(desk, target, writer)
    assert sent > 20
    assert {name: set(after[name]) ^ set(before[name]) for name in before if after[name] != before[name]} == {}


VERBS = [
    pytest.param(function, id=f"{module.__name__.rpartition('.')[2]}.{name}")
    for module in (importlib.import_module(f"knowledge.editorial.{info.name}") for info in pkgutil.iter_modules(editorial.__path__))
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if not name.startswith("_") and function.__module__ == module.__name__ and list(inspect.signature(function).parameters)[:3] == [*VERB]
]


@only_sqlite
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", ["elsewhere", "without_role", "offered"])
async def test_no_verb_does_anything_with_a_record_of_another_municipality(desk: Desk, verb: Callable[..., object], who: str) -> None:
    guesses = {"str": "de", "int": 1, "bool": True, "dict": {}, "list": [], "CapacityState": "open"}
    more: dict[str, object] = {}
    for name, parameter in list(inspect.signature(verb).parameters.items())[3:]:
        if parameter.default is inspect.Parameter.empty and parameter.kind is not inspect.Parameter.VAR_KEYWORD:
            more[name] = guesses.get(str(parameter.annotation).partition("[")[0].partition(" ")[0])
    before, answer = rows_of(desk, CITY, who), None
    with contextlib.suppress(NotFound, NotAllowed):
        answer = desk.do(lambda session: verb(session, actor_of(session, who), DRAFT_HERE, **more))
    # A verb that is silent (giving back a lock that one does not have) has told nothing and done nothing.
    assert not answer
    assert rows_of(desk, CITY, who) == before


def test_the_verbs_are_found() -> None:
    assert len(VERBS) > 10
