"""How much hangs on a record: what is translated first where not everything can be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knowledge.domain.records import CRISIS_TOPICS
from knowledge.store import tables as t


@dataclass(frozen=True, slots=True)
class Uses:
    """`crisis`: people in danger read it, or everybody is sent there who finds no answer. `number`: how many public records are met
    together with it."""

    crisis: bool = False
    number: int = 0


def uses_of(session: Session, municipality: str) -> dict[str, Uses]:
    """Record key -> uses, for public records that have any.

    An answer counts the services for its topic; a service the answers on its topics and those that name it; an organization, a place and
    a contact the services that have it.
    """
    topics = _topics(session, municipality)
    by_topic = Counter(topic for found in topics.values() for topic in found)
    rows = session.execute(select(t.ArticleRow.id, t.ArticleRow.topic).where(t.ArticleRow.municipality_id == municipality))
    articles = {key: topic for key, topic in rows}
    answered = Counter(articles.values())
    named = _counted(session, t.ArticleServiceRow.service_id, f"{municipality}/")
    point = session.scalar(select(t.MunicipalityRow.information_point).where(t.MunicipalityRow.id == municipality))
    services = session.execute(
        select(t.ServiceRow.id, t.ServiceRow.organization_id, t.ServiceRow.contact_id).where(t.ServiceRow.municipality_id == municipality)
    ).all()
    found: dict[str, Uses] = {}
    crisis_services: set[str] = set()
    for key, organization, contact in services:
        crisis = key == point or not topics.get(key, set()).isdisjoint(CRISIS_TOPICS)
        if crisis:
            crisis_services.add(key)
        found[f"service:{key}"] = Uses(crisis, named[key] + sum(answered[topic] for topic in topics.get(key, ())))
        _add(found, f"organization:{organization}", crisis=False)
        if contact:
            _add(found, f"contact:{contact}", crisis=crisis)
    at = t.ServiceAtLocationRow
    for service, location in session.execute(select(at.service_id, at.location_id).where(at.service_id.startswith(f"{municipality}/"))):
        _add(found, f"location:{location}", crisis=service in crisis_services)
    for key, topic in articles.items():
        found[f"article:{key}"] = Uses(topic in CRISIS_TOPICS, by_topic[topic])
    return found


def _add(found: dict[str, Uses], key: str, *, crisis: bool) -> None:
    known = found.get(key, Uses())
    found[key] = Uses(known.crisis or crisis, known.number + 1)


def _topics(session: Session, municipality: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    table = t.ServiceTopicRow
    for key, topic in session.execute(select(table.service_id, table.topic).where(table.service_id.startswith(f"{municipality}/"))):
        found.setdefault(key, set()).add(topic)
    return found


def _counted(session: Session, column: object, start: str) -> Counter[str]:
    rows = session.execute(select(column, func.count()).where(column.startswith(start)).group_by(column))  # type: ignore[attr-defined, call-overload]
    return Counter({key: number for key, number in rows})
