"""Write a municipality's knowledge as a folder in our own format; what is exported imports again as the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from knowledge.documents.from_records import as_value, documents, plain, text_values, weekly_rules
from knowledge.domain import records as r
from knowledge.domain.text import Texts, TranslationState


def export_folder(knowledge: r.Knowledge, folder: Path) -> None:
    """Write the folder; files that are there are overwritten."""
    _write(folder / "municipality.yml", _municipality(knowledge.municipality))
    every = documents(knowledge)
    for kind in ("organization", "location", "contact", "service", "page"):
        # Files that nobody needs yet are not made; those of the beginning always are.
        if every[kind] or kind not in ("contact", "page"):
            _write(folder / f"{kind}s.yml", list(every[kind].values()))
    by_domain: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for article in every["article"].values():
        by_domain[article["topic"].partition(".")[0]].append(article)
    for domain, articles in by_domain.items():
        _write(folder / "articles" / f"{domain}.yml", articles)
    _translations(knowledge, folder)


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=140), encoding="utf-8")


def _municipality(town: r.Municipality) -> dict[str, Any]:
    districts = [
        plain({"id": d.id, "latitude": d.latitude, "longitude": d.longitude, "texts": text_values(d.texts), "also": list(d.also)})
        for d in town.districts.values()
    ]
    helplines = [
        plain(
            {
                "id": line.id,
                "kinds": sorted(line.kinds),
                "number": line.number,
                "hours": "24/7" if line.hours.always_open else weekly_rules(line.hours),
                "languages": list(line.languages),
                "texts": text_values(line.texts),
            }
        )
        for line in town.helplines
    ]
    return plain(
        {
            "id": town.id,
            "source_language": town.source_language,
            "country": town.country,
            "subdivision": town.subdivision,
            "timezone": town.timezone,
            "website": town.website,
            "information_point": town.information_point,
            "texts": text_values(town.texts),
            "districts": districts,
            "helplines": helplines,
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
        "contacts": [(c.id, c.texts) for c in knowledge.contacts.values()],
        "services": [(s.id, s.texts) for s in knowledge.services.values()],
        "pages": [(p.id, p.texts) for p in knowledge.pages.values()],
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
                    found.setdefault(machine, {}).setdefault(local, {})[field] = as_value(field, translation.body)
            for machine, bodies in found.items():
                name = f"{kind}.yml" if machine or len(found) == 1 else f"{kind}.reviewed.yml"
                content = {"machine": machine, "reviewed_by": None, "texts": bodies}
                _write(folder / "translations" / language / name, content)


def _languages(all_texts: Iterable[Texts]) -> set[str]:
    return {language for texts in all_texts for text in texts.values() for language in text.translations}
