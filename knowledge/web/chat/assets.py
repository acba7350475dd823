"""The chat page's own files."""

from __future__ import annotations

from pathlib import Path

from knowledge.web.assets import Assets

PREFIX = "/chat/static"
WORKER = "sw.js"


def chat_assets() -> Assets:
    """The files, the service worker apart: it is served at the root."""
    return Assets(Path(__file__).parent / "static", PREFIX, apart=WORKER)
