"""Days, as people write them in six languages, in a hurry and in the letters they have."""

from __future__ import annotations

import pytest

from knowledge.search.days import find_days, only_a_day


def days(message: str) -> list[str]:
    return [day.value for day in find_days(message)]


class TestWeekdays:
    @pytest.mark.parametrize(
        "message",
        [
            "on Saturday", "saturdays", "sat?", "Saturday's", "open sat", "am Samstag", "samstags", "Samstagvormittag", "Sa.", "am Sa",
            "le samedi", "sam ?", "в суботу", "по суботах", "сб?", "в субботу", "يوم السبت", "السبت؟", "بالسبت", "والسبت", "yom el sebt",
            "el sabt", "cumartesi günü", "cumartesiye", "Cumartesi'ye", "cmt?",
        ],
    )  # fmt: skip
    def test_saturday(self, message: str) -> None:
        assert days(message) == ["saturday"]

    @pytest.mark.parametrize(
        ("message", "day"),
        [
            ("am Freitagabend", "friday"),
            ("Freitag morgen", "friday"),
            ("у п'ятницю", "friday"),
            ("у пʼятницю", "friday"),
            ("jom3a", "friday"),
            ("للجمعة", "friday"),
            ("в середу", "wednesday"),
            ("в неділю", "sunday"),
            ("Mo?", "monday"),
            ("pzt", "monday"),
            ("пн", "monday"),
        ],
    )
    def test_other_days(self, message: str, day: str) -> None:
        assert day in days(message)

    @pytest.mark.parametrize(
        "message",
        ["mon fils est malade", "do you speak arabic", "so happy today?", "mi açık mı", "sa mère", "il me tue", "my son sat an exam"],
    )
    def test_short_forms_are_words_of_their_own_in_longer_messages(self, message: str) -> None:
        assert not set(days(message)) - {"today"}

    @pytest.mark.parametrize("message", ["هل هناك احد يتكلم عربي", "عندي ثلاثة اولاد", "كل يوم", "يوم", "عندي موعد بعد يوم"])
    def test_arabic_words_that_only_look_like_a_day(self, message: str) -> None:
        assert days(message) == []


class TestNext:
    @pytest.mark.parametrize(
        "message",
        [
            "next monday", "this coming Monday?", "nächsten Montag", "am kommenden Montag", "lundi prochain", "наступного понеділка",
            "в наступний понеділок", "الاثنين القادم", "يوم الاثنين الجاي", "الاثنين المقبل", "gelecek pazartesi", "haftaya pazartesi",
        ],
    )  # fmt: skip
    def test_beside_a_weekday_is_part_of_the_day(self, message: str) -> None:
        assert sorted(days(message)) == ["monday", "next"]
        assert only_a_day(message)

    def test_beside_a_weekend_too(self) -> None:
        assert sorted(days("le week-end prochain")) == ["next", "weekend"]

    @pytest.mark.parametrize("message", ["my next child", "next month", "the next bus on monday"])
    def test_elsewhere_it_says_nothing_of_a_day(self, message: str) -> None:
        assert "next" not in days(message)


class TestOtherDays:
    @pytest.mark.parametrize("message", ["Guten Morgen", "jeden morgen", "er weint morgens", "am Morgen"])
    def test_a_morning_is_not_tomorrow(self, message: str) -> None:
        assert days(message) == []

    @pytest.mark.parametrize("message", ["bukra?", "بكرا؟", "بكرة", "morgen früh", "demain", "завтра", "yarın", "tmrw"])
    def test_tomorrow(self, message: str) -> None:
        assert days(message) == ["tomorrow"]

    @pytest.mark.parametrize("message", ["tonight?", "مفتوح اليوم", "heute morgen", "ce soir", "bu akşam", "сьогодні"])
    def test_today(self, message: str) -> None:
        assert days(message) == ["today"]

    @pytest.mark.parametrize("message", ["ce week end", "am Wochenende", "hafta sonu", "на вихідних", "نهاية الاسبوع", "this weekend"])
    def test_the_weekend(self, message: str) -> None:
        assert days(message) == ["weekend"]


class TestNow:
    @pytest.mark.parametrize(
        "message",
        ["open now?", "هل مفتوح الان", "jetzt offen?", "c ouvert mnt?", "مفتوح هلأ؟", "şu an açık mı", "зараз відчинено?", "jetzt?"],
    )
    def test_a_door_that_is_open_at_this_moment(self, message: str) -> None:
        assert days(message) == ["now"]

    @pytest.mark.parametrize("message", ["now i live in a new flat", "ich wohne jetzt in der Altstadt", "зараз живу у подруги"])
    def test_elsewhere_it_is_no_day(self, message: str) -> None:
        assert days(message) == []


class TestADayAlone:
    @pytest.mark.parametrize(
        "message",
        ["next monday", "dimanche", "ce week end", "cumartesi?", "بكرا؟", "Mo?", "sat?", "tonight?", "and on saturday?", "şu an açık mı"],
    )
    def test_is_recognised(self, message: str) -> None:
        assert only_a_day(message)

    @pytest.mark.parametrize(
        "message", ["doctor on saturday", "deutschkurs samstag", "yes", "", "now what?", "et maintenant ?", "heute geschlagen worden"]
    )
    def test_a_message_about_something_is_not(self, message: str) -> None:
        assert not only_a_day(message)
