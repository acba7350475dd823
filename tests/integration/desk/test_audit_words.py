"""The log says in words who did what, on the page and in the file."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from knowledge.config import PROJECT
from locales.catalogue import catalogue
from tests.integration.desk.home_page import TODAY, a_service, changed, plain
from tests.integration.desk.people import Desk, user_of


class TestAudit:
    async def test_it_says_in_words_who_did_what(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        desk.do(lambda s: changed(s, "editor", key, "Neuer Name"))
        page = await (await desk.sign_in("administrator")).page("/desk/audit?person=edit&action=save")
        said = plain(page)
        assert "Editor Saved a draft Neuer Name" in said and "Fields: Name" in said

    async def test_filters_and_what_is_no_day(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        desk.do(lambda s: changed(s, "editor", key, "Neuer Name"))
        person = await desk.sign_in("administrator")
        yesterday = TODAY - timedelta(days=1)
        assert "Nothing fits" in plain(await person.page(f"/desk/audit?until={yesterday}"))
        assert "Saved a draft" in plain(await person.page(f"/desk/audit?since={yesterday}&record={key}"))
        page = await person.page("/desk/audit?since=gestern")
        assert "This is no day" in plain(page) and 'value="gestern"' in page

    async def test_the_file_has_the_same_and_no_formulas(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        desk.do(lambda s: setattr(user_of(s, "editor"), "name", '=HYPERLINK("x")'))
        desk.do(lambda s: changed(s, "editor", key, "Neuer Name"))
        response = await (await desk.sign_in("administrator")).get("/desk/audit.csv?action=save")
        text = (await response.read()).decode("utf-8-sig")
        lines = text.strip().splitlines()
        assert response.headers["Content-Disposition"] == 'attachment; filename="log.csv"'
        assert lines[0] == "When,Who,What,Which record,More" and len(lines) == 2
        assert '"\'=HYPERLINK(""x"")",Saved a draft' in lines[1]

    async def test_the_neighbours_log_is_the_neighbours(self, desk: Desk) -> None:
        key, _ = a_service(desk)
        desk.do(lambda s: changed(s, "editor", key, "Neuer Name"))
        assert "Neuer Name" not in await (await desk.sign_in("elsewhere")).page("/desk/audit?action=save")


def test_every_action_of_the_log_has_words() -> None:
    """Every name that the code writes into the log, wherever it is."""
    written = set()
    for path in (PROJECT / "knowledge").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        written |= set(re.findall(r"audit\.log\(\s*[\w.]+,\s*[\w.()]+,\s*[\w.]+,\s*\"(\w+)\"", text))
        if "accounts" in Path(path).parts:
            written |= set(re.findall(r"\bnote\(\s*session,\s*\w+,\s*\"(\w+)\"", text))
    assert {"publish", "save", "sign_in", "suggest"} <= written
    assert {name for name in written if f"desk.audit.action.{name}" not in catalogue("en")} == set()
