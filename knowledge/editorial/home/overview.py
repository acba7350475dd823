"""The home page's lists together, in the order in which somebody should go through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from knowledge.editorial.actor import Permission
from knowledge.editorial.due import Due, DueRecords, answered_for_by
from knowledge.editorial.errors import NotAllowed
from knowledge.editorial.home import of_others, of_records
from knowledge.editorial.home.parts import Asking, Item, Listed, Name, Part
from knowledge.editorial.scope import Scope, scope_of
from knowledge.store.desk_tables import RecordRow

FIRST = 3
PARTS: tuple[Part, ...] = (
    Part(Name.UNFINISHED, of_records.unfinished, Permission.EDIT),
    Part(Name.SENT_BACK, of_records.sent_back, Permission.EDIT),
    Part(Name.REVIEW, of_records.review, Permission.PUBLISH),
    Part(Name.SUGGESTIONS, of_others.suggestions, Permission.EDIT),
    Part(Name.LINKS, of_others.links, Permission.EDIT),
    Part(Name.DUE, of_records.due, Permission.VERIFY),
    Part(Name.TRANSLATIONS, of_others.translations, Permission.TRANSLATE),
    Part(Name.QUESTIONS, of_others.questions, Permission.EDIT, city=True),
    Part(Name.IMPORTS, of_others.imports, Permission.IMPORT, city=True),
    Part(Name.DRAFTS, of_records.drafts, Permission.EDIT),
    Part(Name.NOBODY, of_records.nobody, Permission.EDIT),
    Part(Name.SCHEDULED, of_records.scheduled, Permission.EDIT),
)
_BY_NAME = {part.name: part for part in PARTS}
# What is good to know and asks nobody to do anything.
INFORMATION = frozenset({Name.SCHEDULED})


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as the home page shows it: how many there are, and the first few."""

    name: Name
    count: int
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Overview:
    """`empty` tells that the municipality has no records yet, `coming` what is due next where nothing is due now."""

    parts: Sequence[Shown]
    empty: bool
    coming: Due | None = None

    @property
    def waiting(self) -> list[Shown]:
        """Lists with something to do, the most urgent first."""
        return [one for one in self.parts if one.count and one.name not in INFORMATION]

    @property
    def done(self) -> list[Name]:
        """Lists that are empty: all is well there."""
        return [one.name for one in self.parts if not one.count and one.name not in INFORMATION]

    @property
    def planned(self) -> Shown | None:
        """What happens by itself in the next days."""
        return next((one for one in self.parts if one.name in INFORMATION and one.count), None)


def overview(asking: Asking, *, first: int = FIRST) -> Overview:
    """Everything that this person and role has to do with."""
    shown = []
    for part in PARTS:
        scope = _scope(asking, part)
        if scope is not None:
            found = part.source(asking, scope, first, 0)
            shown.append(Shown(part.name, found.count, found.items))
    empty = asking.session.scalar(select(RecordRow.id).where(RecordRow.municipality_id == asking.municipality).limit(1)) is None
    return Overview(shown, empty, _coming(asking, shown))


def listed(asking: Asking, name: Name, *, page: int = 1, size: int = 50) -> tuple[Listed, Scope]:
    """A page of one list in full, and the records it is about.

    Raises NotAllowed where it is not for this person.
    """
    part = _BY_NAME[name]
    scope = _scope(asking, part)
    if scope is None:
        raise NotAllowed("desk.not_allowed", permission=part.permission.value)
    return part.source(asking, scope, size, (page - 1) * size), scope


def for_everybody(asking: Asking) -> Asking:
    """Also with what others answer for."""
    return replace(asking, everybody=True)


def _scope(asking: Asking, part: Part) -> Scope | None:
    scope = scope_of(asking.actor, part.permission, asking.municipality)
    return None if scope is None or (part.city and not scope.whole_city) else scope


def _coming(asking: Asking, shown: Sequence[Shown]) -> Due | None:
    scope = _scope(asking, _BY_NAME[Name.DUE])
    if scope is None or any(one.count for one in shown if one.name is Name.DUE):
        return None
    mine = () if asking.everybody else (answered_for_by(asking.actor.id),)
    return DueRecords(asking.session, scope, asking.check_days, asking.today).next(*mine)
