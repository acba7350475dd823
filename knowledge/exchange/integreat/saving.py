"""What is to be saved once an editor has looked at the topics: what the export says of each page, and the topics that were confirmed.

The export knows neither topics nor checked dates, so that a page which is imported again keeps those it was given here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from knowledge.documents.models import MODELS, PageModel
from knowledge.exchange.batch import Batch
from knowledge.exchange.integreat.importer import IntegreatImport
from knowledge.exchange.integreat.notices import Outcome
from knowledge.exchange.patch import Patch


def to_save(found: IntegreatImport, confirmed: Mapping[str, str | None] | None = None) -> Batch:
    """The import as patches (see `knowledge.exchange.patch`), with its translations and everything that is told about it.

    `confirmed` is page id -> topic as the editor decided, None for "no topic". Pages that are not in it keep the topic that they have.
    """
    topics = confirmed or {}
    places = {one.id: f"{one.file}: {one.label}" for one in found.outcomes if one.outcome is Outcome.DOCUMENT}
    pages = [page for page in found.batch.documents["page"] if isinstance(page, PageModel)]
    patches = []
    for page in pages:
        values = {
            "id": page.id,
            "parent": page.parent,
            "order": page.order,
            "url": page.url,
            "texts.title": page.texts["title"],
            "texts.body": page.texts.get("body"),
        }
        if page.id in topics:
            values["topic"] = topics[page.id]
        patches.append(Patch("page", page.id, values, places[page.id]))
    return replace(found.batch, documents={kind: [] for kind in MODELS}, patches=patches)
