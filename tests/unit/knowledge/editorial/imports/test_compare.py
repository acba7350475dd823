"""Three sides of a record, whatever they are: the desk's work is never lost unasked, and the file's changes are never forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents.canonical import canonical
from knowledge.documents.changes import flatten
from knowledge.documents.models import ServiceModel
from knowledge.editorial.imports.basis import Basis, said_by
from knowledge.editorial.imports.compare import compare, differing, with_changes
from knowledge.editorial.imports.incoming import Incoming
from knowledge.editorial.imports.known import KnownRecord
from knowledge.editorial.imports.outcome import Doubt
from knowledge.editorial.records import State
from knowledge.exchange.patch import Patch

THEN = datetime(2026, 11, 1, tzinfo=UTC)
LATER = THEN + timedelta(days=1)
SOME_WORDS = st.sampled_from([None, "a", "b", "c"])
VALUES = st.fixed_dictionaries(
    {
        "texts.fees": SOME_WORDS,
        "texts.eligibility": SOME_WORDS,
        "email": SOME_WORDS,
        "topics": st.sampled_from([["schools.enrol"], ["work.permit"], ["schools.enrol", "work.permit"]]),
        "cost.free": st.sampled_from([None, True, False]),
        "also": st.sampled_from([[], ["x"], ["y"]]),
    }
)


def document(values: dict[str, Any]) -> dict[str, Any]:
    """A canonical service with these values."""
    made: dict[str, Any] = {"id": "office", "organization": "stadt", "texts": {"name": "Amt"}, "cost": {}}
    for path, value in values.items():
        name, _, inner = path.partition(".")
        if value is not None and inner:
            made[name][inner] = value
        elif value is not None:
            made[name] = value
    return canonical(ServiceModel.parse_obj(made))


def at_the_desk(body: dict[str, Any], *, by_person: bool = True) -> KnownRecord:
    return KnownRecord("service:town/office", 2, 2, State.PUBLISHED, "Amt", body, LATER, by_person)


def patch(values: dict[str, Any]) -> Incoming:
    return Incoming("service", "office", patch=Patch("service", "office", {"id": "office", **values}, "services.csv, row 2"))


def whole(values: dict[str, Any]) -> Incoming:
    return Incoming("service", "office", document=ServiceModel.parse_obj(document(values)))


@given(VALUES, VALUES, VALUES, st.booleans())
def test_each_field_is_as_who_changed_it_says(base: dict[str, Any], file: dict[str, Any], desk: dict[str, Any], rows: bool) -> None:
    one = patch(file) if rows else whole(file)
    record = at_the_desk(document(desk))
    wanted, doubt = compare(one, one.over(record.current), record, Basis(document(base), THEN))
    before, says, has = (flatten(document(values)) for values in (base, file, desk))
    result = flatten(with_changes(record.current, wanted))
    both = []
    for path in {*before, *says, *has}:
        of_base, of_file, of_desk = before.get(path), says.get(path), has.get(path)
        if of_file in (of_base, of_desk):
            assert result.get(path) == of_desk
        else:
            assert result.get(path) == of_file
            if of_desk != of_base:
                both.append(path)
    assert sorted(change.path for change in wanted if change.doubt) == sorted(both)
    assert doubt == (Doubt.CHANGED if both else None)


@given(VALUES, VALUES, st.booleans())
def test_without_a_basis_a_person_is_asked_and_an_import_is_not(file: dict[str, Any], desk: dict[str, Any], by_person: bool) -> None:
    one = patch(file)
    record = at_the_desk(document(desk), by_person=by_person)
    wanted, doubt = compare(one, one.over(record.current), record, None)
    assert canonical(ServiceModel.parse_obj(with_changes(record.current, wanted))) == one.over(record.current)
    assert doubt == (Doubt.UNKNOWN if wanted and by_person else None)


@given(VALUES, VALUES)
def test_a_source_that_says_what_it_said_before_wants_nothing(file: dict[str, Any], desk: dict[str, Any]) -> None:
    one = whole(file)
    record = at_the_desk(document(desk))
    assert compare(one, one.over({}), record, Basis(None, THEN, said_by(document(file)))) == ([], None)


def test_weekdays_in_another_order_are_no_change() -> None:
    def hours(*days: str) -> dict[str, Any]:
        return {"at": [{"location": "rathaus", "hours": [{"days": list(days), "opens": "09:00", "closes": "10:00"}]}]}

    assert differing(hours("tuesday", "monday"), hours("monday", "tuesday")) == []
    assert len(differing(hours("monday"), hours("tuesday"))) == 1


def test_a_format_of_whole_documents_does_not_take_back_a_closure() -> None:
    record = at_the_desk(document({"topics": ["schools.enrol"]}))
    record.facts = {"closed": {"since": "2026-11-02"}, "capacity": {"state": "full"}, "checked_on": None}
    one = whole({"topics": ["schools.enrol"]})
    assert compare(one, one.over({}), record, None) == ([], None)
