"""What is saved leaves alone what the export knows nothing about."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from knowledge.documents.models import PageModel
from knowledge.exchange.integreat.importer import read_export
from knowledge.exchange.integreat.saving import to_save
from knowledge.exchange.patch import merge
from tests.unit.knowledge.exchange.integreat.pages import SAMPLES, a_page, documents, read

CHECKED = date(2026, 11, 2)


def saved(before: dict[str, Any], batch: Any) -> dict[str, PageModel]:
    """The documents after saving; `before` are those that were there."""
    return {one.id: PageModel.parse_obj(merge(before.get(one.id, {"id": one.id}), one)) for one in batch.patches}


def test_a_first_import_saves_the_pages_as_they_were_read() -> None:
    found = read_export(SAMPLES, "de")
    batch = to_save(found)
    assert saved({}, batch) == documents(found)
    assert batch.documents["page"] == []
    assert (batch.translations, batch.skipped, batch.rejected) == (found.batch.translations, found.batch.skipped, found.batch.rejected)


def test_a_confirmed_topic_is_saved_and_no_other() -> None:
    found = read_export(SAMPLES, "de")
    pages = saved({}, to_save(found, {"arztbesuch": "health.doctor", "wohnen": None}))
    assert {page.id: page.topic for page in pages.values() if page.topic} == {"arztbesuch": "health.doctor"}


def test_another_import_keeps_topic_and_checked_date_and_takes_over_what_was_edited(tmp_path: Path) -> None:
    before = documents(read(tmp_path, de=[a_page("a"), a_page("a/b"), a_page("c")]))["b"]
    known = {"b": before.copy(update={"topic": "health.doctor", "checked_on": CHECKED}).dict()}
    batch = to_save(read(tmp_path, de=[a_page("a"), a_page("c"), a_page("b", title="Neu", content="", url=None), a_page("b/d")]))
    page = saved(known, batch)["b"]
    assert (page.topic, page.checked_on) == ("health.doctor", CHECKED)
    assert (page.parent, page.order, page.url, page.texts) == (None, 3, None, {"title": "Neu"})


def test_a_topic_can_be_taken_away(tmp_path: Path) -> None:
    found = read(tmp_path, de=[a_page("a")])
    known = {"a": documents(found)["a"].copy(update={"topic": "health.doctor"}).dict()}
    assert saved(known, to_save(found, {"a": None}))["a"].topic is None
