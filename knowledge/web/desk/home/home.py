"""The home page: what needs this person now, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.accounts.kept_forms import kept_for
from knowledge.editorial.actor import Permission
from knowledge.editorial.due import Due
from knowledge.editorial.home.overview import Overview, Shown, overview
from knowledge.editorial.home.parts import Name
from knowledge.editorial.scope import Scope
from knowledge.editorial.suggestions import waiting
from knowledge.store.desk_tables import SuggestionRow
from knowledge.web.desk.home.common import Line, ask, line, page_of
from knowledge.web.desk.record.common import Place, url_of
from knowledge.web.desk.request import DeskRequest

_OWN_SUGGESTIONS = 5


@dataclass(frozen=True, slots=True)
class Card:
    """One list on the page."""

    name: str
    count: int
    lines: list[Line]
    url: str

    @property
    def more(self) -> int:
        """How many are not shown here."""
        return self.count - len(self.lines) if self.name != Name.TRANSLATIONS else 0


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk."""

    secret, user = desk.settings.secret, desk.actor.id

    def work(session: Session) -> tuple[Overview, Place, list[tuple[SuggestionRow, str, str]], bool]:
        asked, place = ask(desk, session)
        said: list[tuple[SuggestionRow, str, str]] = []
        if not desk.may_anywhere(Permission.EDIT):
            _, rows = waiting(session, Scope(desk.municipality), limit=_OWN_SUGGESTIONS, user_id=desk.actor.id)
            names = desk.sight(session).names(record.id for _, record in rows)
            said = [(row, names[record.id], url_of(record.id)) for row, record in rows if record.id in names]
        return overview(asked), place, said, user is not None and bool(kept_for(session, secret, user))

    found, place, said, kept = await desk.run(work)
    cards = [_card(one, place, desk.language) for one in found.waiting]
    return desk.page(
        "home/home.html",
        first=cards[0] if cards else None,
        cards=cards[1:],
        done=[(name.value, page_of(name)) for name in found.done],
        planned=_card(found.planned, place, desk.language) if found.planned else None,
        coming=_coming(found.coming, place),
        empty=found.empty,
        works=bool(found.parts),
        kept=kept,
        said=said,
        place=place,
    )


def _card(shown: Shown, place: Place, language: str) -> Card:
    return Card(shown.name.value, shown.count, [line(shown.name, item, place, language) for item in shown.items], page_of(shown.name))


def _coming(due: Due | None, place: Place) -> tuple[str, str, str] | None:
    return (due.name, url_of(due.key), place.day(due.on)) if due and due.on else None
