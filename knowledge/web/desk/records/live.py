"""What the forms' scripts ask while somebody types: keep this, who has it open, what was understood, is there one like it."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.domain.sentences import count_sentences
from knowledge.editorial import autosave
from knowledge.editorial.actor import Permission
from knowledge.editorial.duplicates import Entered, similar
from knowledge.editorial.errors import DeskError, NotAllowed, NotFound
from knowledge.editorial.locks import acquire, release_lock
from knowledge.editorial.records import get, record_key
from knowledge.web.desk.records.choices import MOST_FOUND, RECORDS, Choices, record_option
from knowledge.web.desk.records.fields import Fields, first, from_pairs
from knowledge.web.desk.records.hours_field import Told, tell, understand
from knowledge.web.desk.records.sheets import lock_stamp, may_create, place_of, record_url, today_in
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.where_opened import token_where_it_was_opened

# A long guide page in a script that takes three bytes a letter, twice.
LARGEST = 2 * 1024 * 1024
_LONGEST_WORDS = 2000


async def _sent(desk: DeskRequest) -> dict[str, Any]:
    """The JSON object of the request.

    Raises DeskError where it is none, or too large.
    """
    try:
        found = json.loads(await desk.request.clone(client_max_size=LARGEST).read())
    except web.HTTPRequestEntityTooLarge as error:
        raise DeskError("desk.too_large") from error
    except ValueError as error:
        raise DeskError("desk.not_understood") from error
    if not isinstance(found, dict):
        raise DeskError("desk.not_understood")
    return found


def _fields(sent: dict[str, Any]) -> Fields:
    """The fields of a form as [[name, value], …], in the order of the form."""
    pairs = sent.get("fields")
    if not isinstance(pairs, list):
        raise DeskError("desk.not_understood")
    return from_pairs((str(one[0]), str(one[1])) for one in pairs if isinstance(one, list) and len(one) == 2)


def _answer(**content: object) -> web.Response:
    return web.json_response(content, headers={"Cache-Control": "no-store"})


async def token(desk: DeskRequest) -> web.Response:
    """GET /desk/records/token: the form token of this session, for a page that was opened in an earlier one; and whose it is, so that
    nobody's words are kept under another name. It is for the municipality in which the page was opened."""
    if not token_where_it_was_opened(desk):
        raise NotAllowed("desk.no_role_there")
    return _answer(csrf=desk.csrf, user=desk.actor.id)


async def keep(desk: DeskRequest) -> web.Response:
    """POST /desk/records/{kind}/autosave: {form, base, user, fields}."""
    kind = desk.request.match_info["kind"]
    sent = await _sent(desk)
    form, fields = str(sent.get("form", ""))[:300], _fields(sent)
    base = sent.get("base")
    if sent.get("user") != desk.actor.id:
        raise NotAllowed("desk.somebody_else")

    def work(session: Session) -> None:
        if form.startswith(f"new:{kind}:"):
            if not may_create(desk, kind):
                raise NotAllowed("desk.not_allowed", permission=Permission.EDIT.value)
        elif get(session, desk.actor, form, Permission.EDIT).municipality_id != desk.municipality or not form.startswith(f"{kind}:"):
            raise NotFound("desk.no_record", record=form)
        autosave.keep(session, desk.actor, desk.municipality, form, kind, base if isinstance(base, int) else 0, {**fields})

    await desk.run(work)
    return _answer(kept=True)


async def lock(desk: DeskRequest) -> web.Response:
    """POST /desk/record/{kind}/{id}/lock: {action, stamp}: "hold" (the heartbeat), "take" or "release".

    Each answer has a new `stamp`. A page that is left gives the lock free only while its own stamp is the newest: the next page of the
    same person may already hold it.
    """
    sent = await _sent(desk)
    action = sent.get("action")
    key = record_key(desk.request.match_info["kind"], desk.municipality, desk.request.match_info["id"])

    def work(session: Session) -> web.Response:
        record = get(session, desk.actor, key, Permission.EDIT)
        if action == "release":
            if sent.get("stamp") == lock_stamp(session, key):
                release_lock(session, desk.actor, key)
            return _answer(held=False, by="", newest=record.newest, saved_by="", stamp="")
        holder = acquire(session, desk.actor, key, take_over=action == "take")
        stamp = lock_stamp(session, key) if holder is None else ""
        by = holder.name if holder else ""
        return _answer(held=holder is None, by=by, newest=record.newest, saved_by=record.changed_by, stamp=stamp)

    return await desk.run(work)


async def hours(desk: DeskRequest) -> web.Response:
    """POST /desk/records/{kind}/hours: {words, place, fields}: what was understood of opening hours. `place` is the path of the place."""
    sent = await _sent(desk)
    words, place, fields = str(sent.get("words", "")), str(sent.get("place", "")), _fields(sent)

    def work(session: Session) -> Told:
        today = today_in(session, desk.municipality)
        understood = understand(words, desk.language, today)
        settings = place_of(fields, place)
        if understood.holidays is not None:
            settings["closed_on_holidays"] = understood.holidays
        settings["exceptions"] = [*settings["exceptions"], *understood.exceptions]
        return tell(understood, settings, desk.language, today)

    told = await desk.run(work)
    return _answer(
        sentence=told.sentence,
        pieces=told.pieces,
        problems=told.problems,
        notices=told.notices,
        complete=told.complete,
        stamp=told.stamp,
        lead=desk.say("desk.hours.understood"),
    )


async def likeness(desk: DeskRequest) -> web.Response:
    """POST /desk/records/{kind}/similar: {fields, record}: records that resemble what has been typed so far."""
    kind = desk.request.match_info["kind"]
    sent = await _sent(desk)
    fields = _fields(sent)
    entered = Entered(
        name=(first(fields, "texts.name") or first(fields, "texts.title"))[:_LONGEST_WORDS],
        also=tuple(first(fields, "also")[:_LONGEST_WORDS].split("\n")),
        street=first(fields, "address.street")[:_LONGEST_WORDS],
        locations=tuple(first(fields, name) for name in fields if name.endswith(".location") and first(fields, name)),
    )
    found = await desk.run(lambda session: similar(desk.sight(session), kind, entered, besides=sent.get("record") or None))
    return _answer(
        title=desk.say("desk.similar.title", number=len(found)),
        found=[
            {
                "key": one.key,
                "url": record_url(kind, one.local),
                "words": ", ".join(part for part in (one.name, one.place) if part),
                "reason": desk.say(f"desk.similar.{one.reason}"),
                "at": "address.street" if one.reason == "address" else "name",
            }
            for one in found
        ],
    )


async def sentences(desk: DeskRequest) -> web.Response:
    """POST /desk/records/article/sentences: {words}: how many sentences an answer has so far."""
    sent = await _sent(desk)
    words = str(sent.get("words", ""))[:20_000]
    number = count_sentences(words) if words.strip() else 0
    return _answer(number=number, words=desk.say("desk.sentences.count", number=number, most=3), many=number > 3)


async def choices(desk: DeskRequest) -> web.Response:
    """GET /desk/records/{kind}/choices?q=: records to choose from, for a field that names another record."""
    kind, words = desk.request.match_info["kind"], desk.request.query.get("q", "")[:200]
    if kind not in RECORDS:
        raise NotFound("desk.no_record", record=kind)

    def work(session: Session) -> list[dict[str, str]]:
        known = Choices(desk.sight(session), desk.language)
        if words.strip():
            found = known.find(kind, words)
        else:
            in_order = sorted(known.records(kind).values(), key=lambda one: one.sort_name)
            found = [record_option(one) for one in in_order[:MOST_FOUND]]
        return [{"value": one.value, "label": one.label, "detail": one.detail} for one in found]

    return _answer(found=await desk.run(work))
