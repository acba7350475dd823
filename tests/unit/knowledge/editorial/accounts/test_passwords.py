"""Passwords: which are taken, and how they are kept."""

from __future__ import annotations

import time

import pytest
from argon2 import PasswordHasher

from knowledge.editorial.accounts.passwords import LONGEST, check_new, hashed, matches, outdated
from knowledge.editorial.errors import DeskError

GOOD = "vier Lampen im Regen"


@pytest.mark.parametrize(
    "password", [GOOD, "correcthorsebatterystaple", "x7#kQ2p!mZ9w", "чотири лампи під дощем", "مصابيح في المطر الغزير"]
)
def test_what_is_long_and_not_usual_is_taken_whatever_letters_it_has(password: str) -> None:
    check_new(password, ("Anna Weber", "anna@city.example"))


@pytest.mark.parametrize(
    ("password", "key"),
    [
        ("", "desk.password_short"),
        ("elf Zeichen", "desk.password_short"),
        ("x" * (LONGEST + 1), "desk.password_long"),
        ("passwordpassword", "desk.password_common"),
        ("123456789012", "desk.password_common"),
        ("qwertyuiop12", "desk.password_common"),
        ("aaaaaaaaaaaaaaaa", "desk.password_common"),
        ("Passwort1234", "desk.password_common"),
        ("Willkommen2026", "desk.password_common"),
        ("annaweber1990", "desk.password_common"),
        ("Ankerstadt2026!", "desk.password_common"),
    ],
)
def test_what_is_short_or_tried_first_is_refused(password: str, key: str) -> None:
    with pytest.raises(DeskError) as error:
        check_new(password, ("Anna Weber", "annaweber@city.example", "ankerstadt"))
    assert error.value.key == key


def test_checking_a_long_password_takes_no_time() -> None:
    start = time.perf_counter()
    check_new("ab cd ef gh " * 16)
    assert time.perf_counter() - start < 1


def test_a_hash_is_argon2id_and_tells_the_password_from_others() -> None:
    stored = hashed(GOOD)
    assert stored.startswith("$argon2id$")
    assert GOOD not in stored
    assert matches(stored, GOOD)
    assert not matches(stored, GOOD + "!")
    assert stored != hashed(GOOD)


def test_the_same_letters_typed_on_another_keyboard_are_the_same() -> None:
    assert matches(hashed("Größe ist nicht alles"), "Gro\u0308ße ist nicht alles".replace("Gro\u0308", "Gr\u006f\u0308"))


def test_nobody_has_the_password_of_nobody() -> None:
    assert not matches(None, "a password that nobody has")
    assert not matches("not a hash", GOOD)


def test_an_unknown_address_takes_as_long_as_a_known_one() -> None:
    """Medians of a few, with a wide margin: what counts is that a hash is computed at all."""
    stored = hashed(GOOD)

    def median(of: str | None) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            matches(of, "wrong wrong wrong")
            times.append(time.perf_counter() - start)
        return sorted(times)[2]

    matches(None, "once, to make the stand-in")
    assert median(None) > median(stored) / 3


def test_a_hash_with_other_parameters_is_outdated() -> None:
    assert outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD))
    assert not outdated(hashed(GOOD))
