"""One transaction, begun again where the database has ended it for the sake of another one."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from knowledge.store.engine import begin_writing

log = structlog.get_logger(__name__)
Result = TypeVar("Result")
# What PostgreSQL says when nothing was wrong with a transaction but its moment: serialization_failure, deadlock_detected; and
# foreign_key_violation, where somebody took away what is needed, or needs what is taken away: whoever looks again sees it, and can say so.
_CLASHES: Final = frozenset({"40001", "40P01", "23503"})
# Where the administrator of the database lets nobody wait for ever (lock_timeout).
_LOCK_NOT_AVAILABLE: Final = "55P03"
# SQLITE_BUSY, SQLITE_LOCKED.
_SQLITE_LOCKED: Final = (5, 6)
_TRIES: Final = 5
# Seconds, so that two who clashed do not begin again in the same moment.
_PAUSE: Final = 0.05


def transact(sessions: sessionmaker[Session], work: Callable[[Session], Result], *, writing: bool = True) -> Result:
    """Do `work` within one transaction: committed if it returns, rolled back if it raises. `writing`: it changes something.

    `work` may be called several times, each time with a session of its own, and must do nothing that a rollback does not undo.
    """
    for tries_left in reversed(range(_TRIES)):
        try:
            with sessions() as session, session.begin():
                if writing:
                    begin_writing(session)
                return work(session)
        except DBAPIError as error:
            if not tries_left or not clashed(error):
                raise
            log.info("database.again", state=_state(error))
        time.sleep(_PAUSE * random.uniform(1, 2) * (_TRIES - tries_left))  # noqa: S311 (nobody has to be kept from guessing it)
    raise AssertionError("the last try returns or raises")


def clashed(error: DBAPIError) -> bool:
    """Whether the same transaction can simply be done again."""
    return _state(error) in _CLASHES


def waited_in_vain(error: SQLAlchemyError) -> bool:
    """Whether somebody else was writing all the time, so that the same will do later."""
    if not isinstance(error, DBAPIError):
        return False
    # Of SQLite's codes the lowest byte is the kind.
    return clashed(error) or _state(error) == _LOCK_NOT_AVAILABLE or (getattr(error.orig, "sqlite_errorcode", 0) & 0xFF) in _SQLITE_LOCKED


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
