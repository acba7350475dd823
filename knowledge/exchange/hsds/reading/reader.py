"""Read HSDS, ours or anybody's, as a batch of documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from knowledge.documents.city import MunicipalityModel
from knowledge.exchange.batch import Batch, MissingFile, TranslatedText
from knowledge.exchange.hsds.missing import NEEDS, is_ours, missing_files
from knowledge.exchange.hsds.reading.account import Account, Counts, Fate, Row, counts
from knowledge.exchange.hsds.reading.csv_files import DESCRIPTOR, package_folder, read_csv_files
from knowledge.exchange.hsds.reading.guide import district_ids, read_articles, read_municipality, read_pages, read_translations
from knowledge.exchange.hsds.reading.json_files import read_json_files
from knowledge.exchange.hsds.reading.people import read_contacts, read_locations, read_organizations
from knowledge.exchange.hsds.reading.records import Reading
from knowledge.exchange.hsds.reading.services import read_services
from knowledge.exchange.hsds.reading.source import Source
from knowledge.exchange.hsds.reading.tables_read import TablesRead
from knowledge.exchange.hsds.tables import tables as all_tables
from knowledge.exchange.hsds.vocabulary import AUDIENCES_TAXONOMY, TOPICS_TAXONOMY

# Tables of HSDS that have nothing we could keep.
_NO_PLACE = ("program", "funding", "service_area", "organization_identifier", "metadata", "meta_table_description")


@dataclass
class HsdsImport(Batch):
    """A batch out of HSDS, and what a batch has no place for.

    `municipality` and its translations are there in our own exports only. `withheld` are locations (local ids) whose address the file
    keeps silent about: a location that is known already must keep its own. `without_topic` are services that an editor has to give a
    topic. `counts` tells for every table what became of its rows.
    """

    municipality: MunicipalityModel | None = None
    municipality_translations: list[TranslatedText] = field(default_factory=list)
    withheld: set[str] = field(default_factory=set)
    without_topic: list[str] = field(default_factory=list)
    counts: dict[str, Counts] = field(default_factory=dict)


def read_json(
    path: Path,
    *,
    today: date | None = None,
    country: str | None = None,
    into: str | None = None,
    known_ids: Mapping[str, Iterable[str]] | None = None,
) -> HsdsImport:
    """Read a JSON file of HSDS 3.0, or a folder (or ZIP file) of them.

    `today` decides which hours and prices are over. `country` (ISO 3166-1) is how numbers without an international prefix are read; by
    default the country of the addresses, if all are in one. `into` is the municipality that imports: records of another one's export get
    ids of their own instead of that one's. `known_ids` are local ids by kind that the importing city has; a record keeps its id by them
    even when its name has changed.

    What is wrong is told in `rejected` and the rest is kept. Raises InvalidRecord where there is no such file, or it is too large.
    """
    source = Source(path)
    account = Account()
    try:
        tables = read_json_files(source, account)
    finally:
        source.close()
    return _batch(tables, account, today, country, into, known_ids)


def read_datapackage(
    path: Path,
    *,
    today: date | None = None,
    country: str | None = None,
    into: str | None = None,
    known_ids: Mapping[str, Iterable[str]] | None = None,
) -> HsdsImport:
    """Read a tabular data package of HSDS 3.0: its folder, its ``datapackage.json``, or a ZIP file.

    As `read_json` otherwise. The usual names of files are understood without a descriptor too.
    """
    source = Source(path.parent if path.name == DESCRIPTOR else path)
    account = Account()
    try:
        tables = read_csv_files(source, account, only=package_folder(source))
    finally:
        source.close()
    return _batch(tables, account, today, country, into, known_ids)


def read_hsds(
    path: Path,
    *,
    today: date | None = None,
    country: str | None = None,
    into: str | None = None,
    known_ids: Mapping[str, Iterable[str]] | None = None,
) -> HsdsImport:
    """As `read_datapackage` where there are CSV files, else as `read_json`: for people who only have "an HSDS file"."""
    source = Source(path.parent if path.name == DESCRIPTOR else path)
    names = [name.lower() for name in source.names()]
    source.close()
    read = read_datapackage if any(name.endswith(".csv") for name in names) else read_json
    return read(path, today=today, country=country, into=into, known_ids=known_ids)


def _batch(
    tables: TablesRead,
    account: Account,
    today: date | None,
    country: str | None,
    into: str | None,
    known_ids: Mapping[str, Iterable[str]] | None,
) -> HsdsImport:
    if not len(tables) and not account.rejected and not account.skipped:
        account.file_wrong("", "hsds.rejected.no_files")
    reading = Reading(tables, account, today or date.today(), country or _country(tables), into, known_ids or {})
    found = HsdsImport("hsds")
    found.missing = _missing(tables, account)
    found.add("organization", read_organizations(reading))
    found.add("location", read_locations(reading, district_ids(reading)))
    found.add("contact", read_contacts(reading))
    found.add("service", read_services(reading))
    found.municipality = read_municipality(reading)
    found.add("article", read_articles(reading))
    found.add("page", read_pages(reading))
    found.translations, found.municipality_translations = read_translations(reading, found.documents, found.municipality)
    _taxonomies(reading)
    _account_for_the_rest(reading)
    account.close()
    found.rejected, found.skipped, found.notices = account.rejected, account.skipped, account.notices
    found.revisions = reading.revisions
    found.withheld, found.without_topic = reading.withheld, reading.without_topic
    found.counts = counts(tables)
    return found


def _missing(tables: TablesRead, account: Account) -> list[MissingFile]:
    """The usual files that are missing. Rows that cannot be understood without one of them are set aside."""
    if not tables.present:
        return []
    found = missing_files(tables.present)
    for name, needed in NEEDS.items() if is_ours(tables.present) else ():
        if needed not in tables.present:
            rows = tables.set_aside(name)
            for row in rows:
                account.skip_alike(row, "hsds.skipped.without_profile")
            file = all_tables()[needed].path
            found = [replace(one, rows=len(rows)) if one.file == file else one for one in found]
    return found


def _country(tables: TablesRead) -> str | None:
    """The country of the addresses, if all are in one."""
    said = Counter((row.get("country") or "").strip().upper() for row in tables.all("address"))
    (country,) = said if len(said) == 1 else ("",)
    return country if len(country) == 2 else None


def _taxonomies(reading: Reading) -> None:
    """Ours are known; a term of others is imported if it became a topic somewhere, and is told by name if not."""
    used = {row.get("taxonomy_term_id") for row in reading.tables.all("attribute") if row.fate is Fate.IMPORTED}
    for row in reading.tables.all("taxonomy_term"):
        if row.id in used or row.get("taxonomy") in (TOPICS_TAXONOMY, AUDIENCES_TAXONOMY):
            reading.account.take(row)
        else:
            reading.account.skip(row, "hsds.skipped.term", number=reading.unmatched[row.id])
    for row in reading.tables.all("taxonomy"):
        if row.get("name") in (TOPICS_TAXONOMY, AUDIENCES_TAXONOMY):
            reading.account.take(row)
        else:
            reading.account.skip(row, "hsds.skipped.taxonomy")


def _account_for_the_rest(reading: Reading) -> None:
    """Rows that no record has used."""
    for row in reading.tables.all("meta_table_description") if reading.municipality else ():
        reading.account.take(row)
    for row in reading.tables:
        if row.fate is None:
            reading.account.skip_alike(row, _reason(row))


def _reason(row: Row) -> str:
    return "hsds.skipped.no_place" if row.table in _NO_PLACE else "hsds.skipped.orphan"
