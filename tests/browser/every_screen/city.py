"""The demonstration city with something on every screen: records in every state, people of every kind, work half done, imports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.domain.records import CapacityState
from knowledge.editorial import autosave, suggestions
from knowledge.editorial.accounts import links, offers, own_email, second_factor
from knowledge.editorial.accounts.passwords import hashed
from knowledge.editorial.actor import Actor, Role
from knowledge.editorial.availability import close, set_capacity
from knowledge.editorial.locked_words import lock_words
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.questions.keeping import note
from knowledge.editorial.records import body, now
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.save import create, save
from knowledge.editorial.translate import translate
from knowledge.store.account_tables import MembershipRow, UserRow
from knowledge.store.desk_tables import LinkCheckRow, RecordRow, TranslationRunRow, UnansweredRow
from tests.browser.desk_pages import DeskServer
from tests.integration.desk.people import CITY, user_of

EMPTY_CITY = "neustadt"
SECRET = "for the tests only"
PASSWORD = "sieben Zwerge am Fluss"
OFFICE = "citizens-office-altstadt"
ARTICLE = "registration.address:everyone"
GUIDE = """# Erste Schritte

Gehen Sie ins **Bürgerbüro**. [Weiter](page:weiter)

#### Was Sie brauchen

- Pass
- Mietvertrag

| Tag | Zeit |
| --- | --- |
| Montag | 8 bis 12 |
"""


def key(kind: str, local: str) -> str:
    """The key of a record of the city."""
    return f"{kind}:{CITY}/{local}"


def fill(server: DeskServer) -> None:
    """All of it, in one transaction for each part."""
    server.do(_more_people)
    people = {name: server.actor(name) for name in ("staff", "editor", "reviewer", "administrator")}
    for part in (_records, _work, _from_outside, _translators):
        server.do(partial(part, people=people))


# Names as they are on doors, so that none of them is a word of the desk.
NAMES = {
    "staff": "Olga Kern", "editor": "Rike Sommer", "second_editor": "Tarek Nasser", "reviewer": "Ines Vogt",
    "administrator": "Jana Albrecht", "organization_editor": "Paula Brandt", "two_cities": "Henrik Lindner",
    "without_role": "Nils Hartmann", "beginner": "Greta Winkler", "empty_editor": "Marta Lang", "with_factor": "Samir Haddad",
    "new_password": "Lena Fuchs", "shut_out": "Udo Krause", "offered": "Vera Busch", "turned_away": "Karl Ziegler",
    "invited": "Nora Weiss", "locked_out": "Timo Berger",
}  # fmt: skip
# Those who are not among the people of all tests.
MORE = {
    "beginner": (Role.ADMINISTRATOR, EMPTY_CITY), "empty_editor": (Role.EDITOR, EMPTY_CITY), "with_factor": (Role.EDITOR, CITY),
    "new_password": (Role.EDITOR, CITY), "shut_out": (Role.EDITOR, CITY), "invited": (Role.REVIEWER, CITY),
    "locked_out": (Role.STAFF, CITY),
}  # fmt: skip


def _more_people(session: Session) -> None:
    """Somebody who begins in a city without anything, somebody with a second factor, somebody who was shut out, somebody invited."""
    for name, (role, city) in MORE.items():
        user = UserRow(email=f"{name}@desk.example", name=NAMES[name], recovery_codes=[], created_at=now())
        user.must_change_password, user.disabled = name == "new_password", name == "shut_out"
        session.add(user)
        session.flush()
        session.add(MembershipRow(user_id=user.id, role=role.value, municipality_id=city, organization_id=None))
    session.add(UserRow(email="turned_away@desk.example", name="", recovery_codes=[], created_at=now(), disabled=True))
    session.flush()
    for name in ("without_role", "turned_away"):  # they came by a city account
        user_of(session, name).oidc_issuer, user_of(session, name).oidc_subject = "https://city.example", name
    for name, said in NAMES.items():
        user_of(session, name).name = said
    for name in ("administrator", "with_factor", "locked_out", "new_password", "offered"):
        user_of(session, name).password = hashed(PASSWORD)
    secured = user_of(session, "with_factor")
    second_factor.prepare(secured, SECRET)
    secured.totp_last_step = 1
    second_factor.new_recovery_codes(secured)


def changed(session: Session, actor: Actor, record_key: str, *, note: str | None = None, **texts: Any) -> None:
    """A new revision of a record with other texts."""
    record = session.get_one(RecordRow, record_key)
    document = body(session, record)
    save(session, actor, record_key, {**document, "texts": {**document["texts"], **texts}}, base=record.newest, note=note)


def _records(session: Session, people: Mapping[str, Actor]) -> None:
    editor, reviewer = people["editor"], people["reviewer"]
    office = key("service", OFFICE)
    changed(session, reviewer, office, description="Hier melden Sie Ihre Wohnung an. Ein Dolmetscher kommt dienstags.")
    publish(session, reviewer, office)
    changed(session, editor, office, name="Bürgerbüro am Markt", note="Umzug im Januar", fees="Kostenlos.")
    today = date.today()
    set_capacity(session, editor, office, CapacityState.WAITING_LIST, 42, today)
    close(session, editor, office, today, today + timedelta(days=5))
    create(session, reviewer, CITY, "organization", {"id": "neuer-verein", "kind": "association", "texts": {"name": "Neuer Verein"}})
    create(session, reviewer, CITY, "contact", {"id": "telefon", "organization": "neuer-verein", "texts": {"name": "Telefon des Vereins"}})
    for local in ("neu", "weg", "bald", "zurueck"):
        texts = {"name": f"Sprachcafé {local}", "fees": "Kostenlos."}
        organization = "neuer-verein" if local == "neu" else "stadt-ankerstadt"
        create(
            session, reviewer, CITY, "service", {"id": local, "organization": organization, "topics": ["language.courses"], "texts": texts}
        )
    publish(session, reviewer, key("service", "weg"))
    archive(session, reviewer, key("service", "weg"))
    publish(session, reviewer, key("service", "bald"), at=now() + timedelta(days=9), expire_at=now() + timedelta(days=90))
    submit(session, reviewer, key("service", "zurueck"))
    send_back(session, reviewer, key("service", "zurueck"), "Bitte die Öffnungszeiten eintragen.\nDanke!")
    changed(session, editor, key("service", "school-advice"), description="Wir helfen bei der Anmeldung in der Schule.")
    submit(session, editor, key("service", "school-advice"))
    create(session, reviewer, CITY, "page", {"id": "anfang", "texts": {"title": "Ankommen", "body": GUIDE}})
    create(session, reviewer, CITY, "page", {"id": "weiter", "parent": "anfang", "texts": {"title": "Weiter", "body": "Mehr."}})
    for local in ("anfang", "weiter"):
        publish(session, reviewer, key("page", local))
    arabic = "# الخطوات الأولى\n\nاذهبوا إلى Bürgerbüro."
    translate(session, editor, key("page", "anfang"), "body", "ar", arabic, of=text_digest(GUIDE.strip()))


def _work(session: Session, people: Mapping[str, Actor]) -> None:
    """What makes the lists of the home page long."""
    editor, administrator = people["editor"], people["administrator"]
    for row in session.scalars(
        select(RecordRow).where(RecordRow.kind.in_(("service", "article")), RecordRow.municipality_id == CITY).limit(40)
    ):
        row.checked_on = date.today() - timedelta(days=400)
    office = key("service", OFFICE)
    for number, problem in enumerate(("not_found", "unknown_host", "certificate", "error")):
        url = f"https://www.kleinstadt.example/{'sehr-lange-adresse/' * 4}{number}"
        session.add(LinkCheckRow(record_id=office, url=url, status=500, problem=problem, failures=2, checked_at=now()))
    autosave.keep(session, administrator, CITY, "new:page:abcdefgh", "page", 0, {"texts.title": "Ankommen in der Stadt"})
    changed(session, editor, key("service", "german-courses"), description="Deutsch lernen: jeden Tag.")
    publish(session, administrator, key("service", "fair-work-advice"), expire_at=now() + timedelta(days=3))
    session.get_one(RecordRow, office).responsible_id = administrator.id


def _from_outside(session: Session, people: Mapping[str, Actor]) -> None:
    """What staff and the public said and asked."""
    office = key("service", OFFICE)
    suggestions.suggest(session, people["staff"], office, "Die Telefonnummer ist jetzt 0931 / 12 34 56.", "de")
    suggestions.suggest_in_public(session, office, "المكتب مغلق يوم الاثنين", "ar")
    suggestions.suggest_in_public(session, key("service", "jobcenter-service"), "Is not there any more", "en")
    suggestions.handle(session, people["editor"], key("service", "jobcenter-service"), 3)
    for text, language in (
        ("Wann macht das Freibad auf?", "de"), ("When does the outdoor pool open?", "en"), ("متى يفتح المسبح؟", "ar"),
        ("Де тут мечеть?", "uk"), ("Wo melde ich meinen Hund an?", "de"),
    ):  # fmt: skip
        note(session, CITY, text, language, date.today())
    for row in session.scalars(select(UnansweredRow)):
        row.group_id = 1 if row.id <= 3 else row.id


def _translators(session: Session, people: Mapping[str, Actor]) -> None:
    """Locked words, and runs of the translation service in every state."""
    lock_words(session, people["reviewer"], CITY, ["Bürgerbüro", "Jobcenter", "Rathaus"])
    administrator = people["administrator"]
    for state, seen, report in (
        ("running", timedelta(hours=-1), {"keys": []}),
        ("running", timedelta(hours=1), {"keys": []}),
        ("failed", timedelta(), {"keys": [], "error": "translator.unavailable", "error_fields": {"tries": "3"}}),
        ("done", timedelta(), {"keys": [], "written": 12, "changed": 1}),
        ("stopping", timedelta(hours=-1), {"keys": []}),
        ("stopped", timedelta(), {"keys": [], "written": 12}),
    ):
        session.add(
            TranslationRunRow(
                municipality_id=CITY, user_id=administrator.id, author=administrator.name, kind="machine", language="fr", report=report,
                state=state, at=now(), seen_at=now() - seen, total=40, done=12,
            )
        )  # fmt: skip
    session.flush()


def welcome_address(server: DeskServer) -> str:
    """The one-time link of somebody who was invited."""
    return str(server.do(lambda session: links.path(links.make(session, user_of(session, "invited")))))


def new_email_address(server: DeskServer) -> str:
    """The link with which somebody takes another e-mail address."""
    secret = server.desk.settings.secret
    asked = server.do(lambda session: own_email.ask(session, secret, user_of(session, "reviewer"), "ines@neu.example"))
    return own_email.path(asked[1])


def acceptance_address(server: DeskServer) -> str:
    """The link of somebody whose role waits to be accepted."""
    administrator = server.actor("administrator")

    def make(session: Session) -> str:
        return offers.path(offers.new_link(session, administrator, user_of(session, "offered"), CITY))

    return str(server.do(make))
