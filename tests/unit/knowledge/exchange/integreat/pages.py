"""Exports for tests: a page as the content system writes it, changed at will, and files of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from knowledge.documents.models import PageModel
from knowledge.exchange.integreat.importer import IntegreatImport, read_export

SAMPLES = Path(__file__).parent / "samples"
Row = dict[str, Any]


def a_page(path: str, /, *, language: str = "de", number: int = 1, parent: str | None = None, **changes: Any) -> Row:
    """A page at ``<slug>/<slug>`` below region and language; its parent is the path without the last slug, unless told otherwise."""
    above = path.rpartition("/")[0] if parent is None else parent
    return {
        "id": number,
        "url": f"https://admin.integreat-app.de{a_path(path, language)}",
        "path": a_path(path, language),
        "title": path.rpartition("/")[2].replace("-", " ").capitalize(),
        "modified_gmt": "2026-05-04T08:00:00.000Z",
        "last_updated": "2026-05-04T10:00:00.000+02:00",
        "excerpt": "",
        "content": "<p>Text.</p>",
        "parent": {"id": 7, "url": None, "path": a_path(above, language)} if above else {"id": 0, "url": None, "path": None},
        "order": 2,
        "available_languages": {},
        "thumbnail": None,
        "organization": None,
        "hash": None,
        "embedded_offers": [],
    } | changes


def a_path(path: str, language: str = "de") -> str:
    return f"/musterstadt/{language}/{path}/"


def in_languages(**paths: str) -> dict[str, Row]:
    """What a page says about its other languages: code -> path."""
    return {
        code: {"id": number, "url": f"https://admin.integreat-app.de{a_path(path, code)}", "path": a_path(path, code)}
        for number, (code, path) in enumerate(paths.items(), start=900)
    }


def write_export(folder: Path, **rows: Iterable[Any] | str) -> Path:
    """One file a language; text is written as it is."""
    for language, content in rows.items():
        text = content if isinstance(content, str) else json.dumps(list(content), ensure_ascii=False)
        (folder / f"musterstadt-{language}.json").write_text(text, encoding="utf-8")
    return folder


def read(folder: Path, **rows: Iterable[Any] | str) -> IntegreatImport:
    """The export of these rows, German being the source."""
    return read_export(write_export(folder, **rows), "de")


def documents(found: IntegreatImport) -> dict[str, PageModel]:
    """Id -> page."""
    return {page.id: page for page in found.batch.documents["page"] if isinstance(page, PageModel)}


def body(found: IntegreatImport, id: str) -> str:
    """A page's text in the source language."""
    return str(documents(found)[id].texts.get("body", ""))


def rendered(markdown: str) -> str:
    """As the pages are shown: CommonMark with tables, no HTML let through."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown)
