"""The files of a run, and reading them with what the desk knows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path, PurePath
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from knowledge.editorial.imports.tables import table_context
from knowledge.exchange.formats import Found, Reading, read_files
from knowledge.store.desk_tables import ImportFileRow, ImportRunRow, RecordRow
from knowledge.store.tables import MunicipalityRow


@contextmanager
def unfolded(files: Sequence[tuple[str, bytes]]) -> Iterator[tuple[list[Path], Path]]:
    """(the files as files, an empty folder beside them), in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="newcomer-import-") as name:
        folder, scratch = Path(name) / "files", Path(name) / "scratch"
        folder.mkdir()
        scratch.mkdir()
        paths = []
        for number, (title, body) in enumerate(files):
            # A name from a browser may be a path, or one that another file has, too.
            plain = PurePath(title.replace("\\", "/")).name or f"file-{number}"
            path = folder / plain if not (folder / plain).exists() else folder / f"{number}-{plain}"
            path.write_bytes(body)
            paths.append(path)
        yield paths, scratch


def stored_files(session: Session, run: int) -> list[tuple[str, bytes]]:
    """(name, content) of the files of a run."""
    rows = session.execute(select(ImportFileRow.name, ImportFileRow.body).where(ImportFileRow.run_id == run).order_by(ImportFileRow.id))
    return [(row.name, row.body) for row in rows]


def reading_for(
    session: Session, municipality: str, scratch: Path, *, source_language: str = "", languages: Sequence[str] = (), machine: bool = True
) -> Reading:
    """How to read files that come into `municipality`."""
    town = session.get_one(MunicipalityRow, municipality)
    today = today_in(town.timezone)
    known: dict[str, list[str]] = {}
    for kind, local in session.execute(select(RecordRow.kind, RecordRow.local_id).where(RecordRow.municipality_id == municipality)):
        known.setdefault(kind, []).append(local)
    return Reading(
        scratch=scratch,
        today=today,
        source_language=source_language or town.source_language,
        country=town.country,
        municipality=municipality,
        known_ids=known,
        tables=table_context(session, municipality, today),
        languages=languages,
        machine=machine,
    )


def today_in(timezone: str) -> date:
    """The date on the calendars there."""
    return datetime.now(ZoneInfo(timezone)).date()


def read_run(sessions: sessionmaker[Session], run: ImportRunRow) -> Found:
    """The files of `run`, read.

    Raises InvalidRecord where nothing can be read at all.
    """
    with sessions() as session:
        files = stored_files(session, run.id)
    with unfolded(files) as (paths, scratch):
        with sessions() as session:
            how = reading_for(
                session,
                run.municipality_id,
                scratch,
                source_language=run.content.get("source_language", ""),
                machine=run.content.get("machine", True),
            )
        return read_files(run.format, paths, how)
