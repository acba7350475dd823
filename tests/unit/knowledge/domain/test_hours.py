"""When is a place open? All times are local; the week of the tests begins on Monday, 2 November 2026."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.domain.hours import WEEKDAYS, HoursRule, OpeningHours, OpenNow, OpenState, Span, format_minute, parse_minute
from tests.factories import MONDAY, closed_on, day_and_night, hours, open_on, rule

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = MONDAY + timedelta(days=6)


def on(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=BERLIN)


def all_saints(day: date) -> bool:
    return day == date(2026, 11, 1)


def monday_is_a_holiday(day: date) -> bool:
    return day == MONDAY


minutes = st.integers(min_value=0, max_value=1440)
spans = st.tuples(minutes, minutes).filter(lambda pair: pair[0] < pair[1])
rules = st.builds(lambda days, span: HoursRule(frozenset(days), *span), st.sets(st.integers(min_value=0, max_value=6), min_size=1), spans)
moments = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(BERLIN))


class TestTheWeek:
    def test_open_within_the_hours_until_they_end(self) -> None:
        assert hours().at(on(MONDAY, "10:30")) == OpenNow(OpenState.OPEN, until=on(MONDAY, "17:00"))

    def test_the_opening_minute_is_open_and_the_closing_minute_is_not(self) -> None:
        assert hours().at(on(MONDAY, "09:00")).state is OpenState.OPEN
        assert hours().at(on(MONDAY, "17:00")).state is OpenState.CLOSED

    def test_before_it_opens_the_same_day_is_named(self) -> None:
        assert hours().at(on(MONDAY, "08:59")) == OpenNow(OpenState.CLOSED, opens_next=on(MONDAY, "09:00"))

    def test_over_the_weekend_the_next_working_day_is_named(self) -> None:
        assert hours().at(on(SUNDAY, "12:00")).opens_next == on(MONDAY + timedelta(days=7), "09:00")

    def test_a_lunch_break_is_closed_and_names_the_afternoon(self) -> None:
        split = hours(rule("13:00", "17:00"), rule("08:00", "12:00"))
        assert split.on(MONDAY) == (Span(480, 720), Span(780, 1020))
        assert split.at(on(MONDAY, "12:15")).opens_next == on(MONDAY, "13:00")

    def test_rules_that_touch_or_overlap_are_one_opening(self) -> None:
        touching = hours(rule("08:00", "12:00"), rule("12:00", "16:00"), rule("15:00", "18:00"))
        assert touching.on(MONDAY) == (Span(480, 1080),)
        assert touching.at(on(MONDAY, "09:00")).until == on(MONDAY, "18:00")

    def test_a_place_that_opens_only_after_two_weeks_names_no_day(self) -> None:
        spring = hours(rule("09:00", "17:00", valid_from=date(2027, 3, 1)))
        assert spring.at(on(MONDAY, "10:00")) == OpenNow(OpenState.CLOSED)


class TestSeasons:
    def test_a_rule_holds_on_its_first_and_last_day_and_not_outside(self) -> None:
        winter = hours(rule("18:00", "22:00", *WEEKDAYS, valid_from=MONDAY, valid_to=SUNDAY))
        inside = [winter.on(MONDAY), winter.on(SUNDAY)]
        outside = [winter.on(MONDAY - timedelta(days=1)), winter.on(SUNDAY + timedelta(days=1))]
        assert all(inside) and not any(outside)

    def test_summer_and_winter_hours_follow_one_another(self) -> None:
        both = hours(rule("08:00", "12:00", valid_to=MONDAY), rule("14:00", "18:00", valid_from=MONDAY + timedelta(days=1)))
        assert both.at(on(MONDAY, "13:00")).opens_next == on(MONDAY + timedelta(days=1), "14:00")


class TestHolidaysAndExceptions:
    def test_a_public_holiday_is_closed(self) -> None:
        assert hours().on(MONDAY, monday_is_a_holiday) == ()

    def test_a_place_that_works_on_holidays_is_open(self) -> None:
        assert hours(closed_on_holidays=False).on(MONDAY, monday_is_a_holiday) == (Span(540, 1020),)

    def test_an_exception_closes_one_day(self) -> None:
        special = hours(exceptions=[closed_on(MONDAY)])
        assert special.at(on(MONDAY, "10:00")).opens_next == on(MONDAY + timedelta(days=1), "09:00")

    def test_an_exception_opens_at_other_hours_even_on_a_holiday(self) -> None:
        special = hours(exceptions=[open_on(MONDAY, "10:00", "11:00")])
        assert special.on(MONDAY, monday_is_a_holiday) == (Span(600, 660),)

    def test_an_exception_may_have_two_openings(self) -> None:
        special = hours(exceptions=[open_on(SUNDAY, "15:00", "16:00"), open_on(SUNDAY, "10:00", "11:00")])
        assert special.on(SUNDAY) == (Span(600, 660), Span(900, 960))


class TestNights:
    def test_a_night_that_goes_on_after_midnight_ends_in_the_morning(self) -> None:
        shelter = hours(rule("20:00", "24:00", *WEEKDAYS), rule("00:00", "08:00", *WEEKDAYS))
        assert shelter.at(on(MONDAY, "23:00")).until == on(MONDAY + timedelta(days=1), "08:00")
        assert shelter.at(on(MONDAY, "00:30")).until == on(MONDAY, "08:00")

    def test_a_night_that_ends_at_midnight_ends_at_midnight(self) -> None:
        bar = hours(rule("20:00", "24:00", "monday"))
        assert bar.at(on(MONDAY, "23:59")).until == on(MONDAY + timedelta(days=1), "00:00")

    def test_a_night_before_a_holiday_ends_at_midnight(self) -> None:
        shelter = hours(rule("20:00", "24:00", *WEEKDAYS), rule("00:00", "08:00", *WEEKDAYS))
        assert shelter.at(on(MONDAY - timedelta(days=1), "22:00"), monday_is_a_holiday).until == on(MONDAY, "00:00")


class TestAlwaysAndUnknown:
    def test_day_and_night_is_open_without_an_end(self) -> None:
        assert day_and_night().at(on(SUNDAY, "03:00"), all_saints) == OpenNow(OpenState.OPEN, always=True)

    def test_day_and_night_but_not_on_holidays_is_not_always(self) -> None:
        around = hours(rule("00:00", "24:00", *WEEKDAYS), closed_on_holidays=True)
        assert not around.always_open
        assert around.at(on(MONDAY, "10:00"), monday_is_a_holiday).state is OpenState.CLOSED

    @given(moments)
    def test_a_place_without_hours_is_never_reported_as_open(self, moment: datetime) -> None:
        assert OpeningHours().at(moment) == OpenNow(OpenState.UNKNOWN)


class TestForAllHours:
    @given(st.lists(rules, min_size=1, max_size=4), moments)
    def test_open_means_open_until_the_end_that_is_named(self, some: list[HoursRule], moment: datetime) -> None:
        place = OpeningHours(tuple(some), closed_on_holidays=False)
        now = place.at(moment)
        if now.state is not OpenState.OPEN or now.until is None:
            return
        before = now.until.replace(tzinfo=None) - timedelta(minutes=1)
        assert now.until > moment.replace(second=0, microsecond=0)
        assert place.at(before.replace(tzinfo=BERLIN)).state is OpenState.OPEN
        around_the_clock = all(place.on(moment.date() + timedelta(days=n)) == (Span(0, 1440),) for n in range(14))
        assert around_the_clock or place.at(now.until).state is OpenState.CLOSED

    @given(st.lists(rules, min_size=1, max_size=4), moments)
    def test_closed_means_open_at_the_next_opening(self, some: list[HoursRule], moment: datetime) -> None:
        place = OpeningHours(tuple(some))
        now = place.at(moment)
        if now.state is OpenState.CLOSED:
            assert now.opens_next is not None and now.opens_next > moment
            assert place.at(now.opens_next).state is OpenState.OPEN

    @given(st.lists(rules, max_size=5), st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31)))
    def test_the_openings_of_a_day_are_in_order_and_apart(self, some: list[HoursRule], day: date) -> None:
        found = OpeningHours(tuple(some)).on(day)
        assert all(one.closes < other.opens for one, other in pairwise(found))


class TestTimesAsWritten:
    @given(minutes)
    def test_what_is_written_is_read_again(self, minute: int) -> None:
        assert parse_minute(format_minute(minute)) == minute

    @pytest.mark.parametrize("wrong", ["", "8", "24:01", "25:00", "08:60", "-0:30", "8h30", " 08:30", "008:30", "1_0:30", "٠٨:٣٠", "08:3"])
    def test_anything_else_is_refused(self, wrong: str) -> None:
        with pytest.raises(ValueError):
            parse_minute(wrong)
