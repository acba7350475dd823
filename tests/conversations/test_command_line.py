"""Every command of the README does what it says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from knowledge.config import PROJECT
from tests.server import Desk

README = (PROJECT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line.split("#")[0].strip() for line in re.findall(r"^(?:newcomer|make) .*$", README, re.M)]
# Run elsewhere: this suite is `make test`; `up`, `train` and `evaluate` are what its fixtures and other tests run; `run` is `up --demo`
# after an installation, and is tried in a new clone; asking for web addresses needs the network, and has tests with a server of its own.
ELSEWHERE = {
    "make run", "make test", "newcomer up", "newcomer train --if-needed", "newcomer evaluate topics", "newcomer bench",
    "newcomer kb import newcomer PATH", "newcomer links check",
}  # fmt: skip


def run(desk: Desk, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments], cwd=PROJECT, env=desk.environment, capture_output=True, text=True, check=False
    )


def test_every_command_of_the_readme_is_known_here(tmp_path: Path) -> None:
    here = {
        'newcomer ask "where do I register my address"', "newcomer kb export newcomer PATH", "newcomer kb check",
        "newcomer kb remove ankerstadt", "newcomer settings", "newcomer users list", "newcomer digest --dry-run",
        "newcomer users add ada@city.example --name Ada --role administrator --municipality ankerstadt",
    }  # fmt: skip
    assert set(COMMANDS) == here | ELSEWHERE


def test_ask(real_desk: Desk) -> None:
    done = run(real_desk, "ask", "where do I register my address")
    assert done.returncode == 0, done.stderr
    assert "Register your address" in done.stdout
    as_json = json.loads(run(real_desk, "ask", "wo melde ich meine Adresse an", "--json").stdout)
    assert as_json[-1]["custom"]["answer"]["topic"] == "registration.address"


def test_ask_without_a_desk_says_how_to_start_one(real_desk: Desk) -> None:
    done = run(real_desk, "ask", "hello", "--url", "http://127.0.0.1:9")
    assert done.returncode == 1
    assert "newcomer up" in done.stderr


def test_kb_check_and_export_and_import(real_desk: Desk, tmp_path: Path) -> None:
    done = run(real_desk, "kb", "check")
    assert "unreviewed" in done.stdout
    assert run(real_desk, "kb", "export", "newcomer", str(tmp_path / "city")).returncode == 0
    again = run(real_desk, "kb", "import", "newcomer", str(tmp_path / "city"), "--dry-run")
    assert again.returncode == 0, again.stderr
    assert "0 texts and 0 translations changed" in again.stdout


def test_the_first_administrator_is_made_and_listed(real_desk: Desk) -> None:
    command = next(one for one in COMMANDS if one.startswith("newcomer users add")).split()[1:]
    made = run(real_desk, *command)
    assert made.returncode == 0, made.stderr
    assert "/desk/welcome/" in made.stdout
    assert "ada@city.example" in run(real_desk, "users", "list").stdout


def test_the_digest_can_be_looked_at_without_a_mail_server(real_desk: Desk) -> None:
    done = run(real_desk, "digest", "--dry-run")
    assert done.returncode == 0, done.stderr


def test_removing_what_is_not_there_says_what_is(real_desk: Desk) -> None:
    done = run(real_desk, "kb", "remove", "atlantis", "--yes")
    assert done.returncode == 1
    assert "ankerstadt" in done.stderr


def test_settings() -> None:
    done = subprocess.run([sys.executable, "-m", "bot.cli", "settings"], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert "NEWCOMER_PORT=8080" in done.stdout


def test_the_request_of_the_readme(real_desk: Desk) -> None:
    body = re.search(r"-d '(\{.*?\})'", README, re.S)
    assert body is not None
    answer = requests.post(f"{real_desk.url}/webhooks/rest/webhook", json=json.loads(body.group(1)), timeout=30)
    assert answer.json()[-1]["custom"]["answer"]["topic"] == "registration.address"


@pytest.mark.parametrize("path", re.findall(r"`(docs/[a-z\-]+\.md|locales/[a-z_]+\.yml|data/[a-z]+\.yml|bot/front/app\.py)`", README))
def test_files_that_the_readme_names_exist(path: str) -> None:
    assert (PROJECT / path).exists()
