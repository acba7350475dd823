"""A public record with newer words that are not public yet: its page says which of the two readers see."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from knowledge.editorial.records import body
from knowledge.editorial.save import save
from knowledge.store.desk_tables import RecordRow
from knowledge.web.desk.record.common import url_of
from tests.integration.desk.people import CITY, Desk, actor_of

STILL_OLDER, NOT_YET = "readers still see the older ones", "readers do not see it yet"


@pytest.mark.parametrize("who", ["staff", "editor", "reviewer"])
async def test_readers_are_said_to_see_the_older_words(desk: Desk, who: str) -> None:
    def change(session: Session) -> str:
        public = (RecordRow.municipality_id == CITY, RecordRow.kind == "service", RecordRow.published.is_not(None))
        record = session.scalars(select(RecordRow).where(*public).limit(1)).one()
        document = body(session, record)
        texts = {**document["texts"], "fees": "Ganz neu."}
        save(session, actor_of(session, "editor"), record.id, {**document, "texts": texts}, base=record.newest)
        return record.id

    page = await (await desk.sign_in(who)).page(url_of(desk.do(change)))
    assert STILL_OLDER in page.casefold() and NOT_YET not in page.casefold()
