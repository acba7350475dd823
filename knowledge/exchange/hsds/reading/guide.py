"""What only our own exports have: the municipality, articles, pages, and translations."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from knowledge.documents import models as m
from knowledge.documents.city import MunicipalityModel
from knowledge.domain import records as r
from knowledge.exchange.batch import TranslatedText
from knowledge.exchange.hsds.ids import text_hash
from knowledge.exchange.hsds.reading.account import Row
from knowledge.exchange.hsds.reading.hours import ScheduleReader
from knowledge.exchange.hsds.reading.people import present
from knowledge.exchange.hsds.reading.records import KIND_TABLES, Reading
from knowledge.exchange.hsds.reading.values import day, lines, number, split, whole

_KINDS = {table: kind for kind, table in KIND_TABLES.items()}
_TOWN = {"newcomer_municipality": "municipality", "newcomer_district": "district", "newcomer_helpline": "helpline"}


def district_ids(reading: Reading) -> dict[str, str]:
    """HSDS id -> local id of the districts; none for a file of another municipality, whose districts are not ours."""
    if reading.foreign:
        return {}
    return {row.id: row.values["local_id"] for row in reading.tables.all("newcomer_district") if row.get("local_id")}


def read_municipality(reading: Reading) -> MunicipalityModel | None:
    """The municipality with districts and helplines; None where the file has none, or that of another one."""
    rows = reading.tables.all("newcomer_municipality")
    others = [row for name in ("newcomer_district", "newcomer_helpline", "newcomer_helpline_schedule") for row in reading.tables.all(name)]
    if not rows or reading.foreign:
        for row in (*rows, *others):
            reading.account.skip_alike(row, "hsds.skipped.other_municipality")
        return None
    row = rows[0]
    values = present({name: row.get(name) for name in ("source_language", "country", "subdivision", "timezone", "website")}) | {
        "id": row.get("local_id") or "",
        "information_point": reading.ids["service"].get(row.get("information_point_id")),
        "texts": {"name": row.get("name") or ""},
        "districts": [_district(one) for one in reading.tables.all("newcomer_district")],
        "helplines": [_helpline(reading, one) for one in reading.tables.all("newcomer_helpline")],
    }
    try:
        found = MunicipalityModel.parse_obj(values)
    except ValidationError as error:
        reading.account.reject(row, "hsds.rejected.record", problem="; ".join(str(one["msg"]) for one in error.errors()))
        return None
    for one in (row, *others):
        if one.fate is None:
            reading.account.take(one)
    return found


def _district(row: Row) -> dict[str, Any]:
    return {
        "id": row.get("local_id") or "",
        "latitude": number(row.get("latitude")),
        "longitude": number(row.get("longitude")),
        "also": lines(row.get("alternate_names")),
        "texts": {"name": row.get("name") or ""},
    }


def _helpline(reading: Reading, row: Row) -> dict[str, Any]:
    schedules = ScheduleReader(reading.tables, reading.account, reading.today)
    rules = [rule for one in reading.tables.pointing("newcomer_helpline_schedule", "helpline_id", row.id) for rule in schedules.weekly(one)]
    return {
        "id": row.get("local_id") or "",
        "kinds": split(row.get("kinds")),
        "number": row.get("number") or "",
        "languages": split(row.get("languages")),
        "hours": rules,
        "texts": {"name": row.get("name") or ""},
    }


def read_articles(reading: Reading) -> list[m.ArticleModel]:
    """The answers; those of another municipality are not taken over, since they would replace ours on the same topics."""
    found = []
    for row in reading.tables.all("newcomer_article"):
        links = reading.tables.pointing("newcomer_article_service", "article_id", row.id)
        if reading.foreign:
            for one in (row, *links):
                reading.account.skip_alike(one, "hsds.skipped.other_municipality")
            continue
        values: dict[str, Any] = present({name: row.get(name) for name in ("topic", "audience", "checked_on")})
        values["source"] = present({name: row.get(f"source_{name}") for name in ("title", "url", "level")})
        values["services"] = _linked(reading, links)
        values["texts"] = _texts(row, r.ARTICLE_FIELDS)
        document = reading.checked("article", m.ArticleModel, row, values)
        if document is None:
            continue
        if reading.ids["article"].give(row.id, "", document.id, None) is None:
            reading.account.reject(row, "hsds.rejected.same_id", id=document.id)
            continue
        revision = whole(row.get("revision"))
        if revision is not None:
            reading.revisions["article", document.id] = revision
        reading.account.take(row)
        found.append(document)
    return found


def _linked(reading: Reading, links: list[Row]) -> list[str]:
    found = []
    for link in links:
        service = reading.ids["service"].get(link.get("service_id"))
        if service is None:
            reading.account.reject(link, "hsds.rejected.unknown_service", id=link.get("service_id") or "")
        else:
            reading.account.take(link)
            found.append(service)
    return found


def _texts(row: Row, fields: tuple[str, ...]) -> dict[str, Any]:
    return present({name: lines(row.get(name)) if name in r.LIST_FIELDS else row.get(name) for name in fields})


def read_pages(reading: Reading) -> list[m.PageModel]:
    """Pages of the guide."""
    found = []
    for row in reading.tables.all("newcomer_page"):
        local = reading.give_id("page", row, row.get("title"))
        if local is None:
            continue
        values: dict[str, Any] = present({name: row.get(name) for name in ("parent", "topic", "url")})
        values |= {"id": local, "order": whole(row.get("order")) or 0, "checked_on": day(row.get("checked_on"))}
        values["texts"] = _texts(row, r.PAGE_FIELDS)
        document = reading.checked("page", m.PageModel, row, values)
        if document is not None:
            reading.account.take(row)
            found.append(document)
    return found


def read_translations(
    reading: Reading, documents: dict[str, list[m.Document]], town: MunicipalityModel | None
) -> tuple[list[TranslatedText], list[TranslatedText]]:
    """Translations of the documents, and those of the municipality, its districts and helplines.

    One whose source text has changed since is told and left out: here it would pass for a translation of the new text.
    """
    texts = {(kind, one.id): one.texts for kind, found in documents.items() for one in found}
    of_town = {("municipality", town.id): town.texts} if town else {}
    if town:
        of_town |= {("district", one.id): one.texts for one in town.districts}
        of_town |= {("helpline", one.id): one.texts for one in town.helplines}
    found: list[TranslatedText] = []
    found_of_town: list[TranslatedText] = []
    for row in reading.tables.all("newcomer_translation"):
        kind, local = _record(reading, row)
        own = texts.get((kind, local)) or of_town.get((kind, local))
        translation = _translation(reading, row, kind, local, own)
        if translation is not None:
            (found_of_town if kind in _TOWN.values() else found).append(translation)
    return found, found_of_town


def _record(reading: Reading, row: Row) -> tuple[str, str]:
    table, id = row.get("resource_type") or "", row.get("resource_id")
    if table in _TOWN:
        target = reading.tables.one(table, id)
        return _TOWN[table], (target.get("local_id") or "") if target else ""
    kind = _KINDS.get(table, "")
    return kind, (reading.ids[kind].get(id) or "") if kind else ""


def _translation(reading: Reading, row: Row, kind: str, local: str, texts: dict[str, Any] | None) -> TranslatedText | None:
    name, language, body, state = (row.get(column) or "" for column in ("field", "language", "body", "state"))
    if texts is None:
        reading.account.skip_alike(row, "hsds.skipped.orphan")
        return None
    source = texts.get(name)
    if source is None:
        reading.account.reject(row, "hsds.rejected.no_such_text", field=name, record=local)
        return None
    whole_text = "\n".join(source) if isinstance(source, list) else source
    changed = row.get("source_hash") is not None and row.get("source_hash") != text_hash(whole_text)
    if state == "outdated" or changed:
        reading.account.skip_alike(row, "hsds.skipped.outdated")
        return None
    if not body or not language or len(language) > 16 or state not in ("reviewed", "machine"):
        reading.account.reject(row, "hsds.rejected.translation", language=language, state=state)
        return None
    reading.account.take(row)
    return TranslatedText(kind, local, name, language, body, machine=state == "machine")
