"""A record's form that was sent after the session had ended becomes what autosave would have kept: typed, and not saved."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from urllib.parse import unquote

from sqlalchemy.orm import Session

from knowledge.editorial import autosave
from knowledge.editorial.accounts.kept_forms import Kept, forget
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import NotAllowed, NotFound
from knowledge.editorial.records import aware, get, record_key
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.records.fields import Fields, from_pairs
from knowledge.web.desk.records.shapes import FORMS
from knowledge.web.desk.records.sheets import FORM_NAME, list_url, may_create_in, record_url

_KIND = "|".join(FORMS)
_NEW = re.compile(rf"/desk/records/(?P<kind>{_KIND})/new(?:\?.*)?")
_EDIT = re.compile(rf"/desk/record/(?P<kind>{_KIND})/(?P<id>[^/?]+)/edit(?:\?.*)?")


def is_record_form(path: str) -> bool:
    """Whether `path` is where forms of records are sent to."""
    return bool(_NEW.fullmatch(path) or _EDIT.fullmatch(path))


def reopen_record(session: Session, actor: Actor, kept: Kept) -> str | None:
    """The page of the form; what was kept is handed over to autosave. None where it is no form of a record, where this person may not
    write it (any longer), or where they have typed something else into it since: nothing is handed over then."""
    given = {one.name: one.value for one in kept.fields}
    fields = from_pairs((one.name, one.value) for one in kept.fields)
    if (found := _NEW.fullmatch(kept.path)) is not None:
        return _new(session, actor, kept, found["kind"], given, fields)
    if (found := _EDIT.fullmatch(kept.path)) is not None:
        return _edit(session, actor, kept, found["kind"], unquote(found["id"]), given, fields)
    return None


def _new(session: Session, actor: Actor, kept: Kept, kind: str, given: Mapping[str, str], fields: Fields) -> str | None:
    if not may_create_in(actor, kept.municipality, kind):
        return None
    name = given.get("_form", "").rpartition(":")[2]
    if not FORM_NAME.fullmatch(name):
        name = secrets.token_urlsafe(9)
    handed = _hand_over(session, actor, kept, f"new:{kind}:{name}", kind, 0, fields)
    return f"{list_url(kind)}/new?form={name}" if handed else None


def _edit(session: Session, actor: Actor, kept: Kept, kind: str, local: str, given: Mapping[str, str], fields: Fields) -> str | None:
    key = record_key(kind, kept.municipality, local)
    try:
        record = get(session, actor, key, Permission.EDIT)
    except (NotFound, NotAllowed):
        return None
    url = f"{record_url(kind, local, 'edit')}?typed=yes"
    if "_mine" in given:
        # The choices between two versions: what was typed has been kept since the first of them was shown.
        if autosave.find(session, actor, key) is None:
            return None
        forget(session, kept_by(actor), kept.id)
        return url
    base = whole(given.get("_base", ""))
    number = record.newest if base is None else min(base, record.newest)
    return url if _hand_over(session, actor, kept, key, kind, number, fields) else None


def _hand_over(session: Session, actor: Actor, kept: Kept, form: str, kind: str, base: int, fields: Fields) -> bool:
    there = autosave.find(session, actor, form)
    written = aware(there.at) if there is not None else None
    if there is not None and written is not None and written > kept.at and there.fields != fields:
        return False
    autosave.keep(session, actor, kept.municipality, form, kind, base, {**fields})
    forget(session, kept_by(actor), kept.id)
    return True


def kept_by(actor: Actor) -> int:
    """The user's id: forms are kept for people only."""
    assert actor.id is not None
    return actor.id
