"""A form is about the city its page was opened in, also where its sender has gone on to another city in another tab."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from knowledge.editorial.accounts.names import municipality_name
from knowledge.editorial.accounts.sessions import choose_municipality
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.sent_forms import form_owner, wants_json

# The municipality that an address is about, by the parts of the address; None where there is none.
CityOf = Callable[[Session, Mapping[str, str]], str | None]


async def stand_where_it_is(desk: DeskRequest, city_of: CityOf) -> None:
    """A page about one thing (an import that goes on) is about that thing's city, also where its reader has gone on to another one: for
    this request only, since nobody has asked to work there again."""
    who = desk.signed_in
    if who is None or len(who.actor.municipalities) < 2:
        return
    there = await desk.run(lambda session: city_of(session, desk.request.match_info), writing=False)
    if there is None or there == who.municipality or there not in who.actor.municipalities:
        return
    place = await desk.run(lambda session: municipality_name(session, there), writing=False)
    desk.signed_in = replace(who, municipality=there, place=place)


async def stand_where_it_was_opened(desk: DeskRequest) -> bool:
    """Work in the municipality that the form names; False where its sender has no role there any longer.

    Scripts act there for this request only: their page stays open in its tab. Whoever sends a form goes on there, since the page that it
    leads to is about that municipality, too.
    """
    who, owner = desk.signed_in, form_owner(desk)
    if who is None or owner is None or owner.municipality in ("", who.municipality):
        return True
    there = owner.municipality
    if there not in who.actor.municipalities:
        return False
    desk.signed_in = replace(who, municipality=there)
    if not wants_json(desk.request):
        # The name first: where the database is busy, the form is handed back on a page that is about the right place already.
        place = await desk.run(lambda session: municipality_name(session, there), writing=False)
        desk.signed_in = replace(desk.signed_in, place=place)
        await desk.run(lambda session: choose_municipality(session, who.session_id, there))
        desk.moved = True
    return True


def token_where_it_was_opened(desk: DeskRequest) -> bool:
    """As above, for a page of an earlier session of the same person, that asks for a new token; it need not be of this session."""
    who, owner = desk.signed_in, form_owner(desk)
    if who is None or owner is None or owner.user_id != who.user_id or not owner.municipality:
        return True
    if owner.municipality not in who.actor.municipalities:
        return False
    desk.signed_in = replace(who, municipality=owner.municipality)
    return True
