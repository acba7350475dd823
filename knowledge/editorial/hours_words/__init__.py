"""Opening hours in the words people use: read from what an editor types, and told back as sentences."""

from knowledge.editorial.hours_words.parsed import ParsedHours, Problem
from knowledge.editorial.hours_words.parser import parse_hours
from knowledge.editorial.hours_words.sentence import hours_sentence, hours_sentences
from knowledge.editorial.hours_words.source import hours_source
from knowledge.editorial.hours_words.told import problem_words

__all__ = ["ParsedHours", "Problem", "hours_sentence", "hours_sentences", "hours_source", "parse_hours", "problem_words"]
