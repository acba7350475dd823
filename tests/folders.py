"""Folders in our own file format for tests: a small town as plain data, changed at will, then written as YAML."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

Folder = dict[str, Any]


def small_town(id: str = "kleinstadt") -> Folder:
    """File name -> content: a town with one district, two services, two articles and an English translation."""
    return {
        "municipality.yml": {
            "id": id,
            "source_language": "de",
            "country": "DE",
            "subdivision": "BY",
            "timezone": "Europe/Berlin",
            "information_point": "office",
            "texts": {"name": "Kleinstadt"},
            "districts": [{"id": "mitte", "latitude": 49.8, "longitude": 9.95, "also": ["Zentrum"], "texts": {"name": "Mitte"}}],
            "helplines": [a_helpline("line"), a_helpline("day-line", hours=[{"days": ["monday"], "opens": "09:00", "closes": "17:00"}])],
        },
        "organizations.yml": [{"id": "stadt", "kind": "public", "texts": {"name": "Stadt", "description": "Das Rathaus."}}],
        "locations.yml": [a_location("rathaus")],
        "services.yml": [
            a_service("office"),
            a_service("school", topics=["schools.enrol"], texts={"name": "Schulamt", "fees": "Kostenlos."}),
        ],
        "articles/registration.yml": [an_article("registration.address", services=["office"])],
        "articles/schools.yml": [an_article("schools.enrol", services=["school", "office"])],
        "translations/en/services.yml": a_translation(office={"name": "Citizens' office", "required_documents": ["Passport"]}),
        "translations/en/articles.yml": a_translation(
            **{"registration.address": {"title": "Register", "answer": "Register your address."}}
        ),
    }


def a_helpline(id: str, **changes: Any) -> dict[str, Any]:
    """A number for people in danger at home."""
    return {
        "id": id,
        "kinds": ["safety.violence"],
        "number": "+49 30 23125 001",
        "languages": ["de"],
        "texts": {"name": "Telefon"},
    } | changes


def a_location(id: str, **changes: Any) -> dict[str, Any]:
    """A house in the middle of town."""
    return {
        "id": id,
        "district": "mitte",
        "address": {"street": "Platz 1", "postal_code": "00001", "city": "Kleinstadt"},
        "latitude": 49.8,
        "longitude": 9.95,
        "accessibility": ["step_free", "lift"],
        "texts": {"name": "Rathaus", "directions": "Am Platz."},
    } | changes


def a_service(id: str, **changes: Any) -> dict[str, Any]:
    """An office with everything that a service can have."""
    return {
        "id": id,
        "organization": "stadt",
        "topics": ["registration.address", "registration.certificate"],
        "phones": [{"number": "+49 30 23125 100"}, {"number": "+49 30 23125 101", "kind": "fax"}],
        "languages": [{"language": "de"}, {"language": "ar", "mode": "interpreter", "days": ["tuesday"]}],
        "appointment": "possible",
        "cost": {"free": False, "amount": 12.5, "currency": "EUR"},
        "capacity": {"state": "waiting_list", "wait_days": 14, "as_of": "2026-11-02"},
        "checked_on": "2026-11-02",
        "at": [
            {
                "location": "rathaus",
                "hours": [{"days": ["monday", "friday"], "opens": "08:00", "closes": "12:00", "valid_from": "2026-05-01"}],
                "exceptions": [{"date": "2026-12-24", "closed": True}, {"date": "2026-12-31", "opens": "08:00", "closes": "10:00"}],
            }
        ],
        "texts": {"name": "Bürgerbüro", "also": ["Meldeamt"], "required_documents": ["Pass", "Mietvertrag"], "fees": "12,50 Euro."},
    } | changes


def an_article(topic: str, **changes: Any) -> dict[str, Any]:
    """A short answer with two steps."""
    return {
        "topic": topic,
        "source": {"title": "Gesetz", "url": "https://www.kleinstadt.example/gesetz", "level": "country"},
        "checked_on": "2026-11-02",
        "texts": {"title": "Anmelden", "answer": "Melden Sie sich an.", "steps": ["Termin machen", "Hingehen"]},
    } | changes


def a_translation(*, machine: bool = True, reviewed_by: str | None = None, **texts: dict[str, Any]) -> dict[str, Any]:
    """A translation file."""
    return {"machine": machine, "reviewed_by": reviewed_by, "texts": texts}


def write(folder: Path, content: Folder) -> Path:
    """Write the folder; a content that is text or bytes is written as it is, None is left out."""
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, bytes):
            path.write_bytes(data)
        elif data is not None:
            path.write_text(data if isinstance(data, str) else yaml.safe_dump(deepcopy(data), allow_unicode=True), encoding="utf-8")
    return folder
