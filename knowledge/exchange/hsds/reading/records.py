"""What the readers of all kinds share: the rows, the ids, the account, and checking a document without losing it for one bad value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge.documents.checks import is_email
from knowledge.exchange.batch import Rejection
from knowledge.exchange.hsds.ids import LocalIds, is_local_id
from knowledge.exchange.hsds.missing import is_ours
from knowledge.exchange.hsds.reading.account import Account, Row
from knowledge.exchange.hsds.reading.tables_read import TablesRead
from knowledge.exchange.hsds.reading.values import whole

Model = TypeVar("Model", bound=BaseModel)
# Kind of document -> the table that has it.
KIND_TABLES = {
    "organization": "organization",
    "location": "location",
    "contact": "contact",
    "service": "service",
    "article": "newcomer_article",
    "page": "newcomer_page",
}
_MOST_REPAIRS = 20
_SCHEME = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.I)


@dataclass
class Reading:
    """One import. `today` decides what is over, `country` how numbers without an international prefix are read."""

    tables: TablesRead
    account: Account
    today: date
    country: str | None
    into: str | None
    known_ids: Mapping[str, Iterable[str]]
    ids: dict[str, LocalIds] = field(default_factory=dict)
    revisions: dict[tuple[str, str], int] = field(default_factory=dict)
    withheld: set[str] = field(default_factory=set)
    without_topic: list[str] = field(default_factory=list)
    # Id of a term that is none of our topics -> how many services have it.
    unmatched: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for kind in KIND_TABLES:
            self.ids[kind] = LocalIds(kind, self.known_ids.get(kind, ()))

    @property
    def municipality(self) -> str | None:
        """Id of the municipality whose export this is, if it is one of ours."""
        rows = self.tables.all("newcomer_municipality")
        return rows[0].get("local_id") if rows else None

    @property
    def home(self) -> str | None:
        """The municipality whose UUIDs are looked for. Where only the file that names it is missing, it may be the one that imports: a
        UUID that is made of a name there cannot be another's."""
        if self.foreign:
            return None
        return self.municipality or (self.into if is_ours(self.tables.present) else None)

    @property
    def foreign(self) -> bool:
        """Whether the records get new ids: another municipality's "town hall" is not ours."""
        return self.into is not None and self.municipality not in (None, self.into)

    def profile(self, row: Row) -> Row | None:
        """What our profile knows about the row."""
        return self.tables.one(f"newcomer_{row.table}", row.id)

    def give_id(self, kind: str, row: Row, name: str | None) -> str | None:
        """The local id of a record; None (and told) if it cannot have one."""
        if row.id.startswith("no id"):
            self.account.reject(row, "hsds.rejected.no_id")
            return None
        profile = row if row.table.startswith("newcomer_") else self.profile(row)
        own = profile.get("local_id") if profile and not self.foreign else None
        local = self.ids[kind].give(row.id, name or "", own if is_local_id(own) else None, self.home)
        if local is None:
            self.account.reject(row, "hsds.rejected.same_id", id=own or row.id)
            return None
        revision = whole(profile.get("revision")) if profile and not self.foreign else None
        if revision is not None:
            self.revisions[kind, local] = revision
        return local

    def refuse(self, kind: str, row: Row, key: str, /, **fields: object) -> None:
        """The record cannot be used, and nothing may point at it."""
        self.ids[kind].drop(row.id)
        self.account.reject(row, key, **fields)

    def other_value(self, row: Row, column: str) -> str | None:
        """A value that is not in the form that HSDS demands."""
        for other in self.tables.pointing("newcomer_other_value", "resource_id", row.id):
            if other.get("field") == column:
                self.account.take(other)
                return other.get("value")
        return None

    def email(self, row: Row, column: str = "email") -> str | None:
        """An address for e-mail; one that cannot be one is left out and told."""
        other = self.other_value(row, column)
        value = other or row.get(column)
        if value is None or other is not None or is_email(value.strip()):
            return value.strip() if value else None
        self.account.wrong(row, "hsds.rejected.email", value=value)
        return None

    def website(self, row: Row, column: str) -> str | None:
        """An address on the web; anything that is not http is left out and told."""
        other = self.other_value(row, column)
        value = other or row.get(column)
        if value is None:
            return None
        value = value if other else value.strip()
        scheme = _SCHEME.match(value)
        other_scheme = scheme is not None and scheme.group(1).lower() not in ("http", "https")
        if other_scheme or (not scheme and not other and "." not in value):
            self.account.wrong(row, "hsds.rejected.website", value=value)
            return None
        return value if scheme or other else f"http://{value}"

    def checked(self, kind: str, model: type[Model], row: Row, values: dict[str, Any]) -> Model | None:
        """`values` as a document. What breaks a rule is taken out and told; only what cannot be without it makes the record unusable."""
        for _ in range(_MOST_REPAIRS):
            try:
                return model.parse_obj(values)
            except ValidationError as error:
                problems = error.errors()
                if not all(_without(values, problem["loc"]) for problem in _deepest_first(problems)):
                    break
                self.account.rejected.extend(_told(row, problem) for problem in problems)
        self.ids[kind].drop(row.id)
        self.account.reject(row, "hsds.rejected.record", problem="; ".join(_words(problem) for problem in problems))
        return None


def _deepest_first(problems: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """So that taking out an entry of a list does not move one that is still to be taken out."""
    return sorted(problems, key=lambda problem: tuple((isinstance(x, int), str(x).zfill(6)) for x in problem["loc"]), reverse=True)


def _without(values: dict[str, Any], path: tuple[int | str, ...]) -> bool:
    """Take out the value at `path`, or where it is missing, the nearest entry of a list or the nearest optional object around it.

    False if there is nothing to take out: the record has to have it.
    """
    steps = [step for step in path if step != "__root__"]
    missing = not _has(values, steps)
    while missing and steps:
        steps.pop()
        missing = not steps or not _has(values, steps)
    if not steps or steps == ["id"]:
        return False
    container: Any = values
    for step in steps[:-1]:
        container = container[step]
    del container[steps[-1]]
    return True


def _has(values: Any, steps: list[int | str]) -> bool:
    for step in steps:
        inside = step in values if isinstance(values, dict) else isinstance(values, list) and isinstance(step, int) and step < len(values)
        if not inside:
            return False
        values = values[step]
    return True


def _words(problem: Mapping[str, Any]) -> str:
    where = ".".join(str(step) for step in problem["loc"] if step != "__root__")
    return f"{where}: {problem['msg']}" if where else str(problem["msg"])


def _told(row: Row, problem: Mapping[str, Any]) -> Rejection:
    context = dict(problem.get("ctx") or {})
    key = context.pop("key", None)
    fields = {name: value for name, value in context.items() if isinstance(value, str | int | float)}
    where = ".".join(str(step) for step in problem["loc"] if step != "__root__")
    return Rejection(row.file, row.label, str(problem["msg"]), row.line or None, where or None, f"problem.{key}" if key else None, fields)
