"""A city with many services at the desk, written straight into the tables: what is looked at is reading them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert

from knowledge.editorial.records import State
from knowledge.store.desk_tables import LinkCheckRow, RecordRow, RevisionRow, SuggestionRow, UnansweredRow
from knowledge.store.tables import TextRevisionRow, TextTranslationRow
from tests.integration.editorial.steps import TOWN, Town

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LANGUAGES = ("en", "fr", "uk", "ar", "tr")
FIELDS = ("name", "description", "eligibility", "fees", "application_process")


def grow(town: Town, services: int, user_id: int | None = None, *, first: int = 0) -> None:
    """Add the services with the numbers from `first` on, with five texts in six languages; one in twenty has a gap, one in ten a draft."""
    records, revisions, texts, translations = [], [], [], []
    for number in range(first, services):
        local = f"service-{number:05}"
        key = f"service:{TOWN}/{local}"
        draft = number % 10 == 0
        state = State.REVIEW if number % 40 == 0 else State.DRAFT if draft else State.PUBLISHED
        records.append(
            {
                "id": key, "municipality_id": TOWN, "kind": "service", "local_id": local, "name": f"Dienst {number}",
                "organization_id": f"{TOWN}/stadt", "state": state.value,
                "newest": 2 if draft else 1, "published": 1, "responsible_id": user_id if number % 3 else None,
                "check_every_days": (30, None, None, 90)[number % 4], "checked_on": date(2026, 11, 20) - timedelta(days=number % 400),
                "changed_at": NOW - timedelta(hours=number), "changed_by": "Edda",
            }
        )  # fmt: skip
        body = {"id": local, "organization": "stadt", "topics": ["health.doctor"], "texts": {name: f"{name} {number}" for name in FIELDS}}
        for revision in range(1, 3 if draft else 2):
            revisions.append(
                {"record_id": key, "number": revision, "body": body, "minor": False, "author_id": user_id, "author": "Edda", "at": NOW}
            )
        for name in FIELDS:
            texts.append(
                {"municipality_id": TOWN, "record": key, "field": name, "number": 1, "language": "de", "body": body["texts"][name],
                 "minor": False, "created_at": NOW}
            )  # fmt: skip
            for language in LANGUAGES:
                if number % 20 or language != "ar":
                    translations.append(
                        {"municipality_id": TOWN, "record": key, "field": name, "of_number": 1, "language": language,
                         "body": f"{language} {name}",
                         "machine": True, "created_at": NOW}
                    )  # fmt: skip
    keys = [one["id"] for one in records]
    checks = [{"record_id": key, "url": "https://stadt.example", "status": 404, "failures": 2, "checked_at": NOW} for key in keys[:40]]
    said = [{"municipality_id": TOWN, "record_id": key, "text": "Stimmt nicht mehr", "at": NOW} for key in keys[:40]]
    asked = [
        {"municipality_id": TOWN, "text": f"Frage {n}", "language": "de", "day": NOW.date(), "group_id": n % 50 + 1, "handled": False}
        for n in range(500)
    ]

    with town.writing() as session:
        for table, rows in (
            (RecordRow, records), (RevisionRow, revisions), (TextRevisionRow, texts), (TextTranslationRow, translations),
            (LinkCheckRow, checks), (SuggestionRow, said), (UnansweredRow, asked),
        ):  # fmt: skip
            session.execute(insert(table), rows)
