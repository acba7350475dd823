"""The review from a tree of pages to topics: branch by branch, with a proposal and its reason for each page."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.editorial.errors import DeskError
from knowledge.editorial.import_runs import pages
from knowledge.editorial.import_runs.runs import read_again
from knowledge.editorial.import_runs.states import RunState
from knowledge.store.desk_tables import ImportItemRow, ImportRunRow
from knowledge.web.desk.exchange.common import check_seen, number_of, run_url, started, with_run
from knowledge.web.desk.exchange.wording import reason_words
from knowledge.web.desk.records.choices import Option
from knowledge.web.desk.records.choices import topics as topic_options
from knowledge.web.desk.request import DeskRequest


@dataclass(frozen=True, slots=True)
class PageView:
    """One page of a branch. `chosen` is what its list shows: what was decided, what it has at the desk, or the proposal."""

    id: int
    title: str
    depth: int
    proposed: str
    reason: str
    chosen: str
    decided: bool
    current: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A page at the top with all below it."""

    id: int
    title: str
    number: int
    decided: int
    url: str


def view(session: Session, desk: DeskRequest, run: ImportRunRow) -> dict[str, Any]:
    """What the page of the review shows: one branch, and where it stands among the others."""
    rows = pages.pages(session, run.id)
    tops = [row for row in rows if len(row.detail["path"]) == 1]
    branches = []
    for top in tops:
        found = pages.branch(rows, top.id)
        done = sum(row.decision is not None for row in found)
        branches.append(Branch(top.id, top.name, len(found), done, run_url(run.id, f"branch={top.id}")))
    wanted = desk.request.query.get("branch", "")
    chosen = next((one for one in branches if str(one.id) == wanted), None)
    chosen = chosen or next((one for one in branches if one.decided < one.number), None) or (branches[0] if branches else None)
    shown = pages.branch(rows, chosen.id) if chosen else []
    options = topic_options(desk.language)
    names = {one.value: one.label for one in options}
    return {
        "branches": branches,
        "branch": chosen,
        "following": _next(branches, chosen),
        "pages": [_page(row, names, desk.language) for row in shown],
        "groups": _groups(options),
        "decided": sum(one.decided for one in branches),
        "number": len(rows),
        "proposed": sum(bool(row.detail["proposed"]) for row in rows),
        "figures": run.plan.get("figures", {}),
        "no_topic": pages.NO_TOPIC,
    }


def _next(branches: Sequence[Branch], chosen: Branch | None) -> Branch | None:
    """Where to go on: the next branch that has undecided pages."""
    if chosen is None:
        return None
    start = branches.index(chosen)
    return next((one for one in (*branches[start + 1 :], *branches[:start]) if one.decided < one.number), None)


def _groups(options: Sequence[Option]) -> list[tuple[str, list[Option]]]:
    found: dict[str, list[Option]] = {}
    for one in options:
        found.setdefault(one.group, []).append(one)
    return list(found.items())


def _page(row: ImportItemRow, names: dict[str, str], language: str) -> PageView:
    detail = row.detail
    proposed, current = detail["proposed"] or "", detail.get("current") or ""
    return PageView(
        id=row.id,
        title=row.name,
        depth=min(len(detail["path"]), 6),
        proposed=names.get(proposed, proposed),
        reason=reason_words(detail["reason"], language),
        chosen=row.decision or current or proposed or pages.NO_TOPIC,
        decided=row.decision is not None,
        current=names.get(current, current),
    )


async def save(desk: DeskRequest) -> web.Response:
    """POST /desk/exchange/run/{run}/topics: confirm a branch, take all proposals, or go on to the dry run."""
    act = desk.text("do")
    number = number_of(desk)

    def write(session: Session, run: ImportRunRow) -> str:
        if run.state != RunState.TOPICS:
            raise DeskError("desk.exchange.not_now")
        check_seen(desk, run)
        if act == "branch":
            pages.choose(session, run.id, _chosen(desk))
        rows = pages.pages(session, run.id)
        if act == "all":
            pages.confirm_proposals(session, run.id, rows)
        elif act == "on":
            read_again(session, desk.actor, run, topics=True)
        return desk.text("following")

    following = await with_run(desk, write)
    if act == "on":
        await asyncio.to_thread(started, desk, number, "plan")
        return desk.redirect(run_url(number))
    return desk.redirect(run_url(number, f"branch={following}" if following.isdigit() else ""), "topics_kept")


def _chosen(desk: DeskRequest) -> dict[int, str]:
    assert desk.form is not None
    names = [name for name in desk.form if name.startswith("topic-") and name.removeprefix("topic-").isdecimal()]
    return {int(name.removeprefix("topic-")): desk.text(name) for name in names}
