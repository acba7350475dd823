"""Verbs on a record in tests: each in a transaction of its own, by people of the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor
from knowledge.editorial.records import body
from knowledge.editorial.save import save
from knowledge.editorial.undo import undo, undoable
from knowledge.store.desk_tables import RecordRow
from knowledge.store.reader import read_knowledge
from tests.integration.desk.people import CITY

SERVICE = f"service:{CITY}/welcome-point"
Result = TypeVar("Result")
Do = Callable[[Callable[[Session], Result]], Result]
Who = Callable[[str], Actor]


def change(session: Session, actor: Actor, key: str, *, minor: bool = False, **texts: str) -> RecordRow:
    record = session.get_one(RecordRow, key)
    document = body(session, record)
    return save(session, actor, key, {**document, "texts": {**document["texts"], **texts}}, base=record.newest, minor=minor)


def name_for_readers(session: Session, language: str = "de") -> str:
    service = read_knowledge(session, CITY).services["welcome-point"]
    return service.texts["name"].read((language,)).body


def take_it_back(session: Session, actor: Actor, key: str) -> RecordRow:
    last = undoable(session, session.get_one(RecordRow, key))
    assert last is not None
    return undo(session, actor, key, last.entry)
