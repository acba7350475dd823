"""Who is at the other end of a request: the network address, whether the line is encrypted, what browser it is."""

from __future__ import annotations

from aiohttp import web

# The first that fits: browsers name those they descend from as well.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"))
_MORE = (("CriOS", "Chrome"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("CrOS", "ChromeOS"))


def client_address(request: web.Request, proxies: int) -> str:
    """The address of the client: the peer, or the entry that the outermost trusted proxy has written.

    Entries further left in X-Forwarded-For are the client's own words and prove nothing.
    """
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return request.remote or "unknown"


def is_encrypted(request: web.Request, proxies: int) -> bool:
    """Whether the browser came by https: to us, or to a trusted proxy that says so."""
    said = request.headers.get("X-Forwarded-Proto", "").partition(",")[0].strip().lower()
    return request.secure or (proxies > 0 and said == "https")


def browser_name(agent: str) -> str:
    """What a person recognises: ``"Firefox, Linux"``; empty where nothing is known."""
    browser = next((name for mark, name in (*_BROWSERS, *_MORE) if mark in agent), "")
    system = next((name for mark, name in (*_SYSTEMS, ("Linux", "Linux")) if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part)
