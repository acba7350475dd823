"""The translation service that the city has chosen, if it has."""

from __future__ import annotations

from urllib.parse import urlsplit

from knowledge.config import Settings
from knowledge.domain.locked_words import LockedWords
from knowledge.editorial.machine_translation import HttpTranslator, NullTranslator, Translator


def has_translator(settings: Settings) -> bool:
    """Whether one is configured."""
    return bool(settings.translate_url)


def translator(settings: Settings, locked: LockedWords) -> Translator:
    """The service, which leaves the locked words as they are; without one, what says that there is none."""
    if not settings.translate_url:
        return NullTranslator()
    return HttpTranslator(settings.translate_url, settings.translate_key or None, locked=locked)


def service_name(settings: Settings) -> str:
    """Whom the texts go to, for people to know: the name of the host."""
    return urlsplit(settings.translate_url).hostname or ""
