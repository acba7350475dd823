"""Documents become the records they were made from: what a preview shows is what publishing would bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from knowledge.documents.canonical import canonical, parse
from knowledge.documents.from_records import documents
from knowledge.documents.to_records import record_of
from knowledge.domain import records as r
from knowledge.domain.hours import WEEKDAYS
from tests.factories import article, closed_on, hours, knowledge, location, open_on, organization, rule, service, spoken, texts


def everything() -> r.Knowledge:
    """One record of each kind, with as much in it as records have."""
    day = date(2026, 12, 24)
    when = hours(
        rule("08:30", "12:30", "monday", "tuesday", valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30)),
        rule("00:00", "24:00", *WEEKDAYS[5:]),
        exceptions=(closed_on(day), open_on(date(2026, 12, 31), "10:00", "12:00")),
        closed_on_holidays=False,
    )
    one = replace(
        service("office", "registration.address", at={"rathaus": when}, speaks=("de", spoken("ar", "interpreter", "monday"))),
        appointment=r.Appointment.REQUIRED,
        phones=(r.Phone("+49 30 23125100"),),
        cost=r.Cost(False, 12.5, "EUR"),
        capacity=r.Capacity(r.CapacityState.WAITING_LIST, 14, day),
        closed=r.Closure(day, None),
        contact="hotline",
        also=("Amt",),
    )
    known = knowledge(one, article(services=("office",)), organization(), location(confidential=True))
    contact = r.Contact("hotline", "stadt", "a@stadt.example", (r.Phone("+49 30 231251", "voice"),), texts(name="Telefon"))
    page = r.Page("start", None, 3, "registration.address", "https://stadt.example/", day, texts(title="Anfang", body="# Hallo"))
    return replace(known, contacts={"hotline": contact}, pages={"start": page})


@pytest.mark.parametrize("kind", ["organization", "location", "contact", "service", "article", "page"])
def test_a_record_written_as_a_document_and_read_again_is_the_same(kind: str) -> None:
    known = everything()
    shelf = getattr(known, f"{kind}s")
    assert shelf
    for local, raw in documents(known)[kind].items():
        document = parse(kind, canonical(parse(kind, raw)))
        assert record_of(kind, document, shelf[local].texts) == shelf[local]
