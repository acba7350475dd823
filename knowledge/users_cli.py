"""`newcomer users …`: the people of the editors' desk, for the first administrator and for whoever runs the machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from knowledge.bootstrap import make_sessions
from knowledge.config import Settings, SettingsError, load_settings
from knowledge.editorial.accounts import (
    failures,
    links,
    offers,
    own,
    own_email,
    passwords,
    people,
    roles,
    second_factor,
    sessions,
    signing_in,
)
from knowledge.editorial.actor import Actor, Membership, Role, desk_itself
from knowledge.editorial.errors import DeskError
from knowledge.store.account_tables import UserRow
from knowledge.store.engine import begin_writing
from knowledge.store.migrate import upgrade
from knowledge.store.reader import municipalities
from locales.catalogue import say

MUNICIPALITY = click.option("--municipality", default=None, help="Which one; needed only where there are several.")
ORGANIZATION = click.option("--organization", default=None, help="Only for the records of this organization, by its id.")
ROLE = click.Choice([role.value for role in Role])


@click.group()
def users() -> None:
    """The people of the editors' desk."""


@contextmanager
def _transaction(*, writing: bool = True) -> Iterator[tuple[Session, Settings, Actor]]:
    """One transaction. What goes wrong becomes a sentence, and nothing is kept. Who only reads does not wait for an import that writes."""
    try:
        settings = load_settings()
        with make_sessions(settings)() as session:
            upgrade(session.get_bind())  # type: ignore[arg-type]
            if writing:
                begin_writing(session)
            yield session, settings, desk_itself("command line")
            session.commit()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    except DeskError as error:
        raise click.ClickException(say(f"desk.error.{error.key.removeprefix('desk.')}", "en", **error.fields)) from error
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip()
        raise click.ClickException(f"The knowledge base cannot be used: {reason}") from error


def _town(session: Session, wanted: str | None) -> str:
    known = [name for name, _ in municipalities(session)]
    if wanted is None and len(known) == 1:
        return known[0]
    if wanted in known:
        return str(wanted)
    if not known:
        raise click.ClickException("The knowledge base is empty. Fill it with `newcomer kb import newcomer FOLDER`.")
    what = "Say which municipality with --municipality." if wanted is None else f"There is no municipality '{wanted}'."
    raise click.ClickException(f"{what} Known: {', '.join(known)}.")


def _user(session: Session, email: str) -> UserRow:
    user = signing_in.user_with(session, signing_in.plain_email(email))
    if user is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    return user


def _key(town: str, organization: str | None) -> str | None:
    """The key of an organization, given by its id or its key."""
    return None if organization is None else f"{town}/{organization.removeprefix(town + '/')}"


def _print_link(settings: Settings, token: str) -> None:
    address = (settings.public_url or f"http://{settings.host}:{settings.port}") + links.path(token)
    click.echo(f"Open this link to choose a password. It works once, for {links.VALID.days} days:\n{address}")


@users.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Name, as colleagues see it.")
@click.option("--role", type=ROLE, required=True)
@MUNICIPALITY
@ORGANIZATION
@click.option("--password-stdin", is_flag=True, help="Read a password from standard input instead of making a link.")
@click.option("--temporary", is_flag=True, help="With --password-stdin: the person has to choose another one at first.")
def add(
    email: str, name: str, role: str, municipality: str | None, organization: str | None, password_stdin: bool, temporary: bool
) -> None:
    """Make an account for EMAIL with a role, and print a link with which its owner chooses a password.

    For an account that nobody has used yet, a new link: the first one may have run out.
    """
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with _transaction() as (session, settings, actor):
        town = _town(session, municipality)
        if password is not None:
            passwords.check_new(password, (name, email, town))
        found = people.invite(session, actor, town, email=email, name=name, role=Role(role), organization=_key(town, organization))
        user, token = found.user, found.password
        if token is None and not user.disabled and user.password is None and user.oidc_subject is None:
            # The link of the first time was lost or has run out, and nobody could ever get in.
            token = people.password_link(session, actor, user, settings.secret)
        if password is not None and token is not None:
            own.set_password(session, user, passwords.hashed(password))
            user.must_change_password = temporary
        click.echo(f"{user.email} is now {role} in {town}" + (f", only for {organization}." if organization else "."))
        if token is None:
            click.echo("The account was there already; its password stays as it is.")
        elif password is None:
            _print_link(settings, token)


@users.command("list")
@MUNICIPALITY
def list_(municipality: str | None) -> None:
    """Who there is, with which roles."""
    with _transaction(writing=False) as (session, settings, _):
        town = None if municipality is None else _town(session, municipality)
        for user in session.scalars(select(UserRow).order_by(UserRow.email)):
            held = sessions.actor_of(session, user).memberships
            offered = [_membership(offers.as_membership(row)) for row in offers.offered_to(session, user.id)]
            if town is not None and all(one.municipality != town for one in held):
                continue
            states = [
                *(["disabled"] if user.disabled else []),
                *(["locked"] if failures.locked_until(session, settings.secret, user.email) else []),
                *(["no password yet"] if user.password is None and user.oidc_subject is None else []),
                *(["second factor"] if second_factor.in_force(user) else []),
                *(["city account"] if user.oidc_subject is not None else []),
                *([f"not accepted yet: {', '.join(offered)}"] if offered else []),
            ]
            roles_words = ", ".join(map(_membership, held)) or "no role"
            click.echo(f"{user.email}  {user.name}  {roles_words}" + (f"  ({', '.join(states)})" if states else ""))


def _membership(one: Membership) -> str:
    return f"{one.role.value} in {one.municipality}" + (f" for {one.organization.partition('/')[2]}" if one.organization else "")


@users.command("role")
@click.argument("email")
@click.argument("role", type=ROLE)
@MUNICIPALITY
@ORGANIZATION
@click.option("--take", is_flag=True, help="Take the role away instead of giving it.")
def role_(email: str, role: str, municipality: str | None, organization: str | None, take: bool) -> None:
    """Give EMAIL the role ROLE, or take it away."""
    with _transaction() as (session, _, actor):
        user, town = _user(session, email), _town(session, municipality)
        key = _key(town, organization)
        if not take:
            roles.add_role(session, actor, user, Role(role), town, key)
            click.echo(f"{user.email} is now {role} in {town}.")
            return
        held = [row for row in roles.roles_in(session, user.id, town) if (row.role, row.organization_id) == (role, key)]
        waiting = [row for row in offers.offered_in(session, user.id, town) if (row.role, row.organization_id) == (role, key)]
        if waiting and not held:
            offers.take_back(session, actor, user.id, waiting[0].id, town)
            click.echo(f"{user.email} is no longer offered to be {role} in {town}.")
            return
        if not held:
            raise click.ClickException(f"{user.email} is not {role} in {town}.")
        roles.take_role(session, actor, user.id, held[0].id, town)
        click.echo(f"{user.email} is no longer {role} in {town}.")


def _do(email: str, verb: Callable[[Session, Actor, UserRow], None], words: str) -> None:
    with _transaction() as (session, _, actor):
        user = _user(session, email)
        verb(session, actor, user)
        click.echo(f"{user.email} {words}.")


@users.command("disable")
@click.argument("email")
@click.option("--undo", is_flag=True, help="Switch the account on again.")
def disable(email: str, undo: bool) -> None:
    """Switch the account of EMAIL off: nobody signs in with it, and all its sessions end."""
    _do(email, people.enable if undo else people.disable, "can sign in again" if undo else "is switched off and signed out everywhere")


@users.command("email")
@click.argument("email")
@click.argument("new")
def email_(email: str, new: str) -> None:
    """Give the account of EMAIL the address NEW. Be sure that NEW is theirs: what is meant for NEW comes to them."""
    _do(email, lambda session, actor, user: own_email.set_email(session, user, new, by=actor), "has this address now")


@users.command("end-sessions")
@click.argument("email")
def end_sessions(email: str) -> None:
    """Sign EMAIL out everywhere."""
    _do(email, people.end_sessions, "is signed out everywhere")


@users.command("reset-password")
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="Take the second factor away too: phone and recovery codes are lost.")
def reset_password(email: str, second_factor: bool) -> None:
    """Print a link with which EMAIL chooses a new password. Lifts a lockout. The old password works until the link is used."""
    with _transaction() as (session, settings, actor):
        user = _user(session, email)
        if user.disabled:
            again = f"newcomer users disable {user.email} --undo"
            raise click.ClickException(f"{user.email} is switched off. Switch the account on first:\n  {again}")
        if second_factor:
            people.reset_second_factor(session, actor, user)
        _print_link(settings, people.password_link(session, actor, user, settings.secret))


def first_steps(settings: Settings) -> str:
    """What to say at the start while the desk has nobody: how to make the first account. Empty once there is somebody."""
    with make_sessions(settings)() as session:
        try:
            if session.scalar(select(UserRow.id).limit(1)) is not None:
                return ""
        except SQLAlchemyError:  # said elsewhere
            return ""
    return (
        "Nobody can use the editors' desk yet. Make the first account with\n"
        "  newcomer users add you@example.org --name 'Your name' --role administrator\n"
        f"and open the link that it prints. The desk is at http://{settings.host}:{settings.port}/desk"
    )
