"""The demonstration city is complete, plainly fictional, and the same in every language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml
from babel import Locale

from knowledge.cli import DEMO_CITY
from knowledge.documents.checks import phone
from knowledge.documents.models import MAX_ANSWER_SENTENCES
from knowledge.domain.records import CRISIS_TOPICS, Knowledge, Service
from knowledge.domain.sentences import count_sentences
from knowledge.domain.text import Texts, TranslationState
from knowledge.domain.topics import load_topics
from knowledge.exchange.newcomer.reader import CityFolder
from knowledge.holiday_calendar import holiday_check
from tests.integration.conftest import MakeDatabase
from tests.integration.store.steps import bring_in, published

LANGUAGES = ("de", "en", "fr", "uk", "ar", "tr")
# Whoever asks "and for my mother?" asks about an adult; the first five once spoke of children or families alone.
FOR_ANYBODY = (
    "registration.documents", "health.uninsured", "housing.emergency", "health.doctor", "health.dentist", "work.search", "work.permit",
    "work.qualifications", "language.courses", "language.interpreting", "money.benefits", "money.bank_account", "legal.advice",
)  # fmt: skip
ADULT = {"de": "erwachsene", "en": "adult", "fr": "adulte", "uk": "доросл", "ar": "بالغ", "tr": "yetişkin"}
# Ranges that the regulator keeps for films and books (Bundesnetzagentur, "Drama numbers"), and the emergency number.
FICTIONAL = re.compile(r"^(112|493023125\d{3}|4915228817386|4915228895456)$")
NUMBER = re.compile(r"(?<![\w,.])(?:\+|00)?\d[\d ()/\u00a0\u202f-]{5,}\d(?!\w)")
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\"',;)]+|[\w.+-]+@[\w.-]+", re.I)
# An amount of money, a year, and the words for "at the moment".
MONEY = re.compile(r"\d\s*(?:€|euro|євро|يورو)", re.I)
YEAR = re.compile(r"(?<!\d)20[2-4]\d(?!\d)")
TODAY = {"de": "im moment", "en": "at the moment", "fr": "en ce moment", "uk": "зараз", "ar": "الآن", "tr": "şu anda"}
A_QUARTER = 92
FILES = sorted(DEMO_CITY.rglob("*.yml"))


@pytest.fixture(scope="module")
def city(make_database: MakeDatabase, demo_folder: CityFolder) -> Iterator[Knowledge]:
    database = make_database("sqlite")
    bring_in(database, demo_folder)
    yield published(database, "ankerstadt")
    database.engine.dispose()


def all_texts(city: Knowledge) -> Iterable[tuple[str, Texts]]:
    """(record, texts) of everything that has words."""
    town = city.municipality
    yield town.id, town.texts
    for group in (town.districts, city.organizations, city.locations, city.services, city.articles):
        for name, record in group.items():
            yield name, record.texts
    for line in town.helplines:
        yield line.id, line.texts


@cache
def values(path: Path) -> tuple[str, ...]:
    """Every text of a file, however deep."""

    def walk(content: object) -> Iterable[str]:
        if isinstance(content, dict):
            for one in content.values():
                yield from walk(one)
        elif isinstance(content, list):
            for one in content:
                yield from walk(one)
        elif isinstance(content, str):
            yield content

    return tuple(walk(yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)))


class TestComplete:
    def test_nothing_is_rejected(self, demo_folder: CityFolder) -> None:
        assert [str(one) for one in demo_folder.rejected] == []

    @pytest.mark.parametrize("topic", load_topics().topics)
    def test_every_topic_has_an_answer_with_somewhere_to_go(self, city: Knowledge, topic: str) -> None:
        article = city.article(topic)
        assert article is not None
        assert article.services

    def test_enough_services_of_enough_organizations_in_six_districts(self, city: Knowledge) -> None:
        services = city.services.values()
        districts = {city.locations[at.location].district for one in services for at in one.at}
        assert len(services) >= 30
        assert len({one.organization for one in services}) >= 15
        assert len(city.municipality.districts) == 6
        assert set(city.municipality.districts) <= districts

    def test_services_can_be_reached_and_understood(self, city: Knowledge) -> None:
        def reachable(one: Service) -> bool:
            return bool(one.phones or one.email) and bool(one.at) and all(at.hours.known for at in one.at)

        assert [one.id for one in city.services.values() if not reachable(one) or not one.languages or not one.checked_on] == []

    @pytest.mark.parametrize("reader", LANGUAGES)
    def test_languages_spoken_have_a_name_in_the_readers_language(self, city: Knowledge, reader: str) -> None:
        # CLDR has no name for German Sign Language; readers are shown its code.
        known = {*Locale.parse(reader).languages, "gsg"}
        assert {x.language for one in city.services.values() for x in one.languages} <= known

    def test_the_information_point_and_every_service_that_an_article_names_exist(self, city: Knowledge) -> None:
        assert city.municipality.information_point in city.services
        assert {one for article in city.articles.values() for one in article.services} <= set(city.services)

    @pytest.mark.parametrize("kind", CRISIS_TOPICS)
    def test_every_crisis_has_a_helpline_day_and_night(self, city: Knowledge, kind: str) -> None:
        lines = [line for line in city.municipality.helplines if kind in line.kinds]
        assert any(line.hours.always_open for line in lines)
        # "Only 112" is the case that the quality check warns of; the doctor on call is one more for emergencies.
        assert len(lines) > 1

    def test_public_holidays_are_known(self, city: Knowledge) -> None:
        assert holiday_check(city.municipality.country, city.municipality.subdivision)(date(2026, 11, 1))


class TestLanguages:
    @pytest.mark.parametrize("language", LANGUAGES[1:])
    def test_everything_is_there_and_marked_as_made_by_a_machine(self, city: Knowledge, language: str) -> None:
        states = {(record, field): text.state_in(language) for record, texts in all_texts(city) for field, text in texts.items()}
        # Names of places are names in every language; everything else has its own words.
        assert {key for key, state in states.items() if state is not TranslationState.MACHINE} == set()

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_an_answer_is_three_sentences_at_most(self, city: Knowledge, language: str) -> None:
        counted = {name: count_sentences(article.texts["answer"].read([language]).body) for name, article in city.articles.items()}
        assert {name: number for name, number in counted.items() if number > MAX_ANSWER_SENTENCES} == {}

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("topic", FOR_ANYBODY)
    def test_an_answer_for_somebody_else_begins_with_what_is_true_for_every_adult(self, city: Knowledge, topic: str, language: str) -> None:
        article = city.article(topic)
        assert article is not None
        first = article.texts["other_person"].read([language]).body.split(". ")[0]
        assert ADULT[language] in first.casefold()

    @pytest.mark.parametrize("language", LANGUAGES[1:])
    def test_steps_and_documents_are_as_many_as_in_the_original(self, city: Knowledge, language: str) -> None:
        for name, article in city.articles.items():
            for field in {"steps", "documents"} & set(article.texts):
                text = article.texts[field]
                assert len(text.read([language]).lines) == len(text.read(["de"]).lines), (name, field)

    @pytest.mark.parametrize("language", LANGUAGES[1:])
    def test_numbers_to_call_survive_translation(self, city: Knowledge, language: str) -> None:
        def numbers(body: str) -> list[str]:
            return sorted({re.sub(r"\D", "", found) for found in NUMBER.findall(body)} | set(re.findall(r"(?<!\d)112(?!\d)", body)))

        for record, texts in all_texts(city):
            for field, text in texts.items():
                assert numbers(text.read([language]).body) == numbers(text.body), (record, field)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_number_in_a_text_is_written_as_on_the_card_of_its_service(self, city: Knowledge, language: str) -> None:
        """Two spellings of one number next to each other look like two numbers."""
        bodies = [(record, field, text.read([language]).body) for record, texts in all_texts(city) for field, text in texts.items()]
        found = [(record, field, number) for record, field, body in bodies for number in NUMBER.findall(body) if number.startswith("+")]
        assert found
        assert [(record, field, number) for record, field, number in found if number != phone(number)] == []


class TestFactsThatAge:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_an_amount_of_today_names_its_year(self, city: Knowledge, language: str) -> None:
        found = [
            (record, field, sentence)
            for record, texts in all_texts(city)
            for field, text in texts.items()
            for sentence in re.split(r"(?<=[.!?؟])\s|\n", text.read([language]).body)
            if TODAY[language] in sentence.casefold() and MONEY.search(sentence) and not YEAR.search(sentence)
        ]
        assert found == []

    def test_an_answer_that_names_a_year_is_looked_at_every_quarter_at_least(self, city: Knowledge, demo_folder: CityFolder) -> None:
        """A year in an answer is a figure or a rule with an end: somebody has to be reminded before it."""
        dated = {name for name, article in city.articles.items() if any(YEAR.search(text.body) for text in article.texts.values())}
        assert {id for kind, id in demo_folder.check_days if kind == "article"} == dated
        assert max(demo_folder.check_days.values()) <= A_QUARTER


class TestPlainlyFictional:
    def test_every_number_that_can_be_called_is_kept_for_fiction(self, city: Knowledge) -> None:
        numbers = [phone.number for one in city.services.values() for phone in one.phones]
        numbers += [line.number for line in city.municipality.helplines]
        assert [number for number in numbers if not FICTIONAL.match(re.sub(r"\D", "", number))] == []

    @pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DEMO_CITY)))
    def test_so_is_every_number_inside_a_text(self, path: Path) -> None:
        found = [number for text in values(path) for number in NUMBER.findall(ADDRESS.sub(" ", text))]
        assert [number for number in found if not FICTIONAL.match(re.sub(r"\D", "", number))] == []

    def test_addresses_of_the_city_are_under_example(self, city: Knowledge) -> None:
        own = [one.website for one in (city.municipality, *city.organizations.values(), *city.services.values()) if one.website]
        own += [one.email for one in (*city.organizations.values(), *city.services.values()) if one.email]
        own += [article.source.url for article in city.articles.values() if article.source.level == "city"]
        hosts = {re.sub(r"^(https?://|[^@]*@)", "", one).partition("/")[0] for one in own}
        assert [host for host in hosts if not host.endswith(".example")] == []

    @pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DEMO_CITY)))
    def test_texts_name_no_real_address(self, path: Path) -> None:
        """Sources of the law are real: they are the `url` of a source, and not in a text."""
        content = [text for text in values(path) if not text.startswith("https://")]
        found = [address for text in content for address in ADDRESS.findall(text)]
        assert [one for one in found if not re.search(r"\.example\b", one)] == []

    def test_a_confidential_address_stands_in_no_text(self, city: Knowledge) -> None:
        hidden = [place for place in city.locations.values() if place.confidential]
        streets = [re.sub(r"\s*\d+\w?$", "", place.street) for place in hidden if place.street]
        bodies = {
            f"{record}.{field}": body for record, texts in all_texts(city) for field, text in texts.items() for _, body in text.all_bodies()
        }
        assert streets
        assert [where for where, body in bodies.items() if any(street in body for street in streets)] == []
