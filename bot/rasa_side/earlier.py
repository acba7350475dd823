"""Talks that an earlier version began: what they hold that is gone is passed over in silence."""

from __future__ import annotations

import logging

# Slots that an earlier version set. Rasa skips them, and would report an error for each at every message of such a talk; nobody can mend
# that. A talk is kept NEWCOMER_RETENTION_DAYS days after its last message: as long after a release a slot stays in this list.
GONE = ("day", "pending")


def be_silent_about_gone_slots() -> None:
    """Keep these slots out of Rasa's log; any other unknown slot is a mistake of ours and stays in it."""
    logging.getLogger("rasa.shared.core.trackers").addFilter(_is_of_interest)


def _is_of_interest(record: logging.LogRecord) -> bool:
    message = record.getMessage()
    return not any(message.startswith(f"Tried to set non existent slot '{name}'.") for name in GONE)
