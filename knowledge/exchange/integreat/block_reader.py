"""From the tree of a page to its blocks.

Nothing is worded anew. What is for the eye alone goes (icons, empty lines, indents), and text that merely looks like a list becomes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from knowledge.exchange.integreat.blocks import (
    BREAK,
    Block,
    Heading,
    ListBlock,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    joined,
    one_line,
    paragraphs,
)
from knowledge.exchange.integreat.html_tree import EMBEDDED, HEADINGS, Element

_BLOCKS = {
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "figure", "figcaption", "li", "dl", "dt", "dd",
    "pre", "details", "summary", "caption",
}  # fmt: skip
# White space as HTML means it; a no-break space is none.
_SPACES = re.compile(r"[ \t\r\n\f]+")
_ICON = re.compile(r"(?:^|;)\s*width:\s*([0-9]{1,2})px")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp)$", re.IGNORECASE)
_FILE_NAME = re.compile(r"^(?:[0-9]+[-_].*|.*\.(?:png|jpe?g|gif|svg|webp))$", re.IGNORECASE)
ICON_PIXELS = 32


@dataclass(slots=True)
class Lost:
    """What a page loses on the way, counted for the editor."""

    images: int = 0
    links: int = 0


@dataclass(slots=True)
class _Reader:
    lost: Lost
    blocks: list[Block] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)

    def inside(self, children: Iterable[Element | str], style: Run) -> list[Block]:
        """The blocks of a part that stands for itself."""
        reader = _Reader(self.lost)
        reader.take(children, style)
        reader.flush()
        return joined(reader.blocks)

    def take(self, children: Iterable[Element | str], style: Run) -> None:
        for child in children:
            if isinstance(child, str):
                self.runs.append(replace(style, text=_SPACES.sub(" ", child)))
            else:
                self._element(child, style)

    def flush(self) -> None:
        """End the paragraph that is being read."""
        self.blocks += paragraphs(self.runs)
        self.runs = []

    def _element(self, element: Element, style: Run) -> None:
        tag = element.tag
        if tag == "br":
            self.runs.append(Run(BREAK))
        elif tag in ("strong", "b"):
            self.take(element.children, replace(style, bold=True))
        elif tag in ("em", "i"):
            self.take(element.children, replace(style, italic=True))
        elif tag == "a":
            self._link(element, style)
        elif tag == "img":
            self._image(element, style)
        elif tag in EMBEDDED:
            self._embedded(element)
        elif tag in _BLOCKS:
            self.flush()
            self.take(_pre(element) if tag == "pre" else element.children, replace(style, bold=True) if tag in ("dt", "summary") else style)
            self.flush()
        elif tag in HEADINGS:
            self.flush()
            # A heading is no bolder than it is.
            line = one_line(self.inside(element.children, style))
            if line:
                self.blocks.append(Heading(int(tag[1]), [replace(run, bold=False, italic=False) for run in line]))
        else:
            self._structure(element, style)

    def _structure(self, element: Element, style: Run) -> None:
        self.flush()
        if element.tag in ("ul", "ol"):
            items = self._items(element, style)
            if items:
                self.blocks.append(ListBlock(items, _start(element) if element.tag == "ol" else None))
        elif element.tag == "table":
            self._table(element, style)
        elif element.tag == "blockquote":
            inner = self.inside(element.children, style)
            if inner:
                self.blocks.append(Quote(inner))
        elif element.tag == "hr":
            self.blocks.append(Rule())
        else:
            self.take(element.children, style)
            self.flush()

    def _link(self, element: Element, style: Run) -> None:
        href = element.attributes.get("href", "").strip()
        if not href:
            self.lost.links += bool(element.text().strip())
            self.take(element.children, style)
            return
        if _PICTURE.search(href) and not element.text().strip():
            self.take(element.children, style)
            return
        style = replace(style, href=href)
        if element.text().strip():
            self.take(element.children, style)
            return
        # Around nothing but a picture: its alternative text or else the address. Around nothing at all, nobody ever saw it.
        before = len(self.runs)
        self.take(element.children, style)
        if any(run.text.strip() for run in self.runs[before:]) or not next(element.find("img"), None):
            return
        self.runs.append(replace(style, text=re.sub(r"^(?:tel|mailto):", "", href)))

    def _image(self, element: Element, style: Run) -> None:
        width = element.attributes.get("width", "")
        found = _ICON.search(element.attributes.get("style", ""))
        pixels = int(width) if width.isascii() and width.isdigit() else int(found[1]) if found else None
        if pixels is not None and pixels <= ICON_PIXELS:
            return
        self.lost.images += 1
        alt = _SPACES.sub(" ", element.attributes.get("alt", "")).strip()
        if alt and not _FILE_NAME.match(alt):
            self.runs.append(replace(style, text=alt, alternative=True))

    def _embedded(self, element: Element) -> None:
        """A film, a map or another page inside this one: a link to it."""
        source = element.attributes.get("src", "").strip() or next(
            (one.attributes["src"].strip() for one in element.find("source") if one.attributes.get("src", "").strip()), ""
        )
        if source and source != "about:blank":
            self.flush()
            title = _SPACES.sub(" ", element.attributes.get("title", "")).strip()
            self.blocks.append(Paragraph([[Run(title or source, href=source)]]))

    def _items(self, element: Element, style: Run) -> list[list[Block]]:
        items: list[list[Block]] = []
        for child in element.children:
            if isinstance(child, Element) and child.tag in ("ul", "ol") and items:
                # A list directly inside a list belongs to the item before it.
                items[-1] += self.inside([child], style)
                continue
            blocks = self.inside(child.children if isinstance(child, Element) and child.tag == "li" else [child], style)
            if blocks:
                items.append(blocks)
        return items

    def _table(self, element: Element, style: Run) -> None:
        for caption in element.find("caption"):
            self.blocks += self.inside(caption.children, replace(style, bold=True))
        rows = [[cell for cell in row.elements() if cell.tag in ("td", "th")] for row in element.find("tr")]
        rows = [row for row in rows if row]
        nested = any(next(element.find(tag), None) for tag in ("table", "ul", "ol"))
        if nested or max(map(len, rows), default=0) < 2:
            # A table that only places things on the screen.
            self.take(_below_rows(element), style)
            self.flush()
            return
        width = max(map(len, rows))
        lines = [[one_line(self.inside(cell.children, replace(style, bold=False))) for cell in row] for row in rows]
        lines = [[*row, *([] for _ in range(width - len(row)))] for row in lines if any(row)]
        if lines:
            self.blocks.append(Table(lines))


def read_blocks(root: Element) -> tuple[list[Block], Lost]:
    """The blocks of a page, and what could not be kept."""
    lost = Lost()
    return _Reader(lost).inside(root.children, Run("")), lost


def _start(element: Element) -> int:
    start = element.attributes.get("start", "1")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1


def _below_rows(element: Element) -> Iterator[Element | str]:
    """The contents of a table's cells, each a block."""
    for child in element.elements():
        if child.tag in ("td", "th"):
            yield Element("div", children=child.children)
        elif child.tag != "caption":
            yield from _below_rows(child)


def _pre(element: Element) -> Iterator[Element | str]:
    """Text whose line ends mean something."""
    for number, line in enumerate(element.text().strip("\n").split("\n")):
        if number:
            yield Element("br")
        yield line
