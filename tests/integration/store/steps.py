"""What the tests of the store do again and again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import func, select

from knowledge.domain.records import Knowledge
from knowledge.exchange.newcomer.importer import ImportReport, import_folder
from knowledge.exchange.newcomer.reader import CityFolder, read_folder
from knowledge.store.reader import read_knowledge
from knowledge.store.tables import Base
from tests.folders import Folder, write
from tests.integration.databases import Database


def bring_in(database: Database, folder: Path | CityFolder, content: Folder | None = None, *, replace: bool = False) -> ImportReport:
    """Write the folder (if its content is given), read it (if it has not been read), import it and commit."""
    city = folder if isinstance(folder, CityFolder) else read_folder(write(folder, content or {}))
    with database.sessions() as session:
        report = import_folder(session, city, replace=replace)
        session.commit()
    return report


def published(database: Database, municipality: str = "kleinstadt") -> Knowledge:
    """What the database has, without the version: it counts changes and is none itself."""
    with database.sessions() as session:
        return replace(read_knowledge(session, municipality), version=0)


def rows(database: Database, *, without: tuple[str, ...] = ()) -> dict[str, int]:
    """Number of rows of every table of ours, but of the log of versions, which every writing makes longer."""
    with database.sessions() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in (*without, "published_change")]
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
