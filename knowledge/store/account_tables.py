"""Who may do what at the desk, who is signed in, and what was done by whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, DateTime, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from knowledge.store.tables import Base


def _user() -> Mapped[int]:
    return mapped_column(Integer, ForeignKey("user_account.id", ondelete="CASCADE"), index=True)


def _moment() -> Mapped[datetime]:
    return mapped_column(DateTime(timezone=True))


class UserRow(Base):
    """A person who works at the desk. `email` is in small letters. Secrets: `password` is an argon2 hash, `totp_secret` is encrypted."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    language: Mapped[str | None] = mapped_column(String(16))
    password: Mapped[str | None] = mapped_column(String(300))
    totp_secret: Mapped[str | None] = mapped_column(String(400))
    totp_last_step: Mapped[int | None] = mapped_column(Integer)
    recovery_codes: Mapped[list[str]]
    oidc_issuer: Mapped[str | None] = mapped_column(String(300))
    oidc_subject: Mapped[str | None] = mapped_column(String(300))
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=False)
    digest: Mapped[bool] = mapped_column(Boolean, default=True)
    digest_sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = _moment()
    __table_args__ = (UniqueConstraint("oidc_issuer", "oidc_subject"),)


class _RoleRow:
    """A role in a municipality; with `organization_id` (its key) only for the records of that organization."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int] = _user()
    role: Mapped[str] = mapped_column(String(20))
    municipality_id: Mapped[str] = mapped_column(String(80), ForeignKey("municipality.id", ondelete="CASCADE"), index=True)
    organization_id: Mapped[str | None] = mapped_column(String(160))

    @declared_attr.directive
    def __table_args__(cls) -> tuple[UniqueConstraint]:
        return (UniqueConstraint("user_id", "role", "municipality_id", "organization_id"),)


class MembershipRow(_RoleRow, Base):
    """A role that is in force."""

    __tablename__ = "membership"


class OfferedRoleRow(_RoleRow, Base):
    """A role that waits until the owner of the account has accepted it. Not in `membership`, so that nothing takes it for one in force."""

    __tablename__ = "offered_role"


class AcceptanceLinkRow(Base):
    """A link with which somebody accepts what a municipality offers them. `id` is the token's digest; it sets no password by itself."""

    __tablename__ = "acceptance_link"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = _user()
    municipality_id: Mapped[str] = mapped_column(String(80), ForeignKey("municipality.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = _moment()


class DeskSessionRow(Base):
    """Somebody is signed in. `id` is the digest of the token in the cookie: who reads the database cannot use it."""

    __tablename__ = "desk_session"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = _user()
    municipality_id: Mapped[str | None] = mapped_column(String(80))
    browser: Mapped[str] = mapped_column(String(120))
    # False between the password and the second factor.
    complete: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = _moment()
    seen_at: Mapped[datetime] = _moment()
    expires_at: Mapped[datetime] = _moment()


class SignInFailureRow(Base):
    """Failed tries to sign in with an e-mail address, known or not: both are counted alike, so that nobody learns which are known.

    `id` is a keyed digest of the address.
    """

    __tablename__ = "sign_in_failure"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = _moment()
    locked_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class AccountLinkRow(Base):
    """A link with which somebody chooses a password, once: an invitation, or a password that was forgotten. `id` is the token's digest."""

    __tablename__ = "account_link"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = _user()
    expires_at: Mapped[datetime] = _moment()


class KeptFormRow(Base):
    """A form that was sent when the session of its sender was over. `sealed` is encrypted with the secret of the installation."""

    __tablename__ = "kept_form"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = _user()
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = _moment()


class AuditRow(Base):
    """Who did what to which record. The database refuses to change or delete a row (triggers of the migration)."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    # No foreign keys: an entry outlives the user, the record and the municipality it tells of.
    actor_id: Mapped[int | None] = mapped_column(Integer, index=True)
    actor: Mapped[str] = mapped_column(String(120))
    municipality_id: Mapped[str | None] = mapped_column(String(80), index=True)
    action: Mapped[str] = mapped_column(String(40), index=True)
    record: Mapped[str | None] = mapped_column(String(300), index=True)
    detail: Mapped[dict[str, Any]]
