"""HTML becomes Markdown that says the same, and nothing in it can do harm."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.exchange.integreat.block_reader import read_blocks
from knowledge.exchange.integreat.html_tree import TooManyTags, parse
from knowledge.exchange.integreat.markdown import to_markdown
from tests.calls import calls
from tests.unit.knowledge.exchange.integreat.pages import rendered

SAFE_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "strong", "em", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def markdown(html: str) -> str:
    """With links kept as they are."""
    blocks, _ = read_blocks(parse(html))
    return to_markdown(blocks, lambda href, words: href)


class Seen(HTMLParser):
    """What stands in a rendered page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.targets: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.targets += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.words += data


def assert_safe(html: str) -> None:
    seen = Seen(rendered(markdown(html)))
    assert seen.tags <= SAFE_TAGS
    assert seen.attributes <= {("a", "href"), ("ol", "start")}
    assert all(re.match(r"(?:https?|mailto|tel):|/|#|[^:]*$", target, re.IGNORECASE) for target in seen.targets), seen.targets


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Eins</p><p>&nbsp;</p><p>Zwei</p>", "Eins\n\nZwei"),
        ("<p>Lange Gasse 1<br>00001 Musterstadt<br><br>Neuer Absatz</p>", "Lange Gasse 1\\\n00001 Musterstadt\n\nNeuer Absatz"),
        ("<h3>A</h3><h5>B</h5><h3>C</h3><h1>D</h1><h2>E</h2>", "## A\n\n### B\n\n## C\n\n## D\n\n### E"),
        ("<h3><strong>Fett</strong></h3><h4>&nbsp;</h4>", "## Fett"),
        ("<ul><li>a<ul><li>b</li></ul></li><li><br></li><li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol start='3'><li>a</li><li><p>b</p><p>c</p></li></ol>", "3. a\n4. b\n\n   c"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n- b"),
        ("<ul><li>a</li></ul><ol><li>b</li></ol>", "- a\n\n1) b"),
        ("<p>- a<br>- b</p><p>• <a href='https://x.example'>c</a> d</p>", "- a\n- b\n- [c](https://x.example) d"),
        ("<p><strong>Kontakt: </strong>Frau Muster</p>", "**Kontakt:** Frau Muster"),
        ("<p><b>Hinweis:</b>sofort</p>", "**Hinweis**:sofort"),
        ("<p>wort<b>mitte</b>wort <i>schräg</i> wort<i>mitte</i></p>", "wort**mitte**wort _schräg_ wortmitte"),
        ("<p><strong>a</strong> <strong>b</strong></p>", "**a b**"),
        ("<p>der<a href='https://x.example'> Schule </a>ein</p>", "der [Schule](https://x.example) ein"),
        ("<p>Los!<a href='https://x.example'>hier</a></p>", "Los\\![hier](https://x.example)"),
        ("<p><a href='tel:+49 30 23125 100'>Tel</a></p>", "[Tel](<tel:+49 30 23125 100>)"),
        ("<p><a href='https://x.example/(a'>x</a> &amp;copy; <a href='https://x.example/?a&amp;copy;=1'>y</a></p>",
         "[x](<https://x.example/(a>) \\&copy; [y](https://x.example/?a\\&copy;=1)"),
        ("<p>1. Quartal</p><p># Raute</p><p>+ plus</p><p>&gt; mehr</p><p>---</p>",
         "1\\. Quartal\n\n\\# Raute\n\n\\+ plus\n\n\\> mehr\n\n\\---"),
        ("<p>a_b *c* [d] `e` &lt;f&gt; _g_ h\\i ~~j~~</p>", "a_b \\*c\\* \\[d\\] \\`e\\` \\<f> \\_g\\_ h\\\\i \\~~j\\~~"),
        ("<p>Kräf\u00adte\u200b\ufeff</p>", "Kräfte"),
        ("<p>z.&nbsp;B. und&nbsp; dann</p>", "z.\u00a0B. und dann"),
        ("<p><img alt='Ein Haus' src='x.png'> <img alt='' src='y.gif'><img alt='haus.png' src='z'></p>", "Ein Haus"),
        ("<p><img alt='Telefon' width='15'> 110 <img alt='Uhr' style='width: 15px'></p>", "110"),
        ("<h3><a href='https://x.example/n.png'><img alt='Neues'></a> Neues</h3>", "## Neues"),
        ("<p><a href='tel:110'><img src='i.svg'></a> <a href='https://x.example'></a></p>", "[110](tel:110)"),
        ("<iframe src='https://v.example/1' title='Film'>x</iframe><video><source src='https://v.example/2.mp4'></video>",
         "[Film](https://v.example/1)\n\n[https://v.example/2.mp4](https://v.example/2.mp4)"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1<br>2</td></tr></table>", "| A | B |\n| --- | --- |\n| 1 2 |  |"),
        ("<table><tr><td>nur<br>eine</td></tr></table>", "nur\\\neine"),
        ("<table><tr><td><ul><li>a</li></ul></td><td>b</td></tr></table>", "- a\n\nb"),
        ("<blockquote><p>a</p><ul><li>b</li></ul></blockquote><hr>", "> a\n>\n> - b\n\n___"),
        ("<dl><dt>Wo</dt><dd>Hier</dd></dl><pre>a\n  b</pre>", "**Wo**\n\nHier\n\na\\\nb"),
        ("<p><a href='https://x.example'>offen</p><p>weiter <a href='https://y.example'>y</a></p>",
         "[offen](https://x.example)\n\nweiter [y](https://y.example)"),
        ("<p>vor<script>alert(1)</script><style>p{}</style><!-- x --> nach", "vor nach"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_becomes_markdown(html: str, expected: str) -> None:
    assert markdown(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script><p onclick='alert(1)'>x</p>",
        "<a href='javascript:alert(1)'>x</a><a href=' java\nscript:alert(1)'>x</a><a href='JAVASCRIPT&colon;alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a><a href='vbscript:x'>x</a><a href='file:///etc/passwd'>x</a>",
        "<a href='https://x.example/\"onmouseover=\"alert(1)'>x</a>",
        "<a href='https://x.example/>)](javascript:alert(1)'>x</a>",
        "<a href='https://x.example'>](javascript:alert(1))[</a>",
        "<p>[x](javascript:alert(1)) &lt;script&gt;alert(1)&lt;/script&gt; ![x](https://track.example/1.gif)</p>",
        "<p>!<a href='https://track.example/1.gif'>x</a></p>",
        "<img src=x onerror=alert(1)><img src='https://track.example/1.gif' width=1 height=1>",
        "<svg><p><style><a title='</style><img src onerror=alert(1)>'>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<iframe src='javascript:alert(1)'></iframe><iframe srcdoc='<script>alert(1)</script>'></iframe><embed src='data:text/html,x'>",
        "<p>&lt;img src=x onerror=alert(1)&gt;</p><textarea><script>alert(1)</script></textarea>",
        "<p>&amp;lt;script&amp;gt;</p><p>&lt;https://x.example&gt; &lt;javascript:alert(1)&gt;</p>",
        "<p>[a]: javascript:alert(1)</p><p>[a]</p>",
        "<table><tr><td>|</td><td>\\|<script>x</script></td></tr></table>",
        "<p><a href='page:x'>x</a><a href='//x.example'>y</a></p>",
        "<form action='https://x.example'><input name=a><button>Senden</button></form><base href='https://x.example'>",
    ],
)
def test_hostile_html_renders_as_harmless_html(html: str) -> None:
    assert_safe(html)


TAGS = (
    "p", "b", "i", "a href='https://x.example/a_b'", "a href='javascript:x'", "ul", "ol", "li", "h3", "table", "tr", "td", "blockquote",
    "div", "br", "hr", "img alt='x' src='y'", "iframe src='https://x.example'", "pre", "script", "a href='tel:+49 1'",
)  # fmt: skip
TEXT = st.text(st.sampled_from("ab1. \n\t*_`[]()<>!&#;|\\-+=~:äя\u00a0م,\"'"), max_size=12)


def _element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, inner, closed: f"<{tag}>{inner}" + (f"</{tag.split()[0]}>" if closed else ""),
        st.sampled_from(TAGS),
        inside,
        st.booleans(),
    )


PIECE = st.recursive(TEXT, lambda inside: _element(st.lists(inside, max_size=4).map("".join)), max_leaves=12)
SOUP = st.lists(PIECE, max_size=8).map("".join)


@settings(max_examples=400, deadline=None)
@given(SOUP)
def test_any_soup_of_tags_renders_as_harmless_html(html: str) -> None:
    assert_safe(html)


@settings(max_examples=400, deadline=None)
@given(st.lists(TEXT.filter(lambda text: text.strip(" \n\t\u00a0")), min_size=1, max_size=4))
def test_text_comes_out_as_it_went_in(lines: list[str]) -> None:
    """Whatever signs a line has, in a paragraph, in bold, in a link, in a cell."""
    escaped = [line.replace("&", "&amp;").replace("<", "&lt;") for line in lines]
    for html in (
        "<p>" + "<br>".join(escaped) + "</p>",
        "<p>" + "".join(f"<b>{line}</b> x" for line in escaped) + "</p>",
        "".join(f"<p><a href='https://x.example'>{line}</a></p>" for line in escaped),
        "<table>" + "".join(f"<tr><td>{line}</td><td>x</td></tr>" for line in escaped) + "</table>",
        "".join(f"<h3>{line}</h3>" for line in escaped),
    ):
        wanted = Seen(html.replace("<br>", "\n").replace("</p>", "\n</p>").replace("</td>", "\n</td>").replace("</h3>", "\n</h3>")).words
        # A line that begins like an item becomes one; the hyphen is the item's.
        wanted = re.sub(r"(?m)^[ \u00a0]*-[ \u00a0]+(?=\S)", "", wanted) if html.startswith(("<p>", "<table>", "<h3>")) else wanted
        found = Seen(rendered(markdown(html))).words
        assert re.sub(r"[\s\u00a0-]+", "", found) == re.sub(r"[\s\u00a0-]+", "", wanted)


def test_what_nobody_wrote_is_refused_quickly() -> None:
    with pytest.raises(TooManyTags):
        parse("<p>" * 20_001)


@pytest.mark.parametrize("html", ["<div>{}tief", "<a href='x'>{}", "<b>{}tief", "<a{}" + "x" * 20_000], ids=["div", "a", "b", "open"])
def test_markup_made_to_be_slow_grows_with_its_length_only(html: str) -> None:
    tag = html.partition("{}")[0]
    half, whole = (tag * (number - 1) + html.format("") for number in (2000, 4000))
    assert calls(lambda: markdown(whole)) <= 2.5 * calls(lambda: markdown(half))


@pytest.mark.parametrize("tag", ["<div>", "<a href='x'>", "<b>"])
def test_the_deepest_markup_that_is_taken_is_read_to_its_end(tag: str) -> None:
    assert markdown(tag * 19_000 + "tief").strip("*\n") in ("tief", "[tief](x)")


def test_links_without_a_target_and_pictures_are_counted() -> None:
    _, lost = read_blocks(parse("<a href='javascript:x'>a</a><a>b</a><a></a><img src='a'><img width=15 src='b'>"))
    assert (lost.links, lost.images) == (2, 1)
