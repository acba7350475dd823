"""Tries to sign in from one network address, and what counts as one."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from knowledge.web.desk.accounts.parts import SignInLimits, TooMany


def tries(limits: SignInLimits, *addresses: str) -> None:
    for address in addresses:
        limits.take(make_mocked_request("POST", "/desk/sign-in", headers={"X-Forwarded-For": address}))


@pytest.mark.parametrize(
    ("pattern", "elsewhere"),
    [("192.0.2.1", "192.0.2.2"), ("2001:db8:0:1::{:x}", "2001:db8:0:2::1"), ("::ffff:192.0.2.1", "::ffff:192.0.2.2"), ("unknown", "other")],
)
def test_one_network_has_so_many_tries_and_its_neighbour_as_many(pattern: str, elsewhere: str) -> None:
    """Whoever has one address of IPv6 has billions of them."""
    limits = SignInLimits(proxies=1)
    tries(limits, *(pattern.format(number) for number in range(1, SignInLimits.A_MINUTE + 1)))
    with pytest.raises(TooMany):
        tries(limits, pattern.format(0xBEEF))
    tries(limits, elsewhere)
