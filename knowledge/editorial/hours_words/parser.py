"""Opening hours from the words of an editor."""

from __future__ import annotations

from datetime import date

from knowledge.editorial.hours_words.folding import fold
from knowledge.editorial.hours_words.parsed import ParsedHours, Problem
from knowledge.editorial.hours_words.reader import read_items
from knowledge.editorial.hours_words.resolve import Resolver
from knowledge.editorial.hours_words.scanner import scan
from knowledge.editorial.hours_words.statements import Assembler

# Hours of one place take a few lines; beyond this somebody pasted something else.
LONGEST_TEXT = 5000


def parse_hours(text: str, language: str, today: date) -> ParsedHours:
    """Read `text` as people write it, in English, German, French, Ukrainian, Arabic, Turkish, or a mixture.

    `language` (BCP 47) is the editor's and settles words that mean different things. Dates without a year are the next ones from
    `today` on. Never raises: what was not understood is in `problems` with its place in `text`, and what was understood is kept.
    """
    folded = fold(text[:LONGEST_TEXT])
    items, odd = read_items(scan(folded.plain, language.split("-")[0]))
    assembler = Assembler(items)
    assembler.run()
    resolver = Resolver(today)
    resolver.run(assembler.statements)
    found = [*resolver.problems, *(Problem(key, {}, start, end) for key, start, end in (*odd, *assembler.odd))]
    problems: list[Problem] = []
    for one in found:
        start, end = folded.span(one.start, one.end)
        problems.append(Problem(one.key, {"text": text[start:end], **one.fields}, start, end))
    if len(text) > LONGEST_TEXT:
        problems.append(Problem("too_long", {"most": str(LONGEST_TEXT)}, LONGEST_TEXT, len(text)))
    problems.sort(key=lambda one: (one.start, one.end, one.key))
    return ParsedHours(resolver.rules, resolver.exceptions, resolver.closed_on_holidays, problems)
