"""Importing a folder: twice is once, texts age their translations, and a failure leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError

from knowledge.domain.records import Knowledge
from knowledge.domain.text import TranslationState
from knowledge.exchange.newcomer.exporter import export_folder
from knowledge.exchange.newcomer.reader import read_folder
from knowledge.store import account_tables, desk_tables
from knowledge.store import tables as t
from knowledge.store.reader import municipalities
from knowledge.store.writer import TextWriter, remove_municipality
from tests.folders import Folder, a_helpline, a_service, a_translation, an_article, small_town
from tests.integration.databases import Database
from tests.integration.store.steps import bring_in, published, rows

ANSWER = "registration.address:everyone"


def with_answer(answer: str) -> Folder:
    """The town with another answer."""
    texts = {"title": "Anmelden", "answer": answer}
    return small_town() | {"articles/registration.yml": [an_article("registration.address", services=["office"], texts=texts)]}


def english(known: Knowledge, field: str = "answer") -> TranslationState:
    """State of the article's English."""
    return known.articles[ANSWER].texts[field].state_in("en")


# Tables that no import of a folder fills: the desk's, and those of records that the small town does not have.
DESK = {row.__tablename__ for module in (account_tables, desk_tables) for row in vars(module).values() if hasattr(row, "__tablename__")}
WITHOUT = ("embedding", "contact", "page", *DESK)


class TestReading:
    def test_what_is_in_the_folder_is_in_the_knowledge(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        known = published(database)
        office = known.services["office"]
        assert list(known.services) == ["office", "school"]
        assert office.topics == ("registration.address", "registration.certificate")
        assert [phone.kind for phone in office.phones] == ["voice", "fax"]
        assert office.languages[1].days == {1}
        assert (office.cost.amount, office.capacity.wait_days, office.also) == (12.5, 14, ("Meldeamt",))
        assert office.texts["required_documents"].body == "Pass\nMietvertrag"
        assert office.texts["name"].translations["en"].body == "Citizens' office"
        assert known.articles["schools.enrol:everyone"].services == ("school", "office")
        assert known.municipality.information_point == "office"
        assert [line.hours.always_open for line in known.municipality.helplines] == [True, False]

    def test_a_broken_record_is_left_out_and_the_rest_is_imported(self, database: Database, tmp_path: Path) -> None:
        services = [a_service("office"), a_service("school"), a_service("bad", topics=["nothing"])]
        bring_in(database, tmp_path, small_town() | {"services.yml": services})
        rejected = read_folder(tmp_path).rejected
        assert [(one.file, one.record) for one in rejected] == [("services.yml", "bad")]
        assert "'nothing' is not a topic" in rejected[0].reason
        assert list(published(database).services) == ["office", "school"]


class TestAgain:
    def test_nothing_changes(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        before, counted = published(database), rows(database)
        report = bring_in(database, tmp_path)
        assert (report.texts_changed, report.translations_changed, report.removed) == (0, 0, 0)
        assert rows(database) == counted
        assert published(database) == before

    def test_the_version_grows_so_that_everybody_reads_again(self, database: Database, tmp_path: Path) -> None:
        versions = []
        for _ in range(2):
            bring_in(database, tmp_path, small_town())
            with database.sessions() as session:
                versions += [version for _, version in municipalities(session)]
        assert versions[0] < versions[1]

    def test_a_text_that_is_left_out_is_taken_away(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        bring_in(database, tmp_path, small_town() | {"services.yml": [a_service("office", texts={"name": "Amt"}), a_service("school")]})
        assert set(published(database).services["office"].texts) == {"name"}


class TestTranslations:
    def test_a_changed_source_makes_them_outdated(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        assert english(published(database)) is TranslationState.MACHINE
        bring_in(database, tmp_path, with_answer("Melden Sie sich in zwei Wochen an."))
        assert english(published(database)) is TranslationState.OUTDATED
        assert english(published(database), "title") is TranslationState.MACHINE

    def test_the_same_translation_again_does_not_become_current(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        bring_in(database, tmp_path, with_answer("Melden Sie sich in zwei Wochen an."))
        report = bring_in(database, tmp_path)
        assert report.translations_changed == 0
        assert english(published(database)) is TranslationState.OUTDATED

    def test_a_new_translation_is_current(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        new = a_translation(machine=False, **{"registration.address": {"answer": "Register within two weeks."}})
        bring_in(database, tmp_path, with_answer("Melden Sie sich in zwei Wochen an.") | {"translations/en/articles.yml": new})
        assert english(published(database)) is TranslationState.REVIEWED

    def test_a_minor_edit_does_not_age_them(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        with database.sessions() as session:
            changed = TextWriter(session, "kleinstadt").source(f"article:kleinstadt/{ANSWER}", "answer", "de", "Bitte melden.", minor=True)
            session.commit()
        text = published(database).articles[ANSWER].texts["answer"]
        assert changed
        assert (text.body, text.state_in("en")) == ("Bitte melden.", TranslationState.MACHINE)

    def test_a_signature_makes_a_machine_translation_a_reviewed_one(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        file = small_town()["translations/en/articles.yml"] | {"reviewed_by": "O. Reader"}
        bring_in(database, tmp_path, small_town() | {"translations/en/articles.yml": file})
        assert english(published(database)) is TranslationState.REVIEWED


class TestExport:
    def test_what_is_exported_imports_as_the_same(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path / "first", small_town())
        before = published(database)
        export_folder(before, tmp_path / "second")
        with database.sessions() as session:
            remove_municipality(session, "kleinstadt")
            session.commit()
        bring_in(database, tmp_path / "second")
        assert read_folder(tmp_path / "second").rejected == []
        assert published(database) == before

    def test_reviewed_and_machine_translations_stay_apart(self, database: Database, tmp_path: Path) -> None:
        reviewed = a_translation(machine=False, school={"name": "School office"})
        bring_in(database, tmp_path / "first", small_town() | {"translations/en/services.reviewed.yml": reviewed})
        before = published(database)
        export_folder(before, tmp_path / "second")
        with database.sessions() as session:
            remove_municipality(session, "kleinstadt")
            session.commit()
        bring_in(database, tmp_path / "second")
        states = {name: one.texts["name"].state_in("en") for name, one in published(database).services.items()}
        assert states == {"office": TranslationState.MACHINE, "school": TranslationState.REVIEWED}
        assert published(database) == before

    def test_an_outdated_translation_is_left_out_since_the_file_would_call_it_current(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path / "first", small_town())
        bring_in(database, tmp_path / "first", with_answer("Neu."))
        export_folder(published(database), tmp_path / "second")
        assert read_folder(tmp_path / "second").translations["en", "articles"].texts == {"registration.address": {"title": "Register"}}


class TestTakingOut:
    smaller: Folder = small_town() | {
        "services.yml": [a_service("office")],
        "articles/schools.yml": [],
        "translations/en/services.yml": None,
        "municipality.yml": small_town()["municipality.yml"] | {"helplines": [a_helpline("line")]},
    }

    def test_without_replace_what_the_folder_does_not_have_stays(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path / "a", small_town())
        report = bring_in(database, tmp_path / "b", self.smaller)
        assert report.removed == 0
        assert "school" in published(database).services

    def test_with_replace_it_goes_with_its_texts(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path / "a", small_town())
        report = bring_in(database, tmp_path / "b", self.smaller, replace=True)
        known = published(database)
        assert report.removed == 3
        assert (list(known.services), list(known.articles)) == (["office"], [ANSWER])
        assert [line.id for line in known.municipality.helplines] == ["line"]
        with database.sessions() as session:
            gone = ("service:kleinstadt/school", "article:kleinstadt/schools.enrol:everyone", "helpline:kleinstadt/day-line")
            for table in (t.TextRevisionRow, t.TextTranslationRow):
                assert session.scalars(select(table).where(table.record.in_(gone))).all() == []

    def test_a_typing_error_does_not_delete_what_it_stands_for(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path / "a", small_town())
        broken = small_town() | {"services.yml": [a_service("office"), a_service("school", topics=["scools"])]}
        report = bring_in(database, tmp_path / "b", broken, replace=True)
        assert report.removed == 0
        assert "school" in published(database).services

    def test_removing_a_municipality_leaves_no_row_in_any_table(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        assert all(number > 0 for number in rows(database, without=WITHOUT).values())
        with database.sessions() as session:
            assert remove_municipality(session, "kleinstadt")
            assert not remove_municipality(session, "kleinstadt")
            session.commit()
        assert set(rows(database).values()) == {0}


class TestNeighbours:
    def test_two_towns_with_equal_ids_live_side_by_side(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path / "a", small_town("adorf"))
        other = small_town("bdorf") | {"services.yml": [a_service("office", texts={"name": "Gemeindeamt"}), a_service("school")]}
        other["translations/en/services.yml"] = None
        bring_in(database, tmp_path / "b", other)
        names = [published(database, town).services["office"].texts["name"].body for town in ("adorf", "bdorf")]
        assert names == ["Bürgerbüro", "Gemeindeamt"]
        hours = [published(database, town).services["office"].at[0].hours.rules for town in ("adorf", "bdorf")]
        assert hours[0] == hours[1] and len(hours[0]) == 1

    def test_removing_one_leaves_the_other_as_it_was(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path / "a", small_town("adorf"))
        before = rows(database)
        kept = published(database, "adorf")
        bring_in(database, tmp_path / "b", small_town("bdorf"))
        with database.sessions() as session:
            remove_municipality(session, "bdorf")
            session.commit()
        assert rows(database) == before
        assert published(database, "adorf") == kept


class TestAllOrNothing:
    # The last thing that an import writes is the version.
    @pytest.mark.parametrize("statement", ["INSERT INTO text_translation", "UPDATE municipality"])
    def test_a_database_that_fails_half_way_keeps_what_it_had(self, database: Database, tmp_path: Path, statement: str) -> None:
        bring_in(database, tmp_path / "a", small_town())
        before, counted = published(database), rows(database)

        def fail(_connection: object, _cursor: object, sql: str, *_: object) -> None:
            if sql.lstrip().startswith(statement):
                raise OperationalError(sql, {}, Exception("the disk is full"))

        changed = with_answer("Neu.") | {"translations/en/articles.yml": a_translation(**{"registration.address": {"answer": "New."}})}
        event.listen(database.engine, "before_cursor_execute", fail)
        with pytest.raises(OperationalError):
            bring_in(database, tmp_path / "b", changed)
        event.remove(database.engine, "before_cursor_execute", fail)
        assert rows(database) == counted
        assert published(database) == before

    def test_the_database_holds_its_own_rules(self, database: Database, tmp_path: Path) -> None:
        bring_in(database, tmp_path, small_town())
        with database.sessions() as session, pytest.raises(Exception, match=r"(?i)foreign key"):
            session.execute(update(t.ServiceRow).values(organization_id="kleinstadt/nobody"))
            session.commit()
