"""Read a folder in our own format. What is wrong is listed with its file, id and field; what is right is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.documents import models as m
from knowledge.documents.city import MunicipalityModel, TranslationModel
from knowledge.domain.errors import InvalidRecord
from knowledge.exchange.batch import Rejection
from knowledge.exchange.newcomer.checking import FILE as CHECKING
from knowledge.exchange.newcomer.checking import intervals_in

# The one in C, where it is there, reads a city in a tenth of the time.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Model = TypeVar("Model", bound=BaseModel)
# What a file can be: not in the shape, not YAML, not UTF-8.
_BROKEN = (ValidationError, yaml.YAMLError, UnicodeDecodeError)
TRANSLATED = ("municipality", "organizations", "locations", "contacts", "services", "articles", "pages")


@dataclass
class CityFolder:
    """A folder as read: checked records, and what was rejected."""

    municipality: MunicipalityModel
    organizations: list[m.OrganizationModel] = field(default_factory=list)
    locations: list[m.LocationModel] = field(default_factory=list)
    contacts: list[m.ContactModel] = field(default_factory=list)
    services: list[m.ServiceModel] = field(default_factory=list)
    pages: list[m.PageModel] = field(default_factory=list)
    articles: list[m.ArticleModel] = field(default_factory=list)
    # (language, name of the file: a kind of TRANSLATED, with what else an exporter put after a dot) -> the file
    translations: dict[tuple[str, str], TranslationModel] = field(default_factory=dict)
    # (kind, id) -> days between two checks, where these are not those of its kind
    check_days: dict[tuple[str, str], int] = field(default_factory=dict)
    # article id -> the file it stands in
    article_files: dict[str, str] = field(default_factory=dict)
    rejected: list[Rejection] = field(default_factory=list)

    @property
    def by_kind(self) -> dict[str, Sequence[m.Document]]:
        """Records by kind, what others point at first."""
        return {
            "organization": self.organizations,
            "location": self.locations,
            "contact": self.contacts,
            "service": self.services,
            "article": self.articles,
            "page": self.pages,
        }


def read_folder(folder: Path) -> CityFolder:
    """Read and check the folder.

    Raises InvalidRecord where there is no usable municipality.yml: nothing can be placed without it.
    """
    try:
        municipality = MunicipalityModel.parse_obj(_load(folder / "municipality.yml"))
    except FileNotFoundError as error:
        raise InvalidRecord("import.no_municipality", path=str(folder)) from error
    except _BROKEN as error:
        raise InvalidRecord("import.bad_municipality", path=str(folder), reason=_reason(error)) from error
    city = CityFolder(municipality)
    city.organizations = _records(folder / "organizations.yml", folder, m.OrganizationModel, city.rejected)
    city.locations = _records(folder / "locations.yml", folder, m.LocationModel, city.rejected)
    city.contacts = _records(folder / "contacts.yml", folder, m.ContactModel, city.rejected)
    city.services = _records(folder / "services.yml", folder, m.ServiceModel, city.rejected)
    city.pages = _records(folder / "pages.yml", folder, m.PageModel, city.rejected)
    for path in sorted((folder / "articles").glob("*.yml")):
        _articles(path, folder, city)
    for path in sorted((folder / "translations").glob("*/*.yml")):
        _translation(path, folder, city)
    _check_references(city)
    _checking(folder, city)
    return city


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a safe one)


def _records(path: Path, folder: Path, model: type[Model], rejected: list[Rejection]) -> list[Model]:
    if not path.exists():
        return []
    name = str(path.relative_to(folder))
    try:
        rows = _load(path) or []
    except _BROKEN as error:
        rejected.append(Rejection(name, "(whole file)", _reason(error)))
        return []
    if not isinstance(rows, list):
        rejected.append(Rejection(name, "(whole file)", "the file is a list of records, each beginning with a hyphen"))
        return []
    found: dict[str, Model] = {}
    for number, row in enumerate(rows, start=1):
        label = str((row.get("id") or row.get("topic") or "") if isinstance(row, dict) else "") or f"entry {number}"
        try:
            record = model.parse_obj(row)
        except ValidationError as error:
            rejected.append(Rejection(name, label, _reason(error)))
            continue
        key = str(record.id)  # type: ignore[attr-defined]
        if key in found:
            rejected.append(Rejection(name, label, "the id stands twice; the first one is kept"))
            continue
        found[key] = record
    return list(found.values())


def _articles(path: Path, folder: Path, city: CityFolder) -> None:
    name = str(path.relative_to(folder))
    for article in _records(path, folder, m.ArticleModel, city.rejected):
        if article.id in city.article_files:
            reason = f"it stands in {city.article_files[article.id]} already; the first one is kept"
            city.rejected.append(Rejection(name, article.id, reason))
            continue
        city.article_files[article.id] = name
        city.articles.append(article)


def kind_of(stem: str) -> str:
    """``"services"`` for the translation files ``services.yml`` and ``services.reviewed.yml``."""
    return stem.partition(".")[0]


def _translation(path: Path, folder: Path, city: CityFolder) -> None:
    name = str(path.relative_to(folder))
    if kind_of(path.stem) not in TRANSLATED:
        city.rejected.append(Rejection(name, "(whole file)", f"a translation file is one of {', '.join(TRANSLATED)}"))
        return
    try:
        content = _load(path)
        texts = content.get("texts") if isinstance(content, dict) else None
        if not isinstance(texts, dict):
            texts = {}
        else:
            content = {**content, "texts": {}}
        file = TranslationModel.parse_obj(content)
    except _BROKEN as error:
        city.rejected.append(Rejection(name, "(whole file)", _reason(error)))
        return
    for record, fields in texts.items():
        try:
            file.texts |= TranslationModel(machine=file.machine, texts={record: fields}).texts
        except ValidationError as error:
            city.rejected.append(Rejection(name, str(record), _reason(error)))
    city.translations[path.parent.name, path.stem] = file


def _checking(folder: Path, city: CityFolder) -> None:
    if not (folder / CHECKING).exists():
        return
    try:
        content = _load(folder / CHECKING)
    except _BROKEN as error:
        city.rejected.append(Rejection(CHECKING, "(whole file)", _reason(error)))
        return
    known = {kind: {one.id for one in records} for kind, records in city.by_kind.items()}
    city.check_days = intervals_in(content, known, city.rejected)


def _check_references(city: CityFolder) -> None:
    """Leave out records that point at nothing, so that the rest can be kept."""
    districts = {district.id for district in city.municipality.districts}
    organizations = {organization.id for organization in city.organizations}
    for location in city.locations:
        if location.district and location.district not in districts:
            city.rejected.append(Rejection("locations.yml", location.id, f"there is no district '{location.district}'"))
            location.district = None
    locations = {location.id for location in city.locations}
    _check_contacts(city, organizations)
    kept = []
    for service in city.services:
        if service.organization not in organizations:
            city.rejected.append(Rejection("services.yml", service.id, f"there is no organization '{service.organization}'"))
            continue
        unknown = [at.location for at in service.at if at.location not in locations]
        for place in unknown:
            city.rejected.append(Rejection("services.yml", service.id, f"there is no location '{place}'; kept without it"))
        service.at = [at for at in service.at if at.location in locations]
        kept.append(service)
    city.services = kept
    services = {service.id for service in city.services}
    for article in city.articles:
        for missing in [one for one in article.services if one not in services]:
            city.rejected.append(Rejection(city.article_files[article.id], article.id, f"there is no service '{missing}'; kept without it"))
        article.services = [one for one in article.services if one in services]
    point = city.municipality.information_point
    if point and point not in services:
        city.rejected.append(Rejection("municipality.yml", "information_point", f"there is no service '{point}'"))
        city.municipality.information_point = None
    _check_translations(city)


def _check_contacts(city: CityFolder, organizations: set[str]) -> None:
    for contact in city.contacts:
        if contact.organization and contact.organization not in organizations:
            city.rejected.append(
                Rejection("contacts.yml", contact.id, f"there is no organization '{contact.organization}'; kept without it")
            )
            contact.organization = None
    contacts = {contact.id for contact in city.contacts}
    for service in city.services:
        if service.contact and service.contact not in contacts:
            city.rejected.append(Rejection("services.yml", service.id, f"there is no contact '{service.contact}'; kept without it"))
            service.contact = None


def _check_translations(city: CityFolder) -> None:
    known = known_text_ids(city)
    for (language, stem), file in city.translations.items():
        kind, name_of_file = kind_of(stem), f"translations/{language}/{stem}.yml"
        for record in sorted(set(file.texts) - set(known[kind])):
            city.rejected.append(Rejection(name_of_file, record, "there is no such record"))
            del file.texts[record]
        for record, texts in file.texts.items():
            for name in sorted(set(texts) - known[kind][record]):
                city.rejected.append(Rejection(name_of_file, record, f"the source has no text '{name}'"))
                del texts[name]


def known_text_ids(city: CityFolder) -> dict[str, dict[str, set[str]]]:
    """For each kind of translation file: record id -> names of its source texts."""

    def fields(records: Iterable[Any]) -> dict[str, set[str]]:
        return {record.id: set(record.texts) for record in records}

    town = city.municipality
    articles = {article.topic if article.audience == "everyone" else article.id: set(article.texts) for article in city.articles}
    return {
        "municipality": fields([town, *town.districts, *town.helplines]),
        "organizations": fields(city.organizations),
        "locations": fields(city.locations),
        "contacts": fields(city.contacts),
        "services": fields(city.services),
        "articles": articles,
        "pages": fields(city.pages),
    }


def _reason(error: Exception) -> str:
    """One line for people: where in the record, and what is wrong."""
    if isinstance(error, ValidationError):
        parts = []
        for item in error.errors():
            where = ".".join(str(step) for step in item["loc"] if step != "__root__")
            parts.append(f"{where}: {item['msg']}" if where else str(item["msg"]))
        return "; ".join(parts)
    if isinstance(error, UnicodeDecodeError):
        return "the file is not written in UTF-8"
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"not readable as YAML at line {error.problem_mark.line + 1}: {error.problem}"
    return str(error)
