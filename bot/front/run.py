"""`newcomer up`: the front, the actions and Rasa together, until somebody ends them."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal

import structlog
from aiohttp import web

from bot.front.action_server import action_app
from bot.front.app import RasaAddress, front_app
from bot.front.rasa_process import RasaProcess
from knowledge.bootstrap import shared_api
from knowledge.config import Settings

log = structlog.get_logger(__name__)


async def serve(settings: Settings) -> None:
    """Run until SIGINT or SIGTERM."""
    token = secrets.token_urlsafe(24)
    runners: list[web.AppRunner] = []
    actions_url = settings.actions_url
    if not actions_url:
        runner, port = await _listen(action_app(token), "127.0.0.1", 0)
        runners.append(runner)
        actions_url = f"http://127.0.0.1:{port}/webhook"
    rasa = RasaProcess(settings, token, actions_url)
    runner, port = await _listen(front_app(settings, shared_api(), RasaAddress(rasa.url, token)), settings.host, settings.port)
    runners.append(runner)
    log.info("front.listening", url=f"http://{settings.host}:{port}")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    keeping = asyncio.create_task(rasa.run())
    await stop.wait()
    log.info("front.ending")
    await rasa.stop()
    keeping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await keeping
    for runner in runners:
        await runner.cleanup()


async def _listen(app: web.Application, host: str, port: int) -> tuple[web.AppRunner, int]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    return runner, int(runner.addresses[0][1])
