"""The history of a record: any two revisions side by side, and going back to one."""

from __future__ import annotations

from knowledge.editorial.records import State
from tests.integration.desk.people import Desk
from tests.integration.desk.record_page import PAGE, change, public_name, record


class TestHistory:
    async def test_any_two_revisions_side_by_side_with_the_words_marked(self, desk: Desk) -> None:
        for name in ("Erster Name", "Zweiter Name", "Dritter Name"):
            change(desk, "editor", name=name)
        person = await desk.sign_in("staff")
        page = await person.page(f"{PAGE}/history?from=2&to=4")
        assert "<del>Erster</del>" in page
        assert "<ins>Dritter</ins>" in page
        assert "Zweiter" not in page
        backwards = await person.page(f"{PAGE}/history?from=4&to=2")
        assert "<del>Erster</del>" in backwards

    async def test_without_asking_the_draft_beside_what_is_public(self, desk: Desk) -> None:
        change(desk, "editor", name="Erster Name")
        change(desk, "editor", name="Zweiter Name")
        page = await (await desk.sign_in("editor")).page(f"{PAGE}/history")
        assert "<ins>Zweiter" in page

    async def test_an_old_revision_is_written_again_as_a_draft(self, desk: Desk) -> None:
        change(desk, "reviewer", name="Zweiter Name", put_out=True)
        response = await (await desk.sign_in("editor")).post(f"{PAGE}/restore", number=2, revision=1)
        assert response.status == 303
        row = record(desk)
        assert (row.newest, row.published, row.state) == (3, 2, State.DRAFT)
        assert public_name(desk) == "Zweiter Name"
        assert (await (await desk.sign_in("editor")).post(f"{PAGE}/restore", number=2, revision=1)).status == 409
        assert (await (await desk.sign_in("editor")).post(f"{PAGE}/restore", number=3, revision=99)).status == 404

    async def test_staff_restore_nothing(self, desk: Desk) -> None:
        change(desk, "editor", name="Erster Name")
        assert (await (await desk.sign_in("staff")).post(f"{PAGE}/restore", number=2, revision=1)).status == 403
