"""Documents: one record of the knowledge base as editors write it, files carry it and revisions keep it.

Checked field by field (pydantic), so that a mistake is named where it stands. Texts are in the municipality's source language; lists of
texts (steps, documents) are lists here and one item a line in the database.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field, root_validator, validator

from knowledge.documents.checks import TextValue, Wrong, check_times, known_audience, known_fields, known_topic, only_name, phone, weekday
from knowledge.domain.records import (
    ACCESSIBILITY,
    ARTICLE_FIELDS,
    PAGE_FIELDS,
    SERVICE_FIELDS,
    Appointment,
    CapacityState,
    LanguageMode,
    SourceLevel,
)
from knowledge.domain.sentences import count_sentences

_LOCAL_ID = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,78}$")
MAX_ANSWER_SENTENCES = 3


class Part(BaseModel):
    """A part of a document: fields that are not known are refused."""

    class Config:
        extra = "forbid"


class Record(Part):
    """Something with a local id."""

    id: str

    @validator("id")
    def _id_is_plain(cls, value: str) -> str:
        if not _LOCAL_ID.match(value):
            raise Wrong("id", "an id has small letters, digits, dots and hyphens, 79 at most")
        return value


class HoursModel(Part):
    """A weekly rule."""

    days: list[str] = Field(min_items=1)
    opens: str
    closes: str
    valid_from: date | None = None
    valid_to: date | None = None
    _days = validator("days", each_item=True, allow_reuse=True)(weekday)

    @root_validator(skip_on_failure=True)
    def _in_order(cls, values: dict[str, Any]) -> dict[str, Any]:
        check_times(values["opens"], values["closes"])
        if values["valid_from"] and values["valid_to"] and values["valid_from"] > values["valid_to"]:
            raise Wrong("season_order", "valid_from is after valid_to")
        return values


class ExceptionModel(Part):
    """One day that differs."""

    date: date
    closed: bool = False
    opens: str | None = None
    closes: str | None = None

    @root_validator(skip_on_failure=True)
    def _closed_or_hours(cls, values: dict[str, Any]) -> dict[str, Any]:
        times = [values["opens"], values["closes"]]
        if any(times) if values["closed"] else not all(times):
            raise Wrong("exception", "an exception is either closed: true, or has opens and closes")
        if not values["closed"]:
            check_times(values["opens"], values["closes"])
        return values


class PhoneModel(Part):
    number: str
    kind: Literal["voice", "mobile", "sms", "fax"] = "voice"
    _number = validator("number", allow_reuse=True)(phone)


class OrganizationModel(Record):
    kind: Literal["public", "charity", "association", "company"]
    website: str | None = Field(default=None, max_length=500)
    email: str | None = Field(default=None, max_length=254)
    texts: dict[str, TextValue]

    @validator("texts")
    def _fields(cls, value: dict[str, TextValue]) -> dict[str, TextValue]:
        return known_fields(value, ("name", "description"), required=("name",))


class AddressModel(Part):
    street: str | None = Field(default=None, max_length=200)
    postal_code: str | None = Field(default=None, max_length=20)
    city: str | None = Field(default=None, max_length=100)


class LocationModel(Record):
    district: str | None = None
    address: AddressModel = Field(default_factory=AddressModel)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    confidential: bool = False
    accessibility: list[str] = Field(default_factory=list)
    texts: dict[str, TextValue] = Field(default_factory=dict)

    @validator("texts")
    def _fields(cls, value: dict[str, TextValue]) -> dict[str, TextValue]:
        return known_fields(value, ("name", "directions"), required=())

    @validator("accessibility", each_item=True)
    def _feature(cls, value: str) -> str:
        if value not in ACCESSIBILITY:
            raise Wrong("accessibility", "'{value}' is none of {choices}", value=value, choices=", ".join(ACCESSIBILITY))
        return value


class LanguageModel(Part):
    language: str = Field(max_length=16)
    mode: LanguageMode = LanguageMode.STAFF
    days: list[str] = Field(default_factory=list)
    _days = validator("days", each_item=True, allow_reuse=True)(weekday)


class CostModel(Part):
    free: bool | None = None
    amount: float | None = Field(default=None, ge=0)
    currency: str | None = Field(default=None, min_length=3, max_length=3)


class CapacityModel(Part):
    state: CapacityState = CapacityState.UNKNOWN
    wait_days: int | None = Field(default=None, ge=0)
    as_of: date | None = None


class ServiceAtModel(Part):
    location: str
    hours: list[HoursModel] = Field(default_factory=list)
    closed_on_holidays: bool = True
    exceptions: list[ExceptionModel] = Field(default_factory=list)


class ContactModel(Record):
    """A contact kept in one place and used by many services: a hotline, a team's mailbox."""

    organization: str | None = None
    email: str | None = Field(default=None, max_length=254)
    phones: list[PhoneModel] = Field(default_factory=list)
    texts: dict[str, TextValue]
    _texts = validator("texts", allow_reuse=True)(only_name)


class ClosureModel(Part):
    """Temporarily closed since a day, and until one if that is known (the last closed day)."""

    since: date
    until: date | None = None

    @root_validator(skip_on_failure=True)
    def _in_order(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["until"] and values["until"] < values["since"]:
            raise Wrong("closure_order", "the last closed day is before the first one")
        return values


class ServiceModel(Record):
    organization: str
    contact: str | None = None
    topics: list[str]
    audience: list[str] = Field(default_factory=lambda: ["everyone"])
    email: str | None = Field(default=None, max_length=254)
    website: str | None = Field(default=None, max_length=500)
    phones: list[PhoneModel] = Field(default_factory=list)
    languages: list[LanguageModel] = Field(default_factory=list)
    appointment: Appointment | None = None
    cost: CostModel = Field(default_factory=CostModel)
    capacity: CapacityModel = Field(default_factory=CapacityModel)
    closed: ClosureModel | None = None
    checked_on: date | None = None
    at: list[ServiceAtModel] = Field(default_factory=list)
    also: list[str] = Field(default_factory=list)
    texts: dict[str, TextValue]

    @root_validator(pre=True)
    def _also_from_texts(cls, values: dict[str, Any]) -> dict[str, Any]:
        # Other names stand among the texts in the file, where an editor expects them, but they are no translated text.
        texts = dict(values.get("texts") or {})
        also = texts.pop("also", None)
        return {**values, "texts": texts, "also": also} if also else values

    @validator("topics", each_item=True)
    def _topic(cls, value: str) -> str:
        return known_topic(value)

    @validator("audience", each_item=True)
    def _audience(cls, value: str) -> str:
        return known_audience(value)

    @validator("texts")
    def _fields(cls, value: dict[str, TextValue]) -> dict[str, TextValue]:
        return known_fields(value, SERVICE_FIELDS, required=("name",))


class SourceModel(Part):
    title: str = Field(max_length=300)
    url: str = Field(max_length=500)
    level: SourceLevel


class ArticleModel(Part):
    topic: str
    audience: str = "everyone"
    source: SourceModel
    checked_on: date
    services: list[str] = Field(default_factory=list)
    texts: dict[str, TextValue]

    @property
    def id(self) -> str:
        """As in the domain: topic and audience."""
        return f"{self.topic}:{self.audience}"

    @validator("topic")
    def _topic(cls, value: str) -> str:
        return known_topic(value)

    @validator("audience")
    def _audience(cls, value: str) -> str:
        return known_audience(value)

    @validator("texts")
    def _fields(cls, value: dict[str, TextValue]) -> dict[str, TextValue]:
        value = known_fields(value, ARTICLE_FIELDS, required=("title", "answer"))
        sentences = count_sentences(str(value["answer"]))
        if sentences > MAX_ANSWER_SENTENCES:
            raise Wrong("sentences", "the answer has {number} sentences; {most} at most", number=sentences, most=MAX_ANSWER_SENTENCES)
        return value


class PageModel(Record):
    """A page of the city's guide: longer than an answer, found by search, in a tree. The body is Markdown."""

    parent: str | None = None
    order: int = 0
    topic: str | None = None
    url: str | None = Field(default=None, max_length=500)
    checked_on: date | None = None
    texts: dict[str, TextValue]

    @validator("topic")
    def _topic(cls, value: str | None) -> str | None:
        return known_topic(value) if value else None

    @validator("texts")
    def _fields(cls, value: dict[str, TextValue]) -> dict[str, TextValue]:
        return known_fields(value, PAGE_FIELDS, required=("title",))


Document = OrganizationModel | LocationModel | ContactModel | ServiceModel | ArticleModel | PageModel
# Kind of record -> its shape, in the order in which they are written: what others point at comes first.
MODELS: dict[str, type[Document]] = {
    "organization": OrganizationModel,
    "location": LocationModel,
    "contact": ContactModel,
    "service": ServiceModel,
    "article": ArticleModel,
    "page": PageModel,
}
