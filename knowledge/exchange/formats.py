"""The registry of formats: one line each. What a format can do is here; what is done with it, at the desk and on the command line."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from knowledge.documents.city import MunicipalityModel
from knowledge.domain.errors import InvalidRecord
from knowledge.domain.records import Knowledge
from knowledge.exchange.batch import Batch, TranslatedText
from knowledge.exchange.hsds import export_datapackage, export_json, read_hsds
from knowledge.exchange.integreat.importer import IntegreatImport, read_export
from knowledge.exchange.kinds import only, with_needs
from knowledge.exchange.newcomer.as_batch import as_batch
from knowledge.exchange.newcomer.exporter import export_folder
from knowledge.exchange.newcomer.reader import read_folder
from knowledge.exchange.tables.columns import TABLES
from knowledge.exchange.tables.csv_writer import export_csv
from knowledge.exchange.tables.reading import read_tables
from knowledge.exchange.tables.values import Context
from knowledge.exchange.tables.xlsx_writer import export_xlsx
from knowledge.exchange.unpack import folder_with, unpacked
from knowledge.exchange.withheld import settle_withheld, withhold


@dataclass(frozen=True)
class Reading:
    """What reading depends on beside the files.

    `municipality` imports them (None: whatever the file says); `known_ids` are local ids by kind that it has. `source_language` is the one
    in which it writes. `languages` are those of the files, in their order, where the caller knows them; `machine` says of an Integreat
    export whether its translations were made by a machine. `scratch` is an empty folder that the caller deletes.
    """

    scratch: Path
    today: date
    source_language: str = "en"
    country: str | None = None
    municipality: str | None = None
    known_ids: Mapping[str, Iterable[str]] = field(default_factory=dict)
    tables: Context | None = None
    languages: Sequence[str] = ()
    machine: bool = True


@dataclass
class Found:
    """What was read. `source` names where it came from, always in the same way (see `knowledge.editorial.imports.plan`).

    `municipality` is there where the file tells of the municipality itself; `pages` where it is an export of Integreat.
    """

    batch: Batch
    source: str
    municipality: MunicipalityModel | None = None
    municipality_translations: list[TranslatedText] = field(default_factory=list)
    pages: IntegreatImport | None = None


@dataclass(frozen=True)
class Writing:
    """How to write. `private` has the addresses of confidential places, too; `language` is that of explanations."""

    kinds: frozenset[str]
    private: bool = False
    revisions: Mapping[tuple[str, str], int] = field(default_factory=dict)
    language: str | None = None
    today: date | None = None


Reader = Callable[[Sequence[Path], Reading], Found]
Writer = Callable[[Knowledge, Path, Writing], None]


@dataclass(frozen=True)
class Format:
    """One format. `whole` ones are written with everything that the chosen records need; `file` is the suffix of one that is a single file
    (the others are folders)."""

    code: str
    read: Reader | None = None
    write: Writer | None = None
    whole: bool = False
    file: str = ""

    def export(self, knowledge: Knowledge, target: Path, how: Writing) -> Knowledge:
        """Write the chosen part of `knowledge` to `target`, a folder or a file; returns what was written.

        Raises OSError where it cannot be written.
        """
        assert self.write is not None
        part = only(knowledge, with_needs(how.kinds) if self.whole else how.kinds)
        self.write(part, target, how)
        return part


def _one_path(paths: Sequence[Path], scratch: Path) -> Path:
    """The one path, or a folder with all of them."""
    if len(paths) == 1:
        return paths[0]
    folder = scratch / "together"
    folder.mkdir()
    for number, path in enumerate(paths):
        target = folder / path.name
        shutil.copyfile(path, target if not target.exists() else folder / f"{number}-{path.name}")
    return folder


def _read_newcomer(paths: Sequence[Path], how: Reading) -> Found:
    city = read_folder(folder_with("municipality.yml", unpacked(paths, how.scratch / "unpacked")))
    batch = as_batch(city)
    settle_withheld(batch, how.municipality or city.municipality.id, how.known_ids.get("location", ()))
    return Found(batch, "newcomer", city.municipality)


def _read_hsds(paths: Sequence[Path], how: Reading) -> Found:
    path = _one_path(paths, how.scratch)
    found = read_hsds(path, today=how.today, country=how.country, into=how.municipality, known_ids=how.known_ids)
    if how.municipality:
        settle_withheld(found, how.municipality, how.known_ids.get("location", ()), found.withheld)
    return Found(found, "hsds", found.municipality, found.municipality_translations)


def _read_tables(paths: Sequence[Path], how: Reading) -> Found:
    batch = read_tables(_one_path(paths, how.scratch), how.tables)
    if how.municipality:
        settle_withheld(batch, how.municipality, how.known_ids.get("location", ()))
    # A workbook and the CSV files that somebody has made of it say the same.
    return Found(batch, "tables")


def _read_integreat(paths: Sequence[Path], how: Reading) -> Found:
    if how.languages:
        if len(how.languages) != len(paths):
            raise InvalidRecord("exchange.languages_count", files=len(paths), languages=len(how.languages))
        found = read_export(dict(zip(how.languages, paths, strict=True)), how.source_language, machine=how.machine)
    else:
        folder = unpacked(paths, how.scratch / "unpacked")
        found = read_export(folder_with("*.json", folder), how.source_language, machine=how.machine)
    if not how.machine:
        # Somebody has said so: then it is said of words that were marked as a machine's before, too.
        found.batch.translations = [replace(one, stated=True) for one in found.batch.translations]
    region = next((one.path.strip("/").partition("/")[0] for one in found.outcomes if one.path.startswith("/")), "")
    return Found(found.batch, f"integreat:{region}", pages=found)


def _write_newcomer(knowledge: Knowledge, target: Path, how: Writing) -> None:
    export_folder(knowledge if how.private else withhold(knowledge), target)


def _write_hsds(knowledge: Knowledge, target: Path, how: Writing) -> None:
    export_json(knowledge, target, include_confidential=how.private, revisions=how.revisions, today=how.today)


def _write_datapackage(knowledge: Knowledge, target: Path, how: Writing) -> None:
    export_datapackage(knowledge, target, include_confidential=how.private, revisions=how.revisions, today=how.today)


def _write_csv(knowledge: Knowledge, target: Path, how: Writing) -> None:
    written = export_csv(knowledge if how.private else withhold(knowledge), target, how.revisions)
    unwanted = {f"{TABLES[kind].stem}.csv" for kind in TABLES if kind not in how.kinds}
    for path in written:
        if path.name in unwanted:
            path.unlink()


def _write_xlsx(knowledge: Knowledge, target: Path, how: Writing) -> None:
    export_xlsx(knowledge if how.private else withhold(knowledge), target, how.revisions, reader=how.language)


FORMATS: dict[str, Format] = {
    one.code: one
    for one in (
        Format("xlsx", _read_tables, _write_xlsx, file=".xlsx"),
        Format("csv", _read_tables, _write_csv),
        Format("hsds", _read_hsds, _write_hsds, whole=True),
        Format("hsds-csv", None, _write_datapackage, whole=True),
        Format("newcomer", _read_newcomer, _write_newcomer, whole=True),
        Format("integreat", _read_integreat),
    )
}
READABLE = tuple(code for code, one in FORMATS.items() if one.read)
WRITABLE = tuple(code for code, one in FORMATS.items() if one.write)


def read_files(code: str, paths: Sequence[Path], how: Reading) -> Found:
    """Read files in the format `code`.

    Raises InvalidRecord (or a subclass, whose key is in the catalogues) where nothing can be read at all.
    """
    read = FORMATS[code].read
    assert read is not None
    found = read(paths, how)
    found.batch.format = code
    return found
