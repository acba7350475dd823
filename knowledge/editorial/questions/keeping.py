"""Questions that found no answer, in the database: noted, grouped, shown to editors, handled, erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, sessionmaker

from knowledge.editorial import audit
from knowledge.editorial.actor import Actor, Permission
from knowledge.editorial.errors import NotFound
from knowledge.editorial.questions.cleaning import cleaned
from knowledge.editorial.questions.grouping import Grouper, Question
from knowledge.store.desk_tables import UnansweredRow
from knowledge.store.engine import begin_writing
from locales.registry import base_code

# More in one day and one municipality is somebody playing, and tells editors nothing.
MOST_A_DAY = 1000
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that mean the same. `examples`: (language, words), one a language first; `languages`: how often each."""

    id: int
    count: int
    last: date
    examples: Sequence[tuple[str, str]]
    languages: Sequence[tuple[str, int]]


def note(session: Session, municipality: str, text: str, language: str | None, day: date) -> bool:
    """Keep what may be kept of a question; returns whether anything was."""
    words = cleaned(text)
    if words is None:
        return False
    today = select(func.count()).where(UnansweredRow.municipality_id == municipality, UnansweredRow.day == day)
    if (session.scalar(today) or 0) >= MOST_A_DAY:
        return False
    session.add(UnansweredRow(municipality_id=municipality, text=words, language=base_code(language), day=day, handled=False))
    session.flush()
    return True


def group_new(sessions: sessionmaker[Session], grouper: Grouper) -> int:
    """Put questions that are new into groups, in every municipality; returns how many. Meant for one process at a time."""
    row = UnansweredRow
    with sessions() as session:
        waiting = session.scalars(select(row.municipality_id).where(row.group_id.is_(None)).distinct()).all()
    done = 0
    for municipality in waiting:
        with sessions() as session:
            rows = session.execute(
                select(row.id, row.text, row.language, row.group_id).where(row.municipality_id == municipality).order_by(row.id)
            ).all()
        # Between reading and writing the vectors are worked out, which takes its time: nobody waits for the database meanwhile.
        found = grouper.assign([Question(id, text, language or "", group) for id, text, language, group in rows])
        with sessions() as session, session.begin():
            begin_writing(session)
            for id, group in found.items():
                session.execute(update(row).where(row.id == id).values(group_id=group))
        done += len(found)
    return done


def erase(session: Session, before: date) -> int:
    """Erase the questions of the days before `before`; returns how many."""
    gone = session.execute(delete(UnansweredRow).where(UnansweredRow.day < before))
    return int(getattr(gone, "rowcount", 0))


def kept_since(today: date, retention_days: int) -> date:
    """The first day whose questions are still kept."""
    return today - timedelta(days=retention_days)


def groups(session: Session, actor: Actor, municipality: str, *, page: int = 1, size: int = 20) -> tuple[list[QuestionGroup], int]:
    """(groups of a page, the most asked first; how many groups there are). A question that is not grouped yet stands alone."""
    actor.need(Permission.VIEW, municipality)
    name = func.coalesce(UnansweredRow.group_id, UnansweredRow.id)
    count, last = func.count(), func.max(UnansweredRow.day)
    open_ones = (UnansweredRow.municipality_id == municipality, UnansweredRow.handled.is_(False))
    found = session.execute(
        select(name, count, last)
        .where(*open_ones)
        .group_by(name)
        .order_by(count.desc(), last.desc(), name)
        .offset((page - 1) * size)
        .limit(size)
    ).all()
    names = [row[0] for row in found]
    asked = session.execute(
        select(name, UnansweredRow.language, UnansweredRow.text).where(*open_ones, name.in_(names)).order_by(UnansweredRow.id.desc())
    ).all()
    total = session.scalar(select(func.count(func.distinct(name))).where(*open_ones)) or 0
    return [_group(id, number, day, [(x.language or "", x.text) for x in asked if x[0] == id]) for id, number, day in found], total


def _group(id: int, count: int, last: date, asked: Sequence[tuple[str, str]]) -> QuestionGroup:
    languages: dict[str, int] = {}
    for language, _ in asked:
        languages[language] = languages.get(language, 0) + 1
    # One of each language, then others of the same.
    seen: dict[str, str] = {}
    for language, text in asked:
        seen.setdefault(language, text)
    examples = [*seen.items(), *(pair for pair in dict.fromkeys(asked) if pair not in seen.items())][:EXAMPLES]
    return QuestionGroup(id, count, last, examples, sorted(languages.items(), key=lambda pair: -pair[1]))


def group(session: Session, actor: Actor, municipality: str, id: int) -> QuestionGroup:
    """One group.

    Raises NotFound where it is not there (any longer).
    """
    actor.need(Permission.VIEW, municipality)
    row = UnansweredRow
    asked = session.execute(
        select(row.language, row.text, row.day)
        .where(row.municipality_id == municipality, func.coalesce(row.group_id, row.id) == id)
        .order_by(row.id.desc())
    ).all()
    if not asked:
        raise NotFound("desk.no_question")
    return _group(id, len(asked), max(x.day for x in asked), [(x.language or "", x.text) for x in asked])


def set_handled(session: Session, actor: Actor, municipality: str, id: int, handled: bool = True) -> None:
    """Lay a group aside, or bring it back. A question that is asked anew brings its group back by itself."""
    actor.need(Permission.EDIT, municipality)
    group(session, actor, municipality, id)
    row = UnansweredRow
    session.execute(
        update(row).where(row.municipality_id == municipality, func.coalesce(row.group_id, row.id) == id).values(handled=handled)
    )
    audit.log(session, actor, municipality, "question_handled" if handled else "question_reopened", None, group=id)
