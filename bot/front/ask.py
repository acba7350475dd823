"""One question to a running front, as a program would ask it."""

from __future__ import annotations

import uuid
from typing import Any

import aiohttp


class NotRunning(Exception):
    """No front answers at `url`."""

    def __init__(self, url: str) -> None:
        self.url = url
        super().__init__(url)


async def ask_once(url: str, text: str, language: str | None, token: str = "") -> list[dict[str, Any]]:
    """The reply to `text` in a conversation of its own. Raises NotRunning."""
    metadata = {"language": language} if language else {}
    body = {"sender": f"ask-{uuid.uuid4().hex}", "message": text, "metadata": metadata}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        async with (
            aiohttp.ClientSession(headers=headers) as session,
            session.post(f"{url}/webhooks/rest/webhook", json=body, timeout=aiohttp.ClientTimeout(total=30)) as answer,
        ):
            answer.raise_for_status()
            found: list[dict[str, Any]] = await answer.json()
            return found
    except (aiohttp.ClientError, TimeoutError) as error:
        raise NotRunning(url) from error
