"""HTML as a browser would read it, reduced to the elements that mean something in a text.

nh3 (html5ever) repairs the markup and takes out scripts, styles, forms, comments and every link whose scheme is not allowed; what it gives
back is well-formed, so that the parser of the standard library can build the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

SCHEMES = frozenset(("http", "https", "mailto", "tel"))
# Far beyond any page that people write (the longest of a real district has some 700 tags); what is beyond only costs time.
MOST_TAGS = 20_000
DEEPEST = 60

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
EMBEDDED = ("iframe", "video", "audio", "embed", "source")
_TAGS = {
    *HEADINGS, *EMBEDDED,
    "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "address", "figure", "figcaption", "blockquote", "pre",
    "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption", "details", "summary", "hr", "br",
    "strong", "b", "em", "i", "a", "img",
}  # fmt: skip
_GONE = {"script", "style", "template", "noscript", "svg", "math", "object", "select", "title", "head"}
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"alt", "src", "width", "style"},
    "ol": {"start"},
    **{tag: {"src", "title"} for tag in EMBEDDED},
}
_VOID = frozenset(("br", "hr", "img", "embed", "source"))
# Invisible, and in the way of searching and comparing; joiners and marks of direction stay, since scripts need them.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\u00ad\u200b\ufeff]")
# A link that nobody closed runs on through the paragraphs behind it in a browser; it was meant to end with its own.
_OPEN_LINK = re.compile(r"(<a\b[^<>]*>)((?:(?!</?a\b).)*)(?=<a\b|\Z)", re.IGNORECASE | re.DOTALL)
_END_OF_BLOCK = re.compile(r"</(?:p|li|td|th|div|h[1-6])>|\Z", re.IGNORECASE)


class TooManyTags(ValueError):
    """The markup is no page that somebody wrote."""


@dataclass(slots=True)
class Element:
    """One element with its children; text is a plain string among them."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    def elements(self) -> Iterator[Element]:
        """The child elements, without text."""
        return (child for child in self.children if isinstance(child, Element))

    def text(self) -> str:
        """All text inside."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)

    def find(self, tag: str) -> Iterator[Element]:
        """All elements of a name inside, in order."""
        for child in self.elements():
            if child.tag == tag:
                yield child
            yield from child.find(tag)


def without_invisible(text: str) -> str:
    """Text without control signs, soft hyphens and spaces of no width."""
    return _INVISIBLE.sub("", text)


def parse(html: str) -> Element:
    """The tree of a page's content, below a nameless root.

    Raises TooManyTags.
    """
    if html.count("<") > MOST_TAGS:
        raise TooManyTags
    clean = nh3.clean(
        _OPEN_LINK.sub(_closed, without_invisible(html)),
        tags=_TAGS,
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    builder = _Builder()
    builder.feed(clean)
    builder.close()
    return builder.root


def _closed(link: re.Match[str]) -> str:
    inside = link[2]
    found = _END_OF_BLOCK.search(inside)
    end = found.start() if found else len(inside)
    return f"{link[1]}{inside[:end]}</a>{inside[end:]}"


class _Builder(HTMLParser):
    """Builds the tree from well-formed markup. What is nested too deeply becomes a sibling: no page means anything by it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]
        # How many elements were opened below the deepest one that is kept.
        self._below: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag in _VOID:
            return
        if len(self._open) < DEEPEST:
            self._open.append(element)
        else:
            self._below.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if tag in self._below:
            del self._below[len(self._below) - 1 - self._below[::-1].index(tag) :]
        elif any(element.tag == tag for element in self._open):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        # Character references may have brought back what was taken out.
        text = without_invisible(data)
        if text:
            self._open[-1].children.append(text)
