"""Where an e-mail address may be broken at the end of a line."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from knowledge.web.breakable import breakable


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a@b.example", "a@<wbr>b<wbr>.example"),
        ("✉ maria.koch@amt.ankerstadt.example", "✉ maria<wbr>.koch@<wbr>amt<wbr>.ankerstadt<wbr>.example"),
        ("Schreiben Sie an a@b.example. Danke.", "Schreiben Sie an a@<wbr>b<wbr>.example. Danke."),
        ("(a@b.example, c@d.example)", "(a@<wbr>b<wbr>.example, c@<wbr>d<wbr>.example)"),
        ("اكتب إلى a@b.example", "اكتب إلى a@<wbr>b<wbr>.example"),
        ("Um 9.30 Uhr, 12.50 Euro", "Um 9.30 Uhr, 12.50 Euro"),
        ("https://www.example.org/a.b", "https://www.example.org/a.b"),
        ("<b>a@b.example</b> & mehr", "&lt;b&gt;a@<wbr>b<wbr>.example&lt;/b&gt; &amp; mehr"),
        ("o'neil&co@b.example", "o&#39;neil&amp;co@<wbr>b<wbr>.example"),
        ("", ""),
    ],
)
def test_after_the_at_and_before_dots_and_nowhere_else(text: str, html: str) -> None:
    assert breakable(text) == html


def test_what_is_markup_already_stays_as_it_is() -> None:
    assert breakable(Markup("<em>a@b.example</em>")) == "<em>a@b.example</em>"
