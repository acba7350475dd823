"""The second factor: codes of an app (TOTP, RFC 6238), and recovery codes for the day on which the phone is gone.

It is in force from the first code that was right on; until then the secret waits (`totp_last_step` is None).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import secrets
import time
import unicodedata

import pyotp
import segno
from cryptography.fernet import InvalidToken

from knowledge.editorial.accounts.keys import box
from knowledge.editorial.errors import DeskError
from knowledge.store.account_tables import UserRow

RECOVERY_CODES = 8
_STEP = 30  # seconds


def in_force(user: UserRow) -> bool:
    """Whether signing in asks for a code."""
    return user.totp_secret is not None and user.totp_last_step is not None


def prepare(user: UserRow, key: str) -> None:
    """A new secret, which waits for its first code. `key` is the secret of the installation."""
    user.totp_secret = box(key, "second factor").encrypt(pyotp.random_base32().encode()).decode()
    user.totp_last_step = None


def secret(user: UserRow, key: str) -> str:
    """The secret in clear, as the app wants it.

    Raises DeskError where there is none, or where the secret of the installation is another than it was.
    """
    if user.totp_secret is None:
        raise DeskError("desk.no_second_factor")
    try:
        return box(key, "second factor").decrypt(user.totp_secret.encode()).decode()
    except InvalidToken as error:
        raise DeskError("desk.second_factor_unreadable") from error


def address(user: UserRow, key: str, issuer: str) -> str:
    """The otpauth: address that the app reads from the picture."""
    return pyotp.TOTP(secret(user, key)).provisioning_uri(name=user.email, issuer_name=issuer)


def picture(text: str) -> bytes:
    """A QR code as SVG, dark on light in any surroundings: apps read no other."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False)
    return out.getvalue()


def accept(user: UserRow, key: str, code: str, *, at: float | None = None) -> bool:
    """Take a code of the app: this step of 30 seconds, the one before or after, and none that was taken already or is older than that."""
    digits = "".join(filter(str.isdecimal, _latin(code)))
    totp, step = pyotp.TOTP(secret(user, key)), int(time.time() if at is None else at) // _STEP
    for candidate in (step, step - 1, step + 1):
        fresh = user.totp_last_step is None or candidate > user.totp_last_step
        if fresh and hmac.compare_digest(totp.generate_otp(candidate), digits):
            user.totp_last_step = candidate
            return True
    return False


def new_recovery_codes(user: UserRow) -> list[str]:
    """Eight codes, to be shown once; those from before are void. 80 bits each: a plain digest keeps them."""
    codes = [base64.b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES)]
    user.recovery_codes = [_digest(code) for code in codes]
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def accept_recovery_code(user: UserRow, code: str) -> bool:
    """Take a recovery code; it is gone afterwards."""
    # Letters and digits that people mix up: base32 has no 0, 1 and 8.
    plain = "".join(filter(str.isalnum, _latin(code).upper())).translate(str.maketrans("018", "OLB"))
    given = _digest(plain)
    if given not in user.recovery_codes:
        return False
    user.recovery_codes = [one for one in user.recovery_codes if one != given]
    return True


def switch_off(user: UserRow) -> None:
    """No second factor any more."""
    user.totp_secret, user.totp_last_step, user.recovery_codes = None, None, []


def _latin(code: str) -> str:
    """With the digits of the app, whatever keyboard they were typed on: ٤ is 4."""
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in code)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
