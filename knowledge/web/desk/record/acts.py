"""What can be done with a record by one click or a small form: the workflow, checking, facts of the day, who looks after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.domain.records import CapacityState
from knowledge.editorial import care, review
from knowledge.editorial.actor import Permission
from knowledge.editorial.availability import close, reopen, set_capacity
from knowledge.editorial.errors import Conflict, DeskError, NotAllowed, NotFound
from knowledge.editorial.expiry import set_expiry
from knowledge.editorial.publish import archive
from knowledge.editorial.records import aware, get, now
from knowledge.editorial.references import names_seen
from knowledge.editorial.suggestions import handle, suggest
from knowledge.editorial.together import hold_together, publish_together
from knowledge.editorial.undo import undo
from knowledge.editorial.verify import still_true
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.record.common import hold, key_of, own_url, place_of, read_day
from knowledge.web.desk.record.overview import page
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.routing import error_words

Work = Callable[[Session], Any]
_MOST_WEEKS = 999


async def _do(desk: DeskRequest, work: Work, notice: str, *, at: str = "") -> web.Response:
    """Do `work`, then back to the record with a notice. What is refused is said on the page, beside the form `at`, with what was typed."""
    try:
        await desk.run(work)
    except (NotFound, NotAllowed):
        raise
    except DeskError as error:
        named = await _with_names(desk, error)
        return await page(desk, status=409 if isinstance(error, Conflict) else 422, problem=error_words(desk, named), at=at)
    return desk.redirect(own_url(desk), notice)


async def _with_names(desk: DeskRequest, error: DeskError) -> DeskError:
    """The error with names of records in place of their keys."""
    found = error.fields.get("records")
    if isinstance(found, list):
        error.fields["records"] = await desk.run(lambda session: names_seen(desk.sight(session), found, desk.language), writing=False)
    return error


async def submit(desk: DeskRequest) -> web.Response:
    """Hand the newest revision in for review."""

    def work(session: Session) -> None:
        hold(session, desk.actor, key_of(desk), desk.text("number"), Permission.EDIT)
        review.submit(session, desk.actor, key_of(desk))

    return await _do(desk, work, "record_submitted")


async def send_back(desk: DeskRequest) -> web.Response:
    """Back to its author, with words; or a publication that was planned taken back."""
    return await _do(
        desk, lambda session: review.send_back(session, desk.actor, key_of(desk), desk.text("note")), "record_sent_back", at="send_back"
    )


async def publish(desk: DeskRequest) -> web.Response:
    """Publish the revision that the person has seen, with everything that it needs: now, or at a moment by the city's clocks."""
    planned = bool(desk.text("publish_at"))

    def work(session: Session) -> None:
        place = place_of(session, desk)
        # All at once, in the order in which everybody does.
        hold_together(session, get(session, desk.actor, key_of(desk), Permission.PUBLISH))
        record = hold(session, desk.actor, key_of(desk), desk.text("number"), Permission.PUBLISH)
        at, until = place.read(desk.text("publish_at")), place.read(desk.text("expire_at"))
        if "expire_at" not in (desk.form or {}):
            # The button alone leaves the end as it was planned, unless that is over.
            until = aware(record.expire_at)
            until = until if until and until > now() else None
        if planned and at is not None and at <= now():
            raise DeskError("desk.moment_past")
        seen = desk.text("needs") if "needs" in (desk.form or {}) else None
        publish_together(session, desk.actor, record.id, at=at, expire_at=until, seen=seen)

    return await _do(desk, work, "record_scheduled" if planned else "record_published", at="schedule")


async def expire(desk: DeskRequest) -> web.Response:
    """When a public record goes by itself; empty: it stays."""

    def work(session: Session) -> None:
        set_expiry(session, desk.actor, key_of(desk), place_of(session, desk).read(desk.text("expire_at")))

    return await _do(desk, work, "record_expiry", at="expiry")


async def put_away(desk: DeskRequest) -> web.Response:
    """Archive: readers no longer see it."""
    return await _do(desk, lambda session: archive(session, desk.actor, key_of(desk)), "record_archived")


async def take_back(desk: DeskRequest) -> web.Response:
    """Undo the last publishing or archiving."""
    entry = whole(desk.text("entry"))

    def work(session: Session) -> None:
        undo(session, desk.actor, key_of(desk), -1 if entry is None else entry)

    return await _do(desk, work, "record_undone")


async def verify(desk: DeskRequest) -> web.Response:
    """ "Still true", for all languages."""
    return await _do(desk, lambda session: still_true(session, desk.actor, key_of(desk), place_of(session, desk).today), "record_verified")


async def capacity(desk: DeskRequest) -> web.Response:
    """How full a service is."""

    def work(session: Session) -> None:
        try:
            state = CapacityState(desk.text("state"))
        except ValueError as error:
            raise DeskError("desk.no_capacity") from error
        weeks = whole(desk.text("weeks"))
        if desk.text("weeks") and (weeks is None or weeks > _MOST_WEEKS):
            raise DeskError("desk.no_weeks")
        set_capacity(session, desk.actor, key_of(desk), state, None if weeks is None else weeks * 7, place_of(session, desk).today)

    return await _do(desk, work, "record_capacity", at="capacity")


async def close_for_a_while(desk: DeskRequest) -> web.Response:
    """Temporarily closed, from today unless another day is given."""

    def work(session: Session) -> None:
        since = read_day(desk.text("since")) or place_of(session, desk).today
        close(session, desk.actor, key_of(desk), since, read_day(desk.text("until")))

    return await _do(desk, work, "record_closed", at="closure")


async def open_again(desk: DeskRequest) -> web.Response:
    """Open as the hours say."""
    return await _do(desk, lambda session: reopen(session, desk.actor, key_of(desk)), "record_reopened", at="closure")


async def set_care(desk: DeskRequest) -> web.Response:
    """Who answers for it, and how often it is checked."""

    def work(session: Session) -> None:
        key, user, days = key_of(desk), whole(desk.text("responsible")), whole(desk.text("days"))
        if desk.text("days") and days is None:
            raise DeskError("desk.interval", most=care.LONGEST_INTERVAL)
        care.set_responsible(session, desk.actor, key, user)
        care.set_interval(session, desk.actor, key, days)

    return await _do(desk, work, "record_care", at="care")


async def say_what_is_wrong(desk: DeskRequest) -> web.Response:
    """A suggestion of somebody at the desk, for instance at an information point."""
    return await _do(
        desk, lambda session: suggest(session, desk.actor, key_of(desk), desk.text("text"), desk.language), "record_suggested", at="suggest"
    )


async def handled(desk: DeskRequest) -> web.Response:
    """A suggestion is dealt with."""
    number = whole(desk.text("suggestion"))
    return await _do(desk, lambda session: handle(session, desk.actor, key_of(desk), -1 if number is None else number), "record_handled")
