"""Lists of what is no record: suggestions, broken links, translations, questions without an answer, imports."""

from __future__ import annotations

from sqlalchemy import func, select

from knowledge.editorial.home.coverage import gaps_by_language
from knowledge.editorial.home.parts import Asking, Item, Listed
from knowledge.editorial.links.checking import broken
from knowledge.editorial.questions.keeping import groups
from knowledge.editorial.records import aware
from knowledge.editorial.scope import Scope
from knowledge.editorial.suggestions import waiting
from knowledge.store.desk_tables import ImportRunRow


def suggestions(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """What staff and the public say is wrong, oldest first."""
    count, rows = waiting(asking.session, scope, limit=limit, offset=offset)
    items = [
        Item(
            record.name if record else "",
            record.id if record else None,
            record.kind if record else "",
            str(row.id),
            when=aware(row.at),
            who="staff" if row.from_user_id else "public",
            note=row.text,
            language=row.language or "",
        )
        for row, record in rows
    ]
    return Listed(count, items)


def links(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """Broken addresses. `note` is the address, `ref` its number, `who` what is wrong with it."""
    found = broken(scope.municipality, *scope.records())
    count = asking.session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    rows = asking.session.execute(found.offset(offset).limit(limit)) if count else ()
    return Listed(
        count,
        [
            Item(
                record.name,
                record.id,
                record.kind,
                str(link.id),
                when=aware(link.checked_at),
                who=link.problem or "",
                note=link.url,
                number=link.status or 0,
            )
            for link, record in rows
        ],
    )


def translations(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """One line a language, the most gaps first; `number` counts its gaps, `note` how many of them are outdated."""
    found = gaps_by_language(asking.session, scope)
    lines = sorted(((missing + outdated, outdated, code) for code, (missing, outdated) in found.items()), reverse=True)
    items = [Item(code, kind="language", ref=code, language=code, number=number, note=str(outdated)) for number, outdated, code in lines]
    return Listed(sum(item.number for item in items), items[offset : offset + limit])


def questions(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """Groups of questions that found no answer, the most asked first; `number` tells how often."""
    found, total = groups(asking.session, asking.actor, asking.municipality, page=offset // limit + 1, size=limit)
    items = [
        Item(one.examples[0][1], ref=str(one.id), when=one.last, language=one.examples[0][0], number=one.count)
        for one in found
        if one.examples
    ]
    return Listed(total, items)


def imports(asking: Asking, scope: Scope, limit: int, offset: int) -> Listed:
    """Imports that were looked at and wait for a decision, oldest first."""
    planned = (ImportRunRow.municipality_id == asking.municipality, ImportRunRow.state == "planned")
    count = asking.session.scalar(select(func.count()).select_from(ImportRunRow).where(*planned)) or 0
    rows = asking.session.execute(
        select(ImportRunRow.id, ImportRunRow.file_name, ImportRunRow.at)
        .where(*planned)
        .order_by(ImportRunRow.id)
        .offset(offset)
        .limit(limit)
    )
    return Listed(count, [Item(name, ref=str(id), when=aware(at)) for id, name, at in rows])
