"""What an organization's people must not see, in the demonstration city: a shelter with addresses that nobody may know, drafts, notes and
typing of others. Each secret is a word that stands nowhere else."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.editorial import autosave
from knowledge.editorial.actor import Actor
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.records import body
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.save import create, save
from knowledge.editorial.suggestions import suggest_in_public
from knowledge.editorial.translate import translate
from knowledge.store.desk_tables import RecordRow
from tests.integration.desk.people import CITY, ORGANIZATION, Desk, actor_of

SHELTER = "schutzhaus"
# What the city's people see on some page of the desk, and nobody of another organization on any.
SECRETS = {
    "the public street": "Quittenpfad",
    "the way there": "Haselbusch",
    "a coordinate": "49.812347",
    "the street of a draft": "Mispelsteig",
    "the street of a place without a name": "Schlehenweg",
    "the street in an id": "schlehenweg",
    "the name of a draft over public words": "Nebelkrabbe",
    "words between two public revisions": "Kornelkirsche",
    "the note to a revision": "Wacholder",
    "what a reviewer said": "Preiselbeere",
    "a translation that waits": "Сойка",
    "what a reader said": "Sanddorn",
    "what somebody typed": "Holunder",
    "a draft": "Vogelbeere",
    "an e-mail address in a draft": "kirschlorbeer",
    "an archived service": "Felsenbirne",
    "a draft of an answer": "Maulbeere",
    "the new name of an organization": "Apfelbeere",
    "a draft of a place": "Speierling",
}
# What everybody with a role in the city sees.
PUBLIC = ("Zuflucht Mira", "Beratung Amsel", "Notruf Mira")
# (kind, id) of all records that this adds.
RECORDS = (
    ("organization", SHELTER), ("location", "zuflucht"), ("location", "schlehenweg-4"), ("location", "haus-9"), ("contact", "notruf"),
    ("contact", "leitung"), ("service", "amsel"), ("service", "neu"), ("service", "alt"), ("service", "treff"),
    ("article", "work.search:women"),
)  # fmt: skip
OWN = "treff"


def fill(desk: Desk) -> None:
    """Make the shelter, and a service of `ORGANIZATION` that the city has put into the same house."""
    desk.do(_fill)


def _fill(session: Session) -> None:
    city, writes = actor_of(session, "reviewer"), actor_of(session, "editor")
    made = _Making(session, city)
    made.public("organization", {"id": SHELTER, "kind": "charity", "texts": {"name": "Schutzhaus"}})
    place = {
        "id": "zuflucht",
        "confidential": True,
        "address": {"street": "Quittenpfad 7", "postal_code": "00077", "city": "Ankerstadt"},
        "latitude": 49.812347,
        "longitude": 9.943218,
        "texts": {"name": "Zuflucht Mira", "directions": "Am Haselbusch links."},
    }
    made.public("location", place)
    made.change("location", {**place, "address": {"street": "Mispelsteig 9"}})
    made.public("location", {"id": "schlehenweg-4", "confidential": True, "address": {"street": "Schlehenweg 4"}})
    made.draft("location", {"id": "haus-9", "address": {"street": "Am Markt 9"}, "texts": {"name": "Speierling"}})
    notruf = {"id": "notruf", "organization": SHELTER, "phones": [{"number": "+49 30 23125 976"}], "texts": {"name": "Notruf Mira"}}
    made.public("contact", notruf)
    made.change("contact", {**notruf, "email": "mira@kirschlorbeer.example"})
    made.draft("contact", {"id": "leitung", "organization": SHELTER, "texts": {"name": "Vogelbeere Leitung"}})
    amsel = _service("amsel", "Beratung Amsel", SHELTER, contact="notruf", at=[{"location": "zuflucht"}, {"location": "schlehenweg-4"}])
    made.public("service", amsel)
    made.change("service", {**amsel, "texts": {"name": "Beratung Amsel", "fees": "Kornelkirsche."}})
    made.change("service", {**amsel, "texts": {"name": "Beratung Amsel", "fees": "Kostenlos."}})
    publish(session, city, made.key("service", "amsel"))
    made.change("service", {**amsel, "texts": {"name": "Beratung Nebelkrabbe"}}, note="Wacholder")
    key = made.key("service", "amsel")
    translate(session, city, key, "name", "uk", "Сойка", of=text_digest("Beratung Nebelkrabbe"))
    submit(session, city, key)
    send_back(session, city, key, "Preiselbeere fehlt.")
    suggest_in_public(session, key, "Der Sanddorn ist weg.", "de")
    autosave.keep(session, writes, CITY, key, "service", 1, {"texts.name": ["Holunder"]})
    made.draft("service", _service("neu", "Vogelbeere", SHELTER))
    made.public("service", _service("alt", "Felsenbirne", SHELTER))
    archive(session, city, made.key("service", "alt"))
    answer = {
        "topic": "work.search",
        "audience": "women",
        "source": {"level": "city", "title": "Stadt", "url": "https://stadt.example"},
        "checked_on": "2026-11-02",
    }
    made.draft("article", {**answer, "texts": {"title": "Maulbeere", "answer": "Maulbeere hilft."}})
    made.change("organization", {"id": SHELTER, "kind": "charity", "texts": {"name": "Apfelbeere"}})
    own = _service(OWN, "Offener Treff", ORGANIZATION.partition("/")[2])
    made.public("service", {**own, "at": [{"location": "zuflucht"}]})
    made.change("service", {**own, "at": [{"location": "zuflucht"}, {"location": "haus-9"}]})


def _service(id: str, name: str, organization: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "organization": organization, "topics": ["safety.violence"], "texts": {"name": name}, **more}


class _Making:
    """Makes records in the city, as one person."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session, self.actor = session, actor

    def key(self, kind: str, id: str) -> str:
        return f"{kind}:{CITY}/{id}"

    def draft(self, kind: str, document: dict[str, Any]) -> RecordRow:
        return create(self.session, self.actor, CITY, kind, document)

    def public(self, kind: str, document: dict[str, Any]) -> None:
        publish(self.session, self.actor, self.draft(kind, document).id)

    def change(self, kind: str, document: dict[str, Any], note: str | None = None) -> None:
        record = self.session.get_one(RecordRow, self.key(kind, document["id"]))
        assert body(self.session, record) != document
        save(self.session, self.actor, record.id, document, base=record.newest, note=note)
