"""A folder in our own format as a batch, so that it can be planned and decided about like any other file."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.exchange.batch import Batch, TranslatedText
from knowledge.exchange.newcomer.reader import CityFolder, kind_of
from knowledge.store.texts import as_body

_KINDS = {
    "organizations": "organization",
    "locations": "location",
    "contacts": "contact",
    "services": "service",
    "articles": "article",
    "pages": "page",
}


def as_batch(city: CityFolder) -> Batch:
    """The records of the folder and their translations. What belongs to the municipality itself is no record and stays out."""
    batch = Batch("newcomer", rejected=list(city.rejected))
    for kind, documents in city.by_kind.items():
        batch.add(kind, documents)
    batch.translations = list(_translations(city))
    return batch


def _translations(city: CityFolder) -> Iterator[TranslatedText]:
    for (language, stem), file in city.translations.items():
        kind = _KINDS.get(kind_of(stem))
        if kind is None:
            continue
        for local, texts in file.texts.items():
            id = f"{local}:everyone" if kind == "article" and ":" not in local else local
            for field, value in texts.items():
                yield TranslatedText(kind, id, field, language, as_body(value), machine=file.machine, reviewed_by=file.reviewed_by)
