"""Blocks as Markdown (CommonMark with tables) that reads back as the same text.

Only what Markdown would take for a sign is escaped, so that telephone numbers, addresses and e-mail addresses stay as they were, letter by
letter. Nothing in the output is HTML. Links lead where `resolve` says; a link that leads nowhere leaves its words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from knowledge.exchange.integreat.blocks import Block, Heading, Line, ListBlock, Paragraph, Quote, Run, Table

# (target as written, words of the link) -> target to write, None for none
Resolve = Callable[[str, str], str | None]
TOP_HEADING = 2  # the page's title is the heading above all
_LOWEST_HEADING = 6
_SIGNS = re.compile(r"[\\`*\[\]<_]|~(?=~)|&(?=#?\w+;)")
# What a line must not begin with: headings, quotes, list items (also numbered), fences, rules and underlines.
_LINE_START = re.compile(r"(?P<sign>#{1,6}(?=\s|$)|>|[-+](?=\s|$)|~~~|[-=:|](?=[-=:| \t]*$))|(?P<number>\d{1,9})(?P<mark>[.)])(?=\s|$)")
_PLAIN_TARGET = re.compile(r"[^\s<>()\\\x00-\x1f\x7f]+")


def to_markdown(blocks: Iterable[Block], resolve: Resolve) -> str:
    """The text of a page; empty for no blocks. It ends without a line break."""
    return _Writer(resolve).blocks(list(blocks))


class _Writer:
    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        # Levels in the source of the headings that the current place is under.
        self._above: list[int] = []

    def blocks(self, blocks: list[Block], *, tight: bool = False) -> str:
        parts: list[str] = []
        marks = "-."
        for number, block in enumerate(blocks):
            before = blocks[number - 1] if number else None
            # Another mark begins another list; the same one would go on with the last.
            marks = "*)" if isinstance(block, ListBlock) and isinstance(before, ListBlock) and marks == "-." else "-."
            parts.append(self._block(block, marks))
        if tight and len(blocks) == 2 and isinstance(blocks[0], Paragraph) and isinstance(blocks[1], ListBlock) and blocks[1].start is None:
            return "\n".join(parts)
        return "\n\n".join(parts)

    def _block(self, block: Block, marks: str) -> str:
        if isinstance(block, Paragraph):
            return "\\\n".join(_line_start(self.line(line)) for line in block.lines)
        if isinstance(block, Heading):
            text = re.sub(r"#(?=#*$)", r"\\#", self.line(block.line))
            return f"{'#' * self._level(block.level)} {text}"
        if isinstance(block, ListBlock):
            return self._list(block, marks)
        if isinstance(block, Quote):
            return _indented(self.blocks(block.blocks), "> ", "> ")
        if isinstance(block, Table):
            return self._table(block)
        return "___"

    def _level(self, level: int) -> int:
        """Without gaps below the title of the page, whatever the source does: readers with a screen reader go by levels."""
        while self._above and self._above[-1] >= level:
            self._above.pop()
        self._above.append(level)
        return min(TOP_HEADING - 1 + len(self._above), _LOWEST_HEADING)

    def _list(self, block: ListBlock, marks: str) -> str:
        items = []
        for number, item in enumerate(block.items):
            mark = f"{marks[0]} " if block.start is None else f"{block.start + number}{marks[1]} "
            items.append(_indented(self.blocks(item, tight=True), mark, " " * len(mark)))
        return "\n".join(items)

    def _table(self, block: Table) -> str:
        rows = ["| " + " | ".join(_cell(self.line(cell)) for cell in row) + " |" for row in block.rows]
        rows.insert(1, "|" + " --- |" * len(block.rows[0]))
        return "\n".join(rows)

    def line(self, line: Line) -> str:
        """One line. Links stand for themselves; between them, neighbours of one style are set in bold or italics together."""
        found = ""
        rest = list(line)
        while rest:
            href = rest[0].href
            part = [rest.pop(0)]
            while rest and rest[0].href == href:
                part.append(rest.pop(0))
            following = rest[0].text[:1] if rest else ""
            target = self._resolve(href, "".join(run.text for run in part).strip()) if href else None
            found = self._link(found, part, target) if target else _styled(found, part, following)
        return found.strip(" ")

    def _link(self, before: str, part: list[Run], target: str) -> str:
        words = "".join(run.text for run in part)
        body = words.strip()
        if not body:
            return before + words
        # White space at the edges of a link belongs to the sentence.
        left, right = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
        inner = _styled("", part, "").strip()
        # An exclamation mark before a link would make it a picture.
        before = before[:-1] + r"\!" if before.endswith("!") and not left else before
        return f"{before}{left}[{inner}]({_target(target)}){right}"


def escape(text: str) -> str:
    """Text as Markdown that means that text, except at the start of a line."""

    def sign(found: re.Match[str]) -> str:
        begin, end = found.span()
        inside_word = begin > 0 and text[begin - 1].isalnum() and text[end : end + 1].isalnum()
        return "_" if found[0] == "_" and inside_word else "\\" + found[0]

    return _SIGNS.sub(sign, text)


def _styled(before: str, part: list[Run], following: str) -> str:
    """`part` set after `before`. `following` is the letter that comes next, empty for none."""
    runs = list(part)
    while runs:
        bold, italic = runs[0].bold, runs[0].italic
        text = runs.pop(0).text
        while runs and (runs[0].bold, runs[0].italic) == (bold, italic):
            text += runs.pop(0).text
        after = runs[0].text[:1] if runs else following
        before += _emphasised(text, bold, italic, before[-1:], after) if bold or italic else escape(text)
    return before


def _emphasised(text: str, bold: bool, italic: bool, before: str, after: str) -> str:
    """In bold or italics, so that CommonMark sees it.

    The signs must touch no white space inside; and where they touch a letter outside, they must touch a letter inside too.
    """
    begin, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if not begin and not _closed(before):
        while begin < end and not _is_word(text[begin]):
            begin += 1
    if end == len(text) and not _closed(after):
        while end > begin and not _is_word(text[end - 1]):
            end -= 1
    inner = text[begin:end]
    if not any(_is_word(letter) for letter in inner):
        return escape(text)
    # What was left outside on a side is the sign's neighbour now.
    left, right = text[:begin], text[end:]
    mark = "**" if bold else ""
    if italic and _closed(left[-1:] or before) and _closed(right[:1] or after):
        mark += "_"
    if not mark or (before.endswith(("*", "_")) and not left):
        return escape(text)
    return f"{escape(left)}{mark}{escape(inner)}{mark[::-1]}{escape(right)}"


def _closed(letter: str) -> bool:
    """Whether signs of emphasis may stand beside it: the edge of the text or white space."""
    return not letter or letter.isspace()


def _is_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNM"


def _line_start(line: str) -> str:
    found = _LINE_START.match(line)
    if not found:
        return line
    if found["sign"]:
        return "\\" + line
    return f"{found['number']}\\{line[len(found['number']) :]}"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _target(target: str) -> str:
    """A link's target, unchanged for whoever follows it."""
    target = target.replace("\\", "%5C")
    plain = _PLAIN_TARGET.fullmatch(target)
    target = re.sub(r"&(?=#?\w+;)", r"\&", target)
    return target if plain else "<" + target.replace("<", "%3C").replace(">", "%3E") + ">"


def _indented(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    return "\n".join([first + lines[0], *((others + line).rstrip() if not line else others + line for line in lines[1:])])
