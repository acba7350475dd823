"""Which services fit, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.domain.finding import Found, Wish, distance, find_services, great_circle, kilometres, speaks
from knowledge.domain.hours import OpeningHours
from knowledge.domain.records import CapacityState, Knowledge
from tests.factories import MONDAY, day_and_night, district, hours, knowledge, location, municipality, rule, service

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
TOPIC = "registration.address"
TOWN = municipality(districts=[district("altstadt", latitude=49.80, longitude=9.95), district("weststadt", latitude=49.80, longitude=9.92)])


def ids(found: Found) -> list[str]:
    return [one.id for one in found.services]


def find(known: Knowledge, wish: Wish | None = None, reader: str = "de", limit: int = 3) -> Found:
    return find_services(known, wish or Wish(topics=(TOPIC,)), reader=reader, now=NOON, limit=limit)


class TestWhatIsAskedFor:
    def test_only_services_of_the_topic(self) -> None:
        known = knowledge(service("register", TOPIC), service("school", "schools.enrol"))
        assert ids(find(known)) == ["register"]

    def test_named_services_and_unknown_ids_are_left_out(self) -> None:
        known = knowledge(service("one"), service("two"))
        assert ids(find(known, Wish(services=("two", "gone")))) == ["two"]

    def test_of_one_organization(self) -> None:
        known = knowledge(service("one"), service("two", organization="verein"))
        assert ids(find(known, Wish(organization="verein"))) == ["two"]

    def test_without_any_wish_all_are_there_up_to_the_limit(self) -> None:
        known = knowledge(*(service(f"s{number}") for number in range(5)))
        assert len(find(known, Wish(), limit=3).services) == 3

    def test_nothing_for_the_topic_is_nothing_and_nothing_is_relaxed(self) -> None:
        assert find(knowledge(), Wish(topics=(TOPIC,), district="altstadt")) == Found(())

    @pytest.mark.parametrize(("language", "expected"), [("ar", True), ("tr", False)])
    def test_a_service_speaks_what_its_staff_or_interpreters_speak(self, language: str, expected: bool) -> None:
        assert speaks(service(speaks=["de", "ar"]), language) is expected


class TestOrder:
    def test_open_now_comes_before_closed(self) -> None:
        known = knowledge(service("evening", TOPIC, at={"rathaus": hours(rule("18:00", "20:00"))}), service("noon", TOPIC))
        assert ids(find(known)) == ["noon", "evening"]

    def test_the_readers_language_beats_being_open_a_little_sooner(self) -> None:
        known = knowledge(service("german", TOPIC), service("arabic", TOPIC, speaks=["ar"], at={"rathaus": hours(rule("14:00", "18:00"))}))
        assert ids(find(known, reader="ar")) == ["arabic", "german"]

    def test_in_an_emergency_being_open_beats_the_language(self) -> None:
        shelter, office = "housing.emergency", {"rathaus": hours(rule("08:00", "10:00"))}
        known = knowledge(service("arabic-tomorrow", shelter, speaks=["ar"], at=office), service("tonight", shelter))
        assert ids(find(known, Wish(topics=(shelter,)), reader="ar")) == ["tonight", "arabic-tomorrow"]

    def test_who_can_take_people_comes_before_who_is_full(self) -> None:
        states = [CapacityState.FULL, CapacityState.WAITING_LIST, CapacityState.UNKNOWN, CapacityState.OPEN]
        known = knowledge(*(service(state.value, TOPIC, capacity=state) for state in states))
        assert ids(find(known, limit=4)) == ["open", "unknown", "waiting_list", "full"]

    def test_who_mainly_does_it_comes_before_who_also_does_it(self) -> None:
        known = knowledge(service("also", "schools.enrol", TOPIC), service("mainly", TOPIC, "schools.enrol"))
        assert ids(find(known)) == ["mainly", "also"]

    def test_who_mainly_does_it_comes_first_although_another_is_open_and_speaks_the_language(self) -> None:
        tomorrow = {"rathaus": hours(rule("09:00", "12:00", "tuesday"))}
        known = knowledge(service("also", "work.search", TOPIC, speaks=["ar"]), service("mainly", TOPIC, at=tomorrow))
        assert ids(find(known, reader="ar")) == ["mainly", "also"]

    def test_what_an_article_speaks_of_comes_in_its_order(self) -> None:
        evening = {"rathaus": hours(rule("18:00", "20:00"))}
        known = knowledge(service("welcome", TOPIC, speaks=["ar"]), service("office", TOPIC, at=evening))
        wish = Wish(topics=(TOPIC,), services=("office", "welcome"), named=("office",))
        assert ids(find(known, wish, reader="ar")) == ["office", "welcome"]

    def test_unless_its_address_may_not_be_told_or_it_is_full(self) -> None:
        wish = Wish(topics=(TOPIC,), services=("office", "welcome"), named=("office",))
        hidden = location("hidden", confidential=True)
        secret = knowledge(
            location(), hidden, service("welcome", TOPIC), service("office", TOPIC, at={"hidden": hours(rule("18:00", "20:00"))})
        )
        full = knowledge(service("welcome", TOPIC), service("office", TOPIC, capacity=CapacityState.FULL))
        assert [ids(find(known, wish))[0] for known in (secret, full)] == ["welcome", "welcome"]

    @pytest.mark.parametrize(("reader", "first"), [("fr", "general"), ("de", "general"), ("uk", "meeting")])
    def test_a_meeting_of_one_nations_people_comes_first_only_for_who_speaks_their_language(self, reader: str, first: str) -> None:
        meeting = replace(service("meeting", TOPIC, speaks=["uk", "de"]), audience=("refugees",))
        assert ids(find(knowledge(meeting, service("general", TOPIC)), reader=reader))[0] == first

    def test_near_comes_before_far(self) -> None:
        known = knowledge(
            location("far", "weststadt", longitude=9.92),
            location("near", "altstadt", longitude=9.95),
            service("far", TOPIC, at={"far": hours()}),
            service("near", TOPIC, at={"near": hours()}),
            town=municipality(districts=[district("hafen", longitude=9.951)]),
        )
        assert ids(find(known, Wish(topics=(TOPIC,), district="hafen"))) == ["near", "far"]

    def test_a_service_without_a_place_comes_last_and_breaks_nothing(self) -> None:
        assert ids(find(knowledge(service("phone", TOPIC, at={}), service("office", TOPIC)))) == ["office", "phone"]


class TestRelaxing:
    """Somewhere else is better than nothing, as long as it is said."""

    west = location("west", "weststadt", longitude=9.92)

    def test_nothing_is_let_go_while_something_meets_the_wish(self) -> None:
        known = knowledge(location(), self.west, service("a", TOPIC), service("b", TOPIC, at={"west": hours()}), town=TOWN)
        assert find(known, Wish(topics=(TOPIC,), district="weststadt")).relaxed == ()

    def test_the_district_goes_first(self) -> None:
        found = find(
            knowledge(service("a", TOPIC), town=TOWN), Wish(topics=(TOPIC,), district="weststadt", days=(MONDAY,), spoken_language="de")
        )
        assert (ids(found), found.relaxed) == (["a"], ("district",))

    def test_then_the_day(self) -> None:
        tuesday = service("tuesday", TOPIC, at={"rathaus": hours(rule("09:00", "12:00", "tuesday"))})
        found = find(knowledge(tuesday, town=TOWN), Wish(topics=(TOPIC,), district="weststadt", days=(MONDAY,), spoken_language="de"))
        assert found.relaxed == ("district", "day")

    def test_and_the_language_last(self) -> None:
        found = find(knowledge(service("a", TOPIC), town=TOWN), Wish(topics=(TOPIC,), spoken_language="ti"))
        assert (ids(found), found.relaxed) == (["a"], ("spoken_language",))

    def test_what_was_not_asked_for_is_not_said_to_be_let_go(self) -> None:
        found = find(knowledge(service("a", TOPIC), town=TOWN), Wish(topics=(TOPIC,), district="weststadt", spoken_language="ti"))
        assert found.relaxed == ("district", "spoken_language")

    def test_a_moment_is_let_go_like_a_day(self) -> None:
        night = NOON.replace(hour=3)
        known = knowledge(service("office", TOPIC), service("shelter", TOPIC, at={"rathaus": day_and_night()}))
        assert ids(find(known, Wish(topics=(TOPIC,), open_at=night))) == ["shelter"]
        assert find(knowledge(service("office", TOPIC)), Wish(topics=(TOPIC,), open_at=night)).relaxed == ("day",)

    def test_a_place_without_hours_is_not_open_on_the_day_asked_for(self) -> None:
        known = knowledge(service("unknown", TOPIC, at={"rathaus": OpeningHours()}), service("office", TOPIC))
        assert ids(find(known, Wish(topics=(TOPIC,), days=(MONDAY,)))) == ["office"]


class TestConfidentialPlaces:
    shelter = location("shelter", "weststadt", longitude=9.92, confidential=True)

    def test_asking_for_one_district_after_the_other_does_not_tell_where_it_is(self) -> None:
        known = knowledge(self.shelter, service("shelter", TOPIC, at={"shelter": hours()}), town=TOWN)
        answers = [find(known, Wish(topics=(TOPIC,), district=one)) for one in ("altstadt", "weststadt")]
        assert answers[0] == answers[1]
        assert answers[0].relaxed == ("district",)

    def test_it_has_no_distance(self) -> None:
        known = knowledge(self.shelter, service("shelter", at={"shelter": hours()}), town=TOWN)
        assert kilometres(known, known.services["shelter"], district()) is None
        assert distance(self.shelter, district()) is None


class TestDistance:
    latitudes = st.floats(min_value=-89, max_value=89)
    longitudes = st.floats(min_value=-180, max_value=180)

    def test_a_degree_of_latitude_is_111_kilometres(self) -> None:
        assert great_circle(49, 10, 50, 10) == pytest.approx(111.2, abs=0.1)

    @given(latitudes, longitudes, latitudes, longitudes)
    def test_there_is_as_far_as_back(self, a: float, b: float, c: float, d: float) -> None:
        assert great_circle(a, b, c, d) == pytest.approx(great_circle(c, d, a, b), abs=1e-6)
        assert great_circle(a, b, a, b) == pytest.approx(0, abs=1e-6)

    def test_the_nearest_place_counts(self) -> None:
        known = knowledge(location("near"), location("far", longitude=9.5), service("s", at={"far": hours(), "near": hours()}))
        assert kilometres(known, known.services["s"], district()) == pytest.approx(0)

    @pytest.mark.parametrize("origin", [None, district(latitude=None), district(longitude=None)])
    def test_without_a_known_origin_there_is_none(self, origin: object) -> None:
        known = knowledge(service("s"))
        assert kilometres(known, known.services["s"], origin) is None  # type: ignore[arg-type]
