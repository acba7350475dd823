"""What the tests of import and export do again and again: a file, its upload, waiting, deciding."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import ClientResponse, FormData
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.publish import publish
from knowledge.editorial.records import body
from knowledge.editorial.save import save
from knowledge.store.desk_tables import ImportItemRow, ImportRunRow, RecordRow
from tests.integration.desk.people import CITY, Desk, Person, actor_of

HOME = "/desk/exchange"
WAIT_SECONDS = 90.0
Files = Sequence[tuple[str, bytes]]


async def export(person: Person, format: str, **fields: object) -> ClientResponse:
    """Send the form for taking out, with all kinds unless others are named."""
    kinds = fields.pop("kind", ["organization", "location", "contact", "service", "article", "page"])
    return await person.post(f"{HOME}/export", format=format, kind=kinds, **fields)


def members(content: bytes) -> dict[str, str]:
    """Name -> text of the files in a zip."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8-sig", "replace") for name in archive.namelist()}


async def services_csv(person: Person) -> tuple[list[str], list[dict[str, str]]]:
    """(headers, rows) of services.csv as it is taken out."""
    response = await export(person, "csv", kind=["service"])
    assert response.status == 200, await response.text()
    text = members(await response.read())["services.csv"]
    reader = csv.DictReader(io.StringIO(text), delimiter=";")
    return list(reader.fieldnames or ()), list(reader)


def as_csv(headers: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """The table as a spreadsheet would send it back."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, headers, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8-sig")


async def upload(person: Person, files: Files, **fields: str) -> ClientResponse:
    """Choose files and read them."""
    form = FormData()
    for name, value in {"csrf": person.csrf, **fields}.items():
        form.add_field(name, value)
    for name, content in files:
        form.add_field("files", content, filename=name)
    response = await person.browser.post(f"{HOME}/import", data=form, allow_redirects=False)
    await response.read()
    return response


async def wait(person: Person, url: str) -> str:
    """Wait until nothing works at the run any more; its page."""
    for _ in range(int(WAIT_SECONDS / 0.1)):
        response = await person.get(f"{url}/progress")
        assert response.status == 200, await response.text()
        if not (await response.json())["busy"]:
            return await person.page(url)
        await asyncio.sleep(0.1)
    raise AssertionError("the run does not end")


async def planned(person: Person, files: Files, **fields: str) -> str:
    """Upload and wait for what follows; the address of the run."""
    response = await upload(person, files, **fields)
    assert response.status == 303, await response.text()
    url = response.headers["Location"]
    await wait(person, url)
    return url


async def decide(person: Person, url: str, do: str, **fields: str) -> ClientResponse:
    """Press a button of the dry run."""
    return await person.post(f"{url}/decide", {name.replace("__", "-"): value for name, value in fields.items()}, do=do)


async def bring_in(person: Person, url: str, *, publish: str = "yes", **fields: str) -> str:
    """Bring it in and wait; the page of the report."""
    response = await decide(person, url, "write", publish=publish, **fields)
    assert response.status == 303, await response.text()
    return await wait(person, url)


def number_of(url: str) -> int:
    """The run's number."""
    return int(url.rpartition("/")[2])


def state(desk: Desk, url: str) -> str:
    """The stored state of a run."""
    return str(desk.do(lambda session: session.get_one(ImportRunRow, number_of(url)).state))


def items(desk: Desk, url: str, section: str = "") -> list[dict[str, Any]]:
    """The lines of a run."""

    def read(session: Session) -> list[dict[str, Any]]:
        rows = select(ImportItemRow).where(ImportItemRow.run_id == number_of(url)).order_by(ImportItemRow.position)
        names = ("id", "section", "record", "name", "detail", "decision", "outcome")
        found = [{name: getattr(row, name) for name in names} for row in session.scalars(rows)]
        return [one for one in found if not section or one["section"] == section]

    found: list[dict[str, Any]] = desk.do(read)
    return found


def item_id(desk: Desk, url: str, record: str) -> str:
    """What the form calls the line about a record."""
    return str(next(one["id"] for one in items(desk, url) if one["record"] == f"service:{CITY}/{record}"))


def document(desk: Desk, local: str, kind: str = "service") -> dict[str, Any]:
    """The newest words of a record."""

    def read(session: Session) -> dict[str, Any]:
        return body(session, session.get_one(RecordRow, f"{kind}:{CITY}/{local}"))

    found: dict[str, Any] = desk.do(read)
    return found


def record(desk: Desk, local: str, kind: str = "service") -> RecordRow | None:
    """The row of a record."""
    found: RecordRow | None = desk.do(lambda session: session.get(RecordRow, f"{kind}:{CITY}/{local}"))
    return found


def edit(desk: Desk, local: str, name: str, words: str, *, who: str = "reviewer") -> None:
    """Somebody changes a text of a service at the desk and publishes it."""

    def work(session: Session) -> None:
        actor = actor_of(session, who)
        row = session.get_one(RecordRow, f"service:{CITY}/{local}")
        written = dict(body(session, row))
        written["texts"] = {**written["texts"], name: words}
        save(session, actor, row.id, written, base=row.newest)
        publish(session, actor, row.id)

    desk.do(work)


def everything(desk: Desk) -> str:
    """All records and what readers see of them, to be compared."""
    from knowledge.store.reader import read_knowledge

    def read(session: Session) -> str:
        rows = session.execute(select(RecordRow.id, RecordRow.newest, RecordRow.published, RecordRow.state).order_by(RecordRow.id))
        knowledge = read_knowledge(session, CITY)
        return json.dumps([list(row) for row in rows]) + repr((knowledge.services, knowledge.pages, knowledge.articles, knowledge.version))

    return str(desk.do(read))


def plain(page: str) -> str:
    """A page as it reads: without tags, spaces once."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def edited(person: Person, changes: dict[str, dict[str, str]], *, extra: tuple[dict[str, str], ...] = ()) -> bytes:
    """services.csv as it is taken out, with these cells changed and these rows added."""
    headers, rows = await services_csv(person)
    for row in rows:
        row |= changes.get(row["id"], {})
    assert {row["id"] for row in rows} >= set(changes)
    return as_csv(headers, [*rows, *extra])


def new_row(name: str, **values: str) -> dict[str, str]:
    return {"name": name, "organization": "offene-hand", "topics": "language.courses", "description": "Wir helfen."} | values
