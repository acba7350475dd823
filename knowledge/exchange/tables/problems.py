"""What can be wrong with a cell, a row or a file of tables. Keys are ``tables.problem.<key>`` in the catalogues."""

from __future__ import annotations

from knowledge.domain.errors import InvalidRecord, KnowledgeError
from knowledge.exchange.batch import Rejection
from locales.catalogue import say


class Problem(KnowledgeError):
    """A cell or row cannot be used. `key` is ``tables.problem.<key>``, `fields` fill its placeholders."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(f"tables.problem.{key}", **fields)


class UnreadableFile(InvalidRecord):
    """The file as a whole cannot be read as tables: its form, its size, a password. `key` is ``tables.file.<key>``."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(f"tables.file.{key}", **fields)

    def __str__(self) -> str:
        return say(self.key, "en", **self.fields)


def rejection(file: str, record: str, problem: KnowledgeError, *, row: int | None = None, column: str | None = None) -> Rejection:
    """The account of a problem, with its place."""
    return Rejection(file, record, say(problem.key, "en", **problem.fields), row, column, problem.key, problem.fields)


def reason(rejected: Rejection, language: str) -> str:
    """Why something was left out, in the words of `language`; English where a format knows no other words for it."""
    if rejected.key is None:
        return rejected.reason
    words = say(rejected.key, language, **rejected.fields)
    return rejected.reason if words == rejected.key else words
