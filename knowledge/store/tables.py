"""The tables. Names follow HSDS 3.0 where it has the thing; every record carries its municipality, so that neighbours can share.

Primary keys are ``<municipality>/<local id>``: two towns may both have a "rathaus".
Texts are in `text_revision` (the source, one row a change) and `text_translation` (each of one revision).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Float, ForeignKey, Index, Integer, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Declarative base with constraint names that are the same on every database."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {list[str]: JSON, dict[str, Any]: JSON, list[dict[str, Any]]: JSON}  # noqa: RUF012 (SQLAlchemy's own form)


def municipality_column() -> Mapped[str]:
    """Every record says whose it is."""
    return mapped_column(String(80), ForeignKey("municipality.id", ondelete="CASCADE"), index=True)


class MunicipalityRow(Base):
    __tablename__ = "municipality"
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    source_language: Mapped[str] = mapped_column(String(16))
    country: Mapped[str] = mapped_column(String(2))
    subdivision: Mapped[str | None] = mapped_column(String(8))
    timezone: Mapped[str] = mapped_column(String(64))
    website: Mapped[str | None] = mapped_column(String(500))
    information_point: Mapped[str | None] = mapped_column(String(160))
    # Grows with every change that readers must see; processes compare it with what they hold.
    version: Mapped[int] = mapped_column(Integer, default=0)
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class PublishedChangeRow(Base):
    """What one change of the version was about; see `knowledge.store.changes`."""

    __tablename__ = "published_change"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    before: Mapped[int] = mapped_column(Integer)
    before_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)
    # None: anything may have changed.
    records: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))


class DistrictRow(Base):
    __tablename__ = "district"
    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    position: Mapped[int] = mapped_column(Integer)
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    also: Mapped[list[str]]


class HelplineRow(Base):
    __tablename__ = "helpline"
    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    position: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(40))
    kinds: Mapped[list[str]]
    languages: Mapped[list[str]]
    closed_on_holidays: Mapped[bool] = mapped_column(Boolean, default=False)


class OrganizationRow(Base):
    __tablename__ = "organization"
    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    position: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    website: Mapped[str | None] = mapped_column(String(500))
    email: Mapped[str | None] = mapped_column(String(254))


class LocationRow(Base):
    __tablename__ = "location"
    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    position: Mapped[int] = mapped_column(Integer)
    district_id: Mapped[str | None] = mapped_column(String(160), ForeignKey("district.id"))
    address_1: Mapped[str | None] = mapped_column(String(200))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    city: Mapped[str | None] = mapped_column(String(100))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    confidential: Mapped[bool] = mapped_column(Boolean, default=False)


class AccessibilityRow(Base):
    __tablename__ = "accessibility"
    location_id: Mapped[str] = mapped_column(String(160), ForeignKey("location.id", ondelete="CASCADE"), primary_key=True)
    description: Mapped[str] = mapped_column(String(40), primary_key=True)


class ContactRow(Base):
    __tablename__ = "contact"
    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    position: Mapped[int] = mapped_column(Integer)
    organization_id: Mapped[str | None] = mapped_column(String(160), ForeignKey("organization.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    # [{"number", "kind"}]: always read and written with their contact.
    phones: Mapped[list[dict[str, Any]]]


class PageRow(Base):
    """A page of the guide. `parent_id` is no foreign key: a page above may be published later or archived earlier."""

    __tablename__ = "page"
    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    position: Mapped[int] = mapped_column(Integer)
    parent_id: Mapped[str | None] = mapped_column(String(160), index=True)
    order: Mapped[int] = mapped_column(Integer, default=0)
    topic: Mapped[str | None] = mapped_column(String(80), index=True)
    url: Mapped[str | None] = mapped_column(String(500))
    checked_on: Mapped[date | None] = mapped_column(Date)


class ServiceRow(Base):
    __tablename__ = "service"
    id: Mapped[str] = mapped_column(String(160), primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    position: Mapped[int] = mapped_column(Integer)
    organization_id: Mapped[str] = mapped_column(String(160), ForeignKey("organization.id"), index=True)
    contact_id: Mapped[str | None] = mapped_column(String(160), ForeignKey("contact.id"), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    website: Mapped[str | None] = mapped_column(String(500))
    appointment: Mapped[str | None] = mapped_column(String(10))
    cost_free: Mapped[bool | None] = mapped_column(Boolean)
    cost_amount: Mapped[float | None] = mapped_column(Float)
    cost_currency: Mapped[str | None] = mapped_column(String(3))
    capacity_state: Mapped[str] = mapped_column(String(20), default="unknown")
    capacity_wait_days: Mapped[int | None] = mapped_column(Integer)
    capacity_as_of: Mapped[date | None] = mapped_column(Date)
    closed_since: Mapped[date | None] = mapped_column(Date)
    closed_until: Mapped[date | None] = mapped_column(Date)
    assured_date: Mapped[date | None] = mapped_column(Date)
    audience: Mapped[list[str]]
    also: Mapped[list[str]]


class ServiceTopicRow(Base):
    __tablename__ = "service_topic"
    service_id: Mapped[str] = mapped_column(String(160), ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
    position: Mapped[int] = mapped_column(Integer)


class LanguageRow(Base):
    __tablename__ = "language"
    service_id: Mapped[str] = mapped_column(String(160), ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    mode: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    days: Mapped[list[str]]


class PhoneRow(Base):
    __tablename__ = "phone"
    service_id: Mapped[str] = mapped_column(String(160), ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    type: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(Integer)


class ServiceAtLocationRow(Base):
    __tablename__ = "service_at_location"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    service_id: Mapped[str] = mapped_column(String(160), ForeignKey("service.id", ondelete="CASCADE"), index=True)
    location_id: Mapped[str] = mapped_column(String(160), ForeignKey("location.id"), index=True)
    closed_on_holidays: Mapped[bool] = mapped_column(Boolean, default=True)
    position: Mapped[int] = mapped_column(Integer)


class ScheduleRow(Base):
    """A weekly rule of a service at a location, or of a helpline."""

    __tablename__ = "schedule"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    service_at_location_id: Mapped[int | None] = mapped_column(
        Integer, ForeignKey("service_at_location.id", ondelete="CASCADE"), index=True
    )
    helpline_id: Mapped[str | None] = mapped_column(String(160), ForeignKey("helpline.id", ondelete="CASCADE"), index=True)
    byday: Mapped[list[str]]
    opens_at: Mapped[str] = mapped_column(String(5))
    closes_at: Mapped[str] = mapped_column(String(5))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)


class ScheduleExceptionRow(Base):
    __tablename__ = "schedule_exception"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    service_at_location_id: Mapped[int] = mapped_column(Integer, ForeignKey("service_at_location.id", ondelete="CASCADE"), index=True)
    day: Mapped[date] = mapped_column(Date)
    opens_at: Mapped[str | None] = mapped_column(String(5))
    closes_at: Mapped[str | None] = mapped_column(String(5))


class ArticleRow(Base):
    __tablename__ = "article"
    id: Mapped[str] = mapped_column(String(240), primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    position: Mapped[int] = mapped_column(Integer)
    topic: Mapped[str] = mapped_column(String(80), index=True)
    audience: Mapped[str] = mapped_column(String(40))
    source_title: Mapped[str] = mapped_column(String(300))
    source_url: Mapped[str] = mapped_column(String(500))
    source_level: Mapped[str] = mapped_column(String(10))
    checked_on: Mapped[date] = mapped_column(Date)
    __table_args__ = (UniqueConstraint("municipality_id", "topic", "audience"),)


class ArticleServiceRow(Base):
    __tablename__ = "article_service"
    article_id: Mapped[str] = mapped_column(String(240), ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[str] = mapped_column(String(160), ForeignKey("service.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)


class TextRevisionRow(Base):
    """One version of one source text. `record` is ``<table>:<primary key>``. A minor revision does not age translations."""

    __tablename__ = "text_revision"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    record: Mapped[str] = mapped_column(String(300))
    field: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text)
    minor: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    __table_args__ = (UniqueConstraint("record", "field", "number"), Index("ix_text_revision_record", "record"))


class TextTranslationRow(Base):
    """A translation of one revision of one source text; the newest one in a language counts."""

    __tablename__ = "text_translation"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    municipality_id: Mapped[str] = municipality_column()
    record: Mapped[str] = mapped_column(String(300))
    field: Mapped[str] = mapped_column(String(40))
    of_number: Mapped[int] = mapped_column(Integer)
    language: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text)
    machine: Mapped[bool] = mapped_column(Boolean)
    reviewed_by: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    __table_args__ = (Index("ix_text_translation_record", "record", "field", "language"),)


class EmbeddingRow(Base):
    """Cached sentence embeddings, keyed by model and content hash; little-endian float16, base64."""

    __tablename__ = "embedding"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    vector: Mapped[str] = mapped_column(Text)
