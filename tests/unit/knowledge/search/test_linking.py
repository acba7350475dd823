"""Names in a message, linked to what is published at this moment."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from knowledge.domain.records import Service
from knowledge.search import ages
from knowledge.search.linking import Link, NameLinker, plain_word
from locales.word_lists import word_lists
from tests.factories import district, knowledge, municipality, organization, service, text

TOWN = municipality(
    districts=[
        district("lindenau", name=text("Lindenau", uk="Лінденау", ar="ليندناو"), also=("Südstadt",)),
        district("am-bahnhof", name=text("Am Bahnhof", en="At the station")),
    ]
)
SHELTER = service("night-shelter", name=text("Nachtlicht (Notunterkunft)", en="Night light", tr="Gece Işığı"), also=("Winterhalle",))


def linker_with(*more: Service) -> NameLinker:
    return NameLinker(knowledge(organization("verein", "Haus der Kulturen"), SHELTER, *more, town=TOWN))


@cache
def linker() -> NameLinker:
    return linker_with()


def found(message: str, kind: str, *more: Service) -> list[str]:
    linked = linker_with(*more) if more else linker()
    return [link.value for link in linked.link(message) if link.kind == kind]


class TestDistricts:
    @pytest.mark.parametrize(
        "message",
        ["Wohne in Lindenau", "arzt in LINDENAU?", "Ärztin in der Südstadt", "лікар в Лінденау", "طبيب في ليندناو", "طبيب بليندناو"],
    )
    def test_in_any_of_its_names(self, message: str) -> None:
        assert found(message, "district") == ["lindenau"]

    @pytest.mark.parametrize("message", ["Lindenau'da doktor", "Lindenauda doktor", "der Lindenauer Arzt"])
    def test_with_an_ending_written_onto_it(self, message: str) -> None:
        assert found(message, "district") == ["lindenau"]

    def test_of_several_words(self) -> None:
        assert found("a doctor at the station please", "district") == ["am-bahnhof"]

    def test_not_within_another_word(self) -> None:
        assert found("Lindenauerstraßenfest", "district") == []


class TestServicesAndOrganizations:
    @pytest.mark.parametrize("message", ["Wo ist das Nachtlicht?", "is Night Light open", "gece ışığı nerede", "winterhalle"])
    def test_a_service_by_any_of_its_names_also_without_the_bracket(self, message: str) -> None:
        assert found(message, "service") == ["night-shelter"]

    def test_an_organization(self) -> None:
        assert found("Gibt es im Haus der Kulturen Kurse?", "organization") == ["verein"]

    def test_a_new_service_is_found_without_training(self) -> None:
        new = service("repair", name="Fahrradwerkstatt Speiche")
        assert found("wo ist die fahrradwerkstatt speiche", "service") == []
        assert found("wo ist die fahrradwerkstatt speiche", "service", new) == ["repair"]

    def test_the_link_says_where_in_the_message_it_stands(self) -> None:
        assert linker().link("Ins Nachtlicht?") == [Link("service", "night-shelter", 4, 14, "Nachtlicht")]


class TestLanguages:
    @pytest.mark.parametrize(
        ("message", "language"),
        [
            ("does anyone speak Arabic", "ar"),
            ("spricht jemand Arabisch?", "ar"),
            ("qui parle arabe ?", "ar"),
            ("хтось говорить арабською", "ar"),
            ("مين بيحكي عربي", "ar"),
            ("Arapça bilen var mı", "ar"),
            ("almanca kursu", "de"),
            ("курси німецької", "de"),
            ("دورة ألماني", "de"),
            ("je parle ukrainien", "uk"),
            ("I speak Tigrinya", "ti"),
            ("spricht hier jemand Dari?", "fa"),
            ("українською", "uk"),
            ("Türkçe konuşan biri", "tr"),
        ],
    )
    def test_by_the_names_that_people_use(self, message: str, language: str) -> None:
        assert language in found(message, "spoken_language")

    @pytest.mark.parametrize(
        ("message", "language"),
        [
            ("türkischen", "tr"),
            ("arabische Ärztin", "ar"),
            ("Arapçada", "ar"),
            ("українська мова", "uk"),
            ("польською", "pl"),
            ("polnisch", "pl"),
        ],
    )
    def test_with_the_endings_of_their_language(self, message: str, language: str) -> None:
        assert language in found(message, "spoken_language")

    @pytest.mark.parametrize(
        "message", ["polisi arayın", "polis nerede", "romantik", "I come from Somalia", "my family is in russia", "je viens de Somalie"]
    )
    def test_police_and_countries_are_no_languages(self, message: str) -> None:
        assert found(message, "spoken_language") == []

    def test_by_its_own_name(self) -> None:
        assert found("Українська", "spoken_language") == ["uk"]


class TestDays:
    @pytest.mark.parametrize(
        ("message", "day"),
        [
            ("open on Tuesday?", "tuesday"),
            ("am Dienstag offen?", "tuesday"),
            ("ouvert le mardi ?", "tuesday"),
            ("відкрито у вівторок?", "tuesday"),
            ("مفتوح الثلاثاء؟", "tuesday"),
            ("salı günü açık mı", "tuesday"),
            ("open now?", "now"),
            ("heute offen?", "today"),
            ("ouvert aujourd'hui ?", "today"),
            ("сьогодні", "today"),
            ("مفتوح اليوم", "today"),
            ("bugün açık mı", "today"),
            ("tomorrow morning", "tomorrow"),
            ("demain", "tomorrow"),
            ("завтра", "tomorrow"),
            ("غدا", "tomorrow"),
            ("yarın", "tomorrow"),
            ("am Wochenende", "weekend"),
            ("hafta sonu", "weekend"),
        ],
    )
    def test_weekdays_today_now_tomorrow_and_the_weekend(self, message: str, day: str) -> None:
        assert day in found(message, "day")


class TestAges:
    @pytest.mark.parametrize(
        ("message", "age"),
        [
            ("my son is 7 years old", "7"),
            ("Meine Tochter ist 12 Jahre alt", "12"),
            ("mon fils a 5 ans", "5"),
            ("сину 6 років", "6"),
            ("ابني عمره 8 سنوات", "8"),
            ("ابنتي عمرها ٩ سنوات", "9"),
            ("oğlum 10 yaşında", "10"),
            ("my son is six and sits at home", "6"),
            ("mein Sohn ist 6 und sitzt zu Hause", "6"),
            ("ein 14-jähriger Junge", "14"),
            ("mon fils a six ans", "6"),
            ("сину шість і сидить вдома", "6"),
            ("ابني عمره ست سنوات", "6"),
            ("oğlum on iki yaşında", "12"),
            ("KIZIM İKİ YAŞINDA", "2"),
            ("дитині рік, з ким лишити", "1"),
            ("طفلي عمره سنة", "1"),
            ("وين بنتي عمرها 13 ساعدوني", "13"),
        ],
    )
    def test_in_six_languages(self, message: str, age: str) -> None:
        assert found(message, "age") == [age]

    @pytest.mark.parametrize(
        "message",
        [
            "2015 years", "zimmer 12", "5 ansichten", "the train is 6 km away", "der Termin ist 8 Uhr", "it is 9:30", "she is 5 months old",
            "I'm on the bus", "is one paper enough", "mein Sohn ist ein guter Schüler", "my wife is 22 weeks pregnant",
            "die Wohnung ist 40 m2", "عندها 2 اطفال", "дитині 3 тижні", "üç bin dört yüz avro",
        ],
    )  # fmt: skip
    def test_a_number_that_is_no_age(self, message: str) -> None:
        assert found(message, "age") == []

    def test_a_language_whose_numbers_nobody_has_written_yet_stops_no_message(self, monkeypatch: pytest.MonkeyPatch) -> None:
        lists = {**word_lists(), "before_age": {"so": ["da'diisu waa"]}}
        monkeypatch.setattr(ages, "word_lists", lambda: lists)
        ages._pattern.cache_clear()
        try:
            assert [one.years for one in ages.find_ages("da'diisu waa 6. da'diisu waa …")] == [6]
        finally:
            ages._pattern.cache_clear()


class TestArabicParticles:
    @pytest.mark.parametrize("word", ["المدرسة", "بالمدرسة", "للمدرسة", "والمدرسة", "لمدرسة", "مدرسة"])
    def test_article_and_particles_written_onto_a_word_do_not_matter(self, word: str) -> None:
        assert plain_word(word) == plain_word("مدرسة")

    def test_a_short_word_is_not_taken_apart(self) -> None:
        assert plain_word("ولد") == "ولد"


class TestOverlaps:
    def test_of_two_names_of_a_kind_the_longer_wins(self) -> None:
        longer = service("second", name="Nachtlicht am Kai")
        assert found("ins Nachtlicht am Kai", "service", longer) == ["second"]

    def test_of_two_records_with_one_name_it_is_always_the_same(self) -> None:
        first, second = service("a", name="Beratung"), service("b", name="Beratung")
        for order in ((first, second), (second, first)):
            assert [one.value for one in NameLinker(knowledge(*order)).link("beratung")] == ["a"]

    def test_different_kinds_may_share_words(self) -> None:
        same = service("counter", name="Lindenau")
        kinds = {link.kind for link in linker_with(same).link("lindenau")}
        assert kinds == {"district", "service"}

    @pytest.mark.parametrize("message", ["", "?!", "12"])
    def test_nothing_to_find(self, message: str) -> None:
        assert linker().link(message) == []

    def test_words_that_are_in_no_name_are_not_kept(self) -> None:
        one = linker()
        assert one.link("ich heiße Zeynepgül und suche lindenau")
        assert "zeynepgul" not in one._nlp.vocab.strings
        assert "lindenau" in one._nlp.vocab.strings

    def test_without_knowledge_languages_and_days_are_still_found(self) -> None:
        assert [link.value for link in NameLinker(None).link("arabisch am montag")] == ["ar", "monday"]


class TestANewVersion:
    MESSAGE = "Nachtlicht, Singkreis, Winterhalle, Neuhaus, lindenau, Haus der Kulturen, Werkstatt"

    def test_links_what_a_linker_made_anew_links(self) -> None:
        first = knowledge(organization("verein", "Haus der Kulturen"), SHELTER, town=TOWN)
        renamed = replace(SHELTER, texts={"name": text("Neuhaus")}, also=())
        second = replace(first, services={"night-shelter": renamed, "choir": service("choir", name="Singkreis")})
        third = replace(second, services={"choir": second.services["choir"]}, organizations={"werk": organization("werk", "Werkstatt")})
        brought_along = NameLinker(first)
        for known in (second, third, first):
            brought_along.update(known)
            assert brought_along.link(self.MESSAGE) == NameLinker(known).link(self.MESSAGE)

    def test_districts_of_another_name_too(self) -> None:
        first = knowledge(SHELTER, town=TOWN)
        brought_along = NameLinker(first)
        brought_along.update(knowledge(SHELTER, town=municipality(districts=[district("neuhaus", name=text("Neuhaus"))])))
        assert [(link.kind, link.value) for link in brought_along.link("lindenau neuhaus nachtlicht")] == [
            ("district", "neuhaus"),
            ("service", "night-shelter"),
        ]
