"""`newcomer kb import integreat` with the real pages of a district."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from knowledge.store.desk_tables import ImportRunRow
from tests.integration.databases import Database
from tests.integration.kb_formats.acts import PAGES, Newcomer, a_town, do
from tests.integration.store.steps import published


@pytest.fixture(scope="module")
def real_pages() -> list[Path]:
    """The pages of a real district; skipped with a reason where they are absent, which fails in CI."""
    found = [PAGES / f"lkaugsburg-{code}.json" for code in ("de", "en")]
    if not all(path.exists() for path in found):
        reason = f"the real pages are not in {PAGES}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return found


class TestIntegreat:
    def test_the_real_pages_of_a_district_come_in_in_both_languages_and_every_page_is_accounted_for(
        self, newcomer: Newcomer, database: Database, tmp_path: Path, real_pages: list[Path]
    ) -> None:
        a_town(newcomer, tmp_path)
        done = newcomer("import", "integreat", *real_pages)
        assert done.exit_code == 0, done.output
        accounts = re.findall(
            r"(\w\w): (\d+) pages in the file: (\d+) pages, (\d+) translations, (\d+) skipped, (\d+) rejected\.", done.stdout
        )
        numbers = {code: tuple(map(int, found)) for code, *found in accounts}
        in_files = {path.stem[-2:]: len(json.loads(path.read_text(encoding="utf-8"))) for path in real_pages}
        assert {code: found[0] for code, found in numbers.items()} == in_files == {"de": 238, "en": 233}
        assert all(found[0] == sum(found[1:]) for found in numbers.values())
        guide = published(database).pages
        assert len(guide) == numbers["de"][1] == 238
        titles = [page.texts["title"] for page in guide.values()]
        assert sum("en" in title.translations for title in titles) == numbers["en"][2] == 233
        assert {one.state.value for title in titles for one in title.translations.values()} == {"machine"}
        bodies = [page.texts["body"] for page in guide.values() if "body" in page.texts]
        assert len(bodies) == 207
        run = do(database, lambda session: session.scalars(select(ImportRunRow)).one())
        assert isinstance(run, ImportRunRow)
        assert run.plan["figures"]["en"]["translation"] == 233

        again = newcomer("import", "integreat", PAGES, "--reviewed")
        assert "0 new, 233 changed, 5 unchanged" in again.stdout
        states = {one.state.value for page in published(database).pages.values() for one in page.texts["title"].translations.values()}
        assert states == {"reviewed"}

    def test_files_and_languages_are_named_in_their_order(self, newcomer: Newcomer, tmp_path: Path, real_pages: list[Path]) -> None:
        a_town(newcomer, tmp_path)
        wrong = newcomer("import", "integreat", *real_pages, "--language", "de")
        assert wrong.exit_code == 1
        assert "There are 2 files and 1 languages" in wrong.stderr
        done = newcomer("import", "integreat", "--dry-run", *real_pages, "--language", "de", "--language", "en", "--source-language", "en")
        assert "en: 233 pages in the file: 233 pages" in done.stdout
        missing = newcomer("import", "integreat", real_pages[1], "--source-language", "fr")
        assert missing.exit_code == 1
