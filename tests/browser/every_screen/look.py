"""What is asked of every screen: axe, layout at each width, direction, words of the right language, the way of the Tab key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from locales.catalogue import catalogue
from locales.registry import direction

# Served beside the desk: scripts from elsewhere are not allowed to run there.
SCRIPT_ADDRESS = "/look.js"
SCRIPTS = AXE_SCRIPT + "\n" + (Path(__file__).parent / "look.js").read_text(encoding="utf-8")
# Two fingers wide: WCAG 2.2 asks for it, axe only if told.
AXE_OPTIONS: dict[str, Any] = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# At the first width of a view everything is asked, at the others what can depend on the width.
BY_WIDTH = ["color-contrast", "target-size", "scrollable-region-focusable"]
# A key of a catalogue, as it is shown where nobody has written words for it.
KEY = re.compile(r"\b(?:desk|public|error|answer|place|hours|topic|exchange|import|translator)\.[a-z_]+(?:\.[a-z_]+)*\b")
FIELD = re.compile(r"\{[a-z_]+\}")
# What is written the same everywhere: addresses, files, formats.
SAME = r"[\w.+-]+@[\w.-]+|https?://\S+|[\w-]+\.(?:csv|json|xlf|xlsx|zip)\b|\b(?:CSV|XLSX|XLIFF|HSDS|JSON|Excel|EUR|Integreat|LibreTranslate|OpenID|Chromium|Linux)\b"
LATIN, ARABIC = re.compile(r"[A-Za-zÀ-ÿ]{3,}"), re.compile(r"[\u0600-\u06ff]")


@dataclass(frozen=True)
class Fault:
    """Something that is wrong on a screen."""

    screen: str
    view: str
    what: str
    where: str

    def __str__(self) -> str:
        return f"{self.screen} ({self.view}): {self.what}: {self.where}"


@dataclass(frozen=True)
class View:
    """A language and the widths in which it is looked at."""

    language: str
    sizes: tuple[ViewportSize, ...]
    # Whether the Tab key is tried, at the last of these sizes.
    walked: bool = False


class Words:
    """Tells words that do not belong on a page. `names` are those of people, records and places: they are the same in every language."""

    def __init__(self, language: str, names: Iterable[str]) -> None:
        self.language = language
        own, english = catalogue(language), catalogue("en")
        self._own = {_plain(one) for one in own.values()}
        # Abbreviations are the same in many languages: "Do" is a Thursday, too.
        self._english = {_plain(words) for name, words in english.items() if own.get(name) != words and len(words) > 3} - self._own
        self._sentences = [_pattern(words) for words in self._english if "{" in words and len(LATIN.findall(FIELD.sub("", words))) > 1]
        self._names = re.compile("|".join([SAME, *map(re.escape, sorted(names, key=len, reverse=True))]))
        self._found: dict[str, str] = {}

    def wrong(self, words: str, said: str) -> str:
        """Why `words`, which the page says are in the language `said`, do not belong on the page; empty where they do."""
        key = KEY.search(words)
        if key and key[0] in catalogue("en"):
            return "a key in place of words"
        if said != self.language or words in self._own:
            return ""
        if words not in self._found:
            self._found[words] = self._wrong(words)
        return self._found[words]

    def _wrong(self, words: str) -> str:
        if words in self._english or any(one.fullmatch(words) for one in self._sentences):
            return "English words"
        left = self._names.sub("", words)
        if self.language == "ar" and LATIN.search(left) and not ARABIC.search(left):
            return "words without Arabic letters, and the page does not say which language they are in"
        if self.language != "ar" and ARABIC.search(left):
            return "Arabic letters, and the page does not say which language they are in"
        return ""


def _plain(words: str) -> str:
    return " ".join(words.split())


def _pattern(words: str) -> re.Pattern[str]:
    """A sentence of the catalogue with anything in place of its fields."""
    return re.compile(".*".join(map(re.escape, FIELD.split(words))))


def open_folds(page: Page) -> None:
    """What is folded away is looked at as well."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def look_at(page: Page, screen: str, view: View, known: Words) -> Iterator[Fault]:
    """What is wrong with the page as it stands."""
    page.add_script_tag(url=SCRIPT_ADDRESS)
    open_folds(page)
    for size in view.sizes:
        page.set_viewport_size(size)
        # What floats on a wide screen may lie still on a narrow one.
        page.evaluate("look.unstick()")
        at = f"{view.language}, {size['width']}"
        options = AXE_OPTIONS if size is view.sizes[0] else AXE_OPTIONS | {"runOnly": BY_WIDTH}
        for one in page.evaluate("(options) => axe.run(options).then((found) => found.violations)", options):
            yield from (Fault(screen, at, one["id"], node["html"][:200]) for node in one["nodes"][:3])
        yield from (Fault(screen, at, *one) for one in page.evaluate("look.layout()"))
    given = {"language": view.language, "direction": direction(view.language)}
    for what, where in page.evaluate("(given) => [...look.frame(given), ...look.directions()]", given):
        yield Fault(screen, view.language, what, where)
    page.evaluate("look.stick()")
    for language, words, where in page.evaluate("look.words()"):
        what = known.wrong(words, language)
        if what:
            yield Fault(screen, view.language, what, f"{words[:120]} ({where})")


def walk(page: Page, screen: str, view: View) -> Iterator[Fault]:
    """Go round the page once with the Tab key."""
    presses = page.evaluate("look.begin()")
    for _ in range(presses):
        page.keyboard.press("Tab")
    wrong, _ = page.evaluate("look.end()")
    yield from (Fault(screen, f"{view.language}, by keyboard", *one) for one in wrong)
