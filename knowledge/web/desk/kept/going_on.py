"""After signing in again: the form that was kept opens with everything that was in it, unsaved."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from knowledge.editorial.accounts.kept_forms import Kept, kept_for
from knowledge.editorial.accounts.sessions import SignedIn, choose_municipality
from knowledge.editorial.actor import Actor
from knowledge.web.desk.records.reopening import is_record_form, reopen_record

HOME = "/desk/kept"
_SHEET = re.compile(r"/desk/record/\w+/[^/?]+/translate/(?P<language>[\w-]+)")


def go_on_with(session: Session, secret: str, who: SignedIn) -> str | None:
    """The page on which somebody goes on who has just signed in; None where nothing was kept for them. They work where the form belongs."""
    kept = kept_for(session, secret, who.user_id)
    if not kept:
        return None
    if len(kept) > 1 or not stand_where_it_belongs(session, who, kept[0]):
        return HOME
    return reopen(session, who.actor, kept[0]) or f"{HOME}?send={kept[0].id}"


def stand_where_it_belongs(session: Session, who: SignedIn, kept: Kept) -> bool:
    """Work in the municipality of the form; False for somebody who has no role there any longer."""
    if kept.municipality not in who.actor.municipalities:
        return False
    if kept.municipality != who.municipality:
        choose_municipality(session, who.session_id, kept.municipality)
    return True


def reopen(session: Session, actor: Actor, kept: Kept) -> str | None:
    """The page on which the form stands with what was typed; None for forms that are shown by themselves."""
    if _SHEET.fullmatch(kept.path):
        return f"{kept.path}?kept={kept.id}"
    return reopen_record(session, actor, kept)


def translated_into(kept: Kept) -> str:
    """The language of a translation; empty for other forms."""
    found = _SHEET.fullmatch(kept.path)
    return found["language"] if found is not None else ""


def opens(kept: Kept) -> bool:
    """Whether the form has a page of its own to stand on again."""
    return bool(_SHEET.fullmatch(kept.path)) or is_record_form(kept.path)
