"""A question that a service could have answered, had it been found: the people's word for it becomes one of its other names."""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import DeskError
from knowledge.editorial.publish import publish
from knowledge.editorial.records import State, aware, body, get, hold_row
from knowledge.editorial.save import save
from knowledge.search.normalise import normalise

LONGEST_NAME = 80


def add_other_name(session: Session, actor: Actor, key: str, name: str) -> bool:
    """Add `name` to the other names of the service `key`; returns whether readers find it by that from now on.

    It is published at once where the record has no draft on top and the actor may publish; otherwise it is a draft.
    Raises DeskError("desk.no_name") for a name that is empty or too long, ("desk.not_a_service").
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise DeskError("desk.no_name", most=LONGEST_NAME)
    record = get(session, actor, key, Permission.EDIT)
    if record.kind != "service":
        raise DeskError("desk.not_a_service")
    hold_row(session, record)
    document = body(session, record)
    own = [*document.get("also", ()), str(document.get("texts", {}).get("name", ""))]
    public = record.state == State.PUBLISHED
    if normalise(name) in map(normalise, own):
        return public
    save(session, actor, key, {**document, "also": [*document.get("also", ()), name]}, base=record.newest, minor=True)
    if public and actor.may(Permission.PUBLISH, record.municipality_id, record.organization_id):
        publish(session, actor, key, expire_at=aware(record.expire_at))
        return True
    return False
