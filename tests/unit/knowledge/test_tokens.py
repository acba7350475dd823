"""Whatever somebody sends in place of a secret is wrong, and never a failure."""

from __future__ import annotations

import pytest

from knowledge.editorial.accounts.form_tokens import Owner, owner_of, with_owner
from knowledge.tokens import same_token

# A byte that is no UTF-8, as aiohttp hands it on from a header.
BROKEN = b"\xff".decode("utf-8", "surrogateescape")


def test_the_same_and_another() -> None:
    assert same_token("ключ", "ключ")
    assert not same_token("", "ключ")


@pytest.mark.parametrize("given", ["", "ключ", "Zoë", BROKEN, "\x00"])
def test_other_letters_are_another_token(given: str) -> None:
    assert not same_token(given, "secret")
    assert owner_of(f"{with_owner('token', Owner(1, 'town'), 'secret')}{given or 'x'}", "secret") is None
    assert owner_of(f"{given}.{given}.{given}", "secret") is None
