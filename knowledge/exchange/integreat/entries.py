"""The rows of an export, checked: one entry a page and language.

A row's `id` numbers one revision of one language's text: it changes with every edit. What stays is the last part of the path (the slug),
which Integreat keeps unique in a region and language, also when a page is renamed or moved.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from knowledge.domain.errors import InvalidRecord
from knowledge.exchange.integreat.html_tree import without_invisible
from knowledge.exchange.integreat.notices import Notice


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page stands: region, language and the slugs down to it."""

    region: str
    language: str
    slugs: tuple[str, ...]

    @property
    def slug(self) -> str:
        """The last part."""
        return self.slugs[-1]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page in one language. `languages` are its other languages: code -> address; `numbers` their ids, with its own."""

    file: str
    position: int
    number: int | None
    address: Address
    title: str
    html: str
    url: str | None
    parent: Address | None
    languages: Mapping[str, Address]
    numbers: frozenset[int]
    changed_on: date | None
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file as loaded: its rows are not checked yet. `language` is empty where neither the caller nor the rows tell it."""

    name: str
    language: str
    rows: list[Any]


class Unusable(ValueError):
    """A row that is no page, or a file that is no export; `notice` says why."""

    def __init__(self, key: str, **fields: object) -> None:
        self.notice = Notice(key, fields)
        super().__init__(key)


def find_files(files: Mapping[str, Path] | Path) -> list[tuple[str, Path]]:
    """(language, path), the language empty where only the file knows it.

    Raises InvalidRecord where there is no such file or folder, or the folder holds no JSON file.
    """
    if isinstance(files, Mapping):
        return list(files.items())
    if files.is_dir():
        found = [("", path) for path in sorted(files.glob("*.json"))]
        if not found:
            raise InvalidRecord("integreat.no_files", path=files.name)
        return found
    if not files.exists():
        raise InvalidRecord("integreat.no_files", path=files.name)
    return [("", files)]


def load(language: str, path: Path) -> File:
    """Read one file.

    Raises Unusable for a file that is no list of pages.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Unusable("rejected.unreadable") from error
    except (ValueError, RecursionError) as error:
        raise Unusable("rejected.no_json") from error
    if not isinstance(rows, list):
        raise Unusable("rejected.no_list")
    found = Counter(address.language for row in rows if isinstance(row, dict) and (address := address_of(row.get("path"))))
    return File(path.name, language or next((code for code, _ in found.most_common(1)), ""), rows)


def read_entry(file: File, position: int, row: Any) -> Entry:
    """One row.

    Raises Unusable where it is no page of the file's language.
    """
    if not isinstance(row, dict):
        raise Unusable("rejected.no_page")
    address = address_of(row.get("path"))
    if address is None:
        raise Unusable("rejected.no_path")
    title = plain(row.get("title"))
    if not title:
        raise Unusable("rejected.no_title")
    content = row.get("content")
    if content is not None and not isinstance(content, str):
        raise Unusable("rejected.content")
    if address.language != file.language:
        raise Unusable("rejected.language", found=address.language, language=file.language)
    number = row.get("id")
    number = number if isinstance(number, int) and not isinstance(number, bool) else None
    others = row.get("available_languages")
    others = {code: other for code, other in others.items() if isinstance(other, dict)} if isinstance(others, dict) else {}
    notices = []
    changed_on = _day(row.get("last_updated") or row.get("modified_gmt"))
    if changed_on is None:
        notices.append(Notice("notice.no_date"))
    if row.get("organization"):
        notices.append(Notice("notice.organization"))
    if row.get("embedded_offers"):
        notices.append(Notice("notice.offers"))
    parent = row.get("parent")
    parent_path = parent.get("path") if isinstance(parent, dict) else None
    if parent_path and not address_of(parent_path):
        notices.append(Notice("notice.parent", {"parent": str(parent_path)}))
    return Entry(
        file=file.name,
        position=position,
        number=number,
        address=address,
        title=title,
        html=content or "",
        url=row["url"] if isinstance(row.get("url"), str) else None,
        parent=address_of(parent_path),
        languages={code: found for code, other in others.items() if (found := address_of(other.get("path")))},
        numbers=frozenset(one for one in (number, *(other.get("id") for other in others.values())) if isinstance(one, int)),
        changed_on=changed_on,
        notices=tuple(notices),
    )


def address_of(path: object) -> Address | None:
    """The address in a path or URL such as ``/region/de/health/dentist/``; None if it names no page."""
    if not isinstance(path, str):
        return None
    try:
        parts = [unicodedata.normalize("NFC", unquote(part)) for part in urlsplit(path).path.split("/") if part]
    except ValueError:
        return None
    if len(parts) < 3 or not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", parts[1]):
        return None
    return Address(parts[0], parts[1], tuple(parts[2:]))


def plain(text: object) -> str:
    """A title: one line of plain text. Some stand in the source as if they were HTML ("&amp;")."""
    return " ".join(without_invisible(html.unescape(text)).split()) if isinstance(text, str) else ""


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
