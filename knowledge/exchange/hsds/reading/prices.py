"""What a service costs, out of HSDS's cost options."""

from __future__ import annotations

from typing import Any

from knowledge.exchange.hsds.reading.account import Row
from knowledge.exchange.hsds.reading.people import take_profile
from knowledge.exchange.hsds.reading.records import Reading
from knowledge.exchange.hsds.reading.values import day, number, yes

_USED = ("service_id", "option", "currency", "amount", "amount_description", "valid_from", "valid_to")


def read_cost(reading: Reading, service: Row) -> tuple[dict[str, Any], list[str]]:
    """The cost as a service of ours has it, and prices in words for the text on fees.

    A service here has one price for everybody. A price for some ("under 18"), or one of several, would be wrong as that.
    """
    valid = [row for row in reading.tables.pointing("cost_option", "service_id", service.id) if not _over(reading, row)]
    if not valid:
        return {}, []
    profile = reading.profile(valid[0])
    if profile is not None and len(valid) == 1:
        reading.account.take(valid[0], _USED)
        take_profile(reading, valid[0])
        amount = None if yes(profile.get("amount_unknown")) else number(valid[0].get("amount"))
        return _present(free=yes(profile.get("free")), amount=amount, currency=valid[0].get("currency")), []
    amounts = [number(row.get("amount")) for row in valid]
    for row in valid:
        reading.account.take(row, _USED)
    if len(valid) == 1 and not valid[0].get("option") and not valid[0].get("amount_description") and amounts[0] is not None:
        currency = (valid[0].get("currency") or "").upper() or None
        return _present(free=amounts[0] == 0, amount=amounts[0], currency=currency), []
    known = [amount for amount in amounts if amount is not None]
    return _present(free=False if any(known) else None), [words for words in map(_in_words, valid) if words]


def _over(reading: Reading, row: Row) -> bool:
    until = day(row.get("valid_to"))
    if until is None or until >= reading.today or reading.profile(row) is not None:
        return False
    reading.account.skip(row, "hsds.skipped.over", day=until.isoformat())
    return True


def _present(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _in_words(row: Row) -> str:
    """``"Under 18: 35 GBP, per session (2026-01-01 – 2026-12-31)"``."""
    amount = " ".join(part for part in (row.get("amount"), (row.get("currency") or "").upper()) if part)
    price = ", ".join(part for part in (amount, row.get("amount_description")) if part)
    words = ": ".join(part for part in (row.get("option"), price) if part)
    if row.get("valid_from") or row.get("valid_to"):
        words = f"{words} ({row.get('valid_from') or ''} – {row.get('valid_to') or ''})"
    return words
