"""The door to the knowledge: what a reader gets, in their language, at this moment. The desk's clock stands at Monday noon."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest

from knowledge.domain.finding import Wish
from knowledge.domain.hours import OpenState
from knowledge.domain.records import Location, Phone
from knowledge.domain.text import TranslationState
from tests.factories import (
    MONDAY,
    article,
    district,
    helpline,
    hours,
    knowledge,
    location,
    municipality,
    organization,
    rule,
    service,
    spoken,
    text,
)
from tests.unit.doors import Shelf, door

TOPIC = "registration.address"


class TestAnswer:
    def test_in_the_readers_language_with_the_source_beside_it(self) -> None:
        answer = door(knowledge(article(TOPIC, title=text("Anmelden", en="Register"), answer=text("Hin.", en="Go.")))).answer(TOPIC, "en")
        assert answer is not None
        assert (answer.language, answer.texts["answer"].body, answer.source_texts["answer"].body) == ("en", "Go.", "Hin.")
        assert answer.translation is TranslationState.MACHINE
        assert (answer.topic, answer.checked_on) == (TOPIC, MONDAY)

    def test_the_least_trustworthy_text_speaks_for_the_whole(self) -> None:
        old = text("Hin.", state=TranslationState.OUTDATED, en="Go.")
        answer = door(knowledge(article(TOPIC, title=text("Anmelden", en="Register"), answer=old))).answer(TOPIC, "en")
        assert answer is not None and answer.translation is TranslationState.OUTDATED

    def test_a_language_that_is_not_there_falls_back_along_its_chain(self) -> None:
        known = knowledge(article(TOPIC, answer=text("Hin.", en="Go.")))
        spoken_in = {reader: door(known).answer(TOPIC, reader) for reader in ("uk", "de", "ti")}
        assert {reader: answer.language for reader, answer in spoken_in.items() if answer} == {"uk": "en", "de": "de", "ti": "en"}

    def test_none_where_the_city_has_none(self) -> None:
        assert door(knowledge()).answer(TOPIC, "de") is None

    def test_the_article_for_an_audience_is_preferred(self) -> None:
        known = knowledge(article(TOPIC), article(TOPIC, audience="refugees", title="Für Geflüchtete"))
        found = {audience: door(known).answer(TOPIC, "de", audience=audience) for audience in ("refugees", "women")}
        assert {asked: answer.audience for asked, answer in found.items() if answer} == {"refugees": "refugees", "women": "everyone"}

    def test_services_are_those_it_names_and_those_of_its_topic(self) -> None:
        known = knowledge(
            article(TOPIC, services=("named",)), service("named", "legal.advice"), service("by-topic", TOPIC), service("x", "work.search")
        )
        answer = door(known).answer(TOPIC, "de")
        assert answer is not None and {one.id for one in answer.services} == {"named", "by-topic"}


class TestServices:
    def test_open_now_and_the_public_holidays_of_the_place(self) -> None:
        all_saints = datetime(2027, 11, 1, 11, 0, tzinfo=UTC)  # a Monday; a holiday in Bavaria, not in Berlin
        states = []
        for land in ("BY", "BE"):
            view = door(knowledge(service("s"), town=municipality(subdivision=land)), all_saints).service("s", "de")
            assert view is not None
            states.append((view.places[0].open_now.state, view.places[0].is_holiday(all_saints.date())))
        assert states == [(OpenState.CLOSED, True), (OpenState.OPEN, False)]

    def test_staff_today_comes_before_an_interpreter_and_before_another_day(self) -> None:
        spoken_here = [spoken("ar", "staff", "tuesday"), spoken("ar", "phone_interpreter"), spoken("ar", "interpreter", "monday")]
        view = door(knowledge(service("s", speaks=spoken_here))).service("s", "ar")
        assert view is not None and view.speaks_reader == spoken_here[2]

    def test_a_fax_number_is_no_number_to_call(self) -> None:
        view = door(knowledge(service("s", phones=[Phone("+49 30 23125 100"), Phone("+49 30 23125 101", "fax")]))).service("s", "de")
        assert view is not None and view.phones == ("+49 30 23125 100",)

    def test_what_was_let_go_of_the_wish_is_said(self) -> None:
        found, relaxed = door(knowledge(service("s", TOPIC))).services(Wish(topics=(TOPIC,), spoken_language="ti"), "de")
        assert ([one.id for one in found], relaxed) == (["s"], ("spoken_language",))

    def test_each_place_has_its_own_distance(self) -> None:
        known = knowledge(location("near"), location("far", None, latitude=49.9), service("s", TOPIC, at={"near": hours(), "far": hours()}))
        found, _ = door(known).services(Wish(topics=(TOPIC,), district="altstadt"), "de")
        assert [place.kilometres for place in found[0].places] == [pytest.approx(0, abs=0.01), pytest.approx(11.1, abs=0.1)]

    def test_unknown_ids_and_a_missing_information_point_are_none(self) -> None:
        assert door(knowledge()).service("gone", "de") is None
        assert door(knowledge()).information_point("de") is None

    def test_the_information_point_is_a_service(self) -> None:
        view = door(knowledge(service("s"), town=municipality(information_point="s"))).information_point("de")
        assert view is not None and view.id == "s"


class TestAConfidentialAddress:
    shelter: Location = location(
        "shelter",
        "weststadt",
        latitude=49.123,
        longitude=9.321,
        confidential=True,
        street="Fliederweg 44",
        name="Haus Flieder",
        directions="Tram 9, Haltestelle Flieder",
    )
    secrets = ("Fliederweg", "Haus Flieder", "Tram 9", "49.123", "9.321", "Weststadt", "00001")

    def views(self) -> list[str]:
        town = municipality(districts=[district(), district("weststadt", latitude=49.12, name="Weststadt")], information_point="help")
        known = knowledge(
            self.shelter, service("help", TOPIC, at={"shelter": hours()}, name="Hilfe"), article(TOPIC, services=("help",)), town=town
        )
        api = door(known)
        wishes = [Wish(topics=(TOPIC,), district=one) for one in (None, "altstadt", "weststadt")]
        found = [api.services(wish, "de") for wish in wishes]
        answers = [api.answer(TOPIC, "de", wish=wish) for wish in wishes]
        return [
            str(one)
            for one in (*found, *answers, api.service("help", "de"), api.information_point("de"), api.search("Flieder Hilfe", "de"))
        ]

    @pytest.mark.parametrize("secret", secrets)
    def test_is_in_no_view(self, secret: str) -> None:
        assert not [view for view in self.views() if secret in view]

    def test_has_no_distance_and_says_that_it_is_confidential(self) -> None:
        known = knowledge(self.shelter, service("help", TOPIC, at={"shelter": hours()}))
        found, _ = door(known).services(Wish(topics=(TOPIC,), district="altstadt"), "de")
        place = asdict(found[0].places[0])
        assert place["confidential"]
        assert {
            place[name] for name in ("street", "postal_code", "city", "district", "latitude", "longitude", "directions", "kilometres")
        } == {None}
        assert place["name"] == ""

    def test_the_district_asked_for_makes_no_difference(self) -> None:
        views = self.views()
        assert views[1] == views[2]


class TestHelplines:
    def test_of_the_kind_in_the_citys_order(self) -> None:
        lines = [helpline("b", "safety.violence", name="B"), helpline("a", "safety.violence", name="A"), helpline("c", "safety.self_harm")]
        found = door(knowledge(town=municipality(helplines=lines))).helplines("safety.violence", "de")
        assert [line.name for line in found] == ["B", "A"]

    def test_one_that_is_closed_now_stands_last_and_knows_when_it_opens(self) -> None:
        lines = [helpline("evening", when=hours(rule("18:00", "22:00")), name="Abend"), helpline("day", when=hours(), name="Tag")]
        found = door(knowledge(town=municipality(helplines=lines))).helplines("safety.violence", "de")
        assert [(line.name, line.always, line.reachable) for line in found] == [("Tag", False, True), ("Abend", False, False)]
        opens = found[1].open_now.opens_next
        assert opens is not None and opens.hour == 18


class TestSearchAndNames:
    def test_hits_carry_titles_in_the_readers_language(self) -> None:
        known = knowledge(article(TOPIC, title=text("Adresse", en="Address")), service("s", name=text("Adressbüro", en="Address office")))
        hits = door(known).search("address", "en")
        assert {(hit.kind, hit.id, hit.title) for hit in hits} == {("article", TOPIC, "Address"), ("service", "s", "Address office")}

    def test_what_is_published_is_found_at_once(self) -> None:
        shelf = Shelf(knowledge(article(TOPIC)))
        api = door(shelf)
        assert api.search("zahnarzt", "de") == ()
        shelf.held = knowledge(article("health.dentist", title="Zahnarzt"))  # another town's version may carry the same number
        assert [hit.id for hit in api.search("zahnarzt", "de")] == ["health.dentist"]

    def test_the_citys_name_and_a_title(self) -> None:
        api = door(knowledge(article(TOPIC)))
        assert (api.municipality_name("ar"), api.municipality_name("tr")) == ("أنكرشتات", "Ankerstadt")
        assert (api.title(TOPIC, "de"), api.title("work.search", "de")) == ("Adresse anmelden", None)

    def test_local_time_is_that_of_the_town(self) -> None:
        now = door(knowledge()).now()
        assert (now.date(), now.hour, now.utcoffset()) == (date(2026, 11, 2), 12, timedelta(hours=1))

    def test_the_organization_is_named(self) -> None:
        view = door(knowledge(organization("stadt", text("Stadt", en="City")), service("s"))).service("s", "en")
        assert view is not None and view.organization == "City"
