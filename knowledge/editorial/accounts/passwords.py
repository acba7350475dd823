"""Passwords: argon2 hashes, and the rules for a new one. There are two: it is long, and it is none of those that are tried first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from knowledge.editorial.errors import DeskError

SHORTEST = 12
LONGEST = 200
# Tries (as a power of ten) that a program which knows the usual passwords needs. Below it, a password is among those tried first.
_LEAST_TRIES = 8
# What people here take, beside the lists of the library, which are English.
_USUAL = (
    *("passwort", "kennwort", "geheim", "willkommen", "hallo", "sommer", "winter", "herbst", "frühling", "fruehling", "montag", "freitag"),
    *("januar", "februar", "oktober", "dezember", "stadt", "rathaus", "bürgerbüro", "schatz", "ichliebedich", "fussball", "schule", "test"),
    *("newcomer", "editor", "redaktion", "welcome", "bienvenue", "motdepasse", "azerty", "qwertz", "parol", "sifre", "şifre"),
)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def _plain(password: str) -> str:
    """The same password typed on another keyboard may come in other code points."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """The argon2 hash of `password`. Takes some 50 ms and 64 MiB: call it in a thread."""
    return _hasher().hash(_plain(password))


@cache
def _nobodys() -> str:
    return hashed("a password that nobody has")


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one of `stored`; without a hash one is checked all the same, so that time tells nothing. For a thread."""
    try:
        _hasher().verify(stored or _nobodys(), _plain(password)[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(stored)


def check_new(password: str, about: Iterable[str] = ()) -> None:
    """Refuse a password that is too short or among the first to be tried; `about` are words around the person: name, address, city.

    Raises DeskError.
    """
    plain = _plain(password)
    if len(plain) < SHORTEST:
        raise DeskError("desk.password_short", least=SHORTEST)
    if len(plain) > LONGEST:
        raise DeskError("desk.password_long", most=LONGEST)
    words = [part for word in about for part in (word, *word.replace("@", " ").replace(".", " ").split()) if len(part) > 2]
    # The library's time grows with the square of the length; the beginning is enough to tell.
    if float(zxcvbn(plain[:64], user_inputs=[*words, *_USUAL])["guesses_log10"]) < _LEAST_TRIES:
        raise DeskError("desk.password_common")
