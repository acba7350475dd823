"""Keys made from the secret of the installation, one for each purpose, so that none of them tells anything about another."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derived(secret: str, purpose: str) -> bytes:
    """32 bytes for `purpose`; the same ones each time."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"newcomer desk: {purpose}".encode()).derive(secret.encode())


def box(secret: str, purpose: str) -> Fernet:
    """Encrypts and signs small things."""
    return Fernet(base64.urlsafe_b64encode(derived(secret, purpose)))
