"""Taking out: what is published, as a file to download."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import datetime
from pathlib import Path

from aiohttp import web

from knowledge.editorial import audit
from knowledge.editorial.actor import Permission
from knowledge.editorial.imports.tables import published_revisions
from knowledge.exchange.formats import FORMATS, Writing
from knowledge.exchange.kinds import KINDS
from knowledge.exchange.unpack import packed
from knowledge.store.reader import read_knowledge
from knowledge.web.desk.exchange import home
from knowledge.web.desk.keys import SESSIONS
from knowledge.web.desk.request import DeskRequest


async def download(desk: DeskRequest) -> web.Response:
    """POST /desk/exchange/export."""
    assert desk.form is not None
    format = FORMATS.get(desk.text("format"))
    kinds = frozenset(str(one) for one in desk.form.getall("kind", []) if one in KINDS)
    if format is None or format.write is None:
        return await home.page(desk, desk.say("desk.exchange.choose_format"), 400)
    if not kinds:
        return await home.page(desk, desk.say("desk.exchange.choose_kinds"), 400)
    private = bool(desk.text("private"))
    if private:
        # Addresses of women's shelters and the like: for those who answer for the whole city.
        desk.actor.need(Permission.IMPORT, desk.municipality)
    await desk.run(
        lambda session: audit.log(
            session, desk.actor, desk.municipality, "export", None, format=format.code, kinds=sorted(kinds), private=private
        )
    )
    name, body = await asyncio.to_thread(_made, desk, format.code, kinds, private)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return web.Response(body=body, content_type="application/octet-stream", headers=headers)


def _made(desk: DeskRequest, code: str, kinds: frozenset[str], private: bool) -> tuple[str, bytes]:
    """(name, content) of the file. Read in a transaction of its own, since it takes long and writes nothing."""
    format = FORMATS[code]
    with desk.request.app[SESSIONS]() as session:
        # Numbers before words: what is published in between then counts as newer than the file.
        revisions = published_revisions(session, desk.municipality)
        knowledge = read_knowledge(session, desk.municipality)
    today = datetime.now(knowledge.municipality.zone).date()
    stem = f"{desk.municipality}-{code}-{today.isoformat()}{'-private' if private else ''}"
    how = Writing(kinds, private, revisions, desk.language, today)
    with tempfile.TemporaryDirectory(prefix="newcomer-export-") as folder:
        target = Path(folder) / f"{stem}{format.file}"
        format.export(knowledge, target, how)
        file = target if format.file else packed(target, Path(folder) / f"{stem}.zip")
        return file.name, file.read_bytes()
