"""Addresses, names of browsers, where somebody is sent after signing in."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from knowledge.editorial.accounts.keys import box, derived
from knowledge.editorial.accounts.signing_in import plain_email
from knowledge.editorial.errors import DeskError
from knowledge.web.client import browser_name, is_encrypted
from knowledge.web.desk.accounts.common import safe_next


@pytest.mark.parametrize(
    ("typed", "kept"), [(" Anna@City.Example ", "anna@city.example"), ("a+b@x.co", "a+b@x.co"), ("admin@localhost",) * 2]
)
def test_an_address_is_kept_in_small_letters(typed: str, kept: str) -> None:
    assert plain_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "anna", "anna@", "@x.example", "a b@x.example", "a@b", "<a@x.example>", "a@x.example\nBcc: b@x.example", "x" * 250 + "@x.example"],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(DeskError):
        plain_email(typed)


@pytest.mark.parametrize("path", ["/desk", "/desk/users", "/desk/records/service?state=draft&q=a%20b", "/desk?x=//evil.example"])
def test_after_signing_in_one_goes_on_within_the_desk(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/api",
        "/desktop",
        "//evil.example/desk",
        "/\\evil.example",
        "https://evil.example/desk",
        "/desk/\\evil.example",
        "/desk//evil.example",
        "/desk\r\nSet-Cookie: a=b",
        "javascript:alert(1)//desk",
        "/desk/sign-in",
        "/desk/welcome/token",
    ],
)
def test_and_nowhere_else(path: str) -> None:
    assert safe_next(path) == "/desk"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/18.1 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_browser_has_a_name_that_people_know(agent: str, name: str) -> None:
    assert browser_name(agent) == name


@pytest.mark.parametrize(
    ("headers", "proxies", "encrypted"),
    [
        ({}, 0, False),
        ({"X-Forwarded-Proto": "https"}, 0, False),
        ({"X-Forwarded-Proto": "https"}, 1, True),
        ({"X-Forwarded-Proto": "http"}, 1, False),
    ],
)
def test_only_a_trusted_proxy_is_believed_about_encryption(headers: dict[str, str], proxies: int, encrypted: bool) -> None:
    request: web.Request = make_mocked_request("GET", "/desk", headers=headers)
    assert is_encrypted(request, proxies) is encrypted


def test_keys_for_two_purposes_have_nothing_in_common() -> None:
    assert derived("secret", "one") != derived("secret", "two")
    assert derived("secret", "one") == derived("secret", "one")
    sealed = box("secret", "one").encrypt(b"x")
    assert box("secret", "one").decrypt(sealed) == b"x"
