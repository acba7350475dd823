"""Links lead to pages of ours, to the world as they stand, or nowhere; what was odd is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.knowledge.exchange.integreat.pages import a_page, body, in_languages, read

HERE = "https://integreat.app/musterstadt"


def linked(folder: Path, href: str, words: str = "hier") -> tuple[str, list[str]]:
    """The text of a page with this link, and what is told about it."""
    rows = [
        a_page("start", content=f'<p><a href="{href}">{words}</a></p>', available_languages=in_languages(uk="старт")),
        a_page("gesundheit", number=44),
        a_page("gesundheit/zähne", available_languages=in_languages(ar="الصحة/أسنان")),
        a_page("leer", content=""),
    ]
    found = read(folder, de=rows)
    return body(found, "start"), [notice.key for notice in found.outcomes[0].notices]


@pytest.mark.parametrize(
    "href",
    [
        f"{HERE}/de/gesundheit/zähne/",
        f"{HERE}/de/gesundheit/z%C3%A4hne",
        f"{HERE}/de/gesundheit/za\u0308hne#oben",
        f"{HERE}/de/frueher-woanders/z%C3%A4hne/?a=1",
        "https://admin.integreat-app.de/musterstadt/de/gesundheit/zähne/",
        "/musterstadt/de/gesundheit/zähne/",
        f"{HERE}/ar/الصحة/أسنان/",
    ],
)
def test_a_link_to_another_page_leads_to_that_page_of_ours(tmp_path: Path, href: str) -> None:
    assert linked(tmp_path, href) == ("[hier](page:zaehne)", [])


def test_a_short_link_leads_to_the_page_of_its_number(tmp_path: Path) -> None:
    assert linked(tmp_path, "https://admin.integreat-app.de/s/p/44/") == ("[hier](page:gesundheit)", [])


@pytest.mark.parametrize(
    "href",
    [
        "https://www.musterstadt.example/a_b?c=1&d=2",
        "http://musterstadt.example",
        "mailto:Amt_1@musterstadt.example",
        "tel:+493023125100",
        "tel:110",
    ],
)
def test_other_links_stay_letter_by_letter(tmp_path: Path, href: str) -> None:
    assert linked(tmp_path, href.replace("&", "&amp;")) == (f"[hier]({href})", [])


@pytest.mark.parametrize("path", ["/de/gibt-es-nicht/", "/de/leer/"])
def test_a_link_to_a_page_that_is_not_imported_is_kept_and_told(tmp_path: Path, path: str) -> None:
    assert linked(tmp_path, HERE + path) == (f"[hier]({HERE}{path})", ["notice.unknown_page"])


def test_a_link_to_another_region_is_kept(tmp_path: Path) -> None:
    assert linked(tmp_path, "https://integreat.app/anderswo/de/amt/") == ("[hier](https://integreat.app/anderswo/de/amt/)", [])


@pytest.mark.parametrize(
    ("href", "words", "expected"),
    [
        ("https://integreat.app/tel:", "08000 116 016", "[08000 116 016](tel:08000116016)"),
        ("https://integreat.app/mailto:", "amt@musterstadt.example", "[amt@musterstadt.example](mailto:amt@musterstadt.example)"),
        ("https://integreat.app/116016", "116016", "[116016](tel:116016)"),
        ("mailto:", "amt@musterstadt.example", "[amt@musterstadt.example](mailto:amt@musterstadt.example)"),
        ("https://amt@musterstadt.example", "amt@musterstadt.example", "[amt@musterstadt.example](mailto:amt@musterstadt.example)"),
    ],
)
def test_a_broken_link_whose_words_are_the_number_or_address_is_repaired_and_told(
    tmp_path: Path, href: str, words: str, expected: str
) -> None:
    assert linked(tmp_path, href, words) == (expected, ["notice.link_repaired"])


@pytest.mark.parametrize(
    ("href", "words"),
    [
        ("https://integreat.app/tel:", "anrufen"),
        ("tel:", "030 / (0)1"),
        ("https://Hilfenotruf", "Chat"),
        ("https://bank@boese.example", "Bank"),
    ],
)
def test_a_broken_or_deceiving_link_leaves_its_words_and_is_told(tmp_path: Path, href: str, words: str) -> None:
    assert linked(tmp_path, href, words) == (words, ["notice.link_removed"])


@pytest.mark.parametrize("href", ["javascript:alert(1)", "page:gesundheit", "data:text/html,x"])
def test_a_forbidden_link_leaves_its_words_and_is_told(tmp_path: Path, href: str) -> None:
    assert linked(tmp_path, href) == ("hier", ["notice.links_without_target"])


def test_a_link_within_the_page_or_around_a_full_stop_leaves_its_words(tmp_path: Path) -> None:
    assert linked(tmp_path, "#oben") == ("hier", [])
    assert linked(tmp_path, "https://musterstadt.example", ".") == (".", [])


def test_an_odd_number_is_kept_and_told(tmp_path: Path) -> None:
    assert linked(tmp_path, "tel:+49%C2%B41741315515") == ("[hier](tel:+49%C2%B41741315515)", ["notice.odd_number"])


@pytest.mark.parametrize(
    ("words", "target"),
    [("030 23125-101", "tel:+493023125100"), ("0821 909000", "tel:+4982190900"), ("08214009220", "tel:082140002")],
)
def test_a_link_that_calls_another_number_than_its_words_is_told(tmp_path: Path, words: str, target: str) -> None:
    assert linked(tmp_path, target, words) == (f"[{words}]({target})", ["notice.number_differs"])


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("030 23125-100", "tel:+493023125100"),
        ("+49 (0)30 23125 100", "tel:03023125100"),
        ("-2719", "tel:+4982131022719"),
        ("2719", "tel:+4982131022719"),
        ("anrufen", "tel:110"),
        ("110", "tel:110"),
    ],
)
def test_a_link_that_calls_the_number_of_its_words_is_not(tmp_path: Path, words: str, target: str) -> None:
    assert linked(tmp_path, target, words) == (f"[{words}]({target})", [])


@pytest.mark.parametrize(
    ("html", "expected", "joined"),
    [
        ('0 <a href="tel:091194328655">9119432</a> 8655 Zentrale', "[0 9119432 8655](tel:091194328655) Zentrale", True),
        ('Tel. 0 <a href="tel:08919240">8919240</a>', "Tel. [0 8919240](tel:08919240)", True),
        ('<a href="tel:+493023125100">030 23125</a>-100.', "[030 23125-100](tel:+493023125100).", True),
        ('Zimmer 12 <a href="tel:+493023125100">030 23125100</a> 8 Uhr', "Zimmer 12 [030 23125100](tel:+493023125100) 8 Uhr", False),
        ('<a href="tel:110">110</a> <a href="tel:112">112</a>', "[110](tel:110) [112](tel:112)", False),
        ('8 <a href="tel:110">Polizei</a> 9', "8 [Polizei](tel:110) 9", False),
    ],
)
def test_digits_beside_a_link_that_belong_to_its_number_join_it(tmp_path: Path, html: str, expected: str, joined: bool) -> None:
    found = read(tmp_path, de=[a_page("start", content=f"<p>{html}</p>")])
    assert body(found, "start") == expected
    assert [notice.key for notice in found.outcomes[0].notices] == (["notice.number_joined"] if joined else [])
