"""`newcomer bench`: how long a person waits. A server of its own on free ports, the demonstration city, real REST calls."""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import click

from bot.front.rasa_process import free_port
from knowledge.bootstrap import make_api
from knowledge.config import PROJECT, Settings
from knowledge.search.linking import NameLinker

QUESTIONS = (
    "where do I register my new address",
    "Ich brauche einen Kindergartenplatz für meine Tochter",
    "je n'ai pas d'assurance et j'ai de la fièvre",
    "де записати дитину до школи",
    "وين ممكن انام الليلة مع اولادي",
    "ev kirasını ödeyemiyorum",
    "which papers do I need for the Anmeldung",
    "Zahnarzt der türkisch spricht",
)
AT_ONCE = 16
_START_SECONDS = 300


async def run_bench(settings: Settings, rounds: int) -> dict[str, Any]:
    """The figures: ``{"metrics": {name: {"median", "p95", "unit"}}}``."""
    metrics: dict[str, Any] = {}
    async with running_server(settings) as server, aiohttp.ClientSession() as session:
        metrics["start"] = row([server.started_in])
        ask = _asker(session, server.url)
        for question in QUESTIONS:
            await ask(question)  # caches of both processes are warm in a server that has run for a minute
        metrics["reply_1"] = row([await _timed(ask, QUESTIONS[n % len(QUESTIONS)]) for n in range(rounds)])
        together: list[float] = []
        for n in range(max(1, rounds // AT_ONCE)):
            batch = (_timed(ask, QUESTIONS[(n + one) % len(QUESTIONS)]) for one in range(AT_ONCE))
            together += await asyncio.gather(*batch)
        metrics["reply_16"] = row(together)
        metrics["memory"] = {"median": server.memory(), "p95": server.memory(), "unit": "MB"}
    metrics |= await asyncio.to_thread(_parts, settings)
    return {"metrics": metrics}


class Server:
    """A running `newcomer up`."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, started_in: float) -> None:
        self.process = process
        self.url = url
        self.started_in = started_in

    def memory(self) -> float:
        """Resident memory of all its processes, in MB."""
        import psutil

        parent = psutil.Process(self.process.pid)
        return float(sum(one.memory_info().rss for one in (parent, *parent.children(recursive=True)))) / 1e6


@asynccontextmanager
async def running_server(settings: Settings) -> AsyncIterator[Server]:
    """Start `newcomer up` on a free port; wait until it is healthy; end it."""
    port = free_port()
    environment = {**os.environ, "NEWCOMER_PORT": str(port), "NEWCOMER_RASA_PORT": "0"}
    environment |= {"NEWCOMER_RATE_PERSON": "100000", "NEWCOMER_RATE_ADDRESS": "1000000"}
    begun = time.monotonic()
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot.cli", "up", cwd=PROJECT, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as session:
            while True:
                if process.returncode is not None:
                    raise click.ClickException("the server ended while it was starting")
                if time.monotonic() - begun > _START_SECONDS:
                    raise click.ClickException("the server did not become healthy in time")
                try:
                    async with session.get(f"{url}/healthz") as answer:
                        if answer.status == 200:
                            break
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.25)
        yield Server(process, url, time.monotonic() - begun)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


Ask = Callable[[str], Awaitable[None]]


def _asker(session: aiohttp.ClientSession, url: str) -> Ask:
    async def ask(text: str) -> None:
        body = {"sender": uuid.uuid4().hex, "message": text}
        async with session.post(f"{url}/webhooks/rest/webhook", json=body) as answer:
            messages = await answer.json()
        if answer.status != 200 or not any("answer" in one["custom"] or one["custom"] or one["buttons"] for one in messages):
            raise click.ClickException(f"no proper reply to '{text}': {answer.status} {messages}")

    return ask


async def _timed(ask: Ask, question: str) -> float:
    begun = time.perf_counter()
    await ask(question)
    return time.perf_counter() - begun


def _parts(settings: Settings) -> dict[str, Any]:
    """The parts of a reply, in this process: a sentence vector, linking names, an answer, a search."""
    api = make_api(settings)
    knowledge = api.knowledge()
    api.prepare_search()
    linker = NameLinker(knowledge)
    embedder = api.embedder
    parts: dict[str, Callable[[str], object]] = {
        "part_vector": lambda text: embedder.queries([text]),
        "part_linking": linker.link,
        "part_answer": lambda text: api.answer("registration.address", "uk"),
        "part_search": lambda text: api.search(text, "en"),
    }
    rows = {}
    for name, call in parts.items():
        times = []
        for text in QUESTIONS * 5:
            begun = time.perf_counter()
            call(text)
            times.append(time.perf_counter() - begun)
        rows[name] = row(times)
    return rows


def row(seconds: list[float]) -> dict[str, Any]:
    """How one figure is told: half of `seconds` are below the median, 95 of 100 below "p95"."""
    ordered = sorted(seconds)
    return {"median": statistics.median(ordered), "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], "unit": "seconds"}
