"""What people change about their own account."""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.editorial.accounts import links, second_factor, sessions
from knowledge.editorial.accounts.notes import note
from knowledge.editorial.accounts.people import plain_name
from knowledge.editorial.errors import DeskError
from knowledge.store.account_tables import UserRow
from locales import registry


def set_password(session: Session, user: UserRow, stored: str, *, besides: str | None = None) -> None:
    """A new password (its hash): all other sessions end, links are void."""
    user.password = stored
    user.must_change_password = False
    sessions.end_all(session, user.id, besides=besides)
    links.void(session, user.id)
    note(session, user, "password")


def words_about(user: UserRow, *more: str) -> tuple[str, ...]:
    """What a password of this person must not be made of."""
    return user.name, user.email, *more


def set_details(session: Session, user: UserRow, name: str, language: str) -> None:
    """Name and language of the desk. An empty language: the browser's.

    Raises DeskError.
    """
    if language and language not in registry.served():
        raise DeskError("desk.no_language", language=language)
    before = user.name
    user.name = plain_name(name)
    user.language = language or None
    if user.name != before:
        note(session, user, "user_name")


def second_factor_on(session: Session, user: UserRow, key: str, code: str) -> list[str]:
    """The first code was typed: the second factor is in force. Returns the recovery codes, to be shown once.

    Raises DeskError for a wrong code, and where one is in force already.
    """
    if second_factor.in_force(user):
        raise DeskError("desk.second_factor_on")
    if not second_factor.accept(user, key, code):
        raise DeskError("desk.wrong_code")
    codes = second_factor.new_recovery_codes(user)
    note(session, user, "second_factor_on")
    return codes


def second_factor_off(session: Session, user: UserRow) -> None:
    """The password alone is enough from now on. The proof was shown."""
    second_factor.switch_off(user)
    note(session, user, "second_factor_off")
