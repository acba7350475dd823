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
    Setting(
        "NEWCOMER_RETENTION_DAYS",
        "30",
        "Days after the last message until a conversation is erased; questions that found no answer likewise.",
        "number",
    ),
    Setting("NEWCOMER_RATE_PERSON", "30", "Messages a minute one conversation may send.", "number"),
    Setting("NEWCOMER_RATE_ADDRESS", "600", "Messages a minute one network address may send.", "number"),
    Setting("NEWCOMER_PROXIES", "0", "Reverse proxies in front: how many X-Forwarded-For entries from the right are trusted.", "number"),
    Setting("NEWCOMER_EMBEDDINGS", "on", "Sentence embeddings; `off` saves memory and understands less.", "switch"),
    Setting("NEWCOMER_LANGUAGE", "en", "Language in which somebody is spoken to whose language is not known yet."),
    Setting("NEWCOMER_REPLY_SECONDS", "8", "Seconds after which an apology is given in place of a reply.", "number"),
    Setting("NEWCOMER_PUBLIC_URL", "", "Address at which people reach the front: for links in e-mails and for city accounts."),
    Setting("NEWCOMER_DESK_HOURS", "12", "Hours after which somebody signed in at the desk has to sign in again.", "number"),
    Setting("NEWCOMER_OIDC_ISSUER", "", "OpenID Connect provider of the city's own accounts; empty: none."),
    Setting(
        "NEWCOMER_OIDC_CLIENT_ID",
        "",
        "Our name at that provider; it sends people back to `/desk/sign-in/city/back` at NEWCOMER_PUBLIC_URL.",
    ),
    Setting("NEWCOMER_OIDC_CLIENT_SECRET", "", "Our secret at that provider."),
    Setting("NEWCOMER_OIDC_NAME", "", "What the button for signing in there says, for instance the city's name."),
    Setting("NEWCOMER_SMTP_URL", "", "Mail server, `smtp://user:password@host:587` or `smtps://…`; empty: no e-mail is sent."),
    Setting("NEWCOMER_MAIL_FROM", "", "Sender of e-mails."),
    Setting("NEWCOMER_DIGEST_DAYS", "7", "Days between two digests for editors; 0: none.", "number"),
    Setting("NEWCOMER_CHECK_DAYS_SERVICE", "180", "Days after which a service is due for checking.", "number"),
    Setting("NEWCOMER_CHECK_DAYS_ARTICLE", "120", "Days after which an answer is due for checking.", "number"),
    Setting("NEWCOMER_CHECK_DAYS_PAGE", "365", "Days after which a guide page is due for checking.", "number"),
    Setting(
        "NEWCOMER_WARN_DAYS",
        "365",
        "Days after the last check from which readers are warned; 0: never.",
        "number",
    ),
    Setting("NEWCOMER_TRANSLATE_URL", "", "Machine translation service (LibreTranslate's interface); empty: none."),
    Setting("NEWCOMER_TRANSLATE_KEY", "", "Key for that service."),
    Setting("NEWCOMER_LINK_DAYS", "7", "Days between two checks of the web addresses in the records; 0: never.", "number"),
    Setting("NEWCOMER_LOG_FORMAT", "text", "`text` or `json`. Messages of people are in neither."),
)


# Kinds of records that have a date on which somebody checked them.
CHECKED_KINDS = ("service", "article", "page")


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
    public_url: str
    desk_hours: int
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str = field(repr=False)
    oidc_name: str
    smtp_url: str = field(repr=False)
    mail_from: str
    digest_days: int
    check_days: Mapping[str, int]
    warn_days: int
    translate_url: str
    translate_key: str = field(repr=False)
    link_days: int

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
        public_url=values["NEWCOMER_PUBLIC_URL"].rstrip("/"),
        desk_hours=max(1, numbers["NEWCOMER_DESK_HOURS"]),
        oidc_issuer=values["NEWCOMER_OIDC_ISSUER"],
        oidc_client_id=values["NEWCOMER_OIDC_CLIENT_ID"],
        oidc_client_secret=values["NEWCOMER_OIDC_CLIENT_SECRET"],
        oidc_name=values["NEWCOMER_OIDC_NAME"],
        smtp_url=values["NEWCOMER_SMTP_URL"],
        mail_from=values["NEWCOMER_MAIL_FROM"],
        digest_days=numbers["NEWCOMER_DIGEST_DAYS"],
        check_days={kind: max(1, numbers[f"NEWCOMER_CHECK_DAYS_{kind.upper()}"]) for kind in CHECKED_KINDS},
        warn_days=numbers["NEWCOMER_WARN_DAYS"],
        translate_url=values["NEWCOMER_TRANSLATE_URL"],
        translate_key=values["NEWCOMER_TRANSLATE_KEY"],
        link_days=numbers["NEWCOMER_LINK_DAYS"],
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
