"""The front's way to Rasa, with limits in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.channels.base.messages import InboundMessage


class RasaUnavailable(Exception):
    """Rasa did not answer in time, or not at all; another try may succeed."""


@dataclass(frozen=True)
class RasaClient:
    """Speaks to the connector in ``bot.rasa_side.connector``."""

    session: aiohttp.ClientSession
    url: str
    token: str
    seconds: float

    async def turn(self, message: InboundMessage) -> dict[str, Any]:
        """The reply to one message. Raises RasaUnavailable."""
        body: dict[str, Any] = {
            "conversation": message.conversation,
            "id": message.id,
            "text": message.text,
            "title": message.title,
            "metadata": message.metadata,
        }
        if message.payload:
            body["payload"] = {"intent": message.payload.intent, "entities": message.payload.entities}
        return await self._call("POST", "message", json=body)

    async def history(self, conversation: str) -> list[dict[str, Any]]:
        """The conversation so far. Raises RasaUnavailable."""
        found: list[dict[str, Any]] = (await self._call("GET", f"history/{conversation}"))["messages"]
        return found

    async def erase(self, conversation: str) -> None:
        """Delete a conversation. Raises RasaUnavailable."""
        await self._call("POST", f"erase/{conversation}")

    async def purge(self, days: int) -> dict[str, int]:
        """Delete conversations older than `days`. Raises RasaUnavailable."""
        return await self._call("POST", "purge", json={"days": days})

    async def ready(self) -> bool:
        """Whether a message would be understood now."""
        try:
            return bool((await self._call("GET", "ready", seconds=8.0)).get("ready"))
        except RasaUnavailable:
            return False

    async def _call(self, method: str, path: str, *, seconds: float | None = None, **kwargs: Any) -> dict[str, Any]:
        try:
            async with self.session.request(
                method,
                f"{self.url}/webhooks/desk/{path}",
                headers={"X-Desk-Token": self.token},
                timeout=aiohttp.ClientTimeout(total=seconds or self.seconds),
                **kwargs,
            ) as answer:
                if answer.status != 200:
                    raise RasaUnavailable(f"status {answer.status}")
                found: dict[str, Any] = await answer.json()
                return found
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise RasaUnavailable(type(error).__name__) from error
