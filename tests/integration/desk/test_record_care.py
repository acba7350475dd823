"""Who looks after a record, and when it has to be checked: on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from knowledge.editorial import care
from knowledge.editorial.due import due_on
from knowledge.editorial.errors import DeskError
from knowledge.editorial.records import get
from knowledge.store.desk_tables import RecordRow
from tests.integration.desk.people import CITY, user_of
from tests.integration.desk.record_verbs import SERVICE, Do, Who


def due(record: RecordRow) -> date | None:
    """By the city's interval for services of 180 days."""
    return due_on(
        public=record.published is not None,
        checked_on=record.checked_on,
        own_days=record.check_every_days,
        kind_days=180,
        today=date.today(),
    )


class TestCare:
    def test_only_those_who_may_edit_it_can_be_responsible(self, do: Do[Any], who: Who) -> None:
        editor = who("editor")
        names = [user.name for user in do(lambda s: care.carers(s, s.get_one(RecordRow, SERVICE)))]
        assert "Second Editor" in names
        assert not {"Staff", "Elsewhere", "Organization Editor"} & set(names)
        second = do(lambda s: user_of(s, "second_editor").id)
        assert do(lambda s: care.set_responsible(s, editor, SERVICE, second)).responsible_id == second
        with pytest.raises(DeskError, match="not_an_editor"):
            do(lambda s: care.set_responsible(s, editor, SERVICE, user_of(s, "staff").id))
        assert do(lambda s: care.set_responsible(s, editor, SERVICE, None)).responsible_id is None

    def test_the_interval_of_a_record_counts_before_that_of_its_kind(self, do: Do[Any], who: Who) -> None:
        editor = who("editor")
        record = do(lambda s: care.set_interval(s, editor, SERVICE, 30))
        checked = record.checked_on
        assert due(record) == checked + timedelta(days=30)
        record = do(lambda s: care.set_interval(s, editor, SERVICE, None))
        assert due(record) == checked + timedelta(days=180)
        with pytest.raises(DeskError, match="interval"):
            do(lambda s: care.set_interval(s, editor, SERVICE, 0))

    def test_a_record_that_is_not_public_is_never_due(self, do: Do[Any], who: Who) -> None:
        editor = who("editor")
        record = do(lambda s: get(s, editor, f"service:{CITY}/entwurf"))
        assert due(record) is None
