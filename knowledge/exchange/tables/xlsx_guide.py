"""The two sheets of a workbook that hold no records: what everything means, and the words to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from knowledge.domain import records as r
from knowledge.domain.topics import load_topics
from knowledge.exchange.tables.columns import STATES, TABLES, Column
from knowledge.exchange.tables.headers import OF_THE_ROW
from knowledge.exchange.tables.list_values import PHONE_KINDS
from locales.catalogue import say

LISTS = "lists"
# Paragraphs of the catalogues, in this order.
_PARAGRAPHS = (
    "what",
    "rows",
    "first_row",
    "id",
    "revision",
    "empty",
    "missing",
    "lists",
    "hours",
    "translations",
    "state",
    "choices",
    "safe",
)
# Columns whose form needs a word of explanation: ``tables.help.<key>``.
_EXPLAINED = (
    "id", "hours", "location", "languages", "phones", "topics", "audience", "also", "required_documents", "steps", "documents",
    "accessibility", "confidential", "organization", "contact", "district", "parent", "closed_since", "closed_until", "checked_on",
    "cost_amount", "cost_currency", "services", "order",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A row of the sheet; a title is written large."""

    cells: tuple[str, ...]
    title: bool = False


def readme(language: str) -> Iterator[Line]:
    """What the workbook is and how to fill it in, in plain words of `language`."""
    yield Line((say("tables.readme.title", language),), title=True)
    for name in _PARAGRAPHS:
        yield Line((say(f"tables.readme.heading.{name}", language), "", say(f"tables.readme.{name}", language)))
    for table in TABLES.values():
        yield Line(("",))
        heading = say("tables.readme.sheet", language, sheet=table.stem, records=say(f"tables.sheet.{table.stem}", language))
        yield Line((heading,), title=True)
        for key in OF_THE_ROW:
            yield Line((key, say(f"tables.column.{key}", language), say(f"tables.help.{key}", language)))
        for column in table.columns:
            if not column.key.endswith("_2"):
                yield Line((column.key, say(column.label, language), _explained(column, language)))


def _explained(column: Column, language: str) -> str:
    key = column.label.removeprefix("tables.column.")
    parts = [say(f"tables.help.{key}", language)] if key in _EXPLAINED else []
    if column.choices:
        parts.append("; ".join(f"{choice} = {say(f'tables.value.{choice}', language)}" for choice in column.choices))
    return " ".join(parts)


def lists(language: str) -> Iterator[tuple[str, ...]]:
    """Columns of words that cells may hold, each with what it means: first a key, then a label, then the words."""
    topics = load_topics()
    # What topics mean is known in English only; editors of other languages know the topics from the desk.
    described = [(topic, topics.descriptions[topic]) for topic in topics.topics]
    columns: list[list[tuple[str, str]]] = [[("topics", ""), (say("tables.column.topics", language), ""), *described]]
    for key, words in (
        ("audience", r.AUDIENCES),
        ("accessibility", r.ACCESSIBILITY),
        ("phones", PHONE_KINDS),
        ("languages", tuple(mode.value for mode in r.LanguageMode)),
        ("state", STATES),
    ):
        label = say(f"tables.column.{key}" if key != "state" else "tables.help.state", language)
        columns.append([(key, ""), (label, ""), *((word, say(f"tables.value.{word}", language)) for word in words)])
    for line in zip_longest(*columns, fillvalue=("", "")):
        yield tuple(words for pair in line for words in pair)
