"""Everything a municipality has published as rows of HSDS's tables and of our profile's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.domain import records as r
from knowledge.domain.hours import HoursRule, format_minute
from knowledge.domain.text import Texts, TranslationState
from knowledge.exchange.hsds.ids import text_hash, uuid_of
from knowledge.exchange.hsds.tables import Rows, tables
from knowledge.exchange.hsds.vocabulary import byday, closing, is_email, is_url

Revisions = Mapping[tuple[str, str], int]


@dataclass
class Sheet:
    """Rows that are being written for one municipality, on one day.

    `include_confidential` writes the addresses of confidential places too: for moving an installation, never for publishing.
    """

    knowledge: r.Knowledge
    today: date
    include_confidential: bool = False
    revisions: Revisions = field(default_factory=dict)
    rows: Rows = field(default_factory=lambda: {name: [] for name in tables()})

    @property
    def town(self) -> r.Municipality:
        """The municipality."""
        return self.knowledge.municipality

    def uuid(self, kind: str, *parts: object) -> str:
        """Stable UUID of a thing of the municipality."""
        return uuid_of(self.town.id, kind, *parts)

    def add(self, table: str, id: str, **values: Any) -> None:
        """Write a row; empty values are left out."""
        row: dict[str, Any] = {"id": id}
        row.update((name, value) for name, value in values.items() if value is not None and value != "")
        self.rows[table].append(row)

    def fitting(self, table: str, id: str, column: str, value: str | None) -> str | None:
        """`value` where it has the form that HSDS demands of e-mail and web addresses; else it goes to the profile as it is."""
        if not value or (is_email(value) if column == "email" else is_url(value)):
            return value
        self.add(
            "newcomer_other_value", self.uuid("other", table, id, column), resource_type=table, resource_id=id, field=column, value=value
        )
        return None

    def revision(self, kind: str, local: str) -> int | None:
        """Number of the record's revision, if the caller gave it."""
        return self.revisions.get((kind, local))

    def translations(self, table: str, id: str, texts: Texts) -> None:
        """The texts of a record in other languages."""
        for name, text in texts.items():
            for language, translation in text.translations.items():
                outdated = translation.state is TranslationState.OUTDATED
                self.add(
                    "newcomer_translation",
                    self.uuid("translation", id, name, language),
                    resource_type=table,
                    resource_id=id,
                    field=name,
                    language=language,
                    body=translation.body,
                    state=translation.state.value,
                    source_hash=None if outdated else text_hash(text.body),
                )


def body(texts: Texts, name: str) -> str | None:
    """The source text of a field."""
    found = texts.get(name)
    return found.body if found else None


def lines(items: Iterable[str]) -> str:
    """Items one a line."""
    return "\n".join(items)


def weekly(rule: HoursRule) -> dict[str, Any]:
    """The columns that a weekly rule has in HSDS and in the profile."""
    closes, _ = closing(rule.closes)
    return {
        "valid_from": rule.valid_from and rule.valid_from.isoformat(),
        "valid_to": rule.valid_to and rule.valid_to.isoformat(),
        "byday": byday(rule.days),
        "opens_at": f"{format_minute(rule.opens)}:00",
        "closes_at": closes,
    }
