"""The desk that conversations are held with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy.orm import sessionmaker

from knowledge.editorial.actor import desk_itself
from knowledge.editorial.publish import archive, publish
from knowledge.store.engine import make_engine
from knowledge.store.transactions import transact
from tests.server import Desk

Archived = Callable[[str], AbstractContextManager[None]]


@pytest.fixture
def desk(real_desk: Desk) -> Desk:
    """The real one."""
    return real_desk


@pytest.fixture
def archived(desk: Desk) -> Iterator[Archived]:
    """`with archived(topic)`: as after an editor has archived its article; the city has one on every topic. Published again at the end."""
    engine = make_engine(f"sqlite:///{desk.var / 'knowledge.db'}")
    sessions, editor = sessionmaker(engine), desk_itself("test")

    @contextmanager
    def without(topic: str) -> Iterator[None]:
        key = f"article:ankerstadt/{topic}:everyone"
        transact(sessions, lambda session: archive(session, editor, key))
        try:
            yield
        finally:
            transact(sessions, lambda session: publish(session, editor, key))

    yield without
    engine.dispose()
