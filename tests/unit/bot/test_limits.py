"""Rate limits count by conversation and by the address that a trusted proxy vouches for."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.front.limits import RateLimited, RateLimits
from knowledge.web.client import client_address


def test_the_next_message_is_refused_with_the_time_to_wait() -> None:
    limits = RateLimits(per_person=2, per_address=100, proxies=0)
    request = make_mocked_request("POST", "/")
    limits.take(request, "a")
    limits.take(request, "a")
    with pytest.raises(RateLimited) as caught:
        limits.take(request, "a")
    assert 1 <= caught.value.retry_after <= 60
    limits.take(request, "b")


def test_what_a_client_writes_into_the_header_is_not_believed() -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2"})
    assert client_address(request, proxies=0) not in ("1.1.1.1", "2.2.2.2")
    assert client_address(request, proxies=1) == "2.2.2.2"
    assert client_address(request, proxies=2) == "1.1.1.1"
