"""Files that a data package usually has, and what of a record stands in each: where one is missing, the package does not tell that."""

from __future__ import annotations

from collections.abc import Collection

from knowledge.exchange.batch import MissingFile
from knowledge.exchange.hsds.tables import PREFIX, tables

_AT, _ACCESS, _TOPICS = ("service", "at"), ("location", "accessibility"), (("service", "topics"), ("service", "audience"))
_DISTRICT, _LANGUAGES, _COST = ("location", "district"), ("service", "languages"), ("service", "cost")
# Table -> what is empty, or another, in documents that are read without it. Tables with records of their own are not here: a record that
# does not come stays as it is.
_HELD: dict[str, tuple[tuple[str, str], ...]] = {
    "phone": (("service", "phones"), ("contact", "phones")),
    "address": (("location", "address"),),
    "accessibility": (_ACCESS,),
    "attribute": _TOPICS,
    "taxonomy_term": _TOPICS,
    "cost_option": (_COST,),
    "language": (_LANGUAGES,),
    "required_document": (("service", "texts.required_documents"),),
    "contact": (("service", "contact"),),
    "schedule": (_AT,),
    "service_at_location": (_AT,),
    "service": (("article", "services"),),
    "organization": (("contact", "organization"),),
    "newcomer_municipality": (_AT,),
    "newcomer_district": (_DISTRICT,),
    "newcomer_organization": (("organization", "kind"),),
    "newcomer_location": (_AT,),
    "newcomer_contact": (("service", "contact"),),
    "newcomer_service": (("service", "also"), ("service", "appointment"), ("service", "capacity"), ("service", "closed")),
    "newcomer_accessibility": (_ACCESS,),
    "newcomer_language": (_LANGUAGES,),
    "newcomer_cost_option": (_COST,),
    "newcomer_schedule": (_AT,),
    "newcomer_schedule_exception": (_AT,),
    "newcomer_service_at_location": (_AT,),
    "newcomer_article_service": (("article", "services"),),
    "newcomer_other_value": tuple((kind, name) for kind in ("organization", "service", "contact") for name in ("website", "email")),
}
# Table -> the one of our profile without which its rows cannot be told apart, or not which of them are secret: they stay as they are.
NEEDS = {"contact": "newcomer_contact", "location": "newcomer_location"}


def missing_files(present: Collection[str]) -> list[MissingFile]:
    """Those that are not among the tables `present`. Files of our profile are missing only where others of it are there."""
    return [
        MissingFile(tables()[name].path, held)
        for name, held in _HELD.items()
        if name not in present and (is_ours(present) or not name.startswith(PREFIX))
    ]


def is_ours(present: Collection[str] | None) -> bool:
    """Whether a package with these tables comes out of a desk like this one."""
    return any(name.startswith(PREFIX) for name in present or ())
