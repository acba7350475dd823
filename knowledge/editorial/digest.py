"""The digest: one e-mail every few days with what is due for this person, in their language, and only where something is.

It is sent once, however many processes are at it: the row of the person is locked while it is decided, and says when the last one went.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from knowledge.config import Settings
from knowledge.editorial.accounts.sessions import actor_of
from knowledge.editorial.home.overview import Shown, overview
from knowledge.editorial.home.parts import Asking, Name
from knowledge.editorial.mail import Mail, MailError, MailServer
from knowledge.editorial.records import aware
from knowledge.store.account_tables import UserRow
from knowledge.store.engine import begin_writing
from knowledge.store.tables import MunicipalityRow
from knowledge.store.texts import newest_texts, newest_translations
from locales.catalogue import say
from locales.registry import languages, served

log = structlog.get_logger(__name__)
EXAMPLES = 5
OFF = "/desk/digest/off/"


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person is told. `cities`: (name of the municipality, its lists)."""

    user_id: int
    email: str
    name: str
    language: str
    cities: Sequence[tuple[str, Sequence[Shown]]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a round: digests handed over, and those that could not be."""

    sent: int
    failed: int


def digest_of(session: Session, user: UserRow, settings: Settings, now: datetime) -> Digest | None:
    """The digest for `user` at this moment; None where nothing waits for them."""
    actor = actor_of(session, user)
    language = user.language if user.language in served() else settings.language
    cities = []
    for municipality in actor.municipalities:
        row = session.get(MunicipalityRow, municipality)
        if row is None:
            continue
        today = now.astimezone(ZoneInfo(row.timezone)).date()
        codes = tuple(code for code in served() if code != row.source_language)
        found = overview(Asking(session, actor, municipality, now, today, settings.check_days, codes), first=EXAMPLES)
        if found.waiting:
            cities.append((city_name(session, row, language), found.waiting))
    return Digest(user.id, user.email, user.name, language, cities) if cities else None


def city_name(session: Session, row: MunicipalityRow, language: str) -> str:
    """The municipality's name in `language`, in its own where there is none."""
    key = f"municipality:{row.id}"
    translated = newest_translations(session, key).get(("name", language))
    own = newest_texts(session, key).get("name")
    return translated.body if translated else own.body if own else row.id


def compose(digest: Digest, settings: Settings) -> Mail:
    """The digest as an e-mail."""
    code = digest.language
    total = sum(one.count for _, lists in digest.cities for one in lists if one.name is not Name.TRANSLATIONS)
    lines = [say("desk.digest.hello", code, name=digest.name), "", say("desk.digest.intro", code)]
    for city, lists in digest.cities:
        lines += ["", city.upper() if len(digest.cities) > 1 else ""]
        for shown in lists:
            lines += [f"{say(f'desk.home.part.{shown.name}', code)}: {shown.count}", *_examples(shown, code), ""]
    unsubscribe = f"{settings.public_url}{OFF}{token(digest.user_id, settings.secret)}"
    lines += [
        say("desk.digest.open", code),
        f"{settings.public_url}/desk",
        "",
        "-- ",
        say("desk.digest.why", code, days=settings.digest_days),
        say("desk.digest.off", code),
        unsubscribe,
        say("desk.digest.account", code),
        f"{settings.public_url}/desk/account",
    ]
    text = "\n".join(line for place, line in enumerate(lines) if line or place == 0 or lines[place - 1])
    subject = say("desk.digest.subject", code, number=total) if total else say("desk.digest.subject_translations", code)
    return Mail(digest.email, subject, text + "\n", unsubscribe=unsubscribe, language=code)


def _examples(shown: Shown, language: str) -> list[str]:
    # What people wrote is not sent by e-mail: it stays at the desk.
    if shown.name in (Name.QUESTIONS, Name.UNFINISHED):
        return []
    if shown.name is Name.TRANSLATIONS:
        return [f"  - {languages()[one.language].name}: {one.number}" for one in shown.items]
    rest = shown.count - len(shown.items)
    more = [f"  … {say('desk.digest.more', language, number=rest)}"] if rest > 0 else []
    return [f"  - {one.name}" for one in shown.items] + more


def token(user_id: int, secret: str) -> str:
    """For the link that switches the digest off: it opens nothing else, and does not grow old."""
    return str(URLSafeSerializer(secret, salt="digest-off").dumps(user_id))


def user_of_token(token: str, secret: str) -> int | None:
    """Whose digest the link is about; None for one that is not ours."""
    try:
        found = URLSafeSerializer(secret, salt="digest-off").loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


def switch_off(session: Session, user_id: int) -> bool:
    """No more digests for this person; returns whether there is such a person."""
    user = session.get(UserRow, user_id)
    if user is None:
        return False
    user.digest = False
    return True


def candidates(session: Session, settings: Settings, now: datetime) -> list[int]:
    """People who are to be told something if there is anything."""
    wanted = session.execute(
        select(UserRow.id, UserRow.digest_sent_at, UserRow.created_at)
        .where(UserRow.digest.is_(True), UserRow.disabled.is_(False))
        .order_by(UserRow.id)
    )
    return [id for id, sent, created in wanted if _is_time(sent, created, settings, now)]


def _is_time(sent: datetime | None, created: datetime, settings: Settings, now: datetime) -> bool:
    last = aware(sent) or aware(created)
    return last is None or now - last >= timedelta(days=settings.digest_days)


def _take(sessions: sessionmaker[Session], user_id: int, settings: Settings, now: datetime) -> tuple[Mail, datetime | None] | None:
    """(the e-mail, when the one before went), after noting that it is sent; None where it is not the time, or nothing waits."""
    with sessions() as session, session.begin():
        begin_writing(session)
        user = session.get(UserRow, user_id, with_for_update=True, populate_existing=True)
        if user is None or not user.digest or user.disabled or not _is_time(user.digest_sent_at, user.created_at, settings, now):
            return None
        digest = digest_of(session, user, settings, now)
        if digest is None:
            return None
        before, user.digest_sent_at = user.digest_sent_at, now
        return compose(digest, settings), before


def _give_back(sessions: sessionmaker[Session], user_id: int, before: datetime | None, now: datetime) -> None:
    with sessions() as session, session.begin():
        begin_writing(session)
        session.execute(update(UserRow).where(UserRow.id == user_id, UserRow.digest_sent_at == now).values(digest_sent_at=before))


async def send_digests(sessions: sessionmaker[Session], settings: Settings, server: MailServer, now: datetime) -> Sent:
    """Send what is due to everybody. What fails for a while is tried again the next time; what fails for good, after the usual days."""
    sent = failed = 0

    def read() -> list[int]:
        with sessions() as session:
            return candidates(session, settings, now)

    for user_id in await asyncio.to_thread(read):
        taken = await asyncio.to_thread(_take, sessions, user_id, settings, now)
        if taken is None:
            continue
        mail, before = taken
        try:
            await server.send(mail)
            sent += 1
        except MailError as error:
            failed += 1
            log.warning("digest.not_sent", user=user_id, key=error.key, permanent=error.permanent)
            if not error.permanent:
                await asyncio.to_thread(_give_back, sessions, user_id, before, now)
    return Sent(sent, failed)


def preview(sessions: sessionmaker[Session], settings: Settings, now: datetime) -> list[Mail]:
    """What would be sent now: nothing is sent or noted."""
    with sessions() as session:
        found = []
        for user_id in candidates(session, settings, now):
            digest = digest_of(session, session.get_one(UserRow, user_id), settings, now)
            if digest is not None:
                found.append(compose(digest, settings))
        return found
