"""A person who comes once a week sees one thing to do next."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from knowledge.editorial.records import State
from knowledge.web.desk.record.next_step import Situation, next_step

STAFF = Situation(State.PUBLISHED, True, may_edit=False, may_publish=False, may_verify=False, may_translate=False)
EDITOR = replace(STAFF, may_edit=True, may_verify=True, may_translate=True)
REVIEWER = replace(EDITOR, may_publish=True)


def main(now: Situation) -> str:
    button = next_step(now).main
    return button.key if button else ""


@pytest.mark.parametrize(
    ("who", "state", "more", "expected"),
    [
        (EDITOR, State.DRAFT, {}, "submit"),
        (REVIEWER, State.DRAFT, {}, "publish"),
        (REVIEWER, State.DRAFT, {"needs": 2}, "publish_all"),
        (REVIEWER, State.DRAFT, {"needs": 2, "missing": 1}, "go_on"),
        (REVIEWER, State.DRAFT, {"needs": 2, "needs_others": True}, "submit"),
        (REVIEWER, State.REVIEW, {"needs": 2, "needs_others": True}, ""),
        (REVIEWER, State.ARCHIVED, {"needs": 2, "needs_others": True}, ""),
        (EDITOR, State.DRAFT, {"came_back": True}, "go_on"),
        (EDITOR, State.DRAFT, {"unsaved": True}, "go_on"),
        (STAFF, State.DRAFT, {}, ""),
        (REVIEWER, State.REVIEW, {}, "publish"),
        (EDITOR, State.REVIEW, {}, ""),
        (REVIEWER, State.SCHEDULED, {}, ""),
        (EDITOR, State.PUBLISHED, {"due": True, "gaps": ("uk",)}, "verify"),
        (EDITOR, State.PUBLISHED, {"gaps": ("uk", "tr")}, "translate"),
        (EDITOR, State.PUBLISHED, {"due": True, "came_back": True}, ""),
        (EDITOR, State.PUBLISHED, {}, ""),
        (STAFF, State.PUBLISHED, {"due": True, "gaps": ("uk",)}, ""),
        (REVIEWER, State.ARCHIVED, {}, "publish"),
        (EDITOR, State.ARCHIVED, {}, ""),
    ],
)
def test_the_button_that_stands_out(who: Situation, state: State, more: dict[str, object], expected: str) -> None:
    assert main(replace(who, state=state, **more)) == expected  # type: ignore[arg-type]


def test_the_language_that_is_most_wanting_is_the_one_to_translate_into() -> None:
    button = next_step(replace(EDITOR, gaps=("uk", "tr"))).main
    assert button is not None
    assert button.path == "translate/uk"


@pytest.mark.parametrize("who", [STAFF, EDITOR, REVIEWER])
def test_nobody_is_offered_what_they_may_not_do(who: Situation) -> None:
    allowed = {
        "edit": who.may_edit,
        "submit": who.may_edit,
        "publish": who.may_publish,
        "verify": who.may_verify,
        "send-back": who.may_publish,
    }
    for state, due, unsaved, came_back, needs, missing in itertools.product(State, *[(False, True)] * 3, (0, 1), (0, 1)):
        step = next_step(
            replace(who, state=state, due=due, unsaved=unsaved, came_back=came_back, needs=needs, missing=missing, gaps=("uk",))
        )
        buttons = [one for one in (step.main, *step.others) if one]
        assert all(allowed.get(one.path, who.may_translate or "translate" not in one.path) for one in buttons)
        assert len({one.key for one in buttons}) == len(buttons)
