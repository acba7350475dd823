"""/desk/kept: what was sent when the session was over, to be looked at and sent now, or thrown away."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.accounts import kept_forms
from knowledge.editorial.accounts.kept_forms import Kept
from knowledge.editorial.accounts.sessions import SignedIn
from knowledge.editorial.errors import NotAllowed, NotFound
from knowledge.store.tables import MunicipalityRow
from knowledge.web.desk.accounts.common import moment_words, zone_of
from knowledge.web.desk.kept.going_on import HOME, opens, reopen, stand_where_it_belongs, translated_into
from knowledge.web.desk.kept.late import page_above
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.sent_forms import Again, Line


@dataclass(frozen=True, slots=True)
class Shown:
    """One form on the page. `opens`: it is looked at on its own page, or has to be opened in another municipality first. `page` is where
    its button stands; empty in another municipality. `to_read`: they have no role there any longer. `language` is that of the words."""

    id: str
    when: str
    again: Again
    opens: bool
    to_read: bool
    page: str
    language: str

    @property
    def typed(self) -> list[str]:
        """What the person wrote."""
        return [line.value for line in self.again.lines if line.typed]


def _who(desk: DeskRequest) -> SignedIn:
    assert desk.signed_in is not None
    return desk.signed_in


async def show(desk: DeskRequest) -> web.Response:
    """GET /desk/kept."""
    who = _who(desk)

    def work(session: Session) -> list[tuple[Kept, str, str]]:
        zone = zone_of(session, who.municipality)
        found = kept_forms.kept_for(session, desk.settings.secret, who.user_id)
        return [(one, moment_words(one.at, zone, desk.language), _language(session, one)) for one in found]

    return desk.page("kept/list.html", forms=[await _shown(desk, *one) for one in await desk.run(work)])


def _language(session: Session, one: Kept) -> str:
    """What is translated is in the language of its page; everything else is written in that of the municipality."""
    town = session.get(MunicipalityRow, one.municipality)
    return translated_into(one) or (town.source_language if town is not None else "")


async def _shown(desk: DeskRequest, one: Kept, when: str, language: str) -> Shown:
    again = Again(one.path, [Line(field.name, field.value, field.typed) for field in one.fields])
    elsewhere = one.municipality != _who(desk).municipality
    page = "" if elsewhere else await page_above(desk.request, one.path.partition("?")[0])
    alone = elsewhere or (opens(one) and one.id != desk.request.query.get("send"))
    to_read = one.municipality not in _who(desk).actor.municipalities
    return Shown(one.id, when, again, alone, to_read, page, language)


async def open_again(desk: DeskRequest) -> web.Response:
    """POST /desk/kept/open: the form on its own page, in the municipality it belongs to."""
    who = _who(desk)

    def work(session: Session) -> str:
        one = kept_forms.one_kept(session, desk.settings.secret, who.user_id, desk.text("form"))
        if one is None:
            raise NotFound("desk.not_kept")
        if not stand_where_it_belongs(session, who, one):
            raise NotAllowed("desk.no_role_there")
        # What cannot be opened on its own page is sent from here.
        return reopen(session, who.actor, one) or f"{HOME}?send={one.id}"

    return desk.redirect(await desk.run(work))


async def discard(desk: DeskRequest) -> web.Response:
    """POST /desk/kept/discard."""
    who, id = _who(desk), desk.text("form")

    def work(session: Session) -> int:
        kept_forms.forget(session, who.user_id, id)
        return len(kept_forms.kept_for(session, desk.settings.secret, who.user_id))

    left = await desk.run(work)
    return desk.redirect(HOME if left else "/desk", "typed_discarded")
