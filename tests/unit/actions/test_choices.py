"""What is offered where nobody understood: places and topics, but no button with a name that tells others of a crisis."""

from __future__ import annotations

from tests.factories import knowledge, municipality, service
from tests.unit.actions.talks import Talk, payloads


def test_a_place_for_people_in_a_crisis_stands_on_no_button() -> None:
    shelter = service("shelter", "safety.trafficking", "legal.advice", name="Hilfe bei Zwang am Markt")
    advice = service("advice", "legal.advice", "safety.violence", name="Rat am Markt")
    talk = Talk(knowledge(shelter, advice, service(), town=municipality(information_point="office")))
    assert payloads(talk.say("nlu_fallback", "am markt", language="de")) == ['/contact{"service": "advice"}', "/human"]
