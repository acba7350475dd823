"""How HSDS nests one table's rows in another's in JSON; the same rules unfold foreign JSON and fold our rows.

A list holds the rows that point at their parent (`service.phones`: phones with this `service_id`); a single object is what the parent
points at (`service.organization`: the one named by `organization_id`).
"""

from __future__ import annotations

from knowledge.exchange.hsds.tables import PREFIX, tables

# Table -> keys of lists in its objects -> table of their rows.
LISTS: dict[str, dict[str, str]] = {
    "organization": {
        "funding": "funding",
        "contacts": "contact",
        "phones": "phone",
        "locations": "location",
        "programs": "program",
        "organization_identifiers": "organization_identifier",
        "services": "service",
    },
    "service": {
        "phones": "phone",
        "schedules": "schedule",
        "service_areas": "service_area",
        "service_at_locations": "service_at_location",
        "languages": "language",
        "funding": "funding",
        "cost_options": "cost_option",
        "required_documents": "required_document",
        "contacts": "contact",
    },
    "service_at_location": {
        "contacts": "contact",
        "phones": "phone",
        "schedules": "schedule",
        "newcomer_schedule_exceptions": "newcomer_schedule_exception",
    },
    "location": {
        "languages": "language",
        "addresses": "address",
        "contacts": "contact",
        "accessibility": "accessibility",
        "phones": "phone",
        "schedules": "schedule",
    },
    "contact": {"phones": "phone"},
    "phone": {"languages": "language"},
}
# Lists that the objects of any table may have -> their table, and the column that has the parent's id and, if any, its table's name.
ANYWHERE = {
    "attributes": ("attribute", "link_id", "link_entity"),
    "metadata": ("metadata", "resource_id", "resource_type"),
    "newcomer_translations": ("newcomer_translation", "resource_id", "resource_type"),
    "newcomer_other_values": ("newcomer_other_value", "resource_id", "resource_type"),
}
# Table -> keys of single objects in its objects -> their table, and the column that has their id.
SINGLES: dict[str, dict[str, tuple[str, str]]] = {
    "service": {"organization": ("organization", "organization_id"), "program": ("program", "program_id")},
    "service_at_location": {"location": ("location", "location_id"), "service": ("service", "service_id")},
    "attribute": {"taxonomy_term": ("taxonomy_term", "taxonomy_term_id")},
    "taxonomy_term": {"taxonomy_detail": ("taxonomy", "taxonomy_id")},
}
# What our profile knows about a row of HSDS stands in its object under this key.
OURS = "newcomer"


def profile_of(table: str) -> str | None:
    """The table of our profile that completes the rows of `table`."""
    name = PREFIX + table
    return name if name in tables() else None
