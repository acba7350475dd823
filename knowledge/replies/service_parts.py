"""What services know about a part of a question that the city has written no answer to: its cost, its papers, how to come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from knowledge.replies.service_card import short_card
from knowledge.views import ServiceView
from locales.catalogue import say

MOST = 2


def parts_of_services(services: Sequence[ServiceView], part: str, language: str, now: datetime) -> str | None:
    """What `services` know of `part`, each under its name; None where none of them knows it."""
    blocks = []
    for service in services:
        known = f"**{service.name.body}**\n{known_words}" if (known_words := words_of(service, part, language)) else None
        if part == "where":
            known = short_card(service, language, now)
        if known:
            phone = f"\n☎ {service.phones[0]}" if service.phones and part != "where" else ""
            blocks.append(known + phone)
    return "\n\n".join(blocks[:MOST]) or None


def words_of(service: ServiceView, part: str, language: str) -> str | None:
    """What one service knows of `part`."""
    if part == "documents" and service.required_documents:
        lines = "\n".join(f"- {line}" for line in service.required_documents.lines)
        return f"{say('answer.documents', language)}:\n{lines}"
    if part == "cost":
        if service.fees:
            return say("service.fees", language, fees=service.fees.body)
        return say("service.free", language) if service.cost.free else None
    how = f"{say('service.how', language)} {service.application_process.body}" if service.application_process else None
    if part == "steps":
        return how
    if part == "other_person" and service.eligibility:
        return f"{say('service.for_whom', language)} {service.eligibility.body}"
    if part == "simple":
        return "\n".join(one for one in (service.description.body if service.description else None, how) if one) or None
    return None
