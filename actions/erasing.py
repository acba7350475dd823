"""Asking to have the talk deleted: one clear question, and "yes" does it."""

from __future__ import annotations

from actions.turn import Turn
from knowledge.replies.parts import Message, button, payload
from locales.catalogue import say

# What was said last (slot `last_reply`): "yes" and a second wish mean something only right after it.
ASKED = "erase.ask"
TOLD = "privacy"


def asked_to_erase(turn: Turn) -> bool:
    """Whether the question was asked right before this message."""
    return turn.slots.get("last_reply") == ASKED


def ask_to_erase(turn: Turn) -> Message:
    """The question, with a button; it is remembered for the next message."""
    turn.remember(last_reply=ASKED)
    return Message(turn.language, text=say("erase.ask", turn.language), buttons=(button("erase", turn.language, payload("erase")),))


def erased(turn: Turn) -> Message:
    """Says that it is done, and asks the front to do it when the reply has gone out."""
    return Message(turn.language, text=say("erase.done", turn.language), custom={"erase": True})
