"""Broken links: asked for gently, on public addresses only, and called broken after two days."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from click.testing import CliRunner
from sqlalchemy import select

from knowledge.desk_cli import links
from knowledge.editorial.actor import Actor
from knowledge.editorial.errors import NotAllowed, NotFound
from knowledge.editorial.links.addresses import addresses_in
from knowledge.editorial.links.asking import MOST_REDIRECTS, Outcome, Problem, asker
from knowledge.editorial.links.checking import broken, inspect, read_addresses
from knowledge.editorial.links.network import is_public
from knowledge.editorial.links.seen_working import BELIEVED, say_it_works
from knowledge.editorial.publish import archive, publish
from knowledge.editorial.records import now
from knowledge.editorial.save import save
from knowledge.store.desk_tables import LinkCheckRow
from tests.integration.editorial.steps import ANSWER, OFFICE, TOWN, Town

DAY = datetime(2026, 11, 20, 3, tzinfo=UTC)


@dataclass
class Site:
    """A website on loopback: path -> status; it remembers who asked how."""

    server: TestServer
    status: dict[str, int] = field(default_factory=dict)
    heads_refused: set[str] = field(default_factory=set)
    targets: dict[str, str] = field(default_factory=dict)
    slow: float = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0

    def at(self, path: str) -> str:
        return str(self.server.make_url(path))


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    app = web.Application()
    made = Site(TestServer(app))

    async def answer(request: web.Request) -> web.Response:
        made.asked.append((request.method, request.path))
        made.agents.add(request.headers["User-Agent"])
        made.at_once += 1
        made.most_at_once = max(made.most_at_once, made.at_once)
        await asyncio.sleep(made.slow)
        made.at_once -= 1
        if request.path in made.targets:
            return web.Response(status=302, headers={"Location": made.targets[request.path]})
        if request.method == "HEAD" and request.path in made.heads_refused:
            return web.Response(status=404)
        return web.Response(status=made.status.get(request.path, 200), text="page")

    app.router.add_route("*", "/{path:.*}", answer)
    await made.server.start_server()
    yield made
    await made.server.close()


async def ask(*addresses: str, allowed: object = None, contact: str = "") -> list[Outcome]:
    """Ask, with this machine allowed unless something else is."""
    async with asker(contact, allowed=allowed or (lambda one: one.is_loopback), pause=0) as found:  # type: ignore[arg-type]
        return list((await found.ask_all(addresses)).values())


class TestAsking:
    async def test_a_page_that_is_there_is_asked_for_its_head_only(self, site: Site) -> None:
        assert await ask(site.at("/there")) == [Outcome(200, None)]
        assert site.asked == [("HEAD", "/there")]

    async def test_a_server_that_likes_no_heads_is_asked_for_the_page(self, site: Site) -> None:
        site.heads_refused.add("/page")
        assert await ask(site.at("/page")) == [Outcome(200, None)]
        assert site.asked == [("HEAD", "/page"), ("GET", "/page")]

    @pytest.mark.parametrize(("status", "problem"), [(404, Problem.NOT_FOUND), (410, Problem.NOT_FOUND), (500, Problem.ERROR)])
    async def test_what_is_gone_is_a_problem(self, site: Site, status: int, problem: Problem) -> None:
        site.status["/gone"] = status
        assert await ask(site.at("/gone")) == [Outcome(status, problem)]

    @pytest.mark.parametrize("status", [401, 403, 429])
    async def test_a_server_that_wants_no_programs_is_no_problem(self, site: Site, status: int) -> None:
        site.status["/shy"] = status
        assert await ask(site.at("/shy")) == [Outcome(status, None)]

    async def test_it_goes_along_with_a_page_that_has_moved(self, site: Site) -> None:
        site.targets |= {"/old": "/newer", "/newer": site.at("/new#part")}
        assert await ask(site.at("/old")) == [Outcome(200, None)]
        site.status["/new"] = 404
        assert await ask(site.at("/old")) == [Outcome(404, Problem.NOT_FOUND)]

    async def test_a_circle_ends(self, site: Site) -> None:
        site.targets["/round"] = "/round"
        assert await ask(site.at("/round")) == [Outcome(0, Problem.CIRCLE)]
        assert len(site.asked) == MOST_REDIRECTS

    async def test_one_host_is_asked_one_thing_at_a_time_and_knows_who_asks(self, site: Site) -> None:
        site.slow = 0.02
        await ask(*(site.at(f"/{number}") for number in range(6)), contact="https://desk.example")
        assert (len(site.asked), site.most_at_once) == (6, 1)
        assert site.agents == {"NewcomerDesk-LinkCheck/1.0 (+https://desk.example)"}

    async def test_the_same_address_in_many_records_is_asked_for_once(self, site: Site) -> None:
        await ask(site.at("/a"), site.at("/a"))
        assert site.asked == [("HEAD", "/a")]

    async def test_nobody_there_is_a_problem_and_no_error(self) -> None:
        assert await ask("http://127.0.0.1:9/") == [Outcome(0, Problem.NO_ANSWER)]
        assert await ask("http://nowhere.invalid/") == [Outcome(0, Problem.UNKNOWN_HOST)]

    async def test_a_server_that_never_answers_is_given_up(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("knowledge.editorial.links.asking.TIMEOUT", 0.2)
        site.slow = 5
        assert await ask(site.at("/slow")) == [Outcome(0, Problem.NO_ANSWER)]

    async def test_encryption_that_is_broken_is_told_apart(self, site: Site) -> None:
        assert await ask(site.at("/").replace("http:", "https:")) == [Outcome(0, Problem.CERTIFICATE)]

    @pytest.mark.parametrize(
        "address", ["ftp://stadt.example/", "file:///etc/passwd", "mailto:a@b.example", "javascript:1", "nonsense", "http://"]
    )
    async def test_what_is_no_web_address_is_never_asked_for(self, address: str) -> None:
        assert await ask(address) == [Outcome(0, Problem.NOT_WEB)]


class TestOwnNetworks:
    @pytest.mark.parametrize(
        "host",
        ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"],
    )
    async def test_this_machine_is_not_asked_however_it_is_written(self, site: Site, host: str) -> None:
        found = await ask(f"http://{host}:{site.server.port}/", allowed=is_public)
        assert found[0].problem in (Problem.NOT_PUBLIC, Problem.NOT_WEB)
        assert site.asked == []

    async def test_a_page_that_leads_there_is_not_followed(self, site: Site) -> None:
        """Given: the first address stands for a public server, the one it leads to for the city's own."""
        others: list[object] = []

        def only_once(address: object) -> bool:
            others.append(address)
            return len(others) == 1

        site.targets["/out"] = f"http://127.0.0.2:{site.server.port}/secret"
        assert await ask(site.at("/out"), allowed=only_once) == [Outcome(0, Problem.NOT_PUBLIC)]
        assert site.asked == [("HEAD", "/out")]

    async def test_a_page_that_leads_to_a_file_is_not_followed(self, site: Site) -> None:
        site.targets["/out"] = "file:///etc/passwd"
        assert await ask(site.at("/out")) == [Outcome(0, Problem.NOT_WEB)]

    @pytest.mark.parametrize(
        ("address", "public"),
        [
            ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("10.0.0.1", False), ("172.16.3.4", False), ("192.168.1.1", False),
            ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False), ("fe80::1", False), ("fd00::1", False),
            ("64:ff9b::7f00:1", False), ("64:ff9b::5db8:d822", True), ("2002:7f00:1::", False), ("::", False),
        ],
    )  # fmt: skip
    def test_networks(self, address: str, public: bool) -> None:
        assert is_public(ip_address(address)) is public


def test_addresses_of_every_kind_of_record_are_found() -> None:
    assert addresses_in({"website": "https://a.example", "texts": {"application_process": "Auf https://a.example buchen."}}) == [
        "https://a.example"
    ]
    steps = ["Termin: https://b.example/termin.", "Hingehen"]
    assert addresses_in({"source": {"url": "https://b.example"}, "texts": {"steps": steps}}) == [
        "https://b.example",
        "https://b.example/termin",
    ]
    body = "Siehe [Amt](https://c.example/x), <https://d.example> und https://e.example/y."
    page = {"url": "https://f.example", "texts": {"title": "T", "body": body}}
    assert addresses_in(page) == ["https://f.example", "https://c.example/x", "https://d.example", "https://e.example/y"]


class TestKeeping:
    @pytest.fixture(autouse=True)
    def named(self, town: Town, site: Site, editor: Actor, reviewer: Actor) -> None:
        """Given: the office names a page of the site; everything else in the towns names nothing that is asked for."""
        document = {**town.words(OFFICE), "website": site.at("/office")}

        town.do(lambda session: (save(session, editor, OFFICE, document, base=1), publish(session, reviewer, OFFICE)))

    async def look(self, town: Town, now: datetime) -> list[tuple[str, str]]:
        """Ask for everything; (record, address) of what is broken then."""
        async with asker(allowed=lambda one: one.is_loopback, pause=0) as found:
            await inspect(town.database.sessions, found, now)
        return self.told(town)

    def told(self, town: Town) -> list[tuple[str, str]]:
        with town.database.sessions() as session:
            return [(record.id, link.url) for link, record in session.execute(broken(TOWN))]

    async def test_one_bad_day_is_not_broken_two_are_and_an_answer_mends(self, town: Town, site: Site) -> None:
        site.status["/office"] = 404
        office = (OFFICE, site.at("/office"))
        assert office not in await self.look(town, DAY)
        assert office not in await self.look(town, DAY + timedelta(hours=2))
        assert office in await self.look(town, DAY + timedelta(days=1))
        site.status["/office"] = 200
        assert office not in await self.look(town, DAY + timedelta(days=2))
        site.status["/office"] = 404
        assert office not in await self.look(town, DAY + timedelta(days=3))

    async def test_a_link_that_was_mended_is_off_the_list_at_once(self, town: Town, site: Site, editor: Actor, reviewer: Actor) -> None:
        site.status["/office"] = 404
        for day in range(2):
            before = await self.look(town, DAY + timedelta(days=day))
        assert (OFFICE, site.at("/office")) in before
        document = {**town.words(OFFICE), "website": site.at("/new")}
        town.do(lambda session: save(session, editor, OFFICE, document, base=2))
        assert self.told(town) == before, "a draft mends nothing"
        town.do(lambda session: publish(session, reviewer, OFFICE))
        assert self.told(town) == [one for one in before if one[0] != OFFICE]

    async def broken_office(self, town: Town, site: Site, status: int = 404) -> int:
        """The number of the office's address, after two days on which it did not answer well."""
        site.status["/office"] = status
        for day in range(2):
            await self.look(town, DAY + timedelta(days=day))
        with town.database.sessions() as session:
            return session.scalars(select(LinkCheckRow.id).where(LinkCheckRow.record_id == OFFICE)).one()

    async def test_what_somebody_has_seen_working_is_off_the_list_while_nothing_else_is_wrong(
        self, town: Town, site: Site, editor: Actor
    ) -> None:
        number, office = await self.broken_office(town, site), (OFFICE, site.at("/office"))
        town.do(lambda session: say_it_works(session, editor, OFFICE, number))
        assert office not in self.told(town)
        soon = now() + timedelta(days=1)
        for days in range(3):
            assert office not in await self.look(town, soon + timedelta(days=days))
        site.status["/office"] = 500
        assert office not in await self.look(town, soon + timedelta(days=3))
        assert office in await self.look(town, soon + timedelta(days=4))

    async def test_it_is_believed_for_half_a_year(self, town: Town, site: Site, editor: Actor) -> None:
        number, office = await self.broken_office(town, site), (OFFICE, site.at("/office"))
        town.do(lambda session: say_it_works(session, editor, OFFICE, number))
        later = now() + BELIEVED + timedelta(days=1)
        assert office not in await self.look(town, later)
        assert office in await self.look(town, later + timedelta(days=1))

    async def test_only_who_may_edit_the_record_says_so_and_only_of_its_own_addresses(
        self, town: Town, site: Site, editor: Actor, staff: Actor
    ) -> None:
        number = await self.broken_office(town, site)
        with pytest.raises(NotAllowed):
            town.do(lambda session: say_it_works(session, staff, OFFICE, number))
        with pytest.raises(NotFound):
            town.do(lambda session: say_it_works(session, editor, ANSWER, number))

    async def test_an_address_that_is_no_longer_named_is_forgotten(self, town: Town, site: Site, reviewer: Actor) -> None:
        await self.look(town, DAY)
        town.do(lambda session: archive(session, reviewer, ANSWER))
        await self.look(town, DAY)
        with town.database.sessions() as session:
            assert ANSWER not in set(session.scalars(select(LinkCheckRow.record_id)))

    async def test_a_draft_names_nothing_yet(self, town: Town, editor: Actor) -> None:
        document = {**town.words(OFFICE), "website": "https://draft.example"}
        town.do(lambda session: save(session, editor, OFFICE, document, base=2))
        with town.database.sessions() as session:
            assert "https://draft.example" not in read_addresses(session)[OFFICE]


def test_the_command_line_says_when_this_machine_is_not_online(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given: names that nobody has (RFC 2606)."""
    monkeypatch.setattr("knowledge.editorial.links.asking.PAUSE", 0)
    monkeypatch.setenv("NEWCOMER_DATABASE_URL", town.database.url)
    monkeypatch.setenv("NEWCOMER_SECRET", "x")
    done = CliRunner().invoke(links, ["check"])
    assert done.exit_code == 1 and "is this machine online? Nothing was noted." in done.output
    with town.database.sessions() as session:
        assert session.scalars(select(LinkCheckRow)).all() == []
