"""When is it open? Asked after an answer, with a day, with "now", about the place that was shown. The clock stands at Monday noon."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from actions.finding import FindService
from actions.follow_ups import FollowUp
from actions.turn import Turn, read_turn
from actions.wishes import asked_days
from knowledge.api import KnowledgeApi
from knowledge.domain.hours import WEEKDAYS
from knowledge.domain.records import Closure, Knowledge
from tests.factories import MONDAY, day_and_night, hours, knowledge, rule, service, spoken
from tests.unit.doors import door

TOPIC = "registration.address"
OTHER = "health.doctor"
SATURDAY, SUNDAY = MONDAY + timedelta(days=5), MONDAY + timedelta(days=6)


def desk(known: Knowledge, hour: int = 12, today: date = MONDAY) -> KnowledgeApi:
    now = datetime(today.year, today.month, today.day, hour - 1, 0, tzinfo=UTC)  # Berlin is an hour ahead
    return door(known, now)


def turn(
    intent: str = "follow_up.when", *, text: str = "?", days: tuple[str, ...] = (), slots: dict[str, Any] | None = None, **more: Any
) -> Turn:
    """A message in English in which `days` were found."""
    entities = [{"entity": "day", "value": day} for day in days] + [{"entity": kind, "value": value} for kind, value in more.items()]
    message = {"text": text, "intent": {"name": intent}, "language": {"code": "en", "clear": True}, "entities": entities}
    return read_turn({"slots": {"topic": TOPIC, **(slots or {})}, "latest_message": message, "events": []}, "en")


def words(known: Knowledge, said: Turn, hour: int = 12, today: date = MONDAY) -> str:
    action = FollowUp() if said.intent.startswith("follow_up") else FindService()
    return "\n\n".join(message.text for message in action.reply(said, desk(known, hour, today)))


class TestWhichDay:
    @pytest.mark.parametrize(
        ("today", "named", "expected"),
        [
            (MONDAY, ("saturday",), (SATURDAY,)),
            (MONDAY, ("today", "saturday"), (SATURDAY,)),
            (MONDAY, ("saturday", "sunday"), (SATURDAY, SUNDAY)),
            (MONDAY, ("weekend",), (SATURDAY, SUNDAY)),
            (SATURDAY, ("weekend",), (SATURDAY, SUNDAY)),
            (SUNDAY, ("weekend",), (SUNDAY, SUNDAY + timedelta(days=6))),
            (MONDAY, ("today",), (MONDAY,)),
            (MONDAY, ("tomorrow",), (MONDAY + timedelta(days=1),)),
            (MONDAY, ("now",), ()),
            (MONDAY, ("monday",), (MONDAY,)),
            (MONDAY, ("next", "monday"), (MONDAY + timedelta(days=7),)),
            (MONDAY, ("next", "saturday"), (SATURDAY,)),
            (MONDAY, ("next", "weekend"), (SATURDAY, SUNDAY)),
            (SATURDAY, ("next", "weekend"), (SATURDAY + timedelta(days=7), SUNDAY + timedelta(days=7))),
            (SUNDAY, ("next", "weekend"), (SATURDAY + timedelta(days=7), SUNDAY + timedelta(days=7))),
        ],
    )
    def test_a_weekday_beats_today_and_a_weekend_has_two_days(
        self, today: date, named: tuple[str, ...], expected: tuple[date, ...]
    ) -> None:
        assert asked_days(turn(days=named), today) == expected


class TestThePlaceThatWasShown:
    late = service("late", TOPIC, at={"rathaus": hours(rule("18:00", "20:00", *WEEKDAYS))}, name="Late office")
    now = service("now", TOPIC, name="Noon office")

    def test_is_the_one_that_is_spoken_of_although_another_is_nearer_at_hand(self) -> None:
        said = turn(days=("saturday",), slots={"shown_services": ["late", "now"]})
        assert words(knowledge(self.late, self.now), said).startswith("**Late office**\nSaturday: open")

    def test_is_it_open_now_gets_until_or_from_when(self) -> None:
        known = knowledge(self.late, self.now)
        assert words(known, turn(days=("now",), slots={"shown_services": ["now"]})) == "**Noon office**\nOpen now, until 17:00"
        closed = words(known, turn(days=("now",), slots={"shown_services": ["late"]}))
        assert closed.startswith("**Late office**\nClosed now. Opens today at 18:00")
        assert "These places are open now:" in closed and "Noon office" in closed

    def test_at_the_weekend_both_days_are_shown(self) -> None:
        saturdays = service("sat", TOPIC, at={"rathaus": hours(rule("10:00", "12:00", "saturday"))})
        answer = words(knowledge(saturdays), turn(days=("weekend",), slots={"shown_services": ["sat"]}))
        assert "Saturday: open" in answer and "Sunday: closed" in answer

    def test_day_and_night_is_said_for_any_day(self) -> None:
        always = service("always", TOPIC, at={"rathaus": day_and_night()})
        for day in ("now", "saturday", "today"):
            assert "day and night" in words(knowledge(always), turn(days=(day,), slots={"shown_services": ["always"]}))


class TestAClosureThatIsAnnounced:
    """It begins on the Friday of the week that is asked in, and ends on Saturday."""

    every_day = hours(rule("09:00", "17:00", *WEEKDAYS))
    closing = replace(
        service("closing", TOPIC, at={"rathaus": every_day}, name="Closing"), closed=Closure(SATURDAY - timedelta(days=1), SATURDAY)
    )
    other = service("other", TOPIC, at={"rathaus": every_day}, name="Other")

    def ask(self, *days: str, hour: int = 12, today: date = MONDAY) -> str:
        said = turn(days=days, slots={"shown_services": ["closing"]})
        return words(knowledge(self.closing, self.other), said, hour, today)

    def test_on_its_days_another_place_is_named(self) -> None:
        answer = self.ask("saturday")
        assert answer.startswith("**Closing**\nTemporarily closed") and "**Other**" in answer

    def test_before_and_after_it_the_hours_hold(self) -> None:
        assert self.ask("thursday").startswith("**Closing**\nThursday: open")
        assert self.ask("weekend").startswith("**Closing**\nSaturday: closed\nSunday: open")
        assert self.ask().startswith("**Closing**\nOpen now")

    def test_who_asks_for_no_day_is_told_of_it(self) -> None:
        told = "Temporarily closed from November 6, 2026 up to and including November 7, 2026."
        assert told in self.ask()
        assert told in words(knowledge(self.closing), turn("find_service", text="closing", service="closing"))

    def test_while_it_goes_on_the_usual_week_begins_with_it(self) -> None:
        assert self.ask(today=SATURDAY).startswith("**Closing**\nTemporarily closed, up to and including November 7, 2026.")

    def test_it_is_not_said_to_open_on_such_a_day(self) -> None:
        evening = self.ask("now", hour=20, today=MONDAY + timedelta(days=3))
        assert evening.startswith("**Closing**\nClosed for now")


class TestPublicHolidays:
    """Christmas Day of 2026 is the Friday of the week that is asked in."""

    today = date(2026, 12, 21)
    office = service("office", TOPIC, name="Office")
    shelter = service("shelter", TOPIC, at={"rathaus": hours(rule("10:00", "12:00", *WEEKDAYS), closed_on_holidays=False)}, name="Shelter")

    def test_on_such_a_day_the_usual_hours_do_not_hold_and_who_is_there_is_named(self) -> None:
        said = turn(days=("friday",), slots={"shown_services": ["office"]})
        answer = words(knowledge(self.office, self.shelter), said, today=self.today)
        assert answer.startswith("**Office**\nFriday: closed (public holiday)")
        assert "**Shelter**" in answer and "Friday: open" in answer

    def test_the_week_says_on_which_day_it_differs_and_why(self) -> None:
        said = turn(slots={"shown_services": ["office"]})
        lines = words(knowledge(self.office), said, today=self.today).split("\n")
        assert [line.partition(":")[0] for line in lines[2:]] == ["- Monday – Thursday", "- Friday", "- Saturday – Sunday"]
        assert lines[3] == "- Friday: closed (public holiday)" and lines[4] == "- Saturday – Sunday: closed"


class TestClosedForAWhile:
    def test_its_hours_begin_with_that(self) -> None:
        shown = replace(service("shown", TOPIC, name="Office"), closed=Closure(MONDAY))
        assert words(knowledge(shown), turn(slots={"shown_services": ["shown"]})).startswith("**Office**\nTemporarily closed.")


class TestTheLanguageThatWasAskedFor:
    def test_stands_on_the_card_instead_of_the_readers(self) -> None:
        known = knowledge(service("both", TOPIC, speaks=["en", "tr"]))
        assert "speaks Turkish" in words(known, turn("find_service", text="who speaks turkish", spoken_language="tr"))

    def test_narrows_what_was_asked_before_instead_of_a_topic_that_is_hardly_meant(self) -> None:
        arabic = service("arabic", TOPIC, speaks=["ar"], name="Arabic office")
        noise = service("noise", OTHER, speaks=["ar"], name="Noise")
        said = turn("find_service", text="who speak arabic", spoken_language="ar", slots={"shown_services": ["german"]})
        known = knowledge(service("german", TOPIC, name="German office"), arabic, noise)
        answer = words(known, replace(said, ranking=((OTHER, 0.1),)))
        assert "Arabic office" in answer and "Noise" not in answer and "German office" not in answer

    def test_counts_only_on_the_day_on_which_it_is_spoken(self) -> None:
        mondays = service("mondays", TOPIC, speaks=[spoken("ar", "staff", "monday")], name="Mondays")
        thursdays = service("thursdays", TOPIC, speaks=[spoken("ar", "staff", "thursday")], name="Thursdays")
        said = turn("find_service", text="arabic on thursday", days=("thursday",), spoken_language="ar")
        assert "Thursdays" in (answer := words(knowledge(mondays, thursdays), said)) and "Mondays" not in answer

    def test_who_has_closed_for_today_is_not_open_today(self) -> None:
        known = knowledge(service("morning", TOPIC, at={"rathaus": hours(rule("08:00", "10:00"))}, name="Morning"), service("now", TOPIC))
        said = turn("find_service", text="open today", days=("today",))
        assert "Morning" not in words(known, replace(said, ranking=((TOPIC, 0.5),)))
