"""What is published, held in memory: never silent, never long behind, and never what has been taken out."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from knowledge.domain.errors import KnowledgeUnavailable
from knowledge.store import library as module
from knowledge.store.library import Library
from knowledge.store.writer import remove_municipality
from tests.folders import Folder, a_service, small_town
from tests.integration.databases import Database
from tests.integration.store.steps import bring_in

# After this the library will not hear of it any more, however busy the machine is.
WAIT_SECONDS = 30


def renamed(name: str, id: str = "kleinstadt") -> Folder:
    """A town whose office has another name."""
    return small_town(id) | {
        "services.yml": [a_service("office", texts={"name": name}), a_service("school")],
        "translations/en/services.yml": None,
    }


def office(library: Library, municipality: str | None = None) -> str:
    return library.knowledge(municipality).services["office"].texts["name"].body


def remove(database: Database, municipality: str) -> None:
    with database.sessions() as session:
        remove_municipality(session, municipality)
        session.commit()


class Line:
    """The way to the database, which can be cut; behind it is a real one that cannot be reached."""

    def __init__(self, database: Database) -> None:
        nowhere = "sqlite:////nowhere/at/all.db" if database.is_sqlite else "postgresql+psycopg://postgres@/x?host=/nowhere"
        self._unreachable = sessionmaker(create_engine(nowhere))
        self._database = database
        self.cut = False

    def __call__(self) -> Session:
        return self._unreachable() if self.cut else self._database.sessions()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library looks at the version each time it is asked."""
    monkeypatch.setattr(module, "CHECK_SECONDS", 0.0)


def test_a_new_version_is_there_within_two_seconds(database: Database, tmp_path: Path) -> None:
    bring_in(database, tmp_path, small_town())
    library = Library(database.sessions)
    assert office(library) == "Bürgerbüro"
    bring_in(database, tmp_path, renamed("Neues Büro"))
    assert module.CHECK_SECONDS < 2
    until = time.monotonic() + WAIT_SECONDS
    while office(library) != "Neues Büro":
        assert time.monotonic() < until, "it was never read"
        time.sleep(0.05)


def test_two_who_ask_first_at_one_moment_are_both_answered(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bring_in(database, tmp_path, small_town())
    library, looks = Library(database.sessions), count(1)
    with ThreadPoolExecutor(1) as beside:
        others: list[Future[str]] = []

        def clock() -> float:
            # The second look at the clock: read, and about to be held for everybody. Right now somebody else asks.
            if next(looks) == 2:
                others.append(beside.submit(office, library))
                wait(others, timeout=0.5)
            return time.monotonic()

        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=clock))
        assert office(library) == "Bürgerbüro"
        assert [one.result(WAIT_SECONDS) for one in others] == ["Bürgerbüro"]


@pytest.mark.usefixtures("at_once")
class TestWhenTheDatabaseGoesAway:
    def test_the_last_version_goes_on_answering_and_the_next_is_found_later(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        line = Line(database)
        library = Library(line)
        held = library.knowledge()
        line.cut = True
        assert library.knowledge() is held
        bring_in(database, tmp_path, renamed("Neues Büro"))
        assert office(library) == "Bürgerbüro"
        line.cut = False
        assert office(library) == "Neues Büro"

    def test_what_was_never_read_is_unavailable_and_another_try_may_help(self, database: Database, tmp_path: Path) -> None:
        line = Line(database)
        line.cut = True
        for library in (Library(line), Library(line, "kleinstadt")):
            with pytest.raises(KnowledgeUnavailable) as caught:
                library.knowledge()
            assert not caught.value.permanent
        bring_in(database, tmp_path, small_town())
        line.cut = False
        assert office(Library(line)) == "Bürgerbüro"


@pytest.mark.usefixtures("at_once")
class TestWhoAnswers:
    def test_the_first_municipality_where_none_is_named(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path / "b", renamed("B", "bdorf"))
        bring_in(database, tmp_path / "a", renamed("A", "adorf"))
        library = Library(database.sessions)
        assert (office(library), office(library, "bdorf"), office(Library(database.sessions, "bdorf"))) == ("A", "B", "B")

    def test_an_empty_knowledge_base_and_an_unknown_name_say_so(self, database: Database, tmp_path: Path) -> None:
        with pytest.raises(KnowledgeUnavailable, match=r"knowledge\.empty"):
            Library(database.sessions).knowledge()
        bring_in(database, tmp_path, small_town())
        with pytest.raises(KnowledgeUnavailable, match=r"knowledge\.no_municipality"):
            Library(database.sessions).knowledge("gone")

    def test_after_one_is_removed_and_another_imported_the_new_one_answers(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path / "a", renamed("Alt", "demostadt"))
        library = Library(database.sessions)
        assert office(library) == "Alt"
        remove(database, "demostadt")
        bring_in(database, tmp_path / "b", renamed("Neu", "unsere-stadt"))
        assert (office(library), library.default_municipality()) == ("Neu", "unsere-stadt")

    def test_after_the_last_one_is_removed_nothing_of_it_is_told(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        library = Library(database.sessions)
        library.knowledge()
        remove(database, "kleinstadt")
        with pytest.raises(KnowledgeUnavailable):
            library.knowledge()
        with pytest.raises(KnowledgeUnavailable):
            library.knowledge("kleinstadt")

    def test_a_municipality_that_was_configured_is_not_exchanged_for_another(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path / "a", small_town("adorf"))
        bring_in(database, tmp_path / "b", small_town("bdorf"))
        library = Library(database.sessions, "adorf")
        library.knowledge()
        remove(database, "adorf")
        with pytest.raises(KnowledgeUnavailable, match="adorf"):
            library.knowledge()

    def test_one_that_is_removed_and_imported_again_is_read_again(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path / "a", small_town())
        library = Library(database.sessions)
        assert office(library) == "Bürgerbüro"
        remove(database, "kleinstadt")
        bring_in(database, tmp_path / "b", renamed("Neues Büro"))
        assert office(library) == "Neues Büro"
