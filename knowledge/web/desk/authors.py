"""Who did something, in words: not everything is done by people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from knowledge.editorial.contents import fold
from locales.catalogue import say

# Names under which the desk itself acts (`editorial.actor.desk_itself`).
_ITSELF: Final = {"import": "import", "schedule": "schedule", "command line": "command_line"}


def author_name(name: str, language: str) -> str:
    """A person's name as it is; what the desk did by itself in the reader's words."""
    return say(f"desk.author.{_ITSELF[name]}", language) if name in _ITSELF else name


def desk_names_like(words: str, language: str) -> Sequence[str]:
    """The names under which the desk acts that a reader sees as something with `words` in it."""
    return [name for name in _ITSELF if fold(words) in fold(author_name(name, language))]
