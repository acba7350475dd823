"""The shape of the files, checked field by field (pydantic), so that a mistake is named where it stands."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal

import phonenumbers
from pydantic import BaseModel, Field, root_validator, validator

from knowledge.domain.hours import WEEKDAYS, parse_minute
from knowledge.domain.records import (
    ACCESSIBILITY,
    ARTICLE_FIELDS,
    AUDIENCES,
    CRISIS_TOPICS,
    SERVICE_FIELDS,
    Appointment,
    CapacityState,
    LanguageMode,
    SourceLevel,
)
from knowledge.domain.topics import load_topics

TextValue = str | list[str]
_LOCAL_ID = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,78}$")
MAX_ANSWER_SENTENCES = 3


class _Model(BaseModel):
    class Config:
        extra = "forbid"


class _Record(_Model):
    id: str

    @validator("id")
    def _id_is_plain(cls, value: str) -> str:
        if not _LOCAL_ID.match(value):
            raise ValueError("an id has small letters, digits, dots and hyphens, 79 at most")
        return value


class HoursModel(_Model):
    """A weekly rule."""

    days: list[str]
    opens: str
    closes: str
    valid_from: date | None = None
    valid_to: date | None = None

    @validator("days", each_item=True)
    def _weekday(cls, value: str) -> str:
        if value not in WEEKDAYS:
            raise ValueError(f"'{value}' is not a weekday; use one of {', '.join(WEEKDAYS)}")
        return value

    @root_validator(skip_on_failure=True)
    def _in_order(cls, values: dict[str, Any]) -> dict[str, Any]:
        try:
            opens, closes = parse_minute(values["opens"]), parse_minute(values["closes"])
        except ValueError as error:
            raise ValueError('times are written "08:30" (24 hours, in quotes)') from error
        if opens >= closes:
            raise ValueError("a place opens before it closes; write a night as two rules, until 24:00 and from 00:00")
        if values["valid_from"] and values["valid_to"] and values["valid_from"] > values["valid_to"]:
            raise ValueError("valid_from is after valid_to")
        return values


class ExceptionModel(_Model):
    """One day that differs."""

    date: date
    closed: bool = False
    opens: str | None = None
    closes: str | None = None

    @root_validator(skip_on_failure=True)
    def _closed_or_hours(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["closed"] == bool(values["opens"] and values["closes"]):
            raise ValueError("an exception is either closed: true, or has opens and closes")
        for name in ("opens", "closes"):
            if values[name]:
                parse_minute(values[name])
        return values


def _phone(value: str) -> str:
    """Short codes (112) stay; others are brought to the international format.

    Numbers of ranges reserved for fiction are possible but not valid to the library, so only the form is checked.
    """
    compact = value.replace(" ", "")
    if compact.isdigit() and len(compact) <= 6:
        return compact
    try:
        return phonenumbers.format_number(phonenumbers.parse(value, None), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException as error:
        raise ValueError(f"'{value}' is not an international number such as +49 30 23125 000") from error


class PhoneModel(_Model):
    number: str
    kind: Literal["voice", "mobile", "sms", "fax"] = "voice"
    _number = validator("number", allow_reuse=True)(_phone)


class HelplineModel(_Record):
    kinds: list[str]
    number: str
    hours: Literal["24/7"] | list[HoursModel] = "24/7"
    languages: list[str] = Field(default_factory=list)
    texts: dict[str, TextValue]
    _number = validator("number", allow_reuse=True)(_phone)

    @validator("kinds", each_item=True)
    def _kind(cls, value: str) -> str:
        if value not in load_topics().topics:
            raise ValueError(f"'{value}' is not a topic; crisis topics are {', '.join(CRISIS_TOPICS)}")
        return value


class DistrictModel(_Record):
    latitude: float | None = None
    longitude: float | None = None
    also: list[str] = Field(default_factory=list)
    texts: dict[str, TextValue]


class MunicipalityModel(_Record):
    source_language: str
    country: str = Field(min_length=2, max_length=2)
    subdivision: str | None = None
    timezone: str
    website: str | None = None
    information_point: str | None = None
    texts: dict[str, TextValue]
    districts: list[DistrictModel] = Field(default_factory=list)
    helplines: list[HelplineModel] = Field(default_factory=list)


class OrganizationModel(_Record):
    kind: Literal["public", "charity", "association", "company"]
    website: str | None = None
    email: str | None = None
    texts: dict[str, TextValue]


class AddressModel(_Model):
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None


class LocationModel(_Record):
    district: str | None = None
    address: AddressModel = Field(default_factory=AddressModel)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    confidential: bool = False
    accessibility: list[str] = Field(default_factory=list)
    texts: dict[str, TextValue] = Field(default_factory=dict)

    @validator("accessibility", each_item=True)
    def _feature(cls, value: str) -> str:
        if value not in ACCESSIBILITY:
            raise ValueError(f"'{value}' is none of {', '.join(ACCESSIBILITY)}")
        return value


class LanguageModel(_Model):
    language: str
    mode: LanguageMode = LanguageMode.STAFF
    days: list[str] = Field(default_factory=list)


class CostModel(_Model):
    free: bool | None = None
    amount: float | None = Field(default=None, ge=0)
    currency: str | None = None


class CapacityModel(_Model):
    state: CapacityState = CapacityState.UNKNOWN
    wait_days: int | None = Field(default=None, ge=0)
    as_of: date | None = None


class ServiceAtModel(_Model):
    location: str
    hours: list[HoursModel] = Field(default_factory=list)
    closed_on_holidays: bool = True
    exceptions: list[ExceptionModel] = Field(default_factory=list)


class ServiceModel(_Record):
    organization: str
    topics: list[str]
    audience: list[str] = Field(default_factory=lambda: ["everyone"])
    email: str | None = None
    website: str | None = None
    phones: list[PhoneModel] = Field(default_factory=list)
    languages: list[LanguageModel] = Field(default_factory=list)
    appointment: Appointment | None = None
    cost: CostModel = Field(default_factory=CostModel)
    capacity: CapacityModel = Field(default_factory=CapacityModel)
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
        return _known_topic(value)

    @validator("audience", each_item=True)
    def _audience(cls, value: str) -> str:
        return _known_audience(value)

    @validator("texts")
    def _fields(cls, value: dict[str, TextValue]) -> dict[str, TextValue]:
        return _known_fields(value, SERVICE_FIELDS, required=("name",))


class SourceModel(_Model):
    title: str
    url: str
    level: SourceLevel


class ArticleModel(_Model):
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
        return _known_topic(value)

    @validator("audience")
    def _audience(cls, value: str) -> str:
        return _known_audience(value)

    @validator("texts")
    def _fields(cls, value: dict[str, TextValue]) -> dict[str, TextValue]:
        value = _known_fields(value, ARTICLE_FIELDS, required=("title", "answer"))
        sentences = count_sentences(str(value["answer"]))
        if sentences > MAX_ANSWER_SENTENCES:
            raise ValueError(f"the answer has {sentences} sentences; {MAX_ANSWER_SENTENCES} at most")
        return value


class TranslationModel(_Model):
    """A translation file: id -> field -> text."""

    machine: bool
    reviewed_by: str | None = None
    texts: dict[str, dict[str, TextValue]]


def count_sentences(text: str) -> int:
    """Sentences of a text: ends of a sentence followed by a capital, a letter without case, or the end.

    Dots of abbreviations ("z. B.") and ordinals ("2. Stock") are not followed by enough letters before them to count.
    """
    return len(re.findall(r"(?:[^\W\d_]{3,}|[\d%)\"»”“’])[.!?؟։。]+(?=\s|$)", text.strip())) or 1


def _known_topic(value: str) -> str:
    if value not in load_topics().topics:
        raise ValueError(f"'{value}' is not a topic of data/topics.yml")
    return value


def _known_audience(value: str) -> str:
    if value not in AUDIENCES:
        raise ValueError(f"'{value}' is not an audience; use one of {', '.join(AUDIENCES)}")
    return value


def _known_fields(value: dict[str, TextValue], allowed: tuple[str, ...], required: tuple[str, ...]) -> dict[str, TextValue]:
    unknown = set(value) - set(allowed)
    if unknown:
        raise ValueError(f"unknown text fields {', '.join(sorted(unknown))}; there are {', '.join(allowed)}")
    missing = [name for name in required if not value.get(name)]
    if missing:
        raise ValueError(f"missing text {', '.join(missing)}")
    return value
