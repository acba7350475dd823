"""Style, types and the direction of imports hold everywhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.config import PROJECT

BIN = Path(sys.executable).parent
LONGEST_MODULE = 300


@pytest.mark.parametrize(
    "command",
    [["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"], ["lint-imports"]],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_checker_has_nothing_to_say(command: list[str]) -> None:
    done = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


def test_no_module_grows_too_long() -> None:
    long = {
        str(path.relative_to(PROJECT)): lines
        for folder in ("actions", "bot", "knowledge", "locales")
        for path in (PROJECT / folder).rglob("*.py")
        if "migrations" not in path.parts  # written by Alembic
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_MODULE
    }
    assert long == {}
