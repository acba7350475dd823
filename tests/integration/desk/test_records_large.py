"""A large city, in five languages: its lists ask no more of the database than those of a small one. `newcomer bench desk` times them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from knowledge.editorial.duplicates import Entered, similar
from knowledge.editorial.listing import Listed, Wanted, listed
from knowledge.editorial.scope import Scope
from knowledge.editorial.sight import Sight, whole_city
from knowledge.store import tables as t
from knowledge.store.desk_tables import RecordRow, RevisionRow
from tests.integration.databases import Database, open_database
from tests.integration.statements import counted

FEW, MANY = 60, 600
PLACES = 50
TOWN = "grossstadt"
TODAY = date(2026, 11, 2)
LANGUAGES = ("en", "ar", "tr", "uk", "fr")
CHECK_DAYS = {"service": 180}


def _service(number: int) -> dict[str, Any]:
    kinds = ("Beratungsstelle", "Bürgerbüro", "Sprachkurs", "Kita", "Praxis")
    return {
        "id": f"s{number}",
        "organization": f"o{number % 200}",
        "topics": [("health.doctor", "schools.childcare", "work.search", "legal.advice")[number % 4]],
        "phones": [{"number": f"+49 30 23125 {number:04}"}],
        "at": [{"location": f"l{number % PLACES}", "hours": [{"days": ["monday", "friday"], "opens": "09:00", "closes": "12:00"}]}],
        "also": [f"Treff {number}"],
        "texts": {
            "name": f"{kinds[number % 5]} {chr(65 + number % 26)}{number} am Weg",
            "description": f"Hier bekommen Menschen Hilfe, wenn sie neu in der Stadt sind. Nummer {number}. " * 4,
            "eligibility": "Alle Menschen, die hier wohnen. Niemand fragt nach Papieren.",
            "application_process": "Kommen Sie ohne Termin und ziehen Sie am Eingang eine Nummer. " * 2,
            "fees": "Kostenlos.",
        },
    }


def _fill(session: Session, first: int, last: int) -> None:
    """The services with the numbers from `first` to `last`; with the first of them come the city, its organizations and places."""
    now = datetime(2026, 10, 1, tzinfo=UTC)
    documents: list[tuple[str, dict[str, Any]]] = [("service", _service(number)) for number in range(first, last)]
    if first == 0:
        session.execute(
            insert(t.MunicipalityRow).values(
                id=TOWN, source_language="de", country="DE", timezone="Europe/Berlin", version=1, changed_at=now, subdivision=None
            )
        )
        documents += _others()
    _write(session, documents, now)


def _others() -> list[tuple[str, dict[str, Any]]]:
    return [
        *(("organization", {"id": f"o{n}", "kind": "public", "texts": {"name": f"Träger {n}"}}) for n in range(200)),
        *(("location", _place(n)) for n in range(PLACES)),
    ]


def _place(number: int) -> dict[str, Any]:
    return {
        "id": f"l{number}",
        "district": f"d{number % 12}",
        "address": {"street": f"Straße der Arbeit {number}", "postal_code": "00001", "city": "Großstadt"},
        "texts": {"name": f"Haus {number}"},
    }


def _write(session: Session, documents: list[tuple[str, dict[str, Any]]], now: datetime) -> None:
    records, revisions, texts, translations = [], [], [], []
    for number, (kind, body) in enumerate(documents):
        key = f"{kind}:{TOWN}/{body['id']}"
        records.append(
            {
                "id": key, "municipality_id": TOWN, "kind": kind, "local_id": body["id"], "name": body["texts"]["name"],
                "state": "published", "newest": 1, "published": 1, "changed_at": now + timedelta(seconds=number), "changed_by": "import",
                "checked_on": TODAY - timedelta(days=number * 7 % 400), "responsible_id": None, "organization_id": None,
            }
        )  # fmt: skip
        revisions.append({"record_id": key, "number": 1, "body": body, "minor": False, "author": "import", "at": now})
        for field, words in body["texts"].items():
            texts.append(
                {
                    "municipality_id": TOWN, "record": key, "field": field, "number": 1, "language": "de", "body": words, "minor": False,
                    "created_at": now,
                }
            )  # fmt: skip
            if kind == "service":
                translations += [
                    {
                        "municipality_id": TOWN, "record": key, "field": field, "of_number": 1, "language": code, "body": words,
                        "machine": True, "reviewed_by": None, "created_at": now,
                    }
                    for place, code in enumerate(LANGUAGES)
                    if (number + place) % 9
                ]  # fmt: skip
    for table, rows in (
        (RecordRow, records),
        (RevisionRow, revisions),
        (t.TextRevisionRow, texts),
        (t.TextTranslationRow, translations),
    ):
        for start in range(0, len(rows), 5000):
            session.execute(insert(table), rows[start : start + 5000])


Look = Callable[[Session], object]


def asked(database: Database, looks: dict[str, Look]) -> dict[str, int]:
    """Statements for each of `looks`, by a process that has read the records before, and held them."""
    process, numbers = open_database(database.url), {}
    for sent_before in (True, False):
        for name, look in looks.items():
            with process.sessions() as session, counted(process) as sent:
                look(session)
            if not sent_before:
                numbers[name] = len(sent)
                assert not [one for one in sent if f"{RevisionRow.__tablename__}.body" in one.split()[1]], (
                    f"{name}: documents are read again"
                )
    process.engine.dispose()
    return numbers


def both_sizes(database: Database, looks: dict[str, Look]) -> tuple[dict[str, int], dict[str, int]]:
    """As `asked`, with `FEW` services and with `MANY`."""
    found = []
    for first, last in ((0, FEW), (FEW, MANY)):
        with database.sessions() as session, session.begin():
            _fill(session, first, last)
        found.append(asked(database, looks))
    return found[0], found[1]


@pytest.mark.parametrize("organizations", [None, frozenset({f"{TOWN}/o7"})], ids=["the whole city", "one organization"])
def test_every_view_of_a_large_list_takes_as_few_queries_as_of_a_small_one(
    database: Database, organizations: frozenset[str] | None
) -> None:
    def page(wanted: Wanted) -> Callable[[Session], Listed]:
        return lambda session: listed(
            Sight(session, Scope(TOWN, organizations)), "service", wanted, today=TODAY, check_days=CHECK_DAYS, languages=LANGUAGES
        )

    views = {
        "all": Wanted(),
        "last page": Wanted(page=MANY // 50),
        "search": Wanted(text="sprachkurs weg"),
        "address": Wanted(text="arbeit 17"),
        "topic and district": Wanted(topic="work.search", district="d3"),
        "due": Wanted(due=True, sort="checked"),
        "changed": Wanted(sort="changed"),
        "translations": Wanted(language="ar", gap="missing"),
        "nothing": Wanted(text="gibtesnicht"),
    }
    few, many = both_sizes(database, {name: page(wanted) for name, wanted in views.items()})
    assert many == few
    with database.sessions() as session:
        everything = page(Wanted())(session)
    assert (everything.found, everything.all, len(everything.rows), everything.pages) == (MANY, MANY, 50, MANY // 50)


def test_likenesses_are_found_by_as_few_queries_in_a_large_city(database: Database) -> None:
    entered = Entered("Sprachkurs A52 am Wege", locations=["l2"])
    names: list[str] = []

    def look(session: Session) -> None:
        names[:] = [one.name for one in similar(whole_city(session, TOWN), "service", entered)]

    few, many = both_sizes(database, {"alike": look})
    assert many == few
    assert "Sprachkurs A52 am Weg" in names
