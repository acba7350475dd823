"""Passwords: which are taken, and how they are kept."""

from __future__ import annotations

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters

from knowledge.editorial.accounts.passwords import LONGEST, check_new, hashed, matches, outdated
from knowledge.editorial.errors import DeskError
from tests.calls import calls

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


def test_checking_a_long_password_is_no_more_work_than_a_shorter_one() -> None:
    """The library's work grows with the square of the length: of a long password it sees the beginning."""
    shorter, long = "ab cd ef gh " * 6, "ab cd ef gh " * 16
    check_new(shorter)
    assert calls(lambda: check_new(long)) <= 1.1 * calls(lambda: check_new(shorter))


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


def test_an_unknown_address_takes_as_long_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash of the same cost is computed for both."""
    costs: list[Parameters] = []
    real = PasswordHasher.verify

    def noted(self: PasswordHasher, hash: str, password: str) -> bool:
        costs.append(extract_parameters(hash))
        return real(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", noted)
    assert not matches(hashed(GOOD), "wrong wrong wrong")
    assert not matches(None, "wrong wrong wrong")
    assert len(costs) == 2 and costs[0] == costs[1]


def test_a_hash_with_other_parameters_is_outdated() -> None:
    assert outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD))
    assert not outdated(hashed(GOOD))
