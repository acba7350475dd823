"""Who may do what: by role, for one organization only, and never in another municipality."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.domain.records import CapacityState
from knowledge.editorial.actor import ALLOWED, CITY_ONLY, Actor, Membership, Permission, Role
from knowledge.editorial.availability import close, reopen, set_capacity
from knowledge.editorial.errors import DeskError, NotAllowed, NotFound
from knowledge.editorial.history import restore
from knowledge.editorial.locks import acquire
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.records import get
from knowledge.editorial.review import send_back, submit
from knowledge.editorial.save import create, save
from knowledge.editorial.translate import translate
from knowledge.editorial.verify import still_true
from tests.integration.editorial.steps import NEIGHBOUR, OFFICE, TOWN, Town, club_service

DAY = date(2026, 11, 20)
CAFE = f"service:{TOWN}/cafe"
Verb = Callable[[Session, Actor, str], object]


def _save(session: Session, actor: Actor, key: str) -> object:
    return save(session, actor, key, club_service("cafe", texts={"name": "Café"}), base=1)


def _translate(session: Session, actor: Actor, key: str) -> object:
    return translate(session, actor, key, "name", "en", "Café", of=text_digest("Sprachcafé"))


# Each verb on a record, with the permission it takes.
VERBS: dict[str, tuple[Verb, Permission]] = {
    "save": (_save, Permission.EDIT),
    "submit": (submit, Permission.EDIT),
    "restore": (lambda s, a, k: restore(s, a, k, 1), Permission.EDIT),
    "lock": (acquire, Permission.EDIT),
    "translate": (_translate, Permission.TRANSLATE),
    "verify": (lambda s, a, k: still_true(s, a, k, DAY), Permission.VERIFY),
    "capacity": (lambda s, a, k: set_capacity(s, a, k, CapacityState.FULL, None, DAY), Permission.AVAILABILITY),
    "close": (lambda s, a, k: close(s, a, k, DAY, None), Permission.AVAILABILITY),
    "reopen": (reopen, Permission.AVAILABILITY),
    "publish": (publish, Permission.PUBLISH),
    "archive": (archive, Permission.PUBLISH),
    "send_back": (lambda s, a, k: send_back(s, a, k, ""), Permission.PUBLISH),
}


def refused(town: Town, verb: Verb, actor: Actor, key: str) -> bool:
    """Whether the verb says that the actor may not. What else may be wrong with the record does not count here."""

    def work(session: Session) -> bool:
        try:
            verb(session, actor, key)
        except NotAllowed:
            return True
        except DeskError as error:
            assert not isinstance(error, NotFound)
        return False

    return town.do(work)


@pytest.mark.parametrize("role", list(Role))
def test_every_verb_is_allowed_to_exactly_the_roles_of_its_permission(town: Town, administrator: Actor, role: Role) -> None:
    town.new_club(administrator)
    actor = town.user("Somebody", role)
    was_refused = {name for name, (verb, _) in VERBS.items() if refused(town, verb, actor, CAFE)}
    assert was_refused == {name for name, (_, permission) in VERBS.items() if permission not in ALLOWED[role]}


def test_a_role_of_another_municipality_finds_nothing_whatever_it_asks_for(town: Town) -> None:
    stranger = town.user("Nora", Role.ADMINISTRATOR, NEIGHBOUR)
    for verb, _ in VERBS.values():
        with pytest.raises(NotFound):
            town.do(lambda session, verb=verb: verb(session, stranger, OFFICE))  # type: ignore[misc]
    with pytest.raises(NotFound):
        town.do(lambda session: get(session, stranger, OFFICE))


def test_what_is_not_there_and_what_is_not_theirs_look_the_same(town: Town) -> None:
    stranger = town.user("Nora", Role.ADMINISTRATOR, NEIGHBOUR)
    problems = []
    for key in (OFFICE, f"service:{TOWN}/nothing"):
        with pytest.raises(NotFound) as caught:
            town.do(lambda session, key=key: get(session, stranger, key))  # type: ignore[misc]
        problems.append(caught.value.key)
    assert problems[0] == problems[1]


def test_nobody_makes_records_in_another_municipality(town: Town) -> None:
    stranger = town.user("Nora", Role.ADMINISTRATOR, NEIGHBOUR)
    with pytest.raises(NotAllowed):
        town.do(lambda session: create(session, stranger, TOWN, "page", {"id": "page", "texts": {"title": "Seite"}}))


class TestForOneOrganization:
    def test_its_own_records_can_be_edited(self, town: Town, club_editor: Actor) -> None:
        assert not refused(town, _save, club_editor, CAFE)

    def test_records_of_others_can_be_seen_and_not_edited(self, town: Town, club_editor: Actor) -> None:
        assert town.do(lambda session: get(session, club_editor, OFFICE)).id == OFFICE
        assert refused(town, submit, club_editor, OFFICE)

    def test_a_new_service_is_its_own_and_no_other(self, town: Town, club_editor: Actor) -> None:
        assert town.do(lambda session: create(session, club_editor, TOWN, "service", club_service("cook"))).state == "draft"
        with pytest.raises(NotAllowed):
            town.do(lambda session: create(session, club_editor, TOWN, "service", club_service("stolen", organization="stadt")))

    def test_a_new_organization_is_the_citys_to_name(self, town: Town, club_editor: Actor) -> None:
        document = {"id": "other", "kind": "association", "texts": {"name": "Anderer"}}
        with pytest.raises(NotAllowed):
            town.do(lambda session: create(session, club_editor, TOWN, "organization", document))

    def test_a_service_is_not_given_to_another_organization(self, town: Town, club_editor: Actor) -> None:
        with pytest.raises(NotAllowed):
            town.do(lambda session: save(session, club_editor, CAFE, club_service("cafe", organization="stadt"), base=1))

    def test_restoring_does_not_give_it_away_either(self, town: Town, club_editor: Actor, administrator: Actor) -> None:
        """Given: the service was the city's in its second revision, and is the club's again."""
        town.do(lambda session: save(session, administrator, CAFE, club_service("cafe", organization="stadt"), base=1))
        town.do(lambda session: save(session, administrator, CAFE, club_service("cafe"), base=2))
        with pytest.raises(NotAllowed):
            town.do(lambda session: restore(session, club_editor, CAFE, 2))

    @pytest.mark.parametrize("permission", sorted(CITY_ONLY))
    def test_what_concerns_the_whole_city_is_not_theirs_whatever_the_role(self, permission: Permission) -> None:
        actor = Actor(1, "Otto", (Membership(Role.ADMINISTRATOR, TOWN, f"{TOWN}/verein"),))
        assert not actor.may(permission, TOWN, f"{TOWN}/verein")
        assert not actor.may_anywhere(permission, TOWN)
