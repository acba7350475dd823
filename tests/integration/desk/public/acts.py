"""Somebody who reads public pages, and what the tests of these do again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import aiohttp
from sqlalchemy import select

from knowledge.editorial.actor import Actor
from knowledge.editorial.publish import publish
from knowledge.editorial.records import record_key
from knowledge.editorial.save import create
from knowledge.store.desk_tables import SuggestionRow
from knowledge.store.engine import begin_writing
from tests.integration.databases import Database
from tests.integration.desk.people import CITY, actor_of

SERVICE, ANSWER = "/info/{}/service/welcome-point", "/info/{}/article/registration.address:everyone"


class Reader:
    """Somebody on the street with a browser."""

    def __init__(self, database: Database, browser: aiohttp.ClientSession) -> None:
        self.database, self.browser = database, browser

    async def get(self, path: str, **headers: str) -> aiohttp.ClientResponse:
        response = await self.browser.get(path, headers=headers, allow_redirects=False)
        await response.read()
        return response

    async def page(self, path: str) -> str:
        response = await self.get(path)
        assert response.status == 200, await response.text()
        return await response.text()

    async def say(self, path: str, text: str, **fields: str) -> aiohttp.ClientResponse:
        response = await self.browser.post(path, data={"text": text, **fields}, allow_redirects=False)
        await response.read()
        return response

    def do(self, work: Callable[..., Any]) -> Any:
        with self.database.sessions() as session, session.begin():
            begin_writing(session)
            return work(session)

    def reviewer(self) -> Actor:
        return self.do(lambda session: actor_of(session, "reviewer"))

    def suggestions(self) -> list[SuggestionRow]:
        return self.do(lambda session: list(session.scalars(select(SuggestionRow).order_by(SuggestionRow.id))))


def write_guide(reader: Reader) -> None:
    """A guide of two pages, of which one is below the other."""
    reviewer = reader.reviewer()
    pages = [
        {"id": "anfang", "texts": {"title": "Anfang", "body": "# Hallo\n\n#### Tief\n\n[weiter](page:zweite) und [weg](page:fehlt)"}},
        {"id": "zweite", "parent": "anfang", "checked_on": "2026-11-01", "texts": {"title": "Zweite Seite", "body": "<b>roh</b>"}},
    ]
    for one in pages:
        reader.do(lambda s, one=one: create(s, reviewer, CITY, "page", one))
        reader.do(lambda s, one=one: publish(s, reviewer, record_key("page", CITY, one["id"])))


async def later(reader: Reader) -> Reader:
    """The knowledge is looked at again after a second."""
    await asyncio.sleep(1.1)
    return reader
