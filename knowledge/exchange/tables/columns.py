"""The contract: which columns a table of each kind has, and which part of a document each of them is.

Keys are fixed and in English; programs may rely on them. Labels for people are in the catalogues (``tables.column.<key>``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from knowledge.domain import records as r
from knowledge.exchange.tables.identity import Reference
from knowledge.exchange.tables.list_values import HoursCell, Languages, Lines, Names, Phones, Words
from knowledge.exchange.tables.values import KEEP, Cell, Choice, Day, Email, Line, Number, PostalCode, Text, WebAddress, YesNo

# Places of one service that a table has columns for, at least and at most.
FEWEST_PLACES, MOST_PLACES = 2, 50
STATES = ("machine", "reviewed", "outdated")
ORGANIZATION_KINDS = ("public", "charity", "association", "company")


@dataclass(frozen=True)
class Column:
    """A column with the fixed header `key`, for the values of a document at `paths`. `text` is the field where it is a text."""

    key: str
    paths: tuple[str, ...]
    cell: Cell
    text: str | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """What a cell may hold, where that is one of a closed list."""
        if isinstance(self.cell, Choice):
            return self.cell.choices
        return ("yes", "no") if isinstance(self.cell, YesNo) else ()

    @property
    def label(self) -> str:
        """Key of its name in the catalogues; the numbered columns of places share one."""
        return f"tables.column.{self.key.rstrip('0123456789').rstrip('_')}"

    def values(self, parsed: Any) -> dict[str, Any]:
        """Values by path for what the cell has read."""
        if len(self.paths) == 1:
            return {self.paths[0]: list(parsed) if isinstance(parsed, tuple) else parsed}
        return dict(zip(self.paths, parsed, strict=True))


@dataclass(frozen=True)
class Table:
    """The table of one kind of record. `stem` is the name of its file and sheet."""

    kind: str
    stem: str
    columns: tuple[Column, ...]
    texts: tuple[str, ...] = field(default=())

    def column(self, key: str) -> Column | None:
        """The column with this key; those of places are made for every number."""
        return self._by_key.get(key) or next(
            (one for one in place_columns(_number(key)) if one.key == key and self.kind == "service"), None
        )

    @property
    def _by_key(self) -> dict[str, Column]:
        return _index(self.kind)


def _number(key: str) -> int:
    tail = key.rpartition("_")[2]
    return int(tail) if tail.isascii() and tail.isdigit() and 1 <= int(tail) <= MOST_PLACES else 1


@cache
def place_columns(number: int) -> tuple[Column, Column]:
    """The two columns of the `number`-th place of a service, counted from 1."""
    at = f"at.{number - 1}"
    return (
        Column(f"location_{number}", (f"{at}.location",), Reference()),
        Column(f"hours_{number}", (f"{at}.hours", f"{at}.exceptions", f"{at}.closed_on_holidays"), HoursCell()),
    )


def _cell_of_text(name: str) -> Cell:
    if name in r.LIST_FIELDS:
        return Lines()
    return Line() if name in ("name", "title") else Text()


def _text(name: str) -> Column:
    return Column(name, (f"texts.{name}",), _cell_of_text(name), text=name)


def _plain(key: str, cell: Cell | None = None, path: str | None = None) -> Column:
    return Column(key, (path or key,), cell or Text())


_ID = _plain("id", Reference())
_EMAIL, _WEBSITE = _plain("email", Email()), _plain("website", WebAddress())
_TABLES = (
    Table(
        "organization",
        "organizations",
        (_ID, _plain("kind", Choice(ORGANIZATION_KINDS)), _text("name"), _text("description"), _WEBSITE, _EMAIL),
        ("name", "description"),
    ),
    Table(
        "location",
        "locations",
        (
            _ID,
            _text("name"),
            _text("directions"),
            _plain("district", Reference()),
            _plain("street", path="address.street"),
            _plain("postal_code", PostalCode(), "address.postal_code"),
            _plain("city", path="address.city"),
            _plain("latitude", Number(exact=True)),
            _plain("longitude", Number(exact=True)),
            # An emptied cell must not make the address of a women's shelter public.
            _plain("confidential", YesNo(empty=KEEP)),
            _plain("accessibility", Words(r.ACCESSIBILITY)),
        ),
        ("name", "directions"),
    ),
    Table(
        "contact",
        "contacts",
        (_ID, _text("name"), _plain("organization", Reference()), _EMAIL, _plain("phones", Phones())),
        ("name",),
    ),
    Table(
        "service",
        "services",
        (
            _ID,
            _plain("organization", Reference()),
            *(_text(name) for name in r.SERVICE_FIELDS),
            _plain("also", Names()),
            _plain("topics", Words()),
            _plain("audience", Words(r.AUDIENCES, empty=None)),
            *place_columns(1),
            *place_columns(2),
            _plain("contact", Reference()),
            _EMAIL,
            _WEBSITE,
            _plain("phones", Phones()),
            _plain("languages", Languages()),
            _plain("appointment", Choice(tuple(one.value for one in r.Appointment))),
            _plain("cost_free", YesNo(), "cost.free"),
            _plain("cost_amount", Number(), "cost.amount"),
            _plain("cost_currency", path="cost.currency"),
            _plain("capacity_state", Choice(tuple(one.value for one in r.CapacityState)), "capacity.state"),
            _plain("capacity_wait_days", Number(whole=True), "capacity.wait_days"),
            _plain("capacity_as_of", Day(), "capacity.as_of"),
            _plain("closed_since", Day(), "closed.since"),
            _plain("closed_until", Day(), "closed.until"),
            _plain("checked_on", Day()),
        ),
        r.SERVICE_FIELDS,
    ),
    Table(
        "article",
        "articles",
        (
            _ID,
            _plain("topic"),
            _plain("audience", Choice(r.AUDIENCES)),
            *(_text(name) for name in r.ARTICLE_FIELDS),
            _plain("source_title", path="source.title"),
            _plain("source_url", WebAddress(), "source.url"),
            _plain("source_level", Choice(tuple(one.value for one in r.SourceLevel)), "source.level"),
            _plain("checked_on", Day()),
            _plain("services", Words(references=True)),
        ),
        r.ARTICLE_FIELDS,
    ),
    Table(
        "page",
        "pages",
        (
            _ID,
            _plain("parent", Reference()),
            _plain("order", Number(whole=True)),
            _plain("topic"),
            *(_text(name) for name in r.PAGE_FIELDS),
            _plain("url", WebAddress()),
            _plain("checked_on", Day()),
        ),
        r.PAGE_FIELDS,
    ),
)
# Kind -> its table, in the order in which records are written: what others point at comes first.
TABLES: dict[str, Table] = {table.kind: table for table in _TABLES}


@cache
def _index(kind: str) -> dict[str, Column]:
    return {column.key: column for column in TABLES[kind].columns}
