"""What the headers of a file mean: the fixed keys, the labels of every catalogue, and what other lists call the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from knowledge.exchange.tables.columns import TABLES, Column, Table
from knowledge.exchange.tables.values import fold, words_for
from locales.registry import languages

REVISION, EXPORTED = "revision", "exported"
# Columns about the row itself, not about the record.
OF_THE_ROW = (REVISION, EXPORTED)
# Folded words of other lists -> our key; the first one that the table has is taken.
_ALIASES: dict[str, tuple[str, ...]] = {
    "kennung": ("id",), "schluessel": ("id",), "key": ("id",), "identifier": ("id",), "nr": ("id",), "record_id": ("id",),
    "fassung": (REVISION,), "version": (REVISION,),
    "name": ("name", "title"), "titel": ("title", "name"), "title": ("title", "name"), "bezeichnung": ("name", "title"),
    "ueberschrift": ("title", "name"), "angebot": ("name",), "dienst": ("name",), "leistung": ("name",), "service_name": ("name",),
    "beschreibung": ("description", "body"), "description": ("description", "body"), "kurzbeschreibung": ("description",),
    "inhalt": ("body", "description"), "text": ("body", "description"), "content": ("body", "description"),
    "art": ("kind",), "typ": ("kind",), "type": ("kind",), "rechtsform": ("kind",),
    "traeger": ("organization",), "organisation": ("organization",), "anbieter": ("organization",), "einrichtung": ("organization",),
    "organization_id": ("organization",), "provider": ("organization",), "agency": ("organization",),
    "e_mail": ("email",), "mail": ("email",), "email_adresse": ("email",), "e_mail_adresse": ("email",), "email_address": ("email",),
    "internet": ("website", "url"), "webseite": ("website", "url"), "homepage": ("website", "url"), "web": ("website", "url"),
    "url": ("url", "website", "source_url"), "website": ("website", "url"), "link": ("url", "website", "source_url"),
    "telefon": ("phones",), "telefonnummer": ("phones",), "tel": ("phones",), "phone": ("phones",), "telephone": ("phones",),
    "telefonnummern": ("phones",), "rufnummer": ("phones",), "phone_number": ("phones",), "phones": ("phones",),
    "strasse": ("street",), "strasse_hausnummer": ("street",), "anschrift": ("street",), "adresse": ("street",), "address": ("street",),
    "address_1": ("street",), "plz": ("postal_code",), "postleitzahl": ("postal_code",), "zip": ("postal_code",),
    "zip_code": ("postal_code",), "postcode": ("postal_code",), "ort": ("city", "location_1"), "stadt": ("city",), "town": ("city",),
    "stadtteil": ("district",), "bezirk": ("district",), "breite": ("latitude",), "breitengrad": ("latitude",), "lat": ("latitude",),
    "laenge": ("longitude",), "laengengrad": ("longitude",), "lon": ("longitude",), "lng": ("longitude",),
    "anfahrt": ("directions",), "wegbeschreibung": ("directions",), "barrierefrei": ("accessibility",),
    "barrierefreiheit": ("accessibility",), "vertraulich": ("confidential",), "geheim": ("confidential",),
    "standort": ("location_1",), "location": ("location_1",), "location_id": ("location_1",), "place": ("location_1",),
    "oeffnungszeiten": ("hours_1",), "hours": ("hours_1",), "opening_hours": ("hours_1",), "sprechzeiten": ("hours_1",),
    "sprachen": ("languages",), "sprache": ("languages",), "language": ("languages",),
    "thema": ("topic", "topics"), "themen": ("topics", "topic"), "topic": ("topic", "topics"), "topics": ("topics", "topic"),
    "kategorie": ("topics", "topic"), "category": ("topics", "topic"), "zielgruppe": ("audience",), "zielgruppen": ("audience",),
    "termin": ("appointment",), "kosten": ("fees", "cost"), "gebuehren": ("fees", "cost"), "fees": ("fees", "cost"),
    "kostenlos": ("cost_free",), "free": ("cost_free",), "betrag": ("cost_amount",), "waehrung": ("cost_currency",),
    "voraussetzungen": ("eligibility",), "unterlagen": ("required_documents", "documents"), "ablauf": ("application_process",),
    "dokumente": ("required_documents", "documents"), "auch_bekannt_als": ("also",), "andere_namen": ("also",),
    "kontakt": ("contact",), "ansprechpartner": ("contact",), "geprueft_am": ("checked_on",), "stand": ("checked_on",),
    "last_checked": ("checked_on",), "assured_date": ("checked_on",), "reihenfolge": ("order",), "uebergeordnet": ("parent",),
    "antwort": ("answer",), "quelle": ("source_title",), "source": ("source_title",),
}  # fmt: skip
_STEMS: dict[str, frozenset[str]] = {
    "organization": frozenset({"organization", "organisation", "organisationen", "traeger", "anbieter", "einrichtungen", "providers"}),
    "location": frozenset({"location", "ort", "orte", "standorte", "adressen", "places", "addresses"}),
    "contact": frozenset({"contact", "kontakt", "kontakte", "ansprechpartner"}),
    "service": frozenset({"service", "angebot", "angebote", "dienst", "dienste", "leistungen", "beratungsstellen"}),
    "article": frozenset({"article", "artikel", "antworten", "answers"}),
    "page": frozenset({"page", "seite", "seiten"}),
}
_TRANSLATED = re.compile(r"(?P<name>.+?)\s*(?:@|\[|\()\s*(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*[\])]?\s*(?::\s*(?P<state>\w+))?")
_ENDING = re.compile(r"(?P<name>.+)[_\s](?P<language>[a-z]{2,3})")


@dataclass(frozen=True)
class Use:
    """What a column of a file is for: a value; with `language`, a translation of it, or, with `state`, that translation's state."""

    column: Column
    language: str | None = None
    state: bool = False


@cache
def _labels(kind: str) -> dict[str, str]:
    """Folded labels of the catalogues -> keys."""
    numbered = [column for column in TABLES[kind].columns if not column.key.endswith("_2")]
    return {words: column.key for column in numbered for words in words_for(column.label)}


def key_of(table: Table, header: str) -> str | None:
    """Our key for the header of a column; None for one that we do not know."""
    folded = fold(header)
    if folded in OF_THE_ROW or table.column(folded):
        return folded
    for alias in _ALIASES.get(folded, ()):
        if alias in OF_THE_ROW or table.column(alias):
            return alias
    found = _labels(table.kind).get(folded)
    if found is None:
        found = next((key for key in OF_THE_ROW if folded in words_for(f"tables.column.{key}")), None)
    if found is None and (numbered := re.fullmatch(r"(.+)_(\d{1,2})", folded)):
        # "Ort 2", "Öffnungszeiten 2"
        first = key_of(table, numbered.group(1))
        if first in ("location_1", "hours_1") and table.column(f"{first[:-1]}{numbered.group(2)}"):
            return f"{first[:-1]}{numbered.group(2)}"
    return found


def use_of(table: Table, header: str, source_language: str | None = None) -> Use | str | None:
    """What the column with this header is for; its key where it is about the row itself, None where nothing fits."""
    key = key_of(table, header)
    if key in OF_THE_ROW:
        return key
    if key is not None and (column := table.column(key)):
        return Use(column)
    text = header.strip()
    found = _TRANSLATED.fullmatch(text) or _ENDING.fullmatch(text.lower())
    if found is None:
        return None
    parts = found.groupdict()
    key, language = key_of(table, parts["name"]), _language(parts["language"])
    column = table.column(key) if key else None
    if column is None or column.text is None or language is None or parts.get("state") not in (None, "state", "status"):
        return None
    state = parts.get("state") is not None
    if language == source_language:
        return None if state else Use(column)
    return Use(column, language, state)


def _language(code: str) -> str | None:
    base, _, rest = code.partition("-")
    return (base.lower() + (f"-{rest}" if rest else "")) if base.lower() in languages() else None


def kind_by_name(name: str) -> str | None:
    """The kind that a file or sheet is named after; None where it is named after none, or several."""
    folded = fold(name)
    parts = {folded, *folded.split("_")}
    found = [kind for kind, table in TABLES.items() if parts & (_STEMS[kind] | {table.stem} | words_for(f"tables.sheet.{table.stem}"))]
    return found[0] if len(found) == 1 else None


def kind_by_headers(headers: Iterable[str]) -> str | None:
    """The kind whose columns the headers fit best; None where several fit as well, or none."""
    names = [header for header in headers if header]
    scores = {kind: sum(key_of(table, one) not in (None, *OF_THE_ROW) for one in names) for kind, table in TABLES.items()}
    best = max(scores.values(), default=0)
    winners = [kind for kind, score in scores.items() if score == best]
    return winners[0] if best >= 2 and len(winners) == 1 else None


def names_records(uses: Sequence[Use | str | None]) -> bool:
    """Whether the columns tell which record a row is about."""
    return any(isinstance(use, Use) and use.language is None and use.column.key in ("id", "name", "title", "topic") for use in uses)
