"""OpenID Connect: the city's own accounts. Discovery, authorization code with PKCE, and the ID token checked in full.

Nothing is believed before its signature was checked, although the token comes over a connection of our own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import aiohttp
import jwt

from knowledge.editorial.errors import DeskError

# Signatures with the provider's own key. Never "none", and never one made with a secret that we hold as well.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_TIMEOUT = aiohttp.ClientTimeout(total=10)
_LARGEST = 1024 * 1024
_KEPT = 3600.0  # seconds for which discovery is believed
_LEEWAY = 60  # seconds by which clocks may differ
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class ProviderDown(DeskError):
    """The provider does not answer, or not as a provider does. Passwords go on working."""

    permanent = False


class ProviderRefused(DeskError):
    """What came back proves nothing: a wrong state, signature, audience, time; or the person did not agree."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """What has to come back to the same browser."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def fresh(cls) -> Handshake:
        """Three random values."""
        return cls(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says it is. `email` is empty where it gives none; it proves something only if `verified`."""

    issuer: str
    subject: str
    email: str
    verified: bool
    name: str


@dataclass
class Provider:
    """One provider and our registration there. Keeps its description and keys in memory."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    _metadata: dict[str, Any] = field(default_factory=dict, repr=False)
    _read_at: float = 0.0
    _keys: jwt.PyJWKSet | None = field(default=None, repr=False)

    async def address(self, handshake: Handshake, back: str, language: str) -> str:
        """Where the browser is sent. `back` is our address to which it returns.

        Raises ProviderDown.
        """
        metadata = await self._described()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(handshake.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": back,
            "scope": "openid email profile",
            "state": handshake.state,
            "nonce": handshake.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "ui_locales": language,
        }
        endpoint = str(metadata["authorization_endpoint"])
        return endpoint + ("&" if urlsplit(endpoint).query else "?") + urlencode(query)

    async def identity(self, answer: Mapping[str, str], handshake: Handshake, back: str) -> Identity:
        """Who came back with `answer`, the query of the address.

        Raises ProviderDown, ProviderRefused.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), handshake.state.encode()):
            raise ProviderRefused("desk.provider_refused", reason="state")
        metadata = await self._described()
        if answer.get("iss", metadata["issuer"]) != metadata["issuer"]:  # RFC 9207: the answer of another provider
            raise ProviderRefused("desk.provider_refused", reason="issuer")
        if answer.get("error") == "access_denied":
            raise ProviderRefused("desk.provider_cancelled", reason="access_denied")
        if "error" in answer or not answer.get("code"):
            raise ProviderRefused("desk.provider_refused", reason="no_code")
        tokens = await self._tokens(metadata, answer["code"], handshake, back)
        claims = await self._verified(metadata, str(tokens.get("id_token", "")))
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), handshake.nonce.encode()):
            raise ProviderRefused("desk.provider_refused", reason="nonce")
        if not claims.get("email") and metadata.get("userinfo_endpoint") and tokens.get("access_token"):
            claims = claims | await self._asked(metadata, str(tokens["access_token"]), str(claims["sub"]))
        return Identity(
            issuer=str(metadata["issuer"]),
            subject=str(claims["sub"]),
            email=str(claims.get("email") or "").strip().lower(),
            verified=claims.get("email_verified") is True or claims.get("email_verified") == "true",
            name=str(claims.get("name") or claims.get("preferred_username") or ""),
        )

    async def _described(self) -> dict[str, Any]:
        if not self._metadata or time.monotonic() - self._read_at > _KEPT:
            found = await self._json("GET", self.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if str(found.get("issuer", "")).rstrip("/") != self.issuer.rstrip("/"):
                raise ProviderDown("desk.provider_down", reason="issuer")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not _safe(str(found.get(name, ""))):
                    raise ProviderDown("desk.provider_down", reason=name)
            self._metadata, self._read_at = found, time.monotonic()
        return self._metadata

    async def _tokens(self, metadata: dict[str, Any], code: str, handshake: Handshake, back: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": handshake.verifier}
        supported = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        login = None
        if self.client_secret and "client_secret_basic" in supported:
            login = aiohttp.encode_basic_auth(quote_plus(self.client_id), quote_plus(self.client_secret))  # RFC 6749, 2.3.1
        else:
            form |= {"client_id": self.client_id} | ({"client_secret": self.client_secret} if self.client_secret else {})
        headers = {"Authorization": login} if login else {}
        return await self._json("POST", str(metadata["token_endpoint"]), data=form, headers=headers)

    async def _verified(self, metadata: dict[str, Any], token: str) -> dict[str, Any]:
        """The claims of the ID token. A key that is not known yet, or no longer fits, is looked for once more at the provider's."""
        for last in (False, True):
            if last or self._keys is None:
                self._keys = await self._read_keys(metadata)
            try:
                return self._claims(metadata, token, self._keys)
            except (KeyError, jwt.InvalidSignatureError) as error:
                if last:
                    raise ProviderRefused("desk.provider_refused", reason="signature") from error
            except jwt.PyJWTError as error:
                raise ProviderRefused("desk.provider_refused", reason=type(error).__name__) from error
        raise AssertionError

    def _claims(self, metadata: dict[str, Any], token: str, keys: jwt.PyJWKSet) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        supported = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        if header.get("alg") not in _ALGORITHMS or header["alg"] not in supported:
            raise jwt.InvalidAlgorithmError(f"{header.get('alg')} is not accepted")
        key = keys.keys[0] if "kid" not in header and len(keys.keys) == 1 else keys[header.get("kid", "")]
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[header["alg"]],
            audience=self.client_id,
            issuer=metadata["issuer"],
            leeway=_LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self.client_id) != self.client_id:
            raise jwt.InvalidAudienceError("the token was made for somebody else")
        return claims

    async def _read_keys(self, metadata: dict[str, Any]) -> jwt.PyJWKSet:
        try:
            return jwt.PyJWKSet.from_dict(await self._json("GET", str(metadata["jwks_uri"])))
        except jwt.PyJWTError as error:
            raise ProviderDown("desk.provider_down", reason="jwks") from error

    async def _asked(self, metadata: dict[str, Any], access: str, subject: str) -> dict[str, Any]:
        """More about the person, where the ID token has no address; believed only for the same subject."""
        endpoint = str(metadata["userinfo_endpoint"])
        if not _safe(endpoint):
            return {}
        found = await self._json("GET", endpoint, headers={"Authorization": f"Bearer {access}"})
        if found.get("sub") != subject:
            raise ProviderRefused("desk.provider_refused", reason="subject")
        return {name: found[name] for name in ("email", "email_verified", "name", "preferred_username") if name in found}

    async def _json(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        if not _safe(url):
            raise ProviderDown("desk.provider_down", reason="https")
        try:
            async with (
                aiohttp.ClientSession(timeout=_TIMEOUT) as http,
                http.request(method, url, allow_redirects=method == "GET", **more) as response,
            ):
                body = await _read(response)
                if response.status in (400, 401, 403):
                    raise ProviderRefused("desk.provider_refused", reason=f"status {response.status}")
                if response.status != 200:
                    raise ProviderDown("desk.provider_down", reason=f"status {response.status}")
                return _object(body)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ProviderDown("desk.provider_down", reason=type(error).__name__) from error


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for chunk in response.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > _LARGEST:
            raise ProviderDown("desk.provider_down", reason="too long")
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise ProviderDown("desk.provider_down", reason="no JSON") from error
    if not isinstance(found, dict):
        raise ProviderDown("desk.provider_down", reason="no JSON object")
    return found


def _safe(url: str) -> bool:
    """Over the network only encrypted; on this machine (a sidecar, tests) also plain."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
