"""A real desk for tests: `newcomer up` in a folder of its own, with the demonstration city and the trained model of this tree."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.front.rasa_process import free_port
from bot.model import newest_model
from knowledge.cli import DEMO_CITY
from knowledge.config import PROJECT, load_settings

START_SECONDS = 240


@dataclass
class Desk:
    """A running desk."""

    url: str
    var: Path
    process: subprocess.Popen[bytes]
    environment: dict[str, str]

    def say(self, sender: str, text: str, **metadata: str) -> list[dict[str, Any]]:
        """One message over REST; the reply."""
        body = {"sender": sender, "message": text, "metadata": metadata}
        answer = requests.post(f"{self.url}/webhooks/rest/webhook", json=body, timeout=30)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    def ask(self, text: str, **metadata: str) -> list[dict[str, Any]]:
        """One message in a conversation of its own."""
        return self.say(uuid.uuid4().hex, text, **metadata)

    def log(self) -> str:
        """What all processes have written."""
        return (self.var / "desk.log").read_text(encoding="utf-8", errors="replace")


def words_of(messages: list[dict[str, Any]]) -> str:
    """All text of a reply."""
    return "\n".join(one["text"] for one in messages)


def answer_of(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """The contract's ``custom.answer`` of a reply; fails where there is none."""
    found = [one["custom"]["answer"] for one in messages if "answer" in one["custom"]]
    assert found, words_of(messages)
    answer: dict[str, Any] = found[-1]
    return answer


def safety_of(messages: list[dict[str, Any]]) -> dict[str, Any]:
    """``custom.safety`` of a reply; fails where there is none."""
    found = [one["custom"]["safety"] for one in messages if "safety" in one["custom"]]
    assert found, words_of(messages)
    safety: dict[str, Any] = found[0]
    return safety


def prepare(var: Path) -> dict[str, str]:
    """A folder with the demonstration city and this tree's model; the environment that goes with it."""
    model = newest_model(load_settings().models)
    if model is None:
        if os.environ.get("CI"):
            pytest.fail("there is no trained model; `make test` trains one")
        pytest.skip("no trained model; `make train` makes one")
    (var / "models").mkdir(parents=True)
    (var / "models" / model.name).symlink_to(model)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("NEWCOMER_")},
        "NEWCOMER_VAR": str(var),
        "NEWCOMER_PORT": str(free_port()),
        "NEWCOMER_RATE_PERSON": "10000",
        "NEWCOMER_RATE_ADDRESS": "100000",
    }
    subprocess.run(
        [sys.executable, "-m", "bot.cli", "kb", "import", "newcomer", str(DEMO_CITY)],
        cwd=PROJECT,
        env=environment,
        check=True,
        capture_output=True,
    )
    return environment


@contextmanager
def running(var: Path, environment: dict[str, str], *, prefix: tuple[str, ...] = ()) -> Iterator[Desk]:
    """Start a desk, wait until it is healthy, end it."""
    with (var / "desk.log").open("ab") as log:
        process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "bot.cli", "up"], cwd=PROJECT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    desk = Desk(f"http://127.0.0.1:{environment['NEWCOMER_PORT']}", var, process, environment)
    try:
        wait_until_healthy(desk)
        yield desk
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_healthy(desk: Desk) -> None:
    """Fails with the log where it does not become healthy in time."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if desk.process.poll() is not None:
            pytest.fail(f"the desk ended while starting:\n{desk.log()[-3000:]}")
        try:
            if requests.get(f"{desk.url}/healthz", timeout=3).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.3)
    pytest.fail(f"the desk did not become healthy:\n{desk.log()[-3000:]}")
