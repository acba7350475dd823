"""In which language the page speaks: asked for, remembered, what the browser prefers, or the city's default; in this order."""

from __future__ import annotations

from aiohttp import web
from babel.core import negotiate_locale

from locales import registry

COOKIE = "desk_language"
_YEAR = 365 * 24 * 3600


def page_language(request: web.Request, default: str) -> str:
    """The language for this request, always one of the served ones if there are any."""
    return asked_language(request) or _served(request.cookies.get(COOKIE)) or _preferred(request) or _served(default) or default


def asked_language(request: web.Request) -> str | None:
    """The language in `?lang=`, if it is served."""
    return _served(request.query.get("lang"))


def remember(request: web.Request, response: web.StreamResponse, language: str) -> None:
    """Keep a language that was chosen, for the next visit. Holds nothing but the code."""
    https = request.secure or request.headers.get("X-Forwarded-Proto") == "https"
    response.set_cookie(COOKIE, language, max_age=_YEAR, path="/", samesite="Lax", httponly=True, secure=https)


def _served(code: str | None) -> str | None:
    base = registry.base_code(code)
    return base if base in registry.served() else None


def _preferred(request: web.Request) -> str | None:
    tags = _tags(request.headers.get("Accept-Language", ""))
    # Browsers name Dari, Kurmanji and others by codes of their own; the registry knows which of ours these are.
    known = [code for tag in tags if (code := registry.base_code(tag))]
    found: str | None = negotiate_locale(known, registry.served(), sep="-")
    return found


def _tags(header: str) -> list[str]:
    """Language tags of an Accept-Language header, the most wanted first. What cannot be read is left out."""
    found: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, rest = part.strip().partition(";")
        _, _, quality = rest.partition("q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if tag and tag != "*" and weight > 0:
            found.append((weight, tag.strip()))
    return [tag for _, tag in sorted(found, key=lambda one: -one[0])]
