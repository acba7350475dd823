"""Templates and files of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from knowledge.documents.changes import is_words
from knowledge.replies.service_card import language_name
from knowledge.web.assets import Assets
from knowledge.web.breakable import breakable
from knowledge.web.desk.authors import author_name
from knowledge.web.icon import ICON

HERE = Path(__file__).parent
PREFIX = "/desk/static"


class Pages:
    """Renders templates. Every template gets `t` (words in the reader's language), `desk` (the request) and `asset`.

    `language_name(code, language)` and `author_name(name, language)` are names that editors read in their own language, `is_words(path)`
    tells which fields are in the city's. The filter `breakable` is for words in which an e-mail address may stand.
    """

    def __init__(self) -> None:
        self.assets = Assets(HERE / "static", PREFIX)
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals.update(
            asset=self.assets.url, icon=ICON, language_name=language_name, author_name=author_name, is_words=is_words
        )
        self._templates.filters["breakable"] = breakable

    def render(self, name: str, fields: Mapping[str, object]) -> str:
        """The page `name` with `fields`."""
        return self._templates.get_template(name).render(**fields)


@cache
def desk_pages() -> Pages:
    """The templates and files, read once: to compile them takes longer than to render a page."""
    return Pages()
