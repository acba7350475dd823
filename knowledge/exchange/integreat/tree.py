"""The pages of the source language as a tree: what each says, which of them are empty, and where each stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge.exchange.integreat.block_reader import read_blocks
from knowledge.exchange.integreat.blocks import Block, Heading, Line, ListBlock, Paragraph, lines_of
from knowledge.exchange.integreat.entries import Address, Entry, Unusable, address_of
from knowledge.exchange.integreat.html_tree import TooManyTags, parse
from knowledge.exchange.integreat.notices import Notice
from knowledge.exchange.integreat.numbers import join_numbers


@dataclass(frozen=True, slots=True)
class Body:
    """What a page says, and what was left out of it."""

    blocks: list[Block]
    notices: tuple[Notice, ...]


def read_body(entry: Entry) -> Body:
    """The content of a page.

    Raises Unusable where it is broken beyond reading.
    """
    try:
        blocks, lost = read_blocks(parse(entry.html))
    except TooManyTags as error:
        raise Unusable("rejected.tags") from error
    numbers = sum(join_numbers(line) for line in lines_of(blocks))
    counts = {"notice.images": lost.images, "notice.links_without_target": lost.links, "notice.number_joined": numbers}
    notices = [Notice(key, {"count": count}) for key, count in counts.items() if count]
    kept = _without_language_list(blocks, set(entry.languages.values()))
    if len(kept) < len(blocks):
        notices.append(Notice("notice.not_in_this_language"))
    if kept and isinstance(kept[0], Heading) and "".join(run.text for run in kept[0].line).casefold() == entry.title.casefold():
        del kept[0]  # the title again
    return Body(kept, tuple(notices))


def _without_language_list(blocks: list[Block], elsewhere: set[Address]) -> list[Block]:
    """Without what the system says itself where a text is missing: a sentence, and links to the page's other languages."""
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, ListBlock) and kept and isinstance(kept[-1], Paragraph) and elsewhere:
            targets = [_only_link(item) for item in block.items]
            if all(target in elsewhere for target in targets):
                kept.pop()
                continue
        kept.append(block)
    return kept


def _only_link(item: list[Block]) -> Address | None:
    """Where an item leads that is nothing but a link."""
    lines: list[Line] = item[0].lines if len(item) == 1 and isinstance(item[0], Paragraph) else []
    return address_of(lines[0][0].href) if len(lines) == 1 and len(lines[0]) == 1 else None


class Tree:
    """`kept` are the pages that say something, or that have a page below them that does."""

    def __init__(self, entries: Sequence[Entry], bodies: Mapping[Address, Body]) -> None:
        self._entries = {entry.address: entry for entry in entries}
        self._parents = {entry.address: self._parent(entry) for entry in entries}
        self._loops = {address for address in self._parents if self._comes_back(address)}
        for address in self._loops:
            self._parents[address] = None
        needed: set[Address] = set()
        for entry in entries:
            if bodies[entry.address].blocks:
                step: Address | None = entry.address
                while step and step not in needed:
                    needed.add(step)
                    step = self._parents[step]
        self.kept = [entry for entry in entries if entry.address in needed]
        self._orders: dict[Address, int] = {}
        siblings: dict[Address | None, int] = {}
        for entry in self.kept:
            above = self._parents[entry.address]
            siblings[above] = siblings.get(above, 0) + 1
            self._orders[entry.address] = siblings[above]

    def place(self, entry: Entry) -> tuple[Address | None, int, list[Notice]]:
        """The page above, the place among its neighbours (from 1, in the order of the file), and what was wrong with either."""
        parent = self._parents[entry.address]
        notices = []
        if entry.parent and parent is None:
            notices.append(Notice("notice.parent", {"parent": "/".join(entry.parent.slugs)}))
        return parent, self._orders[entry.address], notices

    def _parent(self, entry: Entry) -> Address | None:
        if entry.parent is None or entry.parent in self._entries:
            return entry.parent
        above = Address(entry.address.region, entry.address.language, entry.address.slugs[:-1])
        return above if above in self._entries else None

    def _comes_back(self, address: Address) -> bool:
        """Whether the way up leads back to the page itself."""
        seen: set[Address] = set()
        step = self._parents[address]
        while step and step not in seen:
            if step == address:
                return True
            seen.add(step)
            step = self._parents[step]
        return False
