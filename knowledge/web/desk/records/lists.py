"""The list of a kind of records: search and filters stand in the address, so that a view can be kept and shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.listing import SORTS, Listed, Wanted, listed
from knowledge.editorial.records import State
from knowledge.replies.service_card import language_name
from knowledge.store.tables import MunicipalityRow
from knowledge.web.desk.numbers import whole
from knowledge.web.desk.records.choices import Choices, Option, record_option
from knowledge.web.desk.records.formats import Formats
from knowledge.web.desk.records.sheets import list_url, may_create, today_in
from knowledge.web.desk.request import DeskRequest
from locales.catalogue import say
from locales.registry import languages, served

# Which filters make sense for which kind, in the order of the page.
FILTERS: dict[str, tuple[str, ...]] = {
    "service": ("state", "topic", "organization", "district", "language", "due", "mine", "closed", "confidential"),
    "article": ("state", "topic", "language", "due", "mine"),
    "page": ("state", "topic", "language", "due", "mine"),
    "organization": ("state", "language", "mine"),
    "location": ("state", "district", "language", "mine", "confidential"),
    "contact": ("state", "organization", "language", "mine"),
}
_SWITCHES = ("due", "mine", "closed", "confidential")
_GAPS = ("missing", "outdated")


@dataclass(frozen=True, slots=True)
class FilterView:
    """One filter: a list to choose from, or a box (without options)."""

    name: str
    label: str
    value: str
    options: Sequence[Option] = ()

    @property
    def groups(self) -> list[tuple[str, list[Option]]]:
        """The options under their headings."""
        found: dict[str, list[Option]] = {}
        for one in self.options:
            found.setdefault(one.group, []).append(one)
        return list(found.items())

    @property
    def shown(self) -> str:
        """The chosen value in words."""
        return next((one.label for one in self.options if one.value == self.value), self.value) if self.options else ""


@dataclass(frozen=True)
class Address:
    """The address of a list with its filters; `but` changes some of them."""

    kind: str
    query: Mapping[str, str]

    def but(self, **changes: object) -> str:
        """The same list with other values; empty ones fall away, and so does the page unless it is named."""
        query = {**self.query, "page": "", **{name: str(value) for name, value in changes.items()}}
        said = urlencode({name: value for name, value in query.items() if value})
        return list_url(self.kind) + (f"?{said}" if said else "")


async def records(desk: DeskRequest) -> web.Response:
    """GET /desk/records/{kind}."""
    kind = desk.request.match_info["kind"]
    given = desk.request.query
    query = {name: value.strip() for name in ("text", *FILTERS[kind], "sort", "page") if (value := given.get(name, ""))}
    address = Address(kind, query)
    if any(not value for value in given.values()):
        # A form sends its empty fields too; an address that is kept or shared shall not have them.
        raise web.HTTPFound(address.but(page=query.get("page", "")))

    def work(session: Session) -> tuple[Listed, list[FilterView], Sequence[str], MunicipalityRow]:
        municipality = session.get_one(MunicipalityRow, desk.municipality)
        own, sight = municipality.source_language, desk.sight(session)
        codes = [code for code in served() if code != own]
        found = listed(
            sight,
            kind,
            _wanted(desk, query),
            today=today_in(session, desk.municipality),
            check_days=desk.settings.check_days,
            languages=codes,
        )
        return found, _filters(Choices(sight, desk.language), kind, query, codes), codes, municipality

    found, filters, codes, municipality = await desk.run(work)
    return desk.page(
        "records/list.html",
        fmt=Formats(desk.language, municipality.timezone),
        source_language=municipality.source_language,
        kind=kind,
        query=query,
        address=address,
        found=found,
        filters=filters,
        active=[one for one in filters if one.value],
        languages=codes,
        may_create=may_create(desk, kind),
        sorts=[one for one in SORTS if one != "checked" or "due" in FILTERS[kind]],
    )


def _wanted(desk: DeskRequest, query: Mapping[str, str]) -> Wanted:
    language, _, gap = query.get("language", "").partition("-")
    page = query.get("page", "")
    return Wanted(
        text=query.get("text", "")[:200],
        state=query.get("state", "") if query.get("state") in set(State) else "",
        topic=query.get("topic", ""),
        organization=query.get("organization", ""),
        district=query.get("district", ""),
        language=language if language in languages() else "",
        gap=gap if gap in _GAPS else "",
        due="due" in query,
        responsible=desk.actor.id if "mine" in query else None,
        closed="closed" in query,
        confidential="confidential" in query,
        sort=query.get("sort", "name"),
        page=whole(page) or 1,
    )


def _filters(choices: Choices, kind: str, query: Mapping[str, str], codes: Sequence[str]) -> list[FilterView]:
    language = choices.language

    def options(name: str) -> Sequence[Option]:
        if name == "state":
            return [Option(one.value, say(f"desk.state.{one.value}", language)) for one in State]
        if name == "language":
            return [
                Option(f"{code}-{gap}", say(f"desk.records.gap.{gap}", language, language=language_name(code, language)))
                for code in codes
                for gap in _GAPS
            ]
        if name == "organization":
            return sorted(map(record_option, choices.records("organization").values()), key=lambda one: one.label.casefold())
        return choices.options(name)

    return [
        FilterView(
            name, say(f"desk.records.filter.{name}", language), query.get(name, ""), () if name in _SWITCHES else tuple(options(name))
        )
        for name in FILTERS[kind]
    ]
