"""The composition root: settings in, ready parts out. Nothing is created at import."""

from __future__ import annotations

from functools import cache

from sqlalchemy.orm import Session, sessionmaker

from knowledge.api import KnowledgeApi
from knowledge.config import Settings, load_settings
from knowledge.search.embedder import Embedder, make_embedder
from knowledge.store.engine import make_engine
from knowledge.store.library import Library


def make_sessions(settings: Settings) -> sessionmaker[Session]:
    """Sessions on the knowledge base."""
    return sessionmaker(make_engine(settings.database_url), expire_on_commit=False)


def make_library(settings: Settings) -> Library:
    """The published knowledge in memory, refreshed when it changes."""
    return Library(make_sessions(settings), settings.municipality or None)


def make_api(settings: Settings, embedder: Embedder | None = None) -> KnowledgeApi:
    """The door through which actions ask."""
    sessions = make_sessions(settings)
    library = Library(sessions, settings.municipality or None)
    found = embedder if embedder is not None else make_embedder(settings.embeddings)
    return KnowledgeApi(library, found, sessions, warn_days=settings.warn_days)


@cache
def shared_api() -> KnowledgeApi:
    """The door of this process, made from the environment at the first use: the front's handlers and the actions it serves share it."""
    return make_api(load_settings())
