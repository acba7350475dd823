"""Where the links of a page lead: to other pages of the export, to the world, or nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from knowledge.exchange.integreat.entries import Address, address_of
from knowledge.exchange.integreat.html_tree import SCHEMES
from knowledge.exchange.integreat.notices import Notice
from knowledge.exchange.integreat.numbers import differs

PAGE_SCHEME = "page"  # a link to a page of ours: page:<id>
PUBLIC = "https://integreat.app"
# The content system answers under its own names; people read the pages under PUBLIC.
_SYSTEMS = frozenset(("admin.integreat-app.de", "cms.integreat-app.de", "web.integreat-app.de", "integreat.app", "www.integreat.app"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SHORT_LINK = re.compile(r"/s/p/([0-9]+)/?")
# What the system makes of a link to a telephone number or an e-mail address that was left empty.
_BROKEN = re.compile(r"(tel|mailto):\s*")
_NUMBER = re.compile(r"\+?[0-9][0-9 \u00a0/.–-]{2,}")
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_NO_WORDS = " \u00a0.,;:!?-–…()\"„“”'"
_TEL = re.compile(r"tel:[-+0-9 ()/.]+", re.IGNORECASE)


def public_url(url: str | None) -> str | None:
    """The address under which people read a page. None for what is no web address."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return f"{PUBLIC}{parts.path}" if parts.hostname in _SYSTEMS else url


@dataclass(frozen=True)
class LinkBook:
    """Which addresses and numbers are pages of ours. `slugs` finds pages that were moved: (language, slug) -> id."""

    region: str
    hosts: frozenset[str]
    pages: Mapping[Address, str]
    slugs: Mapping[tuple[str, str], str]
    numbers: Mapping[int, str]

    def page_at(self, path: str) -> str | None:
        """The page of ours behind a path of the system."""
        short = _SHORT_LINK.fullmatch(path)
        if short:
            return self.numbers.get(int(short[1])) if len(short[1]) < 19 else None
        address = address_of(path)
        if address is None or address.region != self.region:
            return None
        return self.pages.get(address) or self.slugs.get((address.language, address.slug))


def hosts_of(urls: list[str | None]) -> frozenset[str]:
    """The names under which the system of these pages answers."""
    found = set(_SYSTEMS)
    for url in urls:
        try:
            found.add(urlsplit(url or "").hostname or "")
        except ValueError:
            continue
    return frozenset(found - {""})


@dataclass
class PageLinks:
    """The links of one page; `resolve` is called for each and `notices` tells afterwards what was changed."""

    book: LinkBook
    base: str  # the page's own address
    counts: Counter[str] = field(default_factory=Counter)

    def resolve(self, href: str, words: str) -> str | None:
        """The target to write, None if the words alone are to stay."""
        href = _CONTROL.sub("", href).strip()
        if href.startswith("#") or not words.strip(_NO_WORDS):
            return None
        found = _SCHEME.match(href)
        scheme = found[1].lower() if found else ""
        if scheme in ("tel", "mailto"):
            return self._contact(href, scheme, words)
        try:
            href = urljoin(self.base, href) if not scheme else href
            parts = urlsplit(href)
            host = parts.hostname
        except ValueError:
            self.counts["notice.link_removed"] += 1
            return None
        if "@" in parts.netloc:
            return self._contact("mailto:", "mailto", words)
        # A name without a dot is a word that somebody took for an address.
        if parts.scheme.lower() not in SCHEMES or not host or not re.search(r"[.:]", host):
            self.counts["notice.link_removed"] += 1
            return None
        if host not in self.book.hosts:
            return href
        path = unquote(parts.path).strip("/")
        broken = _BROKEN.fullmatch(path)
        if broken:
            return self._contact(broken[0], broken[1], words)
        if _NUMBER.fullmatch(path):
            return self._contact("tel:", "tel", words)
        page = self.book.page_at(parts.path)
        if page:
            return f"{PAGE_SCHEME}:{page}"
        address = address_of(parts.path)
        if "/" not in path or (address and address.region == self.book.region):
            self.counts["notice.unknown_page"] += 1
        return href

    def notices(self) -> list[Notice]:
        """What an editor may want to look at."""
        return [Notice(key, {"count": count}) for key, count in sorted(self.counts.items())]

    def _contact(self, href: str, scheme: str, words: str) -> str | None:
        if href.partition(":")[2].strip():
            if scheme == "tel" and not _TEL.fullmatch(href):
                self.counts["notice.odd_number"] += 1
            elif scheme == "tel" and differs(words, href):
                self.counts["notice.number_differs"] += 1
            return href
        # The link leads nowhere, but its words are the number or the address.
        words = words.strip()
        if scheme == "tel" and _NUMBER.fullmatch(words):
            self.counts["notice.link_repaired"] += 1
            return "tel:" + re.sub(r"[^0-9+]", "", words)
        if scheme == "mailto" and _EMAIL.fullmatch(words):
            self.counts["notice.link_repaired"] += 1
            return f"mailto:{words}"
        self.counts["notice.link_removed"] += 1
        return None
