"""Knowledge for tests of HSDS: a town that uses everything a record can have, and where the specification's own files are."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.documents.from_records import documents
from knowledge.documents.models import MODELS, Document
from knowledge.domain import records as r
from knowledge.domain.text import LocalizedText, TranslationState
from tests import factories as f

HSDS_FOLDER = Path(__file__).resolve().parents[6] / "shared" / "data" / "hsds-3.0"
TODAY = date(2026, 11, 9)
SECRET = {"Fliederweg 44", "90001", "49.8009", "9.9271", "Bus 7 bis Fliederweg", "fliederhaus-nord", "Haus Flieder", "Bus 7 to Fliederweg"}


def hsds_folder() -> Path:
    """The specification's schemas and examples; skipped with a reason where they are absent, which fails in CI."""
    if not HSDS_FOLDER.is_dir():
        reason = f"HSDS 3.0 is not in {HSDS_FOLDER}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return HSDS_FOLDER


def full_town() -> r.Knowledge:
    """A town whose records use every field, with values that are hard to write down: quotes, line ends, scripts, midnight."""
    town = f.municipality(
        districts=[f.district(also=("Zentrum", "Mitte; Rathaus")), f.district("ohne-mitte", latitude=None, longitude=None, name="Am Rand")],
        helplines=[
            f.helpline("line-a", "safety.violence", "safety.danger", number="+49 30 23125001"),
            f.helpline("line-b", "safety.self_harm", number="112", when=_evenings()),
        ],
        information_point="office",
    )
    parts = f.knowledge(
        _organization(),
        replace(f.organization("verein", name='"Brücke", e.V.'), kind="charity", email="kein e-mail", website="bruecke"),
        f.location(),
        replace(f.location("ohne-ort", None, latitude=None, longitude=None, name="Büro"), postal_code=None, city=None, accessibility=()),
        _secret(),
        _service(),
        f.service("plain", at={"ohne-ort": f.hours()}, speaks=(), phones=(), checked_on=None, capacity=r.CapacityState.UNKNOWN),
        replace(
            f.service("shelter", "safety.violence", at={"fliederhaus-nord": f.day_and_night()}, phones=_phones()[:1]),
            contact="hotline",
            cost=r.Cost(free=False),
        ),
        f.article(
            "health.doctor",
            services=("office", "plain"),
            title=f.text("Arzt finden", en="Find a doctor", ar="ابحث عن طبيب"),
            answer="Gehen Sie zum Arzt. Es kostet nichts.",
            steps="Anrufen\nHingehen",
        ),
        f.article("health.doctor", audience="children", answer="Kinder gehen zum Kinderarzt."),
        town=town,
    )
    hotline = r.Contact("hotline", "stadt", "hilfe@ankerstadt.example", _phones(), f.texts(name=f.text("Hotline", en="Hotline")))
    alone = r.Contact("alone", None, None, (), f.texts(name="Team Nord"))
    return replace(parts, contacts={"hotline": hotline, "alone": alone}, pages=_pages(), version=7)


def _evenings() -> Any:
    return f.hours(f.rule("18:00", "24:00", "monday", "sunday"), f.rule("00:00", "06:30", "tuesday"), closed_on_holidays=False)


def _organization() -> r.Organization:
    words = {"name": f.text("Stadt Ankerstadt", en="City"), "description": f.text('Zeile 1\r\nZeile 2, mit "Zitat"; und\ttab', en="Line")}
    return r.Organization("stadt", "public", "https://www.ankerstadt.example/ä", "info@ankerstadt.example", words)


def _secret() -> r.Location:
    words = {"name": f.text("Haus Flieder"), "directions": f.text("Bus 7 bis Fliederweg", en="Bus 7 to Fliederweg")}
    return r.Location("fliederhaus-nord", "altstadt", "Fliederweg 44", "90001", "Ankerstadt", 49.8009, 9.9271, True, ("lift",), words)


def _shelter() -> r.Service:
    service = f.service("shelter", "safety.violence", at={"fliederhaus-nord": f.day_and_night()}, phones=_phones()[:1])
    return replace(service, contact="hotline", cost=r.Cost(free=False))


def _phones() -> tuple[r.Phone, ...]:
    return (r.Phone("+49 30 23125001"), r.Phone("+49 1522 8817386", "mobile"), r.Phone("+49 30 23125009", "fax"), r.Phone("112", "sms"))


def _service() -> r.Service:
    hours = f.hours(
        f.rule("08:00", "12:00", "monday", "friday"),
        f.rule("13:00", "24:00", "thursday", valid_from=date(2026, 5, 1), valid_to=date(2026, 9, 30)),
        f.rule("10:00", "23:59", "saturday", valid_from=date(2020, 1, 1), valid_to=date(2020, 1, 1)),
        exceptions=[
            f.open_on(date(2026, 12, 30), "08:00", "12:00"),
            f.closed_on(date(2026, 12, 24)),
            f.open_on(date(2026, 12, 30), "14:00", "24:00"),
        ],
        closed_on_holidays=False,
    )
    reviewed = LocalizedText("de", "Kostenlos.", {"en": f.Translation("Free.", TranslationState.REVIEWED)})
    made = f.service(
        "office",
        "registration.address",
        "registration.documents",
        at={"rathaus": hours, "ohne-ort": r.OpeningHours()},
        speaks=[
            "de",
            f.spoken("ar", "interpreter", "monday", "wednesday"),
            f.spoken("gsg", "phone_interpreter"),
            f.spoken("de", "interpreter"),
        ],
        also=("Meldeamt", "Amt; für alle"),
        phones=_phones()[:2],
        name=f.text("Bürgerbüro", en="Citizens' office", ar="مكتب المواطنين"),
        description="Für alle.",
        eligibility="Alle Menschen.",
        fees=reviewed,
        application_process="Mit Termin.",
        required_documents=f.text("Pass\nFoto, 35 mm", en="Passport\nPhoto"),
    )
    return replace(
        made,
        audience=("families", "without_papers"),
        email="amt@ankerstadt.example",
        website="https://www.ankerstadt.example/amt?x=1#y",
        appointment=r.Appointment.REQUIRED,
        cost=r.Cost(False, 12.5, "EUR"),
        capacity=r.Capacity(r.CapacityState.WAITING_LIST, 35, date(2026, 11, 3)),
        contact="hotline",
        closed=r.Closure(date(2026, 11, 1), date(2026, 11, 30)),
    )


def _pages() -> dict[str, r.Page]:
    body = f.text('# Titel\n\n* eins\n* zwei, "drei"', en="# Title")
    top = r.Page("guide", None, 0, None, None, None, f.texts(title=f.text("Wegweiser", en="Guide")))
    leaf = r.Page("doctors", "guide", 3, "health.doctor", "https://www.ankerstadt.example/a", TODAY, f.texts(title="Ärzte", body=body))
    return {"guide": top, "doctors": leaf}


def outdated(knowledge: r.Knowledge) -> r.Knowledge:
    """The same, with the English name of "plain" translated from an older text."""
    plain = knowledge.services["plain"]
    name = f.text("Neuer Name", state=TranslationState.OUTDATED, en="Old name")
    services = {**knowledge.services, "plain": replace(plain, texts={**plain.texts, "name": name})}
    return replace(knowledge, services=services)


def as_documents(knowledge: r.Knowledge) -> dict[str, list[Document]]:
    """What is published, as checked documents."""
    return {kind: [MODELS[kind].parse_obj(one) for one in found.values()] for kind, found in documents(knowledge).items()}


def as_translations(knowledge: r.Knowledge) -> set[tuple[str, str, str, str, str, bool]]:
    """Translations of everything that has a document: kind, id, field, language, body, machine."""
    groups = {
        "organization": knowledge.organizations,
        "location": knowledge.locations,
        "contact": knowledge.contacts,
        "service": knowledge.services,
        "article": knowledge.articles,
        "page": knowledge.pages,
    }
    return {
        (kind, id, name, language, one.body, one.state is TranslationState.MACHINE)
        for kind, group in groups.items()
        for id, record in group.items()
        for name, text in record.texts.items()
        for language, one in text.translations.items()
    }
