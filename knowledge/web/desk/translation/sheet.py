"""/desk/record/{kind}/{id}/translate/{language}: the original and its translation side by side, section by section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.orm import Session

from knowledge.documents.canonical import text_digest
from knowledge.documents.changes import Change
from knowledge.domain.locked_words import LockedWords
from knowledge.domain.records import LIST_FIELDS
from knowledge.domain.text import TranslationState
from knowledge.editorial.accounts.kept_forms import one_kept
from knowledge.editorial.actor import Permission
from knowledge.editorial.errors import Conflict, NotFound
from knowledge.editorial.locked_words import locked_words
from knowledge.editorial.older_sources import older_sources
from knowledge.editorial.records import get
from knowledge.editorial.translate import Section, sections, translate
from knowledge.replies.service_card import language_name
from knowledge.web.desk.record.common import key_of, own_url, place_of
from knowledge.web.desk.record.overview import record_fields
from knowledge.web.desk.records.choices import Choices
from knowledge.web.desk.records.wording import Wording
from knowledge.web.desk.request import DeskRequest
from knowledge.web.desk.translation.service import has_translator, service_name
from locales.registry import direction, served

Pieces = Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Row:
    """One section on the page. `source` is cut at locked words (text, whether locked). `typed` is what stands in the field: what was
    typed, where it could not be taken, else the translation. `lost` are locked words that it has not. `older` and `newer` are the original
    then and now with the difference marked, where the translation is of older words. `shown` names the translation that the page shows.
    `clash`: the original changed while somebody wrote; `overtaken`: somebody else has translated it meanwhile."""

    field: str
    label: str
    source: Pieces
    digest: str
    typed: str
    translation: str
    shown: str
    state: TranslationState
    reviewed_by: str
    many_lines: bool
    lost: tuple[str, ...]
    changed_on: str
    older: Pieces
    newer: Pieces
    clash: bool
    overtaken: bool
    unsaved: bool


@dataclass
class Sent:
    """What came with the form: the words by field, of which original they are, beside which translation they were written (`shown`), and
    what of them could not be taken."""

    words: Mapping[str, str]
    digests: Mapping[str, str]
    shown: Mapping[str, str]
    clashes: frozenset[str] = frozenset()

    def is_of_others(self, one: Section) -> bool:
        """Whether the words were written beside an original that is another one by now."""
        return self.digests.get(one.field, one.source_digest) != one.source_digest

    def is_touched(self, field: str) -> bool:
        """Whether somebody has typed there: a form sends all its fields."""
        return named(self.words[field]) != self.shown.get(field)

    def is_overtaken(self, one: Section) -> bool:
        """Whether somebody else has written another translation since the page was opened."""
        return self.shown.get(one.field, named(one.translation)) != named(one.translation)


def named(translation: str) -> str:
    """What a form calls the translation that it shows."""
    return text_digest(translation.strip())


async def show(desk: DeskRequest) -> web.Response:
    """GET: the page; with ``?kept=`` what was sent when the session was over stands in its fields."""
    kept = await _kept(desk)
    if kept is None:
        return await page(desk)
    return await page(desk, sent=kept, notice=desk.say("desk.kept.back"), kept=desk.request.query["kept"])


async def _kept(desk: DeskRequest) -> Sent | None:
    id, secret, user = desk.request.query.get("kept", ""), desk.settings.secret, desk.actor.id
    if not id or user is None:
        return None
    found = await desk.run(lambda session: one_kept(session, secret, user, id))
    if found is None or found.path != desk.request.rel_url.raw_path or found.municipality != desk.municipality:
        return None
    given = {one.name: one.value.strip().replace("\r\n", "\n") for one in found.fields}
    words = {name.removeprefix("text."): value for name, value in given.items() if name.startswith("text.")}
    return _of_fields(words, given)


def _of_fields(words: Mapping[str, str], given: Mapping[str, str]) -> Sent:
    shown = {name: given[f"shown.{name}"] for name in words if given.get(f"shown.{name}")}
    return Sent(words, {name: given.get(f"of.{name}", "") for name in words}, shown)


async def page(
    desk: DeskRequest, *, status: int = 200, sent: Sent | None = None, notice: str = "", problem: str = "", kept: str = ""
) -> web.Response:
    """The page; what was `sent` and is not kept stands in its fields again."""
    fields = await desk.run(lambda session: _fields(session, desk, sent))
    return desk.page("translation/sheet.html", status=status, notice=notice, problem=problem, kept=kept, **fields)


def _fields(session: Session, desk: DeskRequest, sent: Sent | None) -> dict[str, Any]:
    record = get(session, desk.actor, key_of(desk), Permission.TRANSLATE)
    place = place_of(session, desk)
    code = target_language(desk, place.source_language)
    found = sections(session, record, code)
    older = older_sources(session, record, code, found)
    locked = locked_words(session, desk.municipality)
    wording = Wording(record.kind, Choices(desk.sight(session), desk.language), place.today)
    rows = []
    for one in found:
        before = older.get(one.field)
        left, right = Change(one.field, before.words, one.source).words() if before else ([], [])
        changed_on = place.moment(before.changed_at) if before else ""
        rows.append(_row(one, wording.label(f"texts.{one.field}"), locked, sent, changed_on, left, right))
    return {
        **record_fields(desk, record, place),
        "rows": rows,
        "code": code,
        "name": language_name(code, desk.language),
        "direction": direction(code),
        "codes": [(other, language_name(other, desk.language)) for other in served() if other != place.source_language],
        "is_public": record.published is not None,
        "machine_count": sum(one.state is TranslationState.MACHINE for one in found),
        "missing_count": sum(one.state is TranslationState.MISSING for one in found),
        "drafts": any(not one.public for one in found),
        "has_translator": has_translator(desk.settings),
        "service": service_name(desk.settings),
        "next_url": f"/desk/translations/{code}/next?{urlencode({'after': record.id})}",
    }


def target_language(desk: DeskRequest, source_language: str) -> str:
    """The language in the address. Raises NotFound for one that is not translated into."""
    code = desk.request.match_info["language"]
    if code not in served() or code == source_language:
        raise NotFound("desk.no_language", language=code)
    return code


def _row(one: Section, label: str, locked: LockedWords, sent: Sent | None, changed_on: str, older: Pieces, newer: Pieces) -> Row:
    typed = one.translation
    if sent is not None and one.field in sent.words and sent.is_touched(one.field):
        typed = sent.words[one.field]
    shown = typed or one.translation
    refused = sent is not None and (one.field in sent.clashes or typed != one.translation)
    clash = refused and sent is not None and sent.is_of_others(one)
    return Row(
        field=one.field,
        label=label,
        source=marked(one.source, locked),
        digest=one.source_digest,
        typed=typed,
        translation=one.translation,
        shown=named(one.translation),
        state=one.state,
        reviewed_by=one.reviewed_by or "",
        many_lines=one.field in LIST_FIELDS,
        lost=tuple(locked.broken(one.source, shown)) if shown else (),
        changed_on=changed_on,
        older=older,
        newer=newer,
        clash=clash,
        overtaken=refused and not clash and sent is not None and sent.is_overtaken(one),
        unsaved=typed != one.translation,
    )


def marked(source: str, locked: LockedWords) -> list[tuple[str, bool]]:
    """The source cut at its locked words: (text, whether it is one)."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for found in locked.find(source):
        if found.start > at:
            pieces.append((source[at : found.start], False))
        pieces.append((source[found.start : found.end], True))
        at = found.end
    if at < len(source):
        pieces.append((source[at:], False))
    return pieces


async def save(desk: DeskRequest) -> web.Response:
    """POST: keep one section (`save` names it), or all that were changed. Nothing typed is lost, whatever cannot be taken."""
    which = desk.text("save")
    sent = _sent(desk)
    outcome = await desk.run(lambda session: _keep(session, desk, sent, which))
    words = {field: words for field, words in sent.words.items() if field not in outcome.kept}
    left = Sent(words, sent.digests, sent.shown, outcome.clashes)
    if outcome.clashes:
        return await page(desk, status=409, sent=left)
    if outcome.unsaved:
        return await page(desk, sent=left, notice=desk.say("desk.translation.saved_one", number=outcome.unsaved))
    place = f"#s-{outcome.next_field}" if outcome.next_field else ""
    return desk.redirect(own_url(desk, f"translate/{desk.request.match_info['language']}") + place, "translation_saved")


@dataclass(frozen=True, slots=True)
class _Outcome:
    kept: frozenset[str]
    clashes: frozenset[str]
    unsaved: int
    # Where the reader goes on after one section was saved: the next one that wants something.
    next_field: str = ""


def _sent(desk: DeskRequest) -> Sent:
    names = [name.removeprefix("text.") for name in (desk.form if desk.form is not None else ()) if name.startswith("text.")]
    words = {name: desk.text(f"text.{name}").replace("\r\n", "\n") for name in names}
    return _of_fields(words, {f"{about}.{name}": desk.text(f"{about}.{name}") for name in names for about in ("of", "shown")})


def _keep(session: Session, desk: DeskRequest, sent: Sent, which: str) -> _Outcome:
    record = get(session, desk.actor, key_of(desk), Permission.TRANSLATE)
    code = target_language(desk, place_of(session, desk).source_language)
    now = {one.field: one for one in sections(session, record, code)}
    kept, clashes, unsaved = set(), set(), 0
    for field, words in sent.words.items():
        known = now.get(field)
        if known is None or not words:
            continue
        confirmed = which == field or (which == "reviewed" and known.state is TranslationState.MACHINE)
        changed = words != known.translation and sent.is_touched(field)
        if not (confirmed or (changed and which in ("", "all", "reviewed"))):
            unsaved += changed and which not in ("", "all")
            continue
        try:
            if words != known.translation and sent.is_overtaken(known):
                raise Conflict("desk.translated_meanwhile", record=record.id, field=field)
            translate(session, desk.actor, record.id, field, code, words, of=sent.digests.get(field, ""), instead_of=known.translation)
            kept.add(field)
        except Conflict:
            # The original, or its translation, is another by now: what was typed is shown again beside it.
            clashes.add(field)
    return _Outcome(frozenset(kept), frozenset(clashes), unsaved, _after(which, list(now.values())))


def _after(field: str, found: Sequence[Section]) -> str:
    names = [one.field for one in found]
    if field not in names:
        return ""
    later = found[names.index(field) + 1 :]
    return next((one.field for one in later if one.state is not TranslationState.REVIEWED), "")
