"""The tables of HSDS 3.0, and those of our profile beside them.

Everything goes through tables: an export makes rows and writes them as CSV or nested JSON, an import reads rows out of either. The tables
of the profile are read from its JSON schemas (``profile/newcomer_*.json``), so that what is published is what is used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PROFILE_FOLDER = Path(__file__).resolve().parent / "profile"
PROFILE_URI = "urn:newcomer-desk:hsds-profile:1"
PREFIX = "newcomer_"

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its Table Schema type and format, and what is demanded of it."""

    name: str
    type: str = "string"
    format: str | None = None
    required: bool = False
    unique: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the CSV file that holds it, its columns, and the tables that its columns point at (always at the id)."""

    name: str
    path: str
    columns: Mapping[str, Column]
    foreign_keys: Mapping[str, str]

    @property
    def ours(self) -> bool:
        """Whether it belongs to our profile."""
        return self.name.startswith(PREFIX)


# A column a word: name, "!" required, "*" unique, ":type", "@format", "=choices". Every table begins with "id!@uuid".
_HSDS = {
    ("organization", "organizations.csv"): "name! alternate_name description! email@email website@uri tax_status tax_id "
    "year_incorporated:number legal_status logo uri@uri parent_organization_id@uuid",
    ("program", "programs.csv"): "organization_id!*@uuid name! alternate_name description!",
    ("service", "services.csv"): "organization_id!@uuid program_id@uuid name! alternate_name description url@uri email@email "
    "status!=active|inactive|defunct|temporarily_closed interpretation_services application_process fees_description wait_time fees "
    "accreditations eligibility_description minimum_age:number maximum_age:number assured_date:date assurer_email@email licenses alert "
    "last_modified:datetime",
    ("attribute", "attributes.csv"): "link_id!@uuid taxonomy_term_id!@uuid link_type link_entity! value",
    ("service_at_location", "service_at_location.csv"): "service_id!@uuid location_id!@uuid description",
    ("location", "locations.csv"): "location_type!=physical|postal|virtual url@uri organization_id@uuid name alternate_name description "
    "transportation latitude:number longitude:number external_identifier external_identifier_type",
    ("phone", "phones.csv"): "location_id@uuid service_id@uuid organization_id@uuid contact_id@uuid service_at_location_id@uuid number! "
    "extension:number type description",
    ("contact", "contacts.csv"): "organization_id@uuid service_id@uuid service_at_location_id@uuid location_id@uuid name title department "
    "email@email",
    ("address", "addresses.csv"): "location_id@uuid attention address_1! address_2 city! region state_province! postal_code! country! "
    "address_type!=physical|postal|virtual",
    ("schedule", "schedules.csv"): "service_id@uuid location_id@uuid service_at_location_id@uuid valid_from:date valid_to:date "
    "dtstart:date timezone:number until:date count:number wkst=MO|TU|WE|TH|FR|SA|SU freq=WEEKLY|MONTHLY interval:number byday byweekno "
    "bymonthday byyearday description opens_at:time closes_at:time schedule_link@uri attending_type notes",
    ("funding", "funding.csv"): "organization_id@uuid service_id@uuid source",
    ("service_area", "service_areas.csv"): "service_id@uuid name description extent extent_type uri",
    ("required_document", "required_documents.csv"): "service_id@uuid document uri@uri",
    ("language", "languages.csv"): "service_id@uuid location_id@uuid phone_id@uuid name code note",
    ("accessibility", "accessibility.csv"): "location_id@uuid description details url@uri",
    ("taxonomy_term", "taxonomy_terms.csv"): "code* name! description! parent_id@uuid taxonomy language taxonomy_id@uuid term_uri@uri",
    ("metadata", "metadata.csv"): "resource_id!@uuid resource_type! last_action_date!:date last_action_type! field_name! previous_value! "
    "replacement_value! updated_by!",
    ("meta_table_description", "meta_table_descriptions.csv"): "name language character_set",
    ("cost_option", "cost_options.csv"): "service_id!@uuid valid_from:date valid_to:date option currency amount:number "
    "amount_description",
    ("organization_identifier", "organization_identifiers.csv"): "organization_id!@uuid identifier_scheme identifier_type! identifier!",
    ("taxonomy", "taxonomies.csv"): "name! description! uri@uri version",
}  # fmt: skip
# Columns named after a table that the data package does not declare as keys of it.
_NO_KEYS = {
    ("metadata", "resource_id"),
    ("attribute", "link_id"),
    ("organization", "parent_organization_id"),
    ("taxonomy_term", "parent_id"),
}


def _column(word: str) -> Column:
    word, _, choices = word.partition("=")
    word, _, format = word.partition("@")
    word, _, kind = word.partition(":")
    return Column(
        name=word.rstrip("!*"),
        type=kind or "string",
        format=format or None,
        required="!" in word,
        unique="*" in word,
        choices=tuple(choice.replace("_", " ") for choice in choices.split("|")) if choices else (),
    )


def _hsds_table(name: str, path: str, words: str) -> Table:
    columns = [Column("id", format="uuid", required=True, unique=True), *(_column(word) for word in words.split())]
    names = {table for table, _ in _HSDS}
    keys = {
        column.name: column.name.removesuffix("_id")
        for column in columns
        if column.name.removesuffix("_id") in names and column.name.endswith("_id") and (name, column.name) not in _NO_KEYS
    }
    return Table(name, path, {column.name: column for column in columns}, keys)


def _profile_table(schema: dict[str, Any]) -> Table:
    """A table of the profile from its JSON schema; dates and times are strings there, with their Table Schema type beside."""
    columns = {
        name: Column(
            name,
            rule.get("datapackage_type", rule["type"]),
            rule["format"] if rule.get("format") in ("uuid", "uri", "email") else None,
            name in schema["required"],
            name == "id",
            tuple(rule.get("enum", ())),
        )
        for name, rule in schema["properties"].items()
    }
    return Table(schema["name"], schema["path"], columns, schema.get("foreign_keys", {}))


def profile_schemas() -> dict[str, dict[str, Any]]:
    """name -> JSON schema of the tables of our profile, in the order in which they are written."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in PROFILE_FOLDER.glob(f"{PREFIX}*.json")]
    return {schema["name"]: schema for schema in sorted(found, key=lambda one: int(one["order"]))}


@cache
def tables() -> Mapping[str, Table]:
    """All tables by name: those of HSDS in the order of its data package, then ours."""
    hsds = [_hsds_table(name, path, words) for (name, path), words in _HSDS.items()]
    return {table.name: table for table in (*hsds, *(_profile_table(schema) for schema in profile_schemas().values()))}


def descriptor(name: str, title: str, used: Iterable[Table]) -> dict[str, Any]:
    """``datapackage.json`` (Tabular Data Package) for `used` tables."""
    resources = []
    for table in used:
        schema: dict[str, Any] = {"primaryKey": "id", "fields": [_field(column) for column in table.columns.values()]}
        if table.foreign_keys:
            schema["foreignKeys"] = [
                {"fields": column, "reference": {"resource": other, "fields": "id"}} for column, other in table.foreign_keys.items()
            ]
        resources.append(
            {
                "name": table.name,
                "path": table.path,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": schema,
            }
        )
    return {"name": name, "title": title, "profile": "tabular-data-package", "hsds_version": "3.0", "hsds_profile": PROFILE_URI} | {
        "resources": resources
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": column.required, "unique": column.unique}
    if column.choices:
        constraints["enum"] = list(column.choices)
    found: dict[str, Any] = {"name": column.name, "type": column.type, "constraints": constraints}
    return found | ({"format": column.format} if column.format else {})
