"""A real OpenID provider on a loopback port: django-oauth-toolkit, in a process of its own, with its pages for signing in and for consent.

`Provider` starts it (see `openid_server`) and steers it by files in a folder.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

PASSWORD = "the provider's own password"
CLIENT_ID, CLIENT_SECRET = "newcomer-desk", "a secret/with+signs"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Provider:
    """The provider as a test sees it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.people({})
        self.redirect_to("http://127.0.0.1/nowhere")
        self.new_key()

    @property
    def issuer(self) -> str:
        """What our setting names."""
        return f"http://127.0.0.1:{self.port}/o"

    def people(self, claims: Mapping[str, Mapping[str, Any]]) -> None:
        """Who can sign in there, and what is said about them."""
        (self.folder / "people.json").write_text(json.dumps(claims))

    def redirect_to(self, address: str) -> None:
        """The address that our registration allows."""
        client = {"id": CLIENT_ID, "secret": CLIENT_SECRET, "redirect": address}
        (self.folder / "client.json").write_text(json.dumps(client))

    def new_key(self) -> None:
        """Sign with a new key from the next start on; the old one is no longer told."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        (self.folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    def start(self) -> None:
        """Serve; returns when it answers."""
        self._process = subprocess.Popen([sys.executable, "-m", "tests.integration.desk.openid_server", str(self.folder), str(self.port)])
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"{self.issuer}/.well-known/openid-configuration", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("the provider does not start")

    def stop(self) -> None:
        """Be gone."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


async def agree(browser: aiohttp.ClientSession, address: str, user: str, *, allow: bool = True) -> str:
    """What a person does at the provider: sign in, agree (or not). Returns the address to which the browser is sent back."""
    async with browser.get(address) as page:
        html, url = await page.text(), page.url
    if 'name="username"' in html:
        form = {**_hidden(html), "username": user, "password": PASSWORD}
        async with browser.post(url, data=form, headers={"Referer": str(url)}) as page:
            html, url = await page.text(), page.url
    if "authorizationForm" not in html:
        raise AssertionError(f"no page for consent at {url.path}: {html[:2000]}")
    form = {**_hidden(html), **({"allow": "Authorize"} if allow else {})}
    async with browser.post(url, data=form, headers={"Referer": str(url)}, allow_redirects=False) as answer:
        return answer.headers["Location"]


def _hidden(html: str) -> dict[str, str]:
    fields = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", html):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            fields[name[1]] = unescape(value[1]) if value else ""
    return fields
