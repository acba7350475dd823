"""Confidential places: nothing of them goes out, nothing of them is lost when it comes back."""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.documents.from_records import documents
from knowledge.documents.models import LocationModel, ServiceModel
from knowledge.exchange.batch import Batch
from knowledge.exchange.patch import Patch, merge
from knowledge.exchange.withheld import settle_withheld, withheld_id, withhold
from tests.unit.knowledge.exchange.hsds.towns import SECRET, full_town

TOWN = full_town()
PLACE = "fliederhaus-nord"
OUTSIDE = withheld_id(TOWN.municipality.id, PLACE)


def as_batch(municipality: str = TOWN.municipality.id) -> Batch:
    """The public copy, as a format brings it back."""
    batch = Batch("newcomer")
    found = documents(withhold(TOWN))
    batch.add("location", [LocationModel.parse_obj(one) for one in found["location"].values()])
    batch.add("service", [ServiceModel.parse_obj(one) for one in found["service"].values()])
    batch.revisions["location", OUTSIDE] = 3
    settle_withheld(batch, municipality, TOWN.locations)
    return batch


def test_nothing_of_the_place_is_in_the_public_copy() -> None:
    text = repr(withhold(TOWN))
    assert {one for one in SECRET if one in text} == set()
    assert {one for one in SECRET if one in repr(TOWN)} == SECRET


def test_the_copy_says_that_the_place_is_there_and_how_accessible_it_is() -> None:
    place = withhold(TOWN).locations[OUTSIDE]
    assert place.confidential
    assert place.accessibility == TOWN.locations[PLACE].accessibility
    assert [at.location for at in withhold(TOWN).services["shelter"].at] == [OUTSIDE]


def test_its_name_outside_is_always_the_same_and_tells_nothing() -> None:
    assert OUTSIDE == withheld_id(TOWN.municipality.id, PLACE) != withheld_id("elsewhere", PLACE)
    assert re.fullmatch(r"withheld-[0-9a-f]{16}", OUTSIDE)


def test_a_city_without_such_places_is_left_as_it_is() -> None:
    plain = replace(TOWN, locations={id: replace(one, confidential=False) for id, one in TOWN.locations.items()})
    assert withhold(plain) is plain


def test_where_it_comes_from_it_gets_its_name_back_and_keeps_its_address() -> None:
    batch = as_batch()
    (patch,) = batch.patches
    assert (patch.kind, patch.id) == ("location", PLACE)
    before = documents(TOWN)["location"][PLACE]
    assert merge(before, patch) == {**before, "accessibility": list(TOWN.locations[PLACE].accessibility)}
    (shelter,) = (one for one in batch.documents["service"] if isinstance(one, ServiceModel) and one.id == "shelter")
    assert [at.location for at in shelter.at] == [PLACE]
    assert batch.revisions == {("location", PLACE): 3}
    assert OUTSIDE not in {one.dict()["id"] for one in batch.documents["location"]}


def test_elsewhere_it_is_a_place_of_which_nothing_is_known() -> None:
    batch = as_batch("elsewhere")
    (patch,) = batch.patches
    assert patch.id == OUTSIDE
    assert LocationModel.parse_obj(merge({}, patch)).confidential


def test_rows_of_a_table_take_nothing_away() -> None:
    batch = Batch("csv")
    empty = {"id": OUTSIDE, "confidential": True, "address.street": None, "texts.name": None, "latitude": None}
    batch.patches = [
        Patch("location", OUTSIDE, empty, "locations.csv, row 2"),
        Patch("service", "shelter", {"id": "shelter", "at.0.location": OUTSIDE}, "services.csv, row 2"),
        Patch("service", "plain", {"id": "plain", "at.0.location": "ohne-ort"}, "services.csv, row 3"),
    ]
    settle_withheld(batch, TOWN.municipality.id, TOWN.locations)
    place, shelter, plain = batch.patches
    assert place.values == {"id": PLACE, "confidential": True}
    assert shelter.values["at.0.location"] == PLACE
    assert plain.values["at.0.location"] == "ohne-ort"
