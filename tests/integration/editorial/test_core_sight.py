"""What somebody sees of the records that their role does not cover: what readers see, and of a confidential place its name alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor, Membership, Role
from knowledge.editorial.duplicates import Entered, similar
from knowledge.editorial.errors import NotAllowed, NotFound
from knowledge.editorial.listing import Row, Wanted, listed
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.records import get
from knowledge.editorial.references import names_seen
from knowledge.editorial.save import create, save
from knowledge.editorial.sight import Sight, get_covered, sight_of
from knowledge.store.desk_tables import RecordRow
from tests.integration.editorial.steps import CLUB, OFFICE, SCHOOL, TOWN, Town, club_service

SHELTER = f"location:{TOWN}/haus"
STREET = "Quittenpfad 7"
CAFE = f"service:{TOWN}/cafe"


def of_club(role: Role = Role.EDITOR) -> Membership:
    return Membership(role, TOWN, f"{TOWN}/verein")


def sight(session: Session, *memberships: Membership) -> Sight:
    return sight_of(session, Actor(1, "Otto", memberships), TOWN)


def a_place(town: Town, by: Actor, id: str = "haus", *, at: tuple[Mapping[str, Any], ...] = (), **changes: Any) -> str:
    """A public place whose address is secret, with public services at it."""

    def work(session: Session) -> None:
        place = {"id": id, "confidential": True, "address": {"street": STREET}, "texts": {"name": "Haus Mira", "directions": "Hinten."}}
        create(session, by, TOWN, "location", place | changes)
        publish(session, by, f"location:{TOWN}/{id}")
        for service in at:
            create(session, by, TOWN, "service", {**service, "at": [{"location": id}]})
            publish(session, by, f"service:{TOWN}/{service['id']}")

    town.do(work)
    return f"location:{TOWN}/{id}"


def seen(town: Town, key: str, *memberships: Membership) -> dict[str, Any] | None:
    """What the record says to them; None where it is not there for them. The lists agree with its page."""

    def work(session: Session) -> dict[str, Any] | None:
        found = sight(session, *memberships)
        in_lists = key in found.contents(key.partition(":")[0])
        try:
            document = found.document(session.get_one(RecordRow, key))
        except NotFound:
            assert not in_lists
            return None
        assert in_lists
        return document

    return town.do(work)


def rows(town: Town, kind: str, wanted: Wanted, *memberships: Membership) -> dict[str, Row]:
    def work(session: Session) -> dict[str, Row]:
        found = listed(sight(session, *memberships), kind, wanted, today=date(2026, 11, 20), check_days={}, languages=["en"])
        return {row.local: row for row in found.rows}

    return town.do(work)


class TestWords:
    def test_given_newer_words_than_readers_have_then_the_public_ones_are_seen(self, town: Town, club_editor: Actor, editor: Actor) -> None:
        town.change(editor, OFFICE, name="Nebelkrabbe")
        document = seen(town, OFFICE, of_club())
        assert document is not None and document["texts"]["name"] != "Nebelkrabbe"
        row = rows(town, "service", Wanted(), of_club())["office"]
        assert (row.name, row.state, row.changed_by) == (document["texts"]["name"], "published", "import")
        assert rows(town, "service", Wanted(text="Nebelkrabbe"), of_club()) == {}
        assert rows(town, "service", Wanted(state="draft"), of_club()).keys() == {"cafe"}
        assert town.do(lambda session: names_seen(sight(session, of_club()), [OFFICE], "en")) == [row.name]

    def test_public_words_that_change_are_seen_at_once(self, town: Town, club_editor: Actor, editor: Actor, reviewer: Actor) -> None:
        town.change(editor, OFFICE, name="Alt")
        seen(town, OFFICE, of_club())
        town.change(editor, OFFICE, put_out=reviewer, name="Neu")
        town.change(editor, OFFICE, name="Noch neuer")
        assert rows(town, "service", Wanted(text="Neu"), of_club())["office"].name == "Neu"

    def test_given_a_draft_or_an_archived_record_of_others_then_it_is_not_there(
        self, town: Town, club_editor: Actor, reviewer: Actor
    ) -> None:
        def prepare(session: Session) -> None:
            create(session, reviewer, TOWN, "service", club_service("neu", organization="stadt", texts={"name": "Vogelbeere"}))
            create(session, reviewer, TOWN, "service", club_service("alt", organization="stadt"))
            publish(session, reviewer, f"service:{TOWN}/alt")
            archive(session, reviewer, f"service:{TOWN}/alt")

        town.do(prepare)
        for key in (f"service:{TOWN}/neu", f"service:{TOWN}/alt"):
            assert seen(town, key, of_club()) is None
            with pytest.raises(NotFound):
                town.do(lambda session, key=key: get(session, club_editor, key))  # type: ignore[misc]
            named = town.do(lambda session, key=key: names_seen(sight(session, of_club()), [key], "en"))  # type: ignore[misc]
            assert named == ["Something that is not shown here"]

    def test_their_own_drafts_are_seen_whole(self, town: Town, club_editor: Actor) -> None:
        town.change(club_editor, CAFE, name="Café Mira")
        document = seen(town, CAFE, of_club(Role.STAFF))
        assert document is not None and document["texts"]["name"] == "Café Mira"
        assert town.do(lambda session: get_covered(session, club_editor, CAFE)).id == CAFE

    def test_what_is_more_than_public_is_refused_for_others(self, town: Town, club_editor: Actor) -> None:
        with pytest.raises(NotAllowed, match="of_others"):
            town.do(lambda session: get_covered(session, club_editor, OFFICE))

    @pytest.mark.parametrize("role", list(Role))
    def test_a_role_for_the_whole_city_is_enough_whatever_else_somebody_has(self, town: Town, editor: Actor, role: Role) -> None:
        town.change(editor, OFFICE, name="Nebelkrabbe")
        document = seen(town, OFFICE, of_club(), Membership(role, TOWN))
        assert document is not None and document["texts"]["name"] == "Nebelkrabbe"

    def test_a_role_in_another_city_adds_nothing(self, town: Town, editor: Actor) -> None:
        town.change(editor, OFFICE, name="Nebelkrabbe")
        document = seen(town, OFFICE, of_club(), Membership(Role.ADMINISTRATOR, "nachbarstadt"))
        assert document is not None and document["texts"]["name"] != "Nebelkrabbe"


class TestConfidentialPlaces:
    def test_of_a_place_of_others_the_name_is_told_and_nothing_else(self, town: Town, administrator: Actor, club_editor: Actor) -> None:
        amsel = club_service("amsel", organization="stadt")
        key = a_place(town, administrator, at=(amsel,), accessibility=["lift"], latitude=49.8123, longitude=9.9432, district="mitte")
        told = {"id": "haus", "confidential": True, "accessibility": ["lift"], "texts": {"name": "Haus Mira"}}
        assert seen(town, key, of_club()) == told
        assert rows(town, "location", Wanted(district="mitte"), of_club()).keys() == {"rathaus"}
        row = rows(town, "service", Wanted(), of_club())["amsel"]
        assert (row.place, row.confidential) == ("Haus Mira", True)
        assert rows(town, "service", Wanted(text="Quittenpfad"), of_club()) == {}
        assert rows(town, "location", Wanted(text="Hinten"), of_club()) == {}
        assert rows(town, "service", Wanted(text="Quittenpfad"), Membership(Role.STAFF, TOWN)).keys() == {"amsel"}

    def test_an_organization_sees_the_address_of_its_own_house(self, town: Town, administrator: Actor, club_editor: Actor) -> None:
        key = a_place(town, administrator, at=(club_service("amsel"),))
        document = seen(town, key, of_club())
        assert document is not None and document["address"] == {"street": STREET}
        assert rows(town, "service", Wanted(text="Quittenpfad"), of_club()).keys() == {"amsel"}

    @pytest.mark.parametrize("public", [True, False])
    def test_nobody_gets_to_an_address_by_writing_a_service_for_it(
        self, town: Town, administrator: Actor, club_editor: Actor, public: bool
    ) -> None:
        key = a_place(town, administrator, at=(club_service("amsel", organization="stadt"),))
        reviewer = town.user("Rolf", Role.REVIEWER, TOWN, f"{TOWN}/verein")

        def work(session: Session) -> None:
            create(session, reviewer, TOWN, "service", club_service("trick", at=[{"location": "haus"}]))
            if public:
                publish(session, reviewer, f"service:{TOWN}/trick")

        town.do(work)
        document = seen(town, key, of_club(Role.REVIEWER))
        assert document is not None and "address" not in document

    def test_nor_where_the_others_only_prepare_to_be_there(self, town: Town, administrator: Actor, club_editor: Actor) -> None:
        key = a_place(town, administrator, at=(club_service("amsel"),))
        other = club_service("neu", organization="stadt", at=[{"location": "haus"}])
        town.do(lambda session: create(session, administrator, TOWN, "service", other))
        document = seen(town, key, of_club())
        assert document is not None and "address" not in document

    def test_a_house_that_nobody_uses_is_nobodys(self, town: Town, administrator: Actor, club_editor: Actor) -> None:
        document = seen(town, a_place(town, administrator), of_club())
        assert document is not None and "address" not in document

    @pytest.mark.parametrize(
        "place",
        [
            pytest.param({"texts": {}}, id="without a name"),
            pytest.param({"texts": {}, "address": {}}, id="without a name and a street"),
            pytest.param({"texts": {}, "address": {"street": "山道"}}, id="without a name, in a street that no id can have"),
            pytest.param({"texts": {"name": "Haus im Quittenpfad"}}, id="named after the street"),
            pytest.param({"id": "quittenpfad-7"}, id="with the street in its id"),
        ],
    )
    def test_a_place_whose_name_would_tell_the_street_is_not_there(
        self, town: Town, administrator: Actor, club_editor: Actor, place: dict[str, Any]
    ) -> None:
        """Ids of places without a name are made of their street."""
        key = a_place(town, administrator, **place)
        assert seen(town, key, of_club()) is None
        assert seen(town, key, Membership(Role.STAFF, TOWN)) is not None

    def test_a_new_address_in_a_draft_is_as_secret(self, town: Town, administrator: Actor, club_editor: Actor) -> None:
        """Given: the public name is that of the street it moves to."""
        key = a_place(town, administrator, texts={"name": "Haus Mispelsteig"})
        town.do(lambda session: save(session, administrator, key, {**town.words(key), "address": {"street": "Mispelsteig 3"}}, base=1))
        assert seen(town, key, of_club()) is None

    def test_an_open_place_is_seen_as_readers_see_it(self, town: Town, club_editor: Actor) -> None:
        document = seen(town, f"location:{TOWN}/rathaus", of_club())
        assert document is not None and document["address"]["street"] == "Platz 1"

    def test_two_places_are_alike_by_an_address_only_for_those_who_know_it(
        self, town: Town, administrator: Actor, club_editor: Actor
    ) -> None:
        a_place(town, administrator)
        entered = Entered("Ganz anders", street=STREET)
        found = [
            [one.local for one in town.do(lambda session, who=who: similar(sight(session, who), "location", entered))]  # type: ignore[misc]
            for who in (of_club(), Membership(Role.STAFF, TOWN))
        ]
        assert found == [[], ["haus"]]


class TestGaps:
    def test_what_others_have_looked_for_before_changes_no_list(self, town: Town, editor: Actor) -> None:
        """Which translations are missing is held in memory: for all records, not for those of the first list that was asked for."""
        whole = Membership(Role.STAFF, TOWN)
        assert rows(town, "service", Wanted(language="en", text="Schulamt"), whole).keys() == {"school"}
        found = rows(town, "service", Wanted(language="en"), whole).keys()
        assert found == {"office", "school"}
        assert rows(town, "service", Wanted(language="en"), of_club()).keys() == found

    def test_a_draft_of_others_is_as_far_translated_as_readers_see_it(self, town: Town, club_editor: Actor, editor: Actor) -> None:
        before = rows(town, "service", Wanted(), of_club())["office"].gaps
        town.change(editor, OFFICE, name="Nebelkrabbe", fees="Neu")
        assert rows(town, "service", Wanted(), of_club())["office"].gaps == before
        assert rows(town, "service", Wanted(), Membership(Role.STAFF, TOWN))["office"].gaps != before
        assert rows(town, "service", Wanted(language="en"), of_club())["office"].gaps == before


def test_names_are_those_that_somebody_sees(town: Town, club_editor: Actor, editor: Actor) -> None:
    town.change(editor, CLUB, name="Apfelbeere")
    town.change(editor, SCHOOL, name="Nebelkrabbe")
    keys = [CLUB, SCHOOL, "service:nachbarstadt/office", f"service:{TOWN}/nirgends"]
    assert town.do(lambda session: sight(session, of_club()).names(keys)) == {CLUB: "Apfelbeere", SCHOOL: "Schulamt"}
    assert town.do(lambda session: sight(session, Membership(Role.STAFF, TOWN)).names(keys)) == {CLUB: "Apfelbeere", SCHOOL: "Nebelkrabbe"}
