"""The city's list of names that no translation may change: offices, laws, streets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from knowledge.domain.locked_words import LockedWords
from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError
from knowledge.store.desk_tables import LockedWordRow

LONGEST = 200
MOST = 2000


class Locked(NamedTuple):
    """What became of names that somebody has typed: `added`, and `known` where the list has had them."""

    added: list[str]
    known: list[str]


def listed(session: Session, municipality: str) -> Sequence[LockedWordRow]:
    """All of them, by the alphabet."""
    rows = session.scalars(select(LockedWordRow).where(LockedWordRow.municipality_id == municipality)).all()
    return sorted(rows, key=lambda row: (row.term.casefold(), row.term))


def locked_words(session: Session, municipality: str) -> LockedWords:
    """What finds them in texts."""
    return LockedWords(session.scalars(select(LockedWordRow.term).where(LockedWordRow.municipality_id == municipality)))


def lock_words(session: Session, actor: Actor, municipality: str, terms: Iterable[str]) -> Locked:
    """Add names. Empty ones and those that are there already are passed over.

    Raises DeskError("desk.locked_long") for a name that is too long, ("desk.locked_many") where the list is full; nothing is added then.
    """
    actor.need(Permission.TRANSLATE, municipality)
    known = {row.term for row in listed(session, municipality)}
    typed = [term for term in dict.fromkeys(_clean(one) for one in terms) if term]
    wanted = [term for term in typed if term not in known]
    for term in wanted:
        if len(term) > LONGEST:
            raise DeskError("desk.locked_long", term=f"{term[:40]}…", most=LONGEST)
    if len(known) + len(wanted) > MOST:
        raise DeskError("desk.locked_many", most=MOST)
    session.add_all(LockedWordRow(municipality_id=municipality, term=term) for term in wanted)
    session.flush()
    if wanted:
        audit.log(session, actor, municipality, "lock_words", number=len(wanted))
    return Locked(wanted, [term for term in typed if term in known])


def unlock_word(session: Session, actor: Actor, municipality: str, number: int) -> None:
    """Take a name off the list; nothing happens where it is gone already."""
    actor.need(Permission.TRANSLATE, municipality)
    table = LockedWordRow
    done = session.execute(delete(table).where(table.id == number, table.municipality_id == municipality).returning(table.id)).all()
    if done:
        audit.log(session, actor, municipality, "unlock_word", number=number)


def _clean(term: str) -> str:
    return " ".join(unicodedata.normalize("NFC", term).split())
