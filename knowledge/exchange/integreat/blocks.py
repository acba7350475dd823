"""The parts of a text: headings, paragraphs, lists, tables, and runs of words with their links (see block_reader, markdown)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

BREAK = "\n"
_EDGE = " \u00a0"
# A no-break space that has a common one beside it keeps nothing together.
_LOOSE = re.compile(r"\u00a0+ [ \u00a0]*| \u00a0[ \u00a0]*")
_BULLET = re.compile(r"[-–•·▪][ \u00a0]+(?=\S)")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style; `href` is the target of the link it belongs to. The text BREAK alone is a line break.

    `alternative` marks text that describes a picture.
    """

    text: str
    bold: bool = False
    italic: bool = False
    href: str | None = None
    alternative: bool = False


Line = list[Run]


@dataclass(slots=True)
class Paragraph:
    lines: list[Line]


@dataclass(slots=True)
class Heading:
    """`level` as it stands in the source; what it becomes is decided for the whole page."""

    level: int
    line: Line


@dataclass(slots=True)
class ListBlock:
    items: list[list[Block]]
    start: int | None = None  # the first number of an ordered list

    @property
    def next_number(self) -> int | None:
        """The number that would come next, None without numbers."""
        return None if self.start is None else self.start + len(self.items)


@dataclass(slots=True)
class Quote:
    blocks: list[Block]


@dataclass(slots=True)
class Table:
    """The first row is the header."""

    rows: list[list[Line]]


@dataclass(slots=True)
class Rule:
    pass


Block = Paragraph | Heading | ListBlock | Quote | Table | Rule


def lines_of(blocks: Iterable[Block]) -> Iterator[Line]:
    """All lines, in order."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.lines
        elif isinstance(block, Heading):
            yield block.line
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from lines_of(item)
        elif isinstance(block, Quote):
            yield from lines_of(block.blocks)
        elif isinstance(block, Table):
            for row in block.rows:
                yield from row


def one_line(blocks: Iterable[Block]) -> Line:
    """Everything inside as one line, for a heading or a cell."""
    found: Line = []
    for line in lines_of(blocks):
        found += [Run(" "), *line] if found else line
    return found


def paragraphs(runs: list[Run]) -> Iterator[Block]:
    """Lines between breaks; an empty line ends a paragraph."""
    lines: list[Line] = [[]]
    for run in runs:
        if run.text == BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    found: list[Line] = []
    for line in [_trimmed(line) for line in lines] + [[]]:
        if line:
            found.append(line)
        elif found:
            yield from _with_bullets(found)
            found = []


def _trimmed(line: Line) -> Line:
    """Without space at the edges, single spaces inside, neighbours of one style joined."""
    found: Line = []
    words = "".join(run.text for run in line if not run.alternative)
    for run in line:
        # A picture beside the words that describe it needs them no second time.
        if run.alternative and run.text.strip() in words:
            continue
        text = _LOOSE.sub(" ", run.text)
        if not found or found[-1].text.endswith((" ", "\u00a0")):
            text = text.lstrip(_EDGE)
        if not text:
            continue
        if text.isspace() and found[-1].href == run.href:
            run = found[-1]  # white space has no style of its own
        if found and replace(found[-1], text="") == replace(run, text=""):
            found[-1] = replace(run, text=found[-1].text + text)
        else:
            found.append(replace(run, text=text))
    while found:
        text = found[-1].text.rstrip(_EDGE)
        if text:
            found[-1] = replace(found[-1], text=text)
            break
        found.pop()
    return found


def _with_bullets(lines: list[Line]) -> Iterator[Block]:
    """A paragraph whose lines begin with a hyphen or a dot is a list that somebody typed by hand."""
    plain: list[Line] = []
    items: list[list[Block]] = []
    for line in lines:
        bullet = _BULLET.match("".join(run.text for run in line))
        if bullet and len(bullet[0]) <= len(line[0].text):
            if plain:
                yield Paragraph(plain)
                plain = []
            rest = _trimmed([replace(line[0], text=line[0].text[len(bullet[0]) :]), *line[1:]])
            items.append([Paragraph([rest])])
        else:
            if items:
                yield ListBlock(items)
                items = []
            plain.append(line)
    if plain:
        yield Paragraph(plain)
    if items:
        yield ListBlock(items)


def joined(blocks: list[Block]) -> list[Block]:
    """Neighbouring lists are one, if their numbers go on: editors end a list and begin another without meaning it."""
    found: list[Block] = []
    for block in blocks:
        before = found[-1] if found else None
        if isinstance(block, ListBlock) and isinstance(before, ListBlock) and block.start == before.next_number:
            before.items += block.items
        else:
            found.append(block)
    return found
