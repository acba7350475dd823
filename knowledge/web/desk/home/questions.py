"""Questions that found no answer: groups with examples, and what to do about them."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.contents import contents, fold
from knowledge.editorial.errors import DeskError, NotAllowed, NotFound
from knowledge.editorial.questions import keeping
from knowledge.editorial.questions.keeping import QuestionGroup
from knowledge.editorial.questions.naming import LONGEST_NAME, add_other_name
from knowledge.web.desk.home.common import QUESTIONS
from knowledge.web.desk.home.todo import page_number
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.record.common import Place, place_of
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.routing import error_words
from locales.registry import direction

_SIZE = 20
_MOST_FOUND = 20


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/questions."""
    page = page_number(desk)

    def work(session: Session) -> tuple[list[QuestionGroup], int, Place, QuestionGroup | None]:
        found, total = keeping.groups(session, desk.actor, desk.municipality, page=page, size=_SIZE)
        return found, total, place_of(session, desk), _laid_aside(session, desk, {one.id for one in found})

    found, total, place, aside = await desk.run(work)
    return desk.page(
        "questions/list.html",
        groups=found,
        aside=aside,
        total=total,
        page=page,
        pages=max(1, -(-total // _SIZE)),
        place=place,
        direction=direction,
        days=desk.settings.retention_days,
    )


async def show_one(desk: DeskRequest) -> web.Response:
    """GET /desk/questions/{question}: what can be done about one group."""
    return await _one(desk)


async def handle(desk: DeskRequest) -> web.Response:
    """POST /desk/questions/{question}/handled."""
    await desk.run(lambda session: keeping.set_handled(session, desk.actor, desk.municipality, _id(desk)))
    return desk.redirect(f"{QUESTIONS}?aside={_id(desk)}", "question_handled")


def _laid_aside(session: Session, desk: DeskRequest, waiting: set[int]) -> QuestionGroup | None:
    """What was laid aside a moment ago, to be brought back by who did not mean it; None where there is nothing of it, or it is
    back among those that are `waiting`."""
    given = whole(desk.request.query.get("aside", ""))
    if given is None or given in waiting:
        return None
    try:
        return keeping.group(session, desk.actor, desk.municipality, given)
    except NotFound:
        return None


async def reopen(desk: DeskRequest) -> web.Response:
    """POST /desk/questions/{question}/reopened."""
    await desk.run(lambda session: keeping.set_handled(session, desk.actor, desk.municipality, _id(desk), False))
    return desk.redirect(f"{QUESTIONS}/{_id(desk)}", "question_reopened")


async def other_name(desk: DeskRequest) -> web.Response:
    """POST /desk/questions/{question}/other-name: a service gets another name, and the group is dealt with."""
    name, service = desk.text("name"), desk.text("service")

    def work(session: Session) -> bool:
        if not service:
            raise DeskError("desk.no_service_chosen")
        public = add_other_name(session, desk.actor, service, name)
        keeping.set_handled(session, desk.actor, desk.municipality, _id(desk))
        return public

    try:
        public = await desk.run(work)
    except (NotFound, NotAllowed):
        raise
    except DeskError as error:
        return await _one(desk, name=name, problem=error_words(desk, error), status=422)
    return desk.redirect(QUESTIONS, "question_named" if public else "question_named_draft")


async def _one(desk: DeskRequest, *, name: str = "", problem: str = "", status: int = 200) -> web.Response:
    # What is looked for among services stands in the form and not in the address: it may be a person's words.
    looked_for = desk.text("q") if desk.form is not None else ""

    def work(session: Session) -> tuple[QuestionGroup, list[tuple[str, str]], Place]:
        found = keeping.group(session, desk.actor, desk.municipality, _id(desk))
        return found, _services(session, desk.municipality, looked_for), place_of(session, desk)

    found, services, place = await desk.run(work)
    return desk.page(
        "questions/one.html",
        status=status,
        group=found,
        place=place,
        services=services,
        looked_for=looked_for,
        name=name,
        problem=problem,
        direction=direction,
        longest=LONGEST_NAME,
    )


async def look_for_service(desk: DeskRequest) -> web.Response:
    """POST /desk/questions/{question}: the page again, with the services that were looked for."""
    return await _one(desk, name=desk.text("name"))


def _services(session: Session, municipality: str, text: str) -> list[tuple[str, str]]:
    """(key, name) of services that have all the words; none without words."""
    words = fold(text).split()
    if not words:
        return []
    known = contents(session, municipality, "service").values()
    found = sorted((one.sort_name, one.key, one.name) for one in known if all(word in one.haystack for word in words))
    return [(key, name) for _, key, name in found[:_MOST_FOUND]]


def _id(desk: DeskRequest) -> int:
    given = whole(desk.request.match_info["question"])
    return -1 if given is None else given
