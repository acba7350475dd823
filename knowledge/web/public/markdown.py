"""Markdown of guide pages as HTML that is safe to show: no HTML of the author's, no scripts, no addresses but those people know."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from knowledge.web.breakable import breakable

_SAFE = re.compile(r"(https?://|mailto:|tel:|#)", re.IGNORECASE)
_PAGE = "page:"
# Id of a page -> its address, or None where readers cannot see it.
PageAddress = Callable[[str], str | None]


def _allowed(url: str) -> bool:
    return bool(_SAFE.match(url)) or url.startswith(_PAGE)


def _text(_renderer: RendererProtocol, tokens: Sequence[Token], at: int, _options: OptionsDict, _env: EnvType) -> str:
    return str(breakable(tokens[at].content))


def _reader(**options: bool) -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, **options}).enable(["table", "strikethrough"]).disable("image")
    reader.validateLink = _allowed  # type: ignore[method-assign]
    reader.add_render_rule("text", _text)
    return reader


_guide = _reader()
_chat = _reader(breaks=True).disable(["heading", "lheading", "code", "fence", "blockquote", "hr"])


def page_html(body: str, address: PageAddress, *, top: int = 2) -> str:
    """A guide page. Headings begin at level `top` and leave no level out; ``page:<id>`` leads to the page, or is plain text where it is
    not public."""
    tokens = _guide.parse(body)
    _level_headings(tokens, top)
    for token in tokens:
        if token.children:
            token.children = _linked(token.children, address)
    return str(_guide.renderer.render(tokens, _guide.options, {}))


def chat_html(text: str) -> str:
    """A message of the assistant with its light markup: bold words, lists, lines as they stand."""
    tokens = _chat.parse(text)
    for token in tokens:
        if token.children:
            token.children = _linked(token.children, lambda _: None)
    return str(_chat.renderer.render(tokens, _chat.options, {}))


def _level_headings(tokens: Sequence[Token], top: int) -> None:
    """A screen reader's user walks from heading to heading: imported pages jump from the first level to the fourth."""
    above: list[int] = []
    for opening, closing in _heading_pairs(tokens):
        written = int(opening.tag[1])
        while above and above[-1] >= written:
            above.pop()
        above.append(written)
        opening.tag = closing.tag = f"h{min(6, top + len(above) - 1)}"


def _heading_pairs(tokens: Sequence[Token]) -> Sequence[tuple[Token, Token]]:
    opened = [token for token in tokens if token.type == "heading_open"]
    closed = [token for token in tokens if token.type == "heading_close"]
    return list(zip(opened, closed, strict=True))


def _linked(tokens: Sequence[Token], address: PageAddress) -> list[Token]:
    """Links to our pages get their address, links elsewhere tell nobody where the reader came from."""
    found: list[Token] = []
    dropped: list[bool] = []
    for token in tokens:
        if token.type == "link_open":
            href = str(token.attrGet("href") or "")
            if href.startswith(_PAGE):
                known = address(href.removeprefix(_PAGE))
                dropped.append(known is None)
                if known is None:
                    continue
                token.attrSet("href", known)
            else:
                dropped.append(False)
                if href.lower().startswith("http"):
                    token.attrSet("rel", "noopener noreferrer external")
        elif token.type == "link_close" and dropped.pop():
            continue
        found.append(token)
    return found
