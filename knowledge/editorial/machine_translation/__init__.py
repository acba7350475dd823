"""Machine translation: an interface, a service that speaks it, and words that no machine may change."""

from knowledge.domain.locked_words import LockedWords
from knowledge.editorial.machine_translation.http import HttpTranslator
from knowledge.editorial.machine_translation.translator import NullTranslator, Translator, TranslatorError

__all__ = ["HttpTranslator", "LockedWords", "NullTranslator", "Translator", "TranslatorError"]
