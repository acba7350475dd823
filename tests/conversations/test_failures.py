"""What people read while something is broken, and that nothing is lost when it is mended."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from bot.front.rasa_process import free_port
from knowledge.config import PROJECT
from tests.server import Desk, answer_of, prepare, running, safety_of, wait_until_healthy, words_of

TOKEN_FILE = "actions.token"


class ActionSide:
    """The actions as a process of their own, as ``rasa run actions`` serves them."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.environment = environment
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "rasa_sdk", "--actions", "actions", "--port", str(self.port)],
            cwd=PROJECT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(240):
            try:
                if requests.get(f"http://127.0.0.1:{self.port}/health", timeout=2).status_code == 200:
                    return
            except requests.RequestException:
                time.sleep(0.25)
        pytest.fail("the action server did not start")

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@pytest.fixture(scope="module")
def broken_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, ActionSide]]:
    """A desk whose actions can be killed, and whose processes obey file permissions even if the tests run as root."""
    var = tmp_path_factory.mktemp("broken")
    environment = prepare(var)
    port = free_port()
    actions = ActionSide(environment, port)
    actions.start()
    prefix: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            if os.environ.get("CI"):
                pytest.fail("setpriv (util-linux) is missing")
            pytest.skip("needs setpriv (util-linux), since root may write read-only files")
        prefix = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")
    with running(var, {**environment, "NEWCOMER_ACTIONS_URL": f"http://127.0.0.1:{port}/webhook"}, prefix=prefix) as desk:
        yield desk, actions
        actions.kill()


def test_the_action_side_is_killed_in_the_middle_of_a_conversation(broken_desk: tuple[Desk, ActionSide]) -> None:
    desk, actions = broken_desk
    sender = uuid.uuid4().hex
    assert answer_of(desk.say(sender, "потрібен сімейний лікар, як записатися"))["topic"] == "health.doctor"

    actions.kill()
    sorry = desk.say(sender, "а які документи потрібні?")
    assert sorry[-1]["language"] == "uk"
    assert "112" in words_of(sorry)
    crisis = desk.say(sender, "не хочу більше жити")
    assert safety_of(crisis)["language"] == "uk"
    assert "112" in crisis[0]["text"]

    actions.start()
    documents = desk.say(sender, "які документи для цього потрібні?")
    # What was talked about before the failure is still known after it.
    assert answer_of(documents)["topic"] in ("health.doctor", "safety.self_harm")


def test_rasa_is_killed_and_comes_back_with_the_conversation(broken_desk: tuple[Desk, ActionSide]) -> None:
    desk, _ = broken_desk
    sender = uuid.uuid4().hex
    assert answer_of(desk.say(sender, "çocuğumu okula nasıl kaydederim"))["topic"] == "schools.enrol"

    rasa = [one for one in psutil.Process(desk.process.pid).children(recursive=True) if "bot.rasa_side.server" in one.cmdline()]
    assert rasa
    rasa[0].kill()
    sorry = desk.say(sender, "hangi belgeler lazım")
    assert sorry[-1]["language"] == "tr"
    assert "112" in words_of(sorry)
    assert requests.get(f"{desk.url}/healthz", timeout=10).status_code == 503

    wait_until_healthy(desk)
    assert answer_of(desk.say(sender, "bunun için hangi belgeler lazım"))["topic"] == "schools.enrol"


@pytest.mark.parametrize("which", ["knowledge.db", "conversations.db"])
def test_a_database_file_is_made_read_only(broken_desk: tuple[Desk, ActionSide], which: str) -> None:
    desk, _ = broken_desk
    sender = uuid.uuid4().hex
    assert answer_of(desk.say(sender, "wo kann ich mich anmelden, ich bin neu hier"))["topic"] == "registration.address"

    with read_only(desk.var, which):
        during = desk.say(sender, "welche Unterlagen brauche ich dafür?")
        assert during[-1]["language"] == "de"
        assert answer_of(during)["topic"] == "registration.address"
        assert answer_of(desk.ask("أين أجد طبيب أسنان"))["topic"] == "health.dentist"

    if which == "conversations.db":
        assert "conversations.not_stored" in desk.log(), "the file was not read-only for the desk: the test tried nothing"
    after = desk.say(sender, "und was kostet das?")
    assert answer_of(after)["topic"] == "registration.address"


class read_only:
    """The file, and what SQLite keeps beside it, cannot be written while this lasts."""

    def __init__(self, var: Path, name: str) -> None:
        self.folder = var
        self.files = [path for path in var.glob(f"{name}*") if path.is_file()]

    def __enter__(self) -> None:
        self.modes = {path: path.stat().st_mode for path in (*self.files, self.folder)}
        for path in self.files:
            path.chmod(stat.S_IRUSR)
        self.folder.chmod(stat.S_IRUSR | stat.S_IXUSR)

    def __exit__(self, *_: object) -> None:
        for path, mode in self.modes.items():
            if path.exists():
                path.chmod(mode)
