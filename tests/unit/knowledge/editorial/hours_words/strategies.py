"""Arbitrary valid opening hours for property tests."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from knowledge.domain.hours import HoursException, HoursRule, OpeningHours

LANGUAGES = ("en", "de", "fr", "uk", "ar", "tr")
languages = st.sampled_from(LANGUAGES)
days = st.sets(st.integers(0, 6), min_size=1).map(frozenset)
# Mostly times that people choose, and sometimes any minute.
minutes = st.one_of(st.integers(0, 48).map(lambda half: half * 30), st.integers(0, 1440))
openings = st.tuples(minutes, minutes).filter(lambda pair: pair[0] < pair[1])
dates = st.dates(date(2024, 1, 1), date(2029, 12, 31))
seasons = st.one_of(
    st.just((None, None)),
    st.tuples(st.none(), dates),
    st.tuples(dates, st.none()),
    dates.map(lambda day: (day, day)),
    st.tuples(dates, dates).filter(lambda pair: pair[0] <= pair[1]),
)
rules = st.builds(lambda on, times, season: HoursRule(on, *times, *season), days, openings, seasons)
exceptions = st.one_of(st.builds(HoursException, dates), st.builds(lambda day, times: HoursException(day, *times), dates, openings))
hours = st.builds(
    OpeningHours,
    st.lists(rules, max_size=5, unique=True).map(tuple),
    st.lists(exceptions, max_size=5, unique=True).map(tuple),
    st.booleans(),
)
