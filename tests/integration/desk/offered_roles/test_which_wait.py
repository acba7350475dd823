"""Which roles wait and which do not; one that waits does not count."""

from __future__ import annotations

from sqlalchemy.orm import Session

from knowledge.editorial.accounts import links, offers, roles, sessions
from knowledge.editorial.actor import Membership, Role, desk_itself
from locales.catalogue import say
from tests.integration.desk.accounts_acts import choose, id_of, invite, link_in, membership, roles_of
from tests.integration.desk.acts import give_password, user
from tests.integration.desk.offered_roles.acts import (
    EMAIL,
    HERE,
    THERE,
    accept,
    acceptance_in,
    offered,
    offers_to,
    take_role_there,
)
from tests.integration.desk.people import CITY, OTHER_CITY, Desk, user_of


async def test_a_further_role_of_somebody_who_has_accepted_one_works_at_once(desk: Desk) -> None:
    await accept(await desk.sign_in("elsewhere"), await offered(desk))
    administrator, number = await desk.sign_in("administrator"), id_of(desk, "elsewhere")
    assert (await administrator.post(f"/desk/users/{number}/roles/add", role="reviewer", organization="")).status == 303
    held = membership(desk, "elsewhere", role="editor", municipality_id=CITY)
    await administrator.post(f"/desk/users/{number}/roles/take", membership=held)
    assert roles_of(desk, EMAIL) == {THERE, Membership(Role.REVIEWER, CITY)}


async def test_a_role_that_was_taken_away_and_is_given_again_is_accepted_again(desk: Desk) -> None:
    await accept(await desk.sign_in("elsewhere"), await offered(desk))
    administrator, number = await desk.sign_in("administrator"), id_of(desk, "elsewhere")
    held = membership(desk, "elsewhere", role="editor", municipality_id=CITY)
    await administrator.post(f"/desk/users/{number}/roles/take", membership=held)
    acceptance_in(await (await invite(administrator, EMAIL)).text())
    assert roles_of(desk, EMAIL) == {THERE}


async def test_a_role_waits_also_for_an_account_whose_last_role_was_taken_away(desk: Desk) -> None:
    """Otherwise those who know the password would only have to let the person go first."""
    give_password(desk, "elsewhere")
    take_role_there(desk)
    acceptance_in(await (await invite(await desk.sign_in("administrator"), EMAIL)).text())
    assert roles_of(desk, EMAIL) == set()


async def test_a_role_waits_also_where_the_first_invitation_was_not_taken_yet(desk: Desk) -> None:
    """Given an invitation of the other town: whoever takes it gets nothing here without the link of the city."""
    theirs = link_in(await (await invite(await desk.sign_in("elsewhere"))).text())
    ours = acceptance_in(await (await invite(await desk.sign_in("administrator"))).text())
    person = desk.browser()
    await person.get(ours)
    answer = await choose(person, theirs)
    assert answer.headers["Location"] == ours  # and on to what they came for
    assert roles_of(desk, "anna@city.example") == {Membership(Role.EDITOR, OTHER_CITY)}
    assert (await accept(person, ours)).status == 303
    assert roles_of(desk, "anna@city.example") == {Membership(Role.EDITOR, OTHER_CITY), HERE}


def by_city_account(desk: Desk) -> None:
    def connect(session: Session) -> None:
        row = user_of(session, "elsewhere")
        row.password, row.oidc_issuer, row.oidc_subject = None, "https://city.example", "12"

    desk.do(connect)


async def test_who_comes_by_a_city_account_alone_needs_to_accept_nothing(desk: Desk) -> None:
    """And a link for a password that the other town may have made is void."""
    by_city_account(desk)
    kept = desk.do(lambda session: links.path(links.make(session, user_of(session, "elsewhere"))))
    assert (await invite(await desk.sign_in("administrator"), EMAIL)).status == 303
    assert roles_of(desk, EMAIL) == {THERE, HERE}
    assert (await choose(desk.browser(), kept)).status == 404


async def test_a_city_account_beside_a_password_vouches_for_nothing(desk: Desk) -> None:
    by_city_account(desk)
    await offered(desk)  # gives a password
    assert roles_of(desk, EMAIL) == {THERE}


async def test_who_has_only_a_city_account_by_now_accepts_without_a_password(desk: Desk) -> None:
    """Given an invitation that was never taken, whose owner came by the city account instead."""
    link = await offered(desk)
    by_city_account(desk)
    kept = desk.do(lambda session: links.path(links.make(session, user_of(session, "elsewhere"))))
    person = await desk.sign_in("elsewhere")
    assert 'name="password"' not in await person.page(link)
    assert (await person.post(link)).status == 303
    assert HERE in roles_of(desk, EMAIL)
    assert user(desk, "elsewhere").oidc_subject == "12"
    assert (await choose(desk.browser(), kept)).status == 404


async def test_a_role_given_on_the_command_line_works_at_once_and_nothing_is_offered_any_more(desk: Desk) -> None:
    await offered(desk)
    operator = desk_itself("command line")
    desk.do(lambda session: roles.add_role(session, operator, user_of(session, "elsewhere"), Role.EDITOR, CITY))
    assert roles_of(desk, EMAIL) == {THERE, HERE}
    assert offers_to(desk) == []


async def test_an_account_that_is_switched_off_is_offered_nothing_and_accepts_nothing(desk: Desk) -> None:
    link = await offered(desk)
    person = await desk.sign_in("elsewhere")

    def switch_off(session: Session) -> None:
        user_of(session, "elsewhere").disabled = True

    desk.do(switch_off)
    assert (await person.get(link)).status == 404
    administrator = await desk.sign_in("administrator")
    answer = await invite(administrator, EMAIL, role="staff")
    assert answer.status == 400
    assert say("desk.error.user_switched_off", "en") in await answer.text()
    assert (await administrator.post(f"/desk/users/{id_of(desk, 'elsewhere')}/offers/link")).status == 400
    assert offers_to(desk) == [("editor", CITY)]


# Who waits does not count


async def test_an_administrator_who_has_not_accepted_yet_does_not_count_as_another(desk: Desk) -> None:
    await offered(desk, role="administrator")
    administrator = await desk.sign_in("administrator")
    held = membership(desk, "administrator", role="administrator", municipality_id=CITY)
    answer = await administrator.post(f"/desk/users/{id_of(desk, 'administrator')}/roles/take", membership=held)
    assert answer.status == 400
    assert "last administrator" in await answer.text()


async def test_nobody_is_chosen_to_answer_for_records_by_a_role_that_waits(desk: Desk) -> None:
    page = await (await desk.sign_in("administrator")).page("/desk/record/service/citizens-office-altstadt")
    assert user(desk, "second_editor").name in page  # otherwise the next line would prove nothing
    assert f">{user(desk, 'offered').name}<" not in page


def test_an_offer_is_no_membership(desk: Desk) -> None:
    assert desk.do(lambda session: sessions.actor_of(session, user_of(session, "offered"))).memberships == ()
    assert desk.do(lambda session: len(offers.offered_to(session, user_of(session, "offered").id))) == 1
    assert "Offered" not in desk.do(lambda session: roles.administrators(session, CITY))
