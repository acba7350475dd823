"""Trained models: which one is in use, and training a new one. Rasa itself is only imported where it trains."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from knowledge.config import PROJECT, Settings

_SOURCES = (
    "config.yml",
    "bot/domain/*.yml",
    "bot/nlu/*.py",
    "bot/policies/*.py",
    "bot/importer.py",
    "data/**/*.yml",
    "data/languages/*.txt",
    "knowledge/search/normalise.py",
)


def sources_digest() -> str:
    """Digest of everything a model is made from: the same digest, the same model. The encoder is no part of it: it comes ready made."""
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(PROJECT.glob(pattern)):
            if "heldout" not in path.parts:
                digest.update(str(path.relative_to(PROJECT)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def newest_model(folder: Path) -> Path | None:
    """The model in use: the youngest in the folder."""
    found = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


def is_current(settings: Settings) -> bool:
    """Whether the newest model was made from the present examples and code."""
    newest = newest_model(settings.models)
    return newest is not None and newest.name == _name()


def _name() -> str:
    return f"desk-{sources_digest()}.tar.gz"


def train(settings: Settings) -> Path:
    """Train a model from the present examples, in a process of its own; returns its path.

    Raises subprocess.CalledProcessError where training fails; the model in use stays.
    """
    settings.models.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "NEWCOMER_INTERNAL_ACTIONS": "http://127.0.0.1:1/webhook",
        "NEWCOMER_INTERNAL_CONVERSATIONS": "sqlite://",
    }
    name = _name()
    # Made elsewhere and moved when it is whole: a training that is broken off must not leave half a model in the place of a good one.
    making = settings.models / "making"
    subprocess.run(  # noqa: S603 (our own interpreter, our own arguments)
        [sys.executable, "-W", "ignore", "-m", "bot.rasa_side.server", "train", str(making), name.removesuffix(".tar.gz")],
        cwd=PROJECT,
        env=environment,
        check=True,
    )
    made = (making / name).replace(settings.models / name)
    for old in settings.models.glob("*.tar.gz"):
        if old != made:
            old.unlink()
    return made
