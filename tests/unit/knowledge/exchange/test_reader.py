"""Reading a folder: what is right is kept, what is wrong is listed with its file, id and reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowledge.domain.errors import InvalidRecord
from knowledge.exchange.newcomer.reader import CityFolder, read_folder
from tests.folders import Folder, a_location, a_service, a_translation, an_article, small_town, write


def read(folder: Path, **changes: Any) -> CityFolder:
    return read_folder(write(folder, small_town() | changes.pop("files", {}) | changes))


def complaints(city: CityFolder) -> list[str]:
    return [str(rejection) for rejection in city.rejected]


def test_a_folder_without_mistakes_is_read_whole(tmp_path: Path) -> None:
    city = read(tmp_path)
    assert city.rejected == []
    assert (len(city.organizations), len(city.locations), len(city.services), len(city.articles)) == (1, 1, 2, 2)


def test_a_broken_record_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    services = [a_service("office"), a_service("school"), a_service("bad", audience=["all"]), {"topics": []}, "no record"]
    city = read(tmp_path, files={"services.yml": services})
    assert [one.id for one in city.services] == ["office", "school"]
    assert complaints(city)[0].startswith("services.yml: bad: audience.0: 'all' is not an audience")
    assert [rejection.record for rejection in city.rejected] == ["bad", "entry 4", "entry 5"]


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"services.yml": "- id: [broken"}, "services.yml: (whole file): not readable as YAML at line"),
        ({"services.yml": {"office": {}}}, "services.yml: (whole file): the file is a list of records"),
        ({"services.yml": "7"}, "services.yml: (whole file): the file is a list of records"),
        ({"services.yml": "- id: Büro".encode("cp1252")}, "services.yml: (whole file): the file is not written in UTF-8"),
        ({"services.yml": [a_service("office"), a_service("school"), a_service("office")]}, "services.yml: office: the id stands twice"),
        ({"locations.yml": [a_location("rathaus", district="nord")]}, "locations.yml: rathaus: there is no district 'nord'"),
        (
            {"services.yml": [a_service("office"), a_service("school", organization="verein")]},
            "services.yml: school: there is no organization",
        ),
        (
            {"services.yml": [a_service("office", at=[{"location": "turm"}]), a_service("school")]},
            "services.yml: office: there is no location",
        ),
        (
            {"articles/schools.yml": [an_article("schools.enrol", services=["gone"])]},
            "articles/schools.yml: schools.enrol:everyone: there is no",
        ),
        (
            {"articles/a.yml": [an_article("schools.enrol")]},
            "articles/schools.yml: schools.enrol:everyone: it stands in articles/a.yml already",
        ),
        ({"translations/en/service.yml": a_translation()}, "translations/en/service.yml: (whole file): a translation file is one of"),
        ({"translations/en/services.yml": {"texts": {}}}, "translations/en/services.yml: (whole file): machine: field required"),
        (
            {"translations/en/services.yml": a_translation(gone={"name": "x"})},
            "translations/en/services.yml: gone: there is no such record",
        ),
        (
            {"translations/en/services.yml": a_translation(office={"eligibility": "x"})},
            "en/services.yml: office: the source has no text 'eli",
        ),
    ],
)
def test_a_mistake_is_listed_with_file_record_and_reason(tmp_path: Path, files: Folder, complaint: str) -> None:
    assert any(complaint in line for line in complaints(read(tmp_path, files=files)))


def test_a_translation_that_cannot_be_used_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    file = a_translation(office={"name": None}, school={"name": "School office"})
    city = read(tmp_path, files={"translations/en/services.yml": file})
    assert [rejection.record for rejection in city.rejected] == ["office"]
    assert city.translations["en", "services"].texts == {"school": {"name": "School office"}}


def test_records_that_point_at_nothing_are_kept_without_the_pointer_where_that_makes_sense(tmp_path: Path) -> None:
    town = small_town()["municipality.yml"] | {"information_point": "gone"}
    city = read(tmp_path, files={"municipality.yml": town, "locations.yml": [a_location("rathaus", district="nord")]})
    assert city.municipality.information_point is None
    assert city.locations[0].district is None


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (None, "import.no_municipality"),
        ("- a list", "import.bad_municipality"),
        ("id: [", "import.bad_municipality"),
        (b"\xff\xfe\x00", "import.bad_municipality"),
        ({"id": "town"}, "import.bad_municipality"),
    ],
)
def test_without_a_usable_municipality_nothing_can_be_placed(tmp_path: Path, content: object, key: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        read(tmp_path, files={"municipality.yml": content})
    assert caught.value.key == key
    assert caught.value.permanent


class TestRecordsThatAreCheckedMoreOften:
    def test_are_known_by_kind_and_id(self, tmp_path: Path) -> None:
        city = read(tmp_path, files={"checking.yml": {"article": {"registration.address": 45}, "service": {"office": 7}}})
        assert city.check_days == {("article", "registration.address:everyone"): 45, ("service", "office"): 7}
        assert city.rejected == []

    @pytest.mark.parametrize(
        ("content", "complaint"),
        [
            ({"article": {"money.benefits": 45}}, "money.benefits: there is no such record"),
            ({"answers": {"registration.address": 45}}, "answers: a kind is one of organization"),
            ({"service": {"office": 0}}, "office: a number of days from 1"),
            ({"service": {"office": "weekly"}}, "office: a number of days from 1"),
            (["office"], "(whole file): the file names kinds"),
            ("a: [", "(whole file): not readable as YAML"),
        ],
    )
    def test_what_is_wrong_is_named_and_nothing_else_is_lost(self, tmp_path: Path, content: Any, complaint: str) -> None:
        city = read(tmp_path, files={"checking.yml": content})
        assert city.check_days == {}
        (told,) = complaints(city)
        assert told.startswith(f"checking.yml: {complaint}")
        assert len(city.services) == 2
