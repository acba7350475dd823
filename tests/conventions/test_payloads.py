"""What buttons send and what is accepted are the same list, and nothing stands in the domain that nobody can reach."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import pytest
import yaml

import actions
from actions.base import DeskAction
from bot.channels.base.payloads import ISSUED, Payload, parse_payload
from bot.importer import topics_domain, topics_rules
from bot.nlu.router import FALLBACK
from knowledge.config import PROJECT
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.topics import load_topics
from knowledge.replies.parts import payload
from knowledge.replies.safety import perhaps_messages
from tests.examples import examples

# Where the page puts a payload together itself: `/change_language${JSON.stringify({ language })}`.
_IN_A_SCRIPT = re.compile(r"`/(?P<intent>[a-z_.]+)\$\{JSON\.stringify\(\{ *(?P<names>[a-z_, ]*?) *\}\)\}")


def issued() -> Iterator[tuple[str, frozenset[str]]]:
    """(intent, entities) of all calls of `payload` that name an intent, and of all payloads in the scripts of the chat page."""
    for folder in ("actions", "bot", "knowledge"):
        for path in sorted((PROJECT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "payload"):
                    continue
                if isinstance(node.args[0], ast.Constant):
                    yield str(node.args[0].value), frozenset(str(one.arg) for one in node.keywords)
    for path in sorted((PROJECT / "knowledge" / "web" / "chat" / "static").glob("*.js")):
        for found in _IN_A_SCRIPT.finditer(path.read_text(encoding="utf-8")):
            yield found["intent"], frozenset(name.strip() for name in found["names"].split(",") if name.strip())


def domain() -> dict[str, list[str]]:
    """Intents and actions of the files and of the topics."""
    of_files = yaml.safe_load((PROJECT / "bot" / "domain" / "conversation.yml").read_text(encoding="utf-8"))
    of_topics = topics_domain(load_topics())
    intents = [*of_files["intents"], *(name for one in of_topics["intents"] for name in one)]
    return {"intents": intents, "actions": [*of_files["actions"], *of_topics["actions"]]}


def rules() -> list[tuple[str, str]]:
    """(intent, action) of all rules."""
    of_files = yaml.safe_load((PROJECT / "data" / "rules" / "conversation.yml").read_text(encoding="utf-8"))["rules"]
    of_topics = topics_rules(load_topics())["rules"]
    return [(one["steps"][0]["intent"], one["steps"][1]["action"]) for one in (*of_files, *of_topics)]


@pytest.mark.parametrize(("intent", "entities"), sorted({(intent, tuple(sorted(names))) for intent, names in issued()}))
def test_what_a_button_sends_is_understood(intent: str, entities: tuple[str, ...]) -> None:
    values = dict.fromkeys(entities, "some-value")
    assert parse_payload(payload(intent, **values)) == Payload(intent, values)


def test_what_is_accepted_stands_on_a_button_somewhere() -> None:
    on_buttons: dict[str, set[str]] = {}
    for intent, names in issued():
        on_buttons.setdefault(intent, set()).update(names)
    for kind in CRISIS_TOPICS:
        (message,) = perhaps_messages(kind, ("en",))
        on_buttons[message.buttons[0].payload.removeprefix("/")] = set()
    assert {intent: set(names) for intent, names in ISSUED.items()} == on_buttons


def test_each_intent_can_be_said_or_pressed() -> None:
    said = {intent for intent, _ in examples("nlu", "en")}
    assert set(domain()["intents"]) - said - set(ISSUED) == {FALLBACK}


def test_each_intent_leads_to_an_action_that_is_there() -> None:
    for module in iter_modules(actions.__path__):
        import_module(f"actions.{module.name}")
    classes = {one.action_name for one in _children(DeskAction) if hasattr(one, "action_name")}
    wanted = domain()
    assert {intent for intent, _ in rules()} == set(wanted["intents"])
    # In a crisis the policy above the rules calls its action, too.
    assert {action for _, action in rules()} == set(wanted["actions"]) == classes


def _children(of: type[DeskAction]) -> Iterator[type[DeskAction]]:
    for one in of.__subclasses__():
        yield one
        yield from _children(one)
