"""The municipality's own document, with its districts and helplines, and a file of translations."""

from __future__ import annotations

from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, validator

from knowledge.documents.checks import TextValue, Wrong, only_name, phone
from knowledge.documents.models import HoursModel, Part, Record
from knowledge.domain.records import CRISIS_TOPICS
from knowledge.domain.topics import load_topics


class HelplineModel(Record):
    kinds: list[str]
    number: str
    hours: Literal["24/7"] | list[HoursModel] = "24/7"
    languages: list[str] = Field(default_factory=list)
    texts: dict[str, TextValue]
    _number = validator("number", allow_reuse=True)(phone)
    _texts = validator("texts", allow_reuse=True)(only_name)

    @validator("kinds", each_item=True)
    def _kind(cls, value: str) -> str:
        if value not in load_topics().topics:
            raise Wrong("kind", "'{value}' is not a topic; crisis topics are {choices}", value=value, choices=", ".join(CRISIS_TOPICS))
        return value


class DistrictModel(Record):
    latitude: float | None = None
    longitude: float | None = None
    also: list[str] = Field(default_factory=list)
    texts: dict[str, TextValue]
    _texts = validator("texts", allow_reuse=True)(only_name)


class MunicipalityModel(Record):
    source_language: str = Field(max_length=16)
    country: str = Field(min_length=2, max_length=2)
    subdivision: str | None = Field(default=None, max_length=8)
    timezone: str = Field(max_length=64)
    website: str | None = Field(default=None, max_length=500)
    information_point: str | None = None
    texts: dict[str, TextValue]
    districts: list[DistrictModel] = Field(default_factory=list)
    helplines: list[HelplineModel] = Field(default_factory=list)
    _texts = validator("texts", allow_reuse=True)(only_name)

    @validator("timezone")
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (OSError, ValueError, LookupError) as error:
            raise Wrong("timezone", "'{value}' is not a time zone such as Europe/Berlin", value=value) from error
        return value

    @validator("districts", "helplines")
    def _once(cls, value: list[Any]) -> list[Any]:
        ids = [one.id for one in value]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise Wrong("twice", "the id {ids} stands twice", ids=", ".join(twice))
        return value


class TranslationModel(Part):
    """A translation file: id -> field -> text."""

    machine: bool
    reviewed_by: str | None = Field(default=None, max_length=120)
    texts: dict[str, dict[str, TextValue]]
