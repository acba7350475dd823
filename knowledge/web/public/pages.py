"""Templates of the public pages. The body of a page can be rendered alone, for the preview at the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from knowledge.web.assets import Assets
from knowledge.web.breakable import breakable
from knowledge.web.icon import ICON
from knowledge.web.public.content import PublicPage
from locales import catalogue, registry

HERE = Path(__file__).parent
PREFIX = "/info/static"


class PublicPages:
    """Renders public pages."""

    def __init__(self) -> None:
        self.assets = Assets(HERE / "static", PREFIX)
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.globals.update(asset=self.assets.url, icon=ICON, direction=registry.direction, languages=registry.languages())
        self._templates.filters["breakable"] = breakable

    def body(self, page: PublicPage, *, level: int = 1) -> Markup:
        """What a page says, without its frame. `level` is that of its heading."""
        return Markup(self.render("_body.html", page.language, page=page, level=level))  # noqa: S704 (our own template, escaped)

    def render(self, template: str, language: str, **fields: object) -> str:
        """A template with words in `language`."""
        return self._templates.get_template(template).render(t=_words(language), language=language, **fields)


@cache
def public_pages() -> PublicPages:
    """The templates and files, read once."""
    return PublicPages()


def _words(language: str) -> Callable[..., str]:
    def say(key: str, **fields: object) -> str:
        return catalogue.say(key, language, **fields)

    return say
