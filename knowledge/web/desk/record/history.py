"""All revisions of a record, any two of them side by side, and going back to one."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.documents.changes import changes
from knowledge.editorial.actor import Permission
from knowledge.editorial.history import restore as restore_verb
from knowledge.editorial.history import revisions
from knowledge.editorial.records import revision
from knowledge.editorial.sight import get_covered
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.record.common import hold, key_of, own_url, place_of
from knowledge.web.desk.record.overview import record_fields, said
from knowledge.web.desk.records.choices import Choices
from knowledge.web.desk.records.wording import Wording
from knowledge.web.desk.request import DeskRequest


async def show(desk: DeskRequest) -> web.Response:
    """GET …/history, with ``?from=`` and ``?to=`` the numbers of two revisions that are compared."""

    def work(session: Session) -> dict[str, Any]:
        record = get_covered(session, desk.actor, key_of(desk))
        place = place_of(session, desk)
        rows = revisions(session, record)
        older, newer = _two(desk, [row.number for row in rows], record.published)
        wording = Wording(record.kind, Choices(desk.sight(session), desk.language), place.today)
        fields = {**record_fields(desk, record, place), "rows": rows, "older": older, "newer": newer, "changed": None}
        if older is not None and newer is not None:
            before, after = revision(session, record, older), revision(session, record, newer)
            fields["changed"] = [wording.side_by_side(one) for one in changes(before.body, after.body)]
        if len(rows) == 1:
            fields["only"] = said(wording, rows[0].body)
        return fields

    return desk.page("record/history.html", **{"only": [], **await desk.run(work)})


def _two(desk: DeskRequest, numbers: list[int], published: int | None) -> tuple[int | None, int | None]:
    """The revisions asked for; else the newest, and what is public or came before it."""
    given = [whole(desk.request.query.get(name, "")) for name in ("from", "to")]
    if given[0] in numbers and given[1] in numbers:
        return min(given), max(given)  # type: ignore[type-var]
    if len(numbers) < 2:
        return None, None
    newest = numbers[0]
    return (published if published is not None and published != newest else numbers[1]), newest


async def restore(desk: DeskRequest) -> web.Response:
    """POST …/restore: revision `revision` becomes the newest one, as a draft."""
    wanted = whole(desk.text("revision"))

    def work(session: Session) -> None:
        hold(session, desk.actor, key_of(desk), desk.text("number"), Permission.EDIT)
        restore_verb(session, desk.actor, key_of(desk), -1 if wanted is None else wanted)

    await desk.run(work)
    return desk.redirect(own_url(desk), "record_restored")
