"""The Rasa server as a child of the front: started, watched, started again when it dies, ended with the front."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

import structlog

from bot.model import newest_model
from knowledge.config import PROJECT, Settings

log = structlog.get_logger(__name__)
_PAUSES = (1, 2, 5, 10, 30)


class RasaProcess:
    """Keeps one Rasa server running on a loopback port."""

    def __init__(self, settings: Settings, token: str, actions_url: str) -> None:
        self._settings = settings
        self._token = token
        self._actions_url = actions_url
        self.port = settings.rasa_port or free_port()
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False
        self.starts = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def run(self) -> None:
        """Start it and start it again until `stop`; the pauses grow while it keeps dying."""
        while not self._stopping:
            model = newest_model(self._settings.models)
            if model is None:
                log.error("rasa.no_model", folder=str(self._settings.models))
                await asyncio.sleep(5)
                continue
            self._process = await self._start(model)
            self.starts += 1
            code = await self._process.wait()
            if not self._stopping:
                pause = _PAUSES[min(self.starts - 1, len(_PAUSES) - 1)]
                log.error("rasa.ended", code=code, again_in_seconds=pause)
                await asyncio.sleep(pause)

    async def _start(self, model: Path) -> asyncio.subprocess.Process:
        environment = {
            **os.environ,
            "NEWCOMER_INTERNAL_TOKEN": self._token,
            "NEWCOMER_INTERNAL_ACTIONS": self._actions_url,
            "NEWCOMER_INTERNAL_CONVERSATIONS": _driver(self._settings.conversations_url),
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            # A message is small; more threads only spin against one another and cost memory.
            "OMP_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        }
        log.info("rasa.starting", model=model.name, port=self.port)
        return await asyncio.create_subprocess_exec(
            sys.executable, "-W", "ignore", "-m", "bot.rasa_side.server",
            "run", "--model", str(model), "--endpoints", str(PROJECT / "bot" / "endpoints.yml"),
            "--credentials", str(PROJECT / "bot" / "credentials.yml"), "--port", str(self.port), "--interface", "127.0.0.1",
            cwd=PROJECT, env=environment, start_new_session=True,
        )  # fmt: skip

    async def stop(self) -> None:
        """End it; by force if it does not end within some seconds."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), 8)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def free_port() -> int:
    """A loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _driver(url: str) -> str:
    """Rasa's store takes SQLAlchemy URLs; PostgreSQL needs the driver that is installed here."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
