"""Write a municipality's knowledge as a folder in our own format; what is exported imports again as the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from knowledge.domain import records as r
from knowledge.domain.hours import WEEKDAYS, OpeningHours, format_minute
from knowledge.domain.text import Texts, TranslationState

_LISTS = r.ARTICLE_LISTS | r.SERVICE_LISTS


def export_folder(knowledge: r.Knowledge, folder: Path) -> None:
    """Write the folder; files that are there are overwritten."""
    _write(folder / "municipality.yml", _municipality(knowledge.municipality))
    _write(folder / "organizations.yml", [_organization(one) for one in knowledge.organizations.values()])
    _write(folder / "locations.yml", [_location(one) for one in knowledge.locations.values()])
    _write(folder / "services.yml", [_service(one) for one in knowledge.services.values()])
    by_domain: dict[str, list[r.Article]] = defaultdict(list)
    for article in knowledge.articles.values():
        by_domain[article.topic.partition(".")[0]].append(article)
    for domain, articles in by_domain.items():
        _write(folder / "articles" / f"{domain}.yml", [_article(one) for one in articles])
    _translations(knowledge, folder)


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=140), encoding="utf-8")


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, to keep the files short."""
    return {name: value for name, value in values.items() if value not in (None, [], {}, "")}


def _body(field: str, body: str) -> str | list[str]:
    return body.split("\n") if field in _LISTS else body


def _texts(texts: Texts) -> dict[str, str | list[str]]:
    return {field: _body(field, text.body) for field, text in texts.items()}


def _municipality(town: r.Municipality) -> dict[str, Any]:
    districts = [
        _plain({"id": d.id, "latitude": d.latitude, "longitude": d.longitude, "texts": _texts(d.texts), "also": list(d.also)})
        for d in town.districts.values()
    ]
    helplines = [
        _plain(
            {
                "id": line.id,
                "kinds": sorted(line.kinds),
                "number": line.number,
                "hours": "24/7" if line.hours.always_open else _rules(line.hours),
                "languages": list(line.languages),
                "texts": _texts(line.texts),
            }
        )
        for line in town.helplines
    ]
    return _plain(
        {
            "id": town.id,
            "source_language": town.source_language,
            "country": town.country,
            "subdivision": town.subdivision,
            "timezone": town.timezone,
            "website": town.website,
            "information_point": town.information_point,
            "texts": _texts(town.texts),
            "districts": districts,
            "helplines": helplines,
        }
    )


def _organization(one: r.Organization) -> dict[str, Any]:
    return _plain({"id": one.id, "kind": one.kind, "website": one.website, "email": one.email, "texts": _texts(one.texts)})


def _location(one: r.Location) -> dict[str, Any]:
    return _plain(
        {
            "id": one.id,
            "district": one.district,
            "address": _plain({"street": one.street, "postal_code": one.postal_code, "city": one.city}),
            "latitude": one.latitude,
            "longitude": one.longitude,
            "confidential": one.confidential or None,
            "accessibility": list(one.accessibility),
            "texts": _texts(one.texts),
        }
    )


def _rules(hours: OpeningHours) -> list[dict[str, Any]]:
    return [
        _plain(
            {
                "days": [WEEKDAYS[day] for day in sorted(rule.days)],
                "opens": format_minute(rule.opens),
                "closes": format_minute(rule.closes),
                "valid_from": rule.valid_from,
                "valid_to": rule.valid_to,
            }
        )
        for rule in hours.rules
    ]


def _service_at(one: r.ServiceAtLocation) -> dict[str, Any]:
    exceptions = [
        {"date": e.day, "closed": True}
        if e.opens is None or e.closes is None
        else {"date": e.day, "opens": format_minute(e.opens), "closes": format_minute(e.closes)}
        for e in one.hours.exceptions
    ]
    return {
        **_plain({"location": one.location, "hours": _rules(one.hours), "exceptions": exceptions}),
        "closed_on_holidays": one.hours.closed_on_holidays,
    }


def _service(one: r.Service) -> dict[str, Any]:
    texts: dict[str, Any] = dict(_texts(one.texts))
    if one.also:
        texts["also"] = list(one.also)
    capacity = _plain({"state": one.capacity.state.value, "wait_days": one.capacity.wait_days, "as_of": one.capacity.as_of})
    cost = {name: value for name, value in (("free", one.cost.free), ("amount", one.cost.amount), ("currency", one.cost.currency))}
    return _plain(
        {
            "id": one.id,
            "organization": one.organization,
            "topics": list(one.topics),
            "audience": list(one.audience),
            "email": one.email,
            "website": one.website,
            "phones": [{"number": phone.number, "kind": phone.kind} for phone in one.phones],
            "languages": [
                _plain({"language": x.language, "mode": x.mode.value, "days": [WEEKDAYS[day] for day in sorted(x.days)]})
                for x in one.languages
            ],
            "appointment": one.appointment.value if one.appointment else None,
            "cost": {name: value for name, value in cost.items() if value is not None},
            "capacity": capacity,
            "checked_on": one.checked_on,
            "at": [_service_at(at) for at in one.at],
            "texts": texts,
        }
    )


def _article(one: r.Article) -> dict[str, Any]:
    return _plain(
        {
            "topic": one.topic,
            "audience": one.audience,
            "source": {"title": one.source.title, "url": one.source.url, "level": one.source.level.value},
            "checked_on": one.checked_on,
            "services": list(one.services),
            "texts": _texts(one.texts),
        }
    )


def _translations(knowledge: r.Knowledge, folder: Path) -> None:
    """One file a language and kind, and where some are reviewed and others are not, one more; an outdated translation is left out, since
    the file says what it is a translation of: the text beside it."""
    town = knowledge.municipality
    kinds: dict[str, list[tuple[str, Texts]]] = {
        "municipality": [
            (town.id, town.texts),
            *((d.id, d.texts) for d in town.districts.values()),
            *((h.id, h.texts) for h in town.helplines),
        ],
        "organizations": [(o.id, o.texts) for o in knowledge.organizations.values()],
        "locations": [(x.id, x.texts) for x in knowledge.locations.values()],
        "services": [(s.id, s.texts) for s in knowledge.services.values()],
        "articles": [(a.topic if a.audience == "everyone" else a.id, a.texts) for a in knowledge.articles.values()],
    }  # fmt: skip
    for kind, records in kinds.items():
        for language in sorted(_languages(texts for _, texts in records)):
            found: dict[bool, dict[str, dict[str, str | list[str]]]] = {}
            for local, texts in records:
                for field, text in texts.items():
                    translation = text.translations.get(language)
                    if translation is None or translation.state is TranslationState.OUTDATED:
                        continue
                    machine = translation.state is TranslationState.MACHINE
                    found.setdefault(machine, {}).setdefault(local, {})[field] = _body(field, translation.body)
            for machine, bodies in found.items():
                name = f"{kind}.yml" if machine or len(found) == 1 else f"{kind}.reviewed.yml"
                content = {"machine": machine, "reviewed_by": None, "texts": bodies}
                _write(folder / "translations" / language / name, content)


def _languages(all_texts: Iterable[Texts]) -> set[str]:
    return {language for texts in all_texts for text in texts.values() for language in text.translations}
