"""Machine translation behind an interface. None is configured by default: texts leave the house only where a city decides so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from knowledge.domain.errors import KnowledgeError


class TranslatorError(KnowledgeError):
    """Texts could not be translated. `permanent` tells whether trying again later can help (False) or not (True).

    Keys: ``translator.none``, ``translator.unavailable``, ``translator.busy``, ``translator.key``, ``translator.refused``,
    ``translator.bad_answer``."""

    def __init__(self, key: str, *, permanent: bool, **fields: object) -> None:
        super().__init__(key, **fields)
        self.permanent = permanent


class Translator(Protocol):
    """Translates texts. What comes back is a machine's work and has to be kept as such until a person reviewed it.

    The texts go to whoever runs the service. It is the caller's duty never to hand over what is not public: above all the addresses of
    confidential places, and drafts that nobody may see yet.
    """

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """The texts in the language `target` (BCP 47), in their order.

        Raises TranslatorError.
        """
        ...


class NullTranslator:
    """No service is configured."""

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Raises TranslatorError ``translator.none``."""
        raise TranslatorError("translator.none", permanent=True)
