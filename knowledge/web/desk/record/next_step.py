"""What to do next with a record: one clear button, chosen by its state and by what the person may do."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.editorial.records import State


@dataclass(frozen=True, slots=True)
class Situation:
    """What the choice depends on. `needs` counts records that have to be published first, `missing` those that are not there at all;
    `gaps` names the languages in which words are missing or outdated."""

    state: State
    published: bool
    may_edit: bool
    may_publish: bool
    may_verify: bool
    may_translate: bool
    unsaved: bool = False
    came_back: bool = False
    due: bool = False
    needs: int = 0
    missing: int = 0
    gaps: tuple[str, ...] = ()
    # What has to be published first belongs to others, and this person may not publish it.
    needs_others: bool = False

    @property
    def can_publish(self) -> bool:
        """Whether this person may publish it with all that it needs."""
        return self.may_publish and not self.needs_others


@dataclass(frozen=True, slots=True)
class Button:
    """Words are ``desk.record.do.<key>``. `path` is below the record's page; with `post` it is a form, otherwise a link."""

    key: str
    path: str
    post: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """Words are ``desk.record.next.<key>``. `main` is the button that stands out; None where there is nothing to do."""

    key: str
    main: Button | None = None
    others: tuple[Button, ...] = ()


EDIT = Button("edit", "edit", post=False)
GO_ON = Button("go_on", "edit", post=False)
PREVIEW = Button("preview", "preview", post=False)
SUBMIT = Button("submit", "submit")
PUBLISH = Button("publish", "publish")
PUBLISH_ALL = Button("publish_all", "publish")
VERIFY = Button("verify", "verify")
BACK_TO_DRAFT = Button("unschedule", "send-back")


def next_step(now: Situation) -> Step:
    """The step, from what is most pressing to what can wait."""
    if now.unsaved and now.may_edit:
        return Step("unsaved", GO_ON)
    if now.state is State.REVIEW:
        return _in_review(now)
    if now.state is State.SCHEDULED:
        others = (*((PUBLISH,) if now.can_publish else ()), *((BACK_TO_DRAFT,) if now.may_publish else ()))
        return Step("scheduled", None, (*others, PREVIEW))
    if now.state is State.PUBLISHED:
        return _public(now)
    if now.state is State.ARCHIVED:
        return _archived(now)
    return _draft(now)


def _in_review(now: Situation) -> Step:
    if not now.can_publish:
        return Step("waits", None, (GO_ON, PREVIEW) if now.may_edit else (PREVIEW,))
    if now.missing:
        return Step("missing", EDIT, (PREVIEW,))
    return Step("to_review", PUBLISH_ALL if now.needs else PUBLISH, (PREVIEW, EDIT))


def _draft(now: Situation) -> Step:
    if not now.may_edit:
        return Step("being_written", None, (PREVIEW,))
    if now.came_back:
        return Step("came_back", GO_ON, (*_hand_on(now), PREVIEW))
    if now.missing:
        return Step("missing", GO_ON, (PREVIEW,))
    first, *others = _hand_on(now)
    return Step("draft_publish" if now.can_publish else "draft", first, (*others, GO_ON, PREVIEW))


def _hand_on(now: Situation) -> tuple[Button, ...]:
    """Reviewers publish their own drafts, and may still ask for a second pair of eyes."""
    if not now.can_publish:
        return (SUBMIT,)
    if now.missing:
        return ()
    return (PUBLISH_ALL if now.needs else PUBLISH, SUBMIT)


def _public(now: Situation) -> Step:
    others = (EDIT, PREVIEW) if now.may_edit else (PREVIEW,)
    if now.came_back and now.may_edit:
        return Step("came_back", None, others)
    if now.due and now.may_verify:
        return Step("due", VERIFY, others)
    if now.gaps and now.may_translate:
        return Step("translate", Button("translate", f"translate/{now.gaps[0]}", post=False), others)
    return Step("good", None, others)


def _archived(now: Situation) -> Step:
    if now.can_publish:
        return Step("archived", PUBLISH_ALL if now.needs else PUBLISH, (EDIT, PREVIEW))
    return Step("archived", None, (EDIT, SUBMIT, PREVIEW) if now.may_edit else ())
