"""Rasa's command line with what we need before it starts: quiet logs and no telemetry. Used as ``python -m bot.rasa_side.server run …``."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from bot.rasa_side.earlier import be_silent_about_gone_slots


def main() -> None:
    """Hand over to Rasa."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    _die_with_parent()
    be_silent_about_gone_slots()
    if sys.argv[1:2] == ["train"]:
        _train(*sys.argv[2:])
        return
    from rasa.__main__ import main as rasa_main

    rasa_main()


def _train(folder: str, name: str) -> None:
    """Rasa's training without its command line, whose checks load all data twice."""
    from rasa.model_training import train

    result = train(
        domain="bot/domain",
        config="config.yml",
        training_files=["data/nlu", "data/rules"],
        output=folder,
        fixed_model_name=name,
        force_training=True,
    )
    sys.exit(result.code)


def _die_with_parent() -> None:
    """Linux: end when the front ends, even if it is killed; otherwise a server without a front would hold its port and its memory."""
    if sys.platform.startswith("linux"):
        pr_set_pdeathsig = 1
        ctypes.CDLL("libc.so.6", use_errno=True).prctl(pr_set_pdeathsig, signal.SIGTERM)


if __name__ == "__main__":
    main()
