"""The menu leads to everything that the city has written, and to nothing else."""

from __future__ import annotations

import pytest

from actions.conversation import MENU_DOMAINS
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.topics import load_topics
from locales.registry import served
from tests.factories import article, knowledge, municipality
from tests.unit.actions.talks import Talk, payloads

# What WhatsApp takes in one list.
MOST_ROWS = 10
WORK, BANK = "work.search", "money.bank_account"


def domains(*topics: str) -> list[str]:
    """The domains in the menu of a city that has articles on these topics."""
    shown = payloads(Talk(knowledge(*map(article, topics), town=municipality())).say("help"))
    return [one for one in MENU_DOMAINS if f'/help{{"domain": "{one}"}}' in shown]


def test_every_topic_but_crises_belongs_to_a_domain_of_the_menu() -> None:
    assert {topic.partition(".")[0] for topic in load_topics().topics if topic not in CRISIS_TOPICS} == set(MENU_DOMAINS)


def test_given_a_city_that_has_written_about_work_and_money_then_only_these_are_offered() -> None:
    assert domains(WORK, BANK) == ["work", "money"]


@pytest.mark.parametrize("language", served())
def test_given_everything_is_written_then_the_menu_fits_one_list_and_has_a_person_and_the_languages(language: str) -> None:
    talk = Talk(knowledge(*map(article, load_topics().topics), town=municipality()))
    (reply,) = talk.say("help", language=language)
    assert len(reply.buttons) == len(MENU_DOMAINS) + 2 <= MOST_ROWS
    assert {"/human", "/change_language"} <= {one.payload for one in reply.buttons}
    assert all(len(one.title) <= 24 for one in reply.buttons), "WhatsApp cuts longer rows"


def test_given_a_domain_was_chosen_then_its_topics_are_offered() -> None:
    talk = Talk(knowledge(article(WORK, title="Arbeit finden"), article(BANK, title="Konto"), town=municipality()))
    (reply,) = talk.say("help", entities={"domain": "work"})
    assert [one.title for one in reply.buttons][:-1] == ["Arbeit finden"]
