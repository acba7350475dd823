"""The one place that reads the environment. Every setting is in `SETTINGS`, with its documentation; a wrong value stops the start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


class SettingsError(Exception):
    """A setting has a value that cannot be used. The message names it and what is expected."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: its name, its default as text, and what it does."""

    name: str
    default: str
    description: str
    kind: str = "text"  # text, number, switch


SETTINGS = (
    Setting("NEWCOMER_VAR", "var", "Folder for everything that is written: databases, trained models, logs, the secret."),
    Setting("NEWCOMER_DATABASE_URL", "", "Knowledge base (SQLAlchemy URL); empty: SQLite at `knowledge.db` in NEWCOMER_VAR."),
    Setting("NEWCOMER_CONVERSATIONS_URL", "", "Conversations (SQLAlchemy URL); empty: SQLite at `conversations.db` in NEWCOMER_VAR."),
    Setting("NEWCOMER_HOST", "127.0.0.1", "Address on which the front listens."),
    Setting("NEWCOMER_PORT", "8080", "Port of the front, the only one people reach.", "number"),
    Setting("NEWCOMER_RASA_PORT", "0", "Loopback port of the Rasa server; 0 takes a free one.", "number"),
    Setting("NEWCOMER_ACTIONS_URL", "", "Action server elsewhere (for instance `rasa run actions`); empty: served by the front's process."),
    Setting(
        "NEWCOMER_MUNICIPALITY", "", "Municipality that answers where a channel names none; empty: the first one in the knowledge base."
    ),
    Setting("NEWCOMER_SECRET", "", "Key for signed session tokens; empty: made once and kept in NEWCOMER_VAR."),
    Setting("NEWCOMER_REST_TOKEN", "", "If set, the REST channel wants `Authorization: Bearer <token>`."),
    Setting("NEWCOMER_RETENTION_DAYS", "30", "Days after the last message until a conversation is erased.", "number"),
    Setting("NEWCOMER_RATE_PERSON", "30", "Messages a minute one conversation may send.", "number"),
    Setting("NEWCOMER_RATE_ADDRESS", "600", "Messages a minute one network address may send.", "number"),
    Setting("NEWCOMER_PROXIES", "0", "Reverse proxies in front: how many X-Forwarded-For entries from the right are trusted.", "number"),
    Setting("NEWCOMER_EMBEDDINGS", "on", "Sentence embeddings; `off` saves memory and understands less.", "switch"),
    Setting("NEWCOMER_LANGUAGE", "en", "Language in which somebody is spoken to whose language is not known yet."),
    Setting("NEWCOMER_REPLY_SECONDS", "8", "Seconds after which an apology is given in place of a reply.", "number"),
    Setting("NEWCOMER_LOG_FORMAT", "text", "`text` or `json`. Messages of people are in neither."),
)


@dataclass(frozen=True)
class Settings:
    """What the environment says, checked."""

    var: Path
    database_url: str
    conversations_url: str
    host: str
    port: int
    rasa_port: int
    actions_url: str
    municipality: str
    secret: str = field(repr=False)
    rest_token: str = field(repr=False)
    retention_days: int
    rate_person: int
    rate_address: int
    proxies: int
    embeddings: bool
    language: str
    reply_seconds: int
    log_format: str

    @property
    def models(self) -> Path:
        """Folder of trained models."""
        return self.var / "models"


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises SettingsError for an unknown NEWCOMER_ variable (a typing error would otherwise go unnoticed) and for a value that does not fit.
    """
    given = os.environ if environment is None else environment
    known = {setting.name for setting in SETTINGS}
    unknown = sorted(name for name in given if name.startswith("NEWCOMER_") and name not in known and name not in INTERNAL)
    if unknown:
        raise SettingsError(f"unknown setting {', '.join(unknown)}; docs/settings.md lists those that exist")
    values = {setting.name: given.get(setting.name) or setting.default for setting in SETTINGS}
    numbers = {setting.name: _number(setting.name, values[setting.name]) for setting in SETTINGS if setting.kind == "number"}
    if values["NEWCOMER_LOG_FORMAT"] not in ("text", "json"):
        raise SettingsError("NEWCOMER_LOG_FORMAT is 'text' or 'json'")
    var = Path(values["NEWCOMER_VAR"])
    var = var if var.is_absolute() else PROJECT / var
    return Settings(
        var=var,
        database_url=values["NEWCOMER_DATABASE_URL"] or f"sqlite:///{var / 'knowledge.db'}",
        conversations_url=values["NEWCOMER_CONVERSATIONS_URL"] or f"sqlite:///{var / 'conversations.db'}",
        host=values["NEWCOMER_HOST"],
        port=numbers["NEWCOMER_PORT"],
        rasa_port=numbers["NEWCOMER_RASA_PORT"],
        actions_url=values["NEWCOMER_ACTIONS_URL"],
        municipality=values["NEWCOMER_MUNICIPALITY"],
        secret=values["NEWCOMER_SECRET"] or _kept_secret(var),
        rest_token=values["NEWCOMER_REST_TOKEN"],
        retention_days=max(1, numbers["NEWCOMER_RETENTION_DAYS"]),
        rate_person=max(1, numbers["NEWCOMER_RATE_PERSON"]),
        rate_address=max(1, numbers["NEWCOMER_RATE_ADDRESS"]),
        proxies=numbers["NEWCOMER_PROXIES"],
        embeddings=_switch("NEWCOMER_EMBEDDINGS", values["NEWCOMER_EMBEDDINGS"]),
        language=values["NEWCOMER_LANGUAGE"],
        reply_seconds=max(1, numbers["NEWCOMER_REPLY_SECONDS"]),
        log_format=values["NEWCOMER_LOG_FORMAT"],
    )


# Set by our own processes for one another, not by people.
INTERNAL = frozenset({"NEWCOMER_INTERNAL_TOKEN", "NEWCOMER_INTERNAL_ACTIONS", "NEWCOMER_INTERNAL_CONVERSATIONS"})


def internal_token() -> str:
    """The key with which the front and Rasa know one another; the front hands it to Rasa at its start."""
    return os.environ.get("NEWCOMER_INTERNAL_TOKEN", "")


def _number(name: str, text: str) -> int:
    try:
        value = int(text)
    except ValueError as error:
        raise SettingsError(f"{name} is a whole number, not '{text}'") from error
    if value < 0:
        raise SettingsError(f"{name} is not below zero")
    return value


def _switch(name: str, text: str) -> bool:
    if text not in ("on", "off"):
        raise SettingsError(f"{name} is 'on' or 'off', not '{text}'")
    return text == "on"


def _kept_secret(var: Path) -> str:
    """The secret of this installation, made at the first start; readable by its owner only."""
    path = var / "secret"
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        pass
    var.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(32)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of ours was faster
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(made)
    return made
