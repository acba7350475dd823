"""Write the knowledge of a municipality as HSDS 3.0: a folder of JSON files, or a tabular data package."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from knowledge.domain import records as r
from knowledge.exchange.hsds.export.municipality import write_guide, write_municipality, write_taxonomies
from knowledge.exchange.hsds.export.nested import LISTINGS, PACKAGES, Nest
from knowledge.exchange.hsds.export.organizations import write_contact, write_location, write_organization
from knowledge.exchange.hsds.export.rows import Revisions, Sheet
from knowledge.exchange.hsds.export.services import write_service
from knowledge.exchange.hsds.tables import PROFILE_FOLDER, PROFILE_URI, Rows, descriptor, tables

OPENAPI = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/openapi.json"


def export_rows(
    knowledge: r.Knowledge,
    *,
    include_confidential: bool = False,
    revisions: Revisions | None = None,
    today: date | None = None,
) -> Rows:
    """Rows of all tables of HSDS and of our profile.

    `include_confidential` writes the addresses of confidential places: only for moving an installation. `revisions` has numbers of
    records' revisions by (kind, local id), so that an import can tell whether its target is newer. `today` (by default today in the
    municipality) decides whether a service is temporarily closed.
    """
    day = today or _today(knowledge)
    sheet = Sheet(knowledge, day, include_confidential, revisions or {})
    write_municipality(sheet)
    write_taxonomies(sheet)
    for organization in knowledge.organizations.values():
        write_organization(sheet, organization)
    for location in knowledge.locations.values():
        write_location(sheet, location)
    for contact in knowledge.contacts.values():
        write_contact(sheet, contact)
    for service in knowledge.services.values():
        write_service(sheet, service)
    write_guide(sheet)
    for table in [table for table in tables().values() if not table.ours and sheet.rows[table.name]]:
        id = sheet.uuid("meta_table_description", table.name)
        language = "en" if table.name.startswith("taxonomy") else knowledge.municipality.source_language
        sheet.add("meta_table_description", id, name=table.name, language=language, character_set="UTF-8")
    return sheet.rows


def _today(knowledge: r.Knowledge) -> date:
    return datetime.now(knowledge.municipality.zone).date()


def export_json(
    knowledge: r.Knowledge,
    folder: Path,
    *,
    include_confidential: bool = False,
    revisions: Revisions | None = None,
    today: date | None = None,
) -> None:
    """Write the folder: one file for each of HSDS's compiled schemas (see docs/hsds-profile.md), and the profile's own schemas.

    Files that are there are overwritten. Raises OSError where the folder cannot be written.
    """
    rows = export_rows(knowledge, include_confidential=include_confidential, revisions=revisions, today=today)
    folder.mkdir(parents=True, exist_ok=True)
    _dump(folder / "base.json", {"version": "3.0", "profile": PROFILE_URI, "openapi_url": OPENAPI})
    _write_chunks(folder / "tabular.json", _tabular(rows))
    nest = Nest(rows)
    for name, objects in PACKAGES.items():
        _write_chunks(folder / f"{name}.json", _array(objects(nest)))
    for name, objects in LISTINGS.items():
        _write_chunks(folder / f"{name}.json", _page(objects(nest)))
    _copy_profile(folder)


def export_datapackage(
    knowledge: r.Knowledge,
    folder: Path,
    *,
    include_confidential: bool = False,
    revisions: Revisions | None = None,
    today: date | None = None,
) -> None:
    """Write the folder: ``datapackage.json``, a CSV file for every table of HSDS (those without rows have their header), and ours.

    HSDS's own files have HSDS's columns and no others, so that they fit its own descriptor as well. Files that are there are
    overwritten. Raises OSError where the folder cannot be written.
    """
    rows = export_rows(knowledge, include_confidential=include_confidential, revisions=revisions, today=today)
    folder.mkdir(parents=True, exist_ok=True)
    for table in tables().values():
        with (folder / table.path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(table.columns))
            writer.writeheader()
            writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows[table.name])
    town = knowledge.municipality
    title = f"{town.texts['name'].body}: Human Services Data Specification 3.0" if "name" in town.texts else town.id
    _dump(folder / "datapackage.json", descriptor(f"{town.id}-human-services", title, tables().values()))
    _copy_profile(folder)


def _cell(value: Any) -> Any:
    return ("true" if value else "false") if isinstance(value, bool) else value


def _copy_profile(folder: Path) -> None:
    target = folder / "profile"
    target.mkdir(exist_ok=True)
    for path in sorted(PROFILE_FOLDER.glob("*.json")):
        shutil.copyfile(path, target / path.name)


def _dump(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _write_chunks(path: Path, chunks: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(chunks)


def _array(objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    """One object a line, so that large files can be looked at and compared."""
    yield "["
    for number, one in enumerate(objects):
        yield ("\n" if number == 0 else ",\n") + json.dumps(one, ensure_ascii=False)
    yield "\n]"


def _page(objects: Iterator[dict[str, Any]]) -> Iterator[str]:
    """A page of HSDS's API that has everything."""
    entries = [json.dumps(one, ensure_ascii=False) for one in objects]
    head = {"total_items": len(entries), "total_pages": 1, "page_number": 1, "size": len(entries), "first_page": True, "last_page": True}
    yield json.dumps(head | {"empty": not entries})[:-1] + ', "contents": ['
    yield ",".join(f"\n{entry}" for entry in entries)
    yield "\n]}\n"


def _tabular(rows: Rows) -> Iterator[str]:
    yield "{"
    for number, (table, found) in enumerate((table, found) for table, found in rows.items() if found):
        yield f'{"," if number else ""}\n"{table}": '
        yield from _array(found)
    yield "\n}\n"
