"""The ID token, checked in full: a provider on loopback that says whatever a test wants, signed with whatever key."""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from knowledge.editorial.accounts.openid import Handshake, Identity, Provider, ProviderDown, ProviderRefused

SECRET = "a secret of 32 characters or more, as HS256 wants"
BACK = "http://desk.example/back"
HAND = Handshake("state", "nonce", "verifier")
ANSWER = {"state": "state", "code": "code"}


def a_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _base64(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


KEY, OTHER_KEY = a_key(), a_key()


@dataclass
class Crooked:
    """A provider under a test's control."""

    issuer: str = ""
    algorithms: list[str] = field(default_factory=lambda: ["RS256"])
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=lambda: {"one": KEY})
    sign_with: tuple[str, Any, str] = ("one", KEY, "RS256")
    claims: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=lambda: {"sub": "12"})
    status: int = 200
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    def token(self) -> str:
        kid, key, algorithm = self.sign_with
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "12", "aud": "desk", "exp": now + 300, "iat": now, "nonce": "nonce"} | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        if isinstance(key, bytes):  # what the library refuses to sign with
            head, body = (_base64(json.dumps(part).encode()) for part in ({"alg": algorithm, "kid": kid}, claims))
            return f"{head}.{body}.{_base64(hmac.digest(key, f'{head}.{body}'.encode(), 'sha256'))}"
        return jwt.encode(claims, key, algorithm, headers={"kid": kid} if kid else {})

    async def serve(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if self.status != 200:
            return web.Response(status=self.status)
        if request.path.endswith("openid-configuration"):
            found = {
                name: f"{self.issuer}/{name}" for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
            }
            found |= {"issuer": self.issuer, "id_token_signing_alg_values_supported": self.algorithms} | self.described  # type: ignore[dict-item]
            return web.json_response(found)
        if request.path == "/jwks_uri":
            keys = [RSAAlgorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig"} for kid, key in self.keys.items()]
            return web.json_response({"keys": keys})
        if request.path == "/userinfo_endpoint":
            return web.json_response(self.userinfo)
        self.forms.append({name: str(value) for name, value in (await request.post()).items()})
        return web.json_response({"id_token": self.token(), "access_token": "access"})


@pytest.fixture
async def crooked() -> AsyncIterator[Crooked]:
    found, app = Crooked(), web.Application()
    app.router.add_route("*", "/{path:.*}", found.serve)
    server = TestServer(app)
    await server.start_server()
    found.issuer = str(server.make_url("")).rstrip("/")
    yield found
    await server.close()


@pytest.fixture
def provider(crooked: Crooked) -> Provider:
    return Provider(crooked.issuer, "desk", SECRET)


async def test_a_token_that_is_right_tells_who_it_is(crooked: Crooked, provider: Provider) -> None:
    crooked.claims = {"email": "Anna@City.example", "email_verified": True, "name": "Anna"}
    found = await provider.identity(ANSWER, HAND, BACK)
    assert found == Identity(crooked.issuer, "12", "anna@city.example", True, "Anna")
    assert crooked.forms[0]["code_verifier"] == "verifier"
    assert crooked.forms[0]["redirect_uri"] == BACK


@pytest.mark.parametrize(
    ("claims", "what"),
    [
        ({"aud": "somebody-else"}, "another audience"),
        ({"aud": ["desk", "other"]}, "several audiences and nobody named"),
        ({"aud": ["desk", "other"], "azp": "other"}, "several audiences, made for another"),
        ({"azp": "other"}, "made for another"),
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"exp": 1}, "over"),
        ({"exp": None}, "never over"),
        ({"iat": None}, "of no time"),
        ({"sub": None}, "of nobody"),
        ({"nonce": "of another browser"}, "another nonce"),
        ({"nonce": None}, "no nonce"),
        ({"iat": int(time.time()) + 3600}, "from the future"),
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused(crooked: Crooked, provider: Provider, claims: dict[str, Any], what: str) -> None:
    crooked.claims = claims
    with pytest.raises(ProviderRefused):
        await provider.identity(ANSWER, HAND, BACK)


@pytest.mark.parametrize(
    ("signed", "algorithms"),
    [
        (("one", OTHER_KEY, "RS256"), ["RS256"]),
        (("unknown", OTHER_KEY, "RS256"), ["RS256"]),
        (("", OTHER_KEY, "RS256"), ["RS256"]),
        (("one", SECRET, "HS256"), ["RS256", "HS256"]),
        (("one", None, "none"), ["RS256", "none"]),
        (("one", KEY, "RS512"), ["RS256"]),
    ],
    ids=["a key of somebody else", "an unknown key", "no key named", "our own secret", "no signature", "an algorithm not announced"],
)
async def test_a_token_that_the_provider_has_not_signed_is_refused(
    crooked: Crooked, provider: Provider, signed: tuple[str, Any, str], algorithms: list[str]
) -> None:
    crooked.sign_with, crooked.algorithms = signed, algorithms
    with pytest.raises(ProviderRefused):
        await provider.identity(ANSWER, HAND, BACK)


async def test_the_public_key_is_no_secret_to_sign_with(crooked: Crooked, provider: Provider) -> None:
    """The old trick: HS256 with the public key as the secret."""
    crooked.algorithms = ["RS256", "HS256"]
    crooked.sign_with = ("one", KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), "HS256")
    with pytest.raises(ProviderRefused):
        await provider.identity(ANSWER, HAND, BACK)


async def test_a_new_key_is_looked_for_once(crooked: Crooked, provider: Provider) -> None:
    await provider.identity(ANSWER, HAND, BACK)
    crooked.keys, crooked.sign_with = {"two": OTHER_KEY}, ("two", OTHER_KEY, "RS256")
    await provider.identity(ANSWER, HAND, BACK)
    assert crooked.asked.count("/jwks_uri") == 2
    await provider.identity(ANSWER, HAND, BACK)
    assert crooked.asked.count("/jwks_uri") == 2


async def test_a_key_that_was_changed_under_its_name_is_learned(crooked: Crooked, provider: Provider) -> None:
    await provider.identity(ANSWER, HAND, BACK)
    crooked.keys, crooked.sign_with = {"one": OTHER_KEY}, ("one", OTHER_KEY, "RS256")
    assert (await provider.identity(ANSWER, HAND, BACK)).subject == "12"


async def test_a_key_that_was_taken_back_opens_nothing_after_the_next_reading(crooked: Crooked, provider: Provider) -> None:
    await provider.identity(ANSWER, HAND, BACK)
    crooked.keys = {"two": OTHER_KEY}
    crooked.sign_with = ("two", OTHER_KEY, "RS256")
    await provider.identity(ANSWER, HAND, BACK)
    crooked.sign_with = ("one", KEY, "RS256")
    with pytest.raises(ProviderRefused):
        await provider.identity(ANSWER, HAND, BACK)


@pytest.mark.parametrize(
    "answer", [{"code": "code"}, {"state": "other", "code": "code"}, {"state": "state"}, {"state": "state", "error": "x"}]
)
async def test_an_answer_that_is_not_to_our_question_goes_no_further(crooked: Crooked, provider: Provider, answer: dict[str, str]) -> None:
    with pytest.raises(ProviderRefused):
        await provider.identity(answer, HAND, BACK)
    assert crooked.forms == []


async def test_an_address_that_is_not_in_the_token_is_asked_for(crooked: Crooked, provider: Provider) -> None:
    crooked.userinfo = {"sub": "12", "email": "anna@city.example", "email_verified": True}
    found = await provider.identity(ANSWER, HAND, BACK)
    assert (found.email, found.verified) == ("anna@city.example", True)


async def test_an_address_of_another_subject_is_refused(crooked: Crooked, provider: Provider) -> None:
    crooked.userinfo = {"sub": "13", "email": "anna@city.example", "email_verified": True}
    with pytest.raises(ProviderRefused):
        await provider.identity(ANSWER, HAND, BACK)


@pytest.mark.parametrize("said", [1, "yes", "True", None])
async def test_verified_is_what_says_so_and_nothing_like_it(crooked: Crooked, provider: Provider, said: object) -> None:
    crooked.claims = {"email": "anna@city.example", "email_verified": said}
    assert not (await provider.identity(ANSWER, HAND, BACK)).verified


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": "http://city.example/token"},
        {"jwks_uri": ""},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
async def test_a_description_that_cannot_be_right_is_not_used(crooked: Crooked, provider: Provider, described: dict[str, Any]) -> None:
    crooked.described = described
    with pytest.raises(ProviderDown):
        await provider.address(HAND, BACK, "de")


@pytest.mark.parametrize("status", [500, 503, 404, 302])
async def test_a_provider_in_trouble_is_down_and_not_wrong(crooked: Crooked, provider: Provider, status: int) -> None:
    crooked.status = status
    with pytest.raises(ProviderDown) as error:
        await provider.address(HAND, BACK, "de")
    assert not error.value.permanent


async def test_nothing_is_sent_over_an_open_network() -> None:
    with pytest.raises(ProviderDown):
        await Provider("http://login.city.example", "desk", SECRET).address(HAND, BACK, "de")
