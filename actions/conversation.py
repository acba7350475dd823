"""Greetings, the menu, changing the language, asking for a person, what is stored: the acts around the questions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace

from actions.after_crisis import crisis_of
from actions.base import DeskAction, city_name
from actions.buttons import language_buttons, topic_buttons
from actions.erasing import ASKED, TOLD, ask_to_erase, asked_to_erase, erased
from actions.finding import who_speaks
from actions.going_on import after_yes, last_answer
from actions.information_point import information_point_message, note_unanswered
from actions.people import people, people_in_a_crisis
from actions.turn import Turn
from knowledge.api import KnowledgeApi
from knowledge.config import load_settings
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.topics import load_topics
from knowledge.replies.erasing import wants_erasing
from knowledge.replies.parts import Button, Message, button, catalogue_message, payload
from knowledge.replies.service_card import service_data, short_card
from knowledge.replies.times import kept_words
from locales.catalogue import say
from locales.registry import base_code, languages, served

# What the start and the menu suggest: the questions that most people come with.
SUGGESTED = (
    "registration.address",
    "housing.emergency",
    "health.doctor",
    "schools.enrol",
    "housing.search",
    "health.insurance",
    "registration.residence_permit",
    "language.courses",
)
# From so many words on, a message does more than name a language.
_A_SENTENCE = 3
MENU_DOMAINS = ("registration", "schools", "health", "housing", "work", "language", "money", "legal")


def topics_of(domain: str) -> list[str]:
    """The topics of a domain, in the order of data/topics.yml."""
    return [topic for topic in load_topics().topics if topic.startswith(f"{domain}.")]


def domain_buttons(turn: Turn, api: KnowledgeApi) -> list[Button]:
    """A button for each domain about which the city has written something."""
    return [
        button(f"domain.{name}", turn.language, payload("help", domain=name))
        for name in MENU_DOMAINS
        if topic_buttons(turn, api, topics_of(name))
    ]


class Greet(DeskAction):
    """Hello, and what can be asked."""

    action_name = "action_greet"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """With suggestions."""
        yield catalogue_message("greet", turn.language, *topic_buttons(turn, api, SUGGESTED[:5]))


class Help(DeskAction):
    """The menu: domains first, then the topics of one."""

    action_name = "action_help"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """Domains, or the topics of the domain that was chosen."""
        domain = turn.entity("domain")
        if domain in MENU_DOMAINS:
            buttons = [*topic_buttons(turn, api, topics_of(domain)), button("menu", turn.language, payload("help"))]
            yield catalogue_message("menu.topics", turn.language, *buttons)
            return
        more = button("human", turn.language, payload("human")), button("languages", turn.language, payload("change_language"))
        yield catalogue_message("help", turn.language, *domain_buttons(turn, api), *more, city=city_name(api, turn))


class ChangeLanguage(DeskAction):
    """Another language: at once if it is named, otherwise the list. The last answer comes again in it."""

    action_name = "action_change_language"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """A word in the new language, and the answer that was being talked about."""
        asked = base_code(turn.entity("language") or turn.entity("spoken_language"))
        if asked is None:
            yield Message(turn.language, text=say("language.choose", turn.language), buttons=language_buttons(served()))
            return
        if asked not in served():
            text = say("language.not_yet", turn.language, language=languages()[asked].name, used=languages()[turn.language].name)
            yield Message(turn.language, text=text, buttons=language_buttons(served()))
            return
        if turn.topic and not turn.pressed and _is_spoken(turn, asked):
            yield who_speaks(turn, api, turn.topic, asked)
            return
        turn.remember(language=asked, language_choice=asked)
        switched = in_language(turn, asked)
        again = list(last_answer(switched, api))
        # Who has only asked about a language, and cannot read it, comes back with one tap.
        back = language_buttons((turn.language,)) if asked != turn.language and not turn.pressed else ()
        yield catalogue_message("language.changed", asked, *(() if again else topic_buttons(switched, api, SUGGESTED[:4])), *back)
        yield from again


def _is_spoken(turn: Turn, asked: str) -> bool:
    """Whether a sentence in `asked`, in a talk in this language, names it: then somebody who speaks it is looked for."""
    before = base_code(turn.slots.get("language_choice")) or base_code(turn.slots.get("language"))
    return asked == before == turn.spoken and len(turn.text.split()) >= _A_SENTENCE


def in_language(turn: Turn, language: str) -> Turn:
    """The same turn, answered in another language; what it remembers is kept together, and its entities are used up."""
    return replace(turn, language=language, spoken=language, unsure=(), not_served=None, other_language=None, entities={})


class Human(DeskAction):
    """A person instead of a machine: where, and when, truthfully."""

    action_name = "action_human"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """The information point. "None of these" comes here too: then the question before it is noted as one without an answer."""
        if turn.laid_aside:
            note_unanswered(turn, api, turn.laid_aside)
        kind = turn.entity("topic") or crisis_of(turn)
        yield from people_in_a_crisis(turn, api, kind) if kind in CRISIS_TOPICS else people(turn, api)


class BotChallenge(DeskAction):
    """ "Are you a robot?" Yes."""

    action_name = "action_bot_challenge"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """Plainly, and with the way to a person."""
        yield catalogue_message("bot", turn.language, button("human", turn.language, payload("human")), city=city_name(api, turn))


class Privacy(DeskAction):
    """What is stored, for how long, and how to have it deleted; whoever wants it deleted is asked once, and it is done."""

    action_name = "action_privacy"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """With a button that deletes. A second time in a row the same words would help nobody."""
        if not turn.pressed and (wants_erasing(turn.text) or turn.slots.get("last_reply") in (TOLD, ASKED)):
            yield ask_to_erase(turn)
            return
        turn.remember(last_reply=TOLD)
        time = kept_words(load_settings().retention_days, turn.language)
        yield catalogue_message("privacy", turn.language, button("erase", turn.language, payload("erase")), time=time)


class Erase(DeskAction):
    """Deletes this conversation: the front does it when the reply has gone out."""

    action_name = "action_erase"
    introduces = False

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """Says what happens, and asks the front for it."""
        yield erased(turn)


class ReferMe(DeskAction):
    """ "Put me in touch": the contact of what was shown, and help with calling. Nothing is passed on from here."""

    action_name = "action_refer_me"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """Direct contact details first; where nothing but the information point was shown, what its people do."""
        point = api.knowledge(turn.municipality).municipality.information_point
        shown = [one for one in turn.slots.get("shown_services") or () if one != point][:2]
        services = [api.service(one, turn.language, municipality=turn.municipality) for one in shown]
        found = [one for one in services if one is not None]
        if not found:
            yield information_point_message(turn, api, "refer.point")
            return
        now = api.now(turn.municipality)
        blocks = [say("refer.contact", turn.language), *(short_card(one, turn.language, now) for one in found)]
        yield Message(
            turn.language,
            text="\n\n".join(blocks),
            buttons=(
                *(Button(one.name.body, payload("contact", service=one.id)) for one in found),
                button("human", turn.language, payload("human")),
            ),
            custom={"services": [service_data(one, turn.language, now) for one in found]},
        )


class ReferralStatus(DeskAction):
    """The assistant passes nothing on yet, and says so."""

    action_name = "action_referral_status"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """With the people who can look it up."""
        yield information_point_message(turn, api, "refer.status")


class ReferralWithdraw(DeskAction):
    """Taking back what was agreed with an office."""

    action_name = "action_referral_withdraw"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """With the people who can stop it."""
        yield information_point_message(turn, api, "refer.withdraw")


class OutOfScope(DeskAction):
    """A short, kind no, and what there is instead."""

    action_name = "action_out_of_scope"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """With the menu."""
        yield catalogue_message(
            "out_of_scope",
            turn.language,
            button("menu", turn.language, payload("help")),
            button("human", turn.language, payload("human")),
            city=city_name(api, turn),
        )


class FeedbackBad(DeskAction):
    """The answer did not help: the way to a person, and to other words."""

    action_name = "action_feedback_bad"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """Sorry, and what else there is."""
        yield information_point_message(turn, api, "feedback.bad")


class Affirm(DeskAction):
    """ "Yes": what came last is gone on with, where there is something to go on with."""

    action_name = "action_affirm"

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """The next step of the topic, or an invitation to say more."""
        if asked_to_erase(turn):
            yield erased(turn)
            return
        if turn.slots.get("last_reply") == TOLD:
            yield ask_to_erase(turn)
            return
        yield from after_yes(turn, api, (*domain_buttons(turn, api), button("menu", turn.language, payload("help"))))


class _Words(DeskAction):
    """An act that is answered with words alone."""

    @property
    @abstractmethod
    def key(self) -> str:
        """The key of the words."""

    def reply(self, turn: Turn, api: KnowledgeApi) -> Iterable[Message]:
        """The words of the catalogue, and the menu."""
        yield catalogue_message(self.key, turn.language, button("menu", turn.language, payload("help")))


class Goodbye(_Words):
    """Farewell."""

    action_name = "action_goodbye"
    key = "goodbye"


class Thank(_Words):
    """You are welcome."""

    action_name = "action_thank"
    key = "thank"


class Deny(_Words):
    """ "No": nothing is pressed on anybody."""

    action_name = "action_deny"
    key = "deny"


class FeedbackGood(_Words):
    """Glad."""

    action_name = "action_feedback_good"
    key = "feedback.good"
