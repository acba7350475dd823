"""Codes of an app and recovery codes."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pyotp
import pytest

from knowledge.editorial.accounts import second_factor
from knowledge.editorial.errors import DeskError
from knowledge.editorial.records import now
from knowledge.store.account_tables import UserRow

KEY = "the secret of the installation"
AT = 1_800_000_000.0


@pytest.fixture
def user() -> UserRow:
    made = UserRow(email="anna@city.example", name="Anna", recovery_codes=[], created_at=now())
    second_factor.prepare(made, KEY)
    return made


def code(user: UserRow, steps: int = 0) -> str:
    return pyotp.TOTP(second_factor.secret(user, KEY)).at(int(AT) + 30 * steps)


def test_it_is_in_force_from_the_first_right_code_on(user: UserRow) -> None:
    assert not second_factor.in_force(user)
    assert not second_factor.accept(user, KEY, "000000", at=AT)
    assert not second_factor.in_force(user)
    assert second_factor.accept(user, KEY, code(user), at=AT)
    assert second_factor.in_force(user)


def test_the_secret_is_not_kept_in_clear(user: UserRow) -> None:
    clear = second_factor.secret(user, KEY)
    assert clear not in str(user.totp_secret)
    with pytest.raises(DeskError, match="unreadable"):
        second_factor.secret(user, "another secret")


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong(user: UserRow, steps: int, taken: bool) -> None:
    assert second_factor.accept(user, KEY, code(user, steps), at=AT) is taken


def test_a_code_is_taken_once_and_none_from_before_it(user: UserRow) -> None:
    assert second_factor.accept(user, KEY, code(user), at=AT)
    assert not second_factor.accept(user, KEY, code(user), at=AT)
    assert not second_factor.accept(user, KEY, code(user, -1), at=AT)
    assert second_factor.accept(user, KEY, code(user, 1), at=AT)


def test_a_code_may_be_typed_with_a_space(user: UserRow) -> None:
    digits = code(user)
    assert second_factor.accept(user, KEY, f"{digits[:3]} {digits[3:]}", at=AT)


@pytest.mark.parametrize("digits", ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９"], ids=["Arabic", "Persian", "full width"])
def test_a_code_may_be_typed_on_another_keyboard(user: UserRow, digits: str) -> None:
    typed = str.maketrans("0123456789", digits)
    assert second_factor.accept(user, KEY, code(user).translate(typed), at=AT)
    recovery = second_factor.new_recovery_codes(user)[0]
    assert second_factor.accept_recovery_code(user, recovery.translate(typed))


def test_each_recovery_code_opens_once(user: UserRow) -> None:
    codes = second_factor.new_recovery_codes(user)
    assert len(set(codes)) == second_factor.RECOVERY_CODES == 8
    assert all(re.fullmatch(r"[A-Z2-7]{4}(-[A-Z2-7]{4}){3}", one) for one in codes)
    assert second_factor.accept_recovery_code(user, codes[0].lower().replace("-", " "))
    assert not second_factor.accept_recovery_code(user, codes[0])
    assert len(user.recovery_codes) == 7
    assert not any(one.replace("-", "") in " ".join(user.recovery_codes) for one in codes)


def test_new_recovery_codes_make_the_old_ones_void(user: UserRow) -> None:
    old = second_factor.new_recovery_codes(user)
    second_factor.new_recovery_codes(user)
    assert not second_factor.accept_recovery_code(user, old[0])


@pytest.mark.parametrize("typed", ["", "0", "ABCD-EFGH-IJKL-MNOP", "Ω≈ç√", "1" * 1000, "12345²"])
def test_what_is_no_recovery_code_opens_nothing(user: UserRow, typed: str) -> None:
    second_factor.new_recovery_codes(user)
    assert not second_factor.accept_recovery_code(user, typed)
    assert not second_factor.accept(user, KEY, typed, at=AT)


def test_the_address_for_the_app_names_the_person_and_the_desk(user: UserRow) -> None:
    address = second_factor.address(user, KEY, "Redaktion")
    assert address.startswith("otpauth://totp/Redaktion:anna%40city.example?")
    assert f"secret={second_factor.secret(user, KEY)}" in address


def test_the_picture_is_svg_with_its_own_background() -> None:
    root = ElementTree.fromstring(second_factor.picture("otpauth://totp/x"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    painted = [element.get("fill") or element.get("stroke") for element in root.iter() if element.tag.endswith("path")]
    assert painted == ["#fff", "#000"]


def test_switched_off_nothing_is_left(user: UserRow) -> None:
    second_factor.accept(user, KEY, code(user), at=AT)
    second_factor.new_recovery_codes(user)
    second_factor.switch_off(user)
    assert (user.totp_secret, user.totp_last_step, user.recovery_codes) == (None, None, [])
