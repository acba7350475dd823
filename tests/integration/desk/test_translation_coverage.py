"""Coverage by language: the same numbers as the sections of each record, for thousands of records by a few queries."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.domain.text import TranslationState
from knowledge.editorial.contents import contents
from knowledge.editorial.coverage import coverage
from knowledge.editorial.gaps import Gap, Versions, all_gaps, gaps
from knowledge.editorial.home.coverage import gaps_by_language
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.records import body, now
from knowledge.editorial.save import create, save
from knowledge.editorial.scope import Scope
from knowledge.editorial.translate import sections_in, source_texts, translate
from knowledge.store import tables as t
from knowledge.store.changes import touch
from knowledge.store.desk_tables import RecordRow, RevisionRow
from tests.folders import a_service
from tests.integration.databases import Database, open_database
from tests.integration.desk.people import CITY, actor_of
from tests.integration.statements import counted

SERVICE = f"service:{CITY}/welcome-point"
LANGUAGES = ("en", "fr", "uk", "ar", "tr")


def change(session: Any, actor: Any, key: str, *, minor: bool = False, **texts: str) -> None:
    row = session.get_one(RecordRow, key)
    document = body(session, row)
    save(session, actor, key, {**document, "texts": {**document["texts"], **texts}}, base=row.newest, minor=minor)


def test_the_numbers_are_those_of_the_sections_whatever_was_done(desk_database: Database) -> None:
    def digest(session: Any, key: str, field: str) -> str:
        return text_digest(source_texts(session, session.get_one(RecordRow, key))[field])

    with desk_database.sessions() as session, session.begin():
        actor = actor_of(session, "reviewer")
        keys = session.scalars(select(RecordRow.id).where(RecordRow.municipality_id == CITY, RecordRow.kind == "service")).all()
        first, second, third, fourth, fifth = [key for key in keys if "entwurf" not in key][:5]
        change(session, actor, first, name="Ein anderer Name")  # a draft over public words
        change(session, actor, second, name="Noch einer")  # public, so that translations are of older words
        publish(session, actor, second)
        translate(session, actor, second, "name", "uk", "Ще один", of=digest(session, second, "name"))
        change(session, actor, third, minor=True, name="Mit Komma,")  # nothing ages
        change(session, actor, fourth, description="")  # a text that is taken away
        publish(session, actor, fourth)
        change(session, actor, fifth, name="Eins")
        translate(session, actor, fifth, "name", "ar", "واحد", of=digest(session, fifth, "name"), machine=True)
        translate(session, actor, fifth, "name", "tr", "Bir", of=digest(session, fifth, "name"))
        change(session, actor, fifth, name="Zwei")  # what waited is of older words now
        create(session, actor, CITY, "service", a_service("neu", organization="offene-hand", at=[]))
        translate(session, actor, f"service:{CITY}/neu", "name", "en", "New", of=digest(session, f"service:{CITY}/neu", "name"))
        archive(session, actor, f"article:{CITY}/health.dentist:everyone")
    with desk_database.sessions() as session:
        found = {one.key: one for one in coverage(session, CITY).records}
        records = session.scalars(select(RecordRow).where(RecordRow.municipality_id == CITY)).all()
        assert f"article:{CITY}/health.dentist:everyone" not in found
        assert len(found) == len(records) - 1 > 100
        for record in records:
            if record.id not in found:
                continue
            expected = {code: Counter(one.state for one in rows) for code, rows in sections_in(session, record, [*LANGUAGES]).items()}
            assert {code: Counter(counts) for code, counts in found[record.id].counts.items()} == expected, record.id
            assert found[record.id].texts == len(source_texts(session, record)), record.id
        assert found[third].counts["en"].get(TranslationState.OUTDATED, 0) == 0


def test_a_translation_of_older_words_that_waits_is_told_alike_on_every_page(desk_database: Database) -> None:
    """Given a service whose name became another one after it was translated and before it was published."""
    key, words = f"service:{CITY}/neu", {"name": "Erster Name"}
    with desk_database.sessions() as session, session.begin():
        actor = actor_of(session, "reviewer")
        before = gaps_by_language(session, Scope(CITY)).get("tr", (0, 0))
        create(session, actor, CITY, "service", a_service("neu", organization="offene-hand", at=[]) | {"texts": words})
        translate(session, actor, key, "name", "tr", "İlk ad", of=text_digest("Erster Name"))
        change(session, actor, key, name="Zweiter Name")
        publish(session, actor, key)
    with desk_database.sessions() as session:
        record = session.get_one(RecordRow, key)
        (on_its_page,) = sections_in(session, record, ["tr"])["tr"]
        assert (on_its_page.state, on_its_page.translation, on_its_page.public) == (TranslationState.OUTDATED, "İlk ad", True)
        (on_the_board,) = [one for one in coverage(session, CITY).records if one.key == key]
        assert on_the_board.counts["tr"] == {TranslationState.OUTDATED: 1}
        known, versions = contents(session, CITY, "service"), {key: Versions(record.newest, record.published)}
        assert gaps(session, CITY, known, versions, ["tr"]) == {key: {"tr": Gap(outdated=1)}}
        assert all_gaps(session, CITY, "service", known, versions, "tr") == {key: {"tr": Gap(outdated=1)}}
        assert gaps_by_language(session, Scope(CITY))["tr"] == (before[0], before[1] + 1)


def test_what_is_needed_in_a_crisis_and_what_much_hangs_on_comes_first(desk_database: Database) -> None:
    with desk_database.sessions() as session, session.begin():
        actor = actor_of(session, "reviewer")
        for topic in ("registration.certificate", "safety.violence", "registration.address"):
            change(session, actor, f"article:{CITY}/{topic}:everyone", title="Anders")
            publish(session, actor, f"article:{CITY}/{topic}:everyone")
        needed = coverage(session, CITY).most_needed("ar", [TranslationState.OUTDATED])
    assert [one.local for one in needed] == [
        "safety.violence:everyone", "registration.address:everyone", "registration.certificate:everyone",
    ]  # fmt: skip
    assert needed[0].uses.crisis
    assert needed[1].uses.number > needed[2].uses.number


def test_it_is_counted_again_only_when_something_has_happened(desk_database: Database) -> None:
    with desk_database.sessions() as session, counted(desk_database) as sent:
        first = coverage(session, CITY)
        used = len(sent)
        assert coverage(session, CITY) is first
        assert len(sent) - used <= 2
    with desk_database.sessions() as session, session.begin():
        change(session, actor_of(session, "editor"), SERVICE, name="Anders")
    with desk_database.sessions() as session:
        assert coverage(session, CITY).totals()["en"][TranslationState.OUTDATED] == 1


def test_what_was_begun_first_and_is_done_last_is_counted_too(desk_database: Database) -> None:
    """Given two who translate at once: the first number is given to the one whose transaction ends last."""
    first, second = SERVICE, f"service:{CITY}/citizens-office-altstadt"

    def write(session: Session, number: int, key: str) -> None:
        row = t.TextTranslationRow(
            id=number, municipality_id=CITY, record=key, field="name", of_number=1, language="ar", body="Anders", machine=False,
            reviewed_by="Editor", created_at=now(),
        )  # fmt: skip
        session.add(row)
        touch(session, CITY, [key])

    with desk_database.sessions() as session:
        before = coverage(session, CITY).totals("service")["ar"][TranslationState.REVIEWED]
        newest = session.scalar(select(func.max(t.TextTranslationRow.id))) or 0
    for number, key in ((newest + 2, first), (newest + 1, second)):
        with desk_database.sessions() as session, session.begin():
            write(session, number, key)
        with desk_database.sessions() as session:
            coverage(session, CITY)
    with desk_database.sessions() as session:
        assert coverage(session, CITY).totals("service")["ar"][TranslationState.REVIEWED] == before + 2


def test_what_an_undo_has_taken_away_is_not_counted_any_more(desk_database: Database) -> None:
    """Given translations that came with an import, another one that somebody has written since, and the undo of the import."""
    key, later = f"service:{CITY}/neu", f"service:{CITY}/auch-neu"
    with desk_database.sessions() as session:
        actor = actor_of(session, "reviewer")
        for one in (key, later):
            create(
                session,
                actor,
                CITY,
                "service",
                a_service(one.rpartition("/")[2], organization="offene-hand", at=[]) | {"texts": {"name": "A"}},
            )
            publish(session, actor, one)
            translate(session, actor, one, "name", "tr", "B", of=text_digest("A"))
            session.commit()
            assert counts_of(session, one) == {TranslationState.REVIEWED: 1}
        session.execute(delete(t.TextTranslationRow).where(t.TextTranslationRow.record == key))
        touch(session, CITY, [key])
        session.commit()
    with desk_database.sessions() as session:
        assert counts_of(session, key) == {TranslationState.MISSING: 1}
        assert counts_of(session, later) == {TranslationState.REVIEWED: 1}


def counts_of(session: Session, key: str) -> dict[TranslationState, int]:
    """State -> number of texts of a record, into Turkish."""
    return dict(next(one for one in coverage(session, CITY).records if one.key == key).counts["tr"])


def test_many_more_services_are_counted_by_as_few_queries(desk_database: Database) -> None:
    """Counted for the first time, looked at again, and counted after a change."""
    few = fill_and_count(desk_database, 0, 50, name="Hoş geldiniz")
    many = fill_and_count(desk_database, 50, 500, name="Hoş geldin")
    assert many == few
    assert few[0] <= 20 and few[1] <= 2
    with desk_database.sessions() as session:
        found = coverage(session, CITY)
        assert found.totals("service")["en"][TranslationState.REVIEWED] >= 500 * 5
        assert found.totals("service")["tr"][TranslationState.MISSING] >= 500


def fill_and_count(database: Database, first: int, last: int, *, name: str) -> list[int]:
    """Statements for the first time, for the next, and after a translation, by a process that begins with these services."""
    fill(database, last, first=first)
    process = open_database(database.url)
    numbers = []
    for work in (None, None, "translate"):
        if work:
            with process.sessions() as session, session.begin():
                translate(session, actor_of(session, "reviewer"), SERVICE, "name", "tr", name, of=text_digest("Willkommenspunkt"))
        with process.sessions() as session, counted(process) as sent:
            coverage(session, CITY)
        numbers.append(len(sent))
    process.engine.dispose()
    return numbers


def fill(database: Database, number: int, *, first: int = 0) -> None:
    """Public services with the numbers from `first` on, with six texts each, all but the last translated into five languages."""
    moment = datetime.now(UTC)
    fields = ("name", "description", "eligibility", "fees", "application_process", "required_documents")
    local = [f"bulk-{n}" for n in range(first, number)]
    record = {"municipality_id": CITY, "kind": "service", "organization_id": f"{CITY}/offene-hand", "state": "published"}
    with database.sessions() as session, session.begin():
        rows = [
            {"id": f"service:{CITY}/{x}", "local_id": x, "name": x, "newest": 1, "published": 1, "changed_at": moment, "changed_by": "x"}
            for x in local
        ]
        session.execute(insert(RecordRow), [{**record, **one} for one in rows])
        texts = {name: f"Ein Text über {name}, lang genug" for name in fields}
        session.execute(
            insert(RevisionRow),
            [{"record_id": one["id"], "number": 1, "body": {"texts": texts}, "minor": False, "author": "x", "at": moment} for one in rows],
        )
        common = {"municipality_id": CITY, "created_at": moment}
        session.execute(
            insert(t.TextRevisionRow),
            [
                {**common, "record": one["id"], "field": name, "number": 1, "language": "de", "body": words, "minor": False}
                for one in rows
                for name, words in texts.items()
            ],
        )
        translation = {**common, "of_number": 1, "machine": False, "reviewed_by": "x"}
        session.execute(
            insert(t.TextTranslationRow),
            [
                {**translation, "record": one["id"], "field": name, "language": code, "body": words}
                for one in rows
                for name, words in list(texts.items())[:5]
                for code in LANGUAGES
            ],
        )
        service = {"municipality_id": CITY, "organization_id": f"{CITY}/offene-hand", "audience": ["everyone"], "also": []}
        session.execute(
            insert(t.ServiceRow),
            [{**service, "id": f"{CITY}/{x}", "position": n, "capacity_state": "unknown"} for n, x in enumerate(local, first)],
        )
        session.execute(
            insert(t.ServiceTopicRow), [{"service_id": f"{CITY}/{x}", "topic": "registration.address", "position": 0} for x in local]
        )
