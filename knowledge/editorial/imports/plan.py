"""Plan an import: what would happen to each record, and why something is left out. Changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from knowledge.documents.canonical import canonical, parse, title
from knowledge.documents.models import MODELS
from knowledge.editorial.imports.basis import Basis, find_bases, said_by
from knowledge.editorial.imports.compare import compare, ordered, with_changes
from knowledge.editorial.imports.incoming import Incoming, at_path, broken, incoming
from knowledge.editorial.imports.known import Known, KnownRecord, look_up
from knowledge.editorial.imports.languages import compare_translation
from knowledge.editorial.imports.outcome import Action, Decisions, Doubt, Item, Missing, Plan, Progress
from knowledge.editorial.imports.pointers import dangling, settle_publishing
from knowledge.editorial.records import State, now, record_key
from knowledge.exchange.batch import Batch, MissingFile, Rejection, TranslatedText
from knowledge.exchange.patch import file_and_row
from knowledge.exchange.tables.values import fold
from locales.catalogue import say
from locales.registry import languages

_EVERY = 100
# Where the same name is worth a question: it may be the same thing, entered again. Titles of answers and pages repeat themselves.
_KNOWN_BY_NAME = ("organization", "location", "contact", "service")


def plan(
    session: Session, municipality: str, batch: Batch, source: str, *, keep_missing: bool = True, progress: Progress | None = None
) -> Plan:
    """What `batch` would do to the records of `municipality`.

    `source` names where it comes from ("csv", "hsds:https://..."), always in the same way: what the same source said the last time shows
    what it has changed since. Records that cannot be taken are in `rejected` of the plan, with those of the batch. What the batch's missing
    files would have held stays as it is, unless `keep_missing` is False; which ones matter is in `missing` of the plan.
    """
    started = now()
    found = list(incoming(batch, keep_missing=keep_missing))
    keys = [record_key(one.kind, municipality, one.id) for one in found]
    known = look_up(session, municipality, keys, source)
    made = Plan(municipality, source, batch.format, started)
    made.rejected, made.skipped, made.notices = list(batch.rejected), list(batch.skipped), list(batch.notices)
    planner = _Planner(made, known, find_bases(session, known, batch), batch.missing)
    for number, (key, one) in enumerate(zip(keys, found, strict=True)):
        if progress and number % _EVERY == 0:
            progress(number, len(found))
        item = planner.item(key, one)
        if item is not None:
            made.items.append(item)
    planner.leave_out_dangling()
    planner.tell_missing(keep_missing)
    settle_publishing(made.items, known.public, Decisions(), municipality)
    if progress:
        progress(len(found), len(found))
    return made


class _Planner:
    def __init__(self, made: Plan, known: Known, bases: dict[str, Basis], missing: Sequence[MissingFile]) -> None:
        self.made = made
        self.missing = missing
        self.not_told: Counter[MissingFile] = Counter()
        self.known = known
        self.bases = bases

    def item(self, key: str, one: Incoming) -> Item | None:
        """What would happen to the record; None where it is rejected."""
        if one.kind not in MODELS:
            self._reject(one, "kind", value=one.kind)
            return None
        record, basis = self.known.records.get(key), self.bases.get(key)
        if record is None and not one.whole and one.patch is None:
            self._reject(one, "only_translations")
            return None
        try:
            item = self._new(key, one) if record is None else self._known(key, one, record, basis)
        except ValidationError as error:
            self.made.rejected += broken(one, error)
            return None
        self._translations(item, one, record, basis)
        return item

    def _new(self, key: str, one: Incoming) -> Item:
        document = one.over({})
        same = self.known.names.get((one.kind, fold(title(one.kind, document))))
        if same is not None and one.kind in _KNOWN_BY_NAME:
            fields: dict[str, object] = {"id": same.partition("/")[2]}
            self.made.notices.append(_told(one.place or one.kind, one.name, "desk.imports.notice.same_name", fields))
        return Item(key, one.kind, one.id, title(one.kind, document), Action.CREATE, document, place=one.place, digest=said_by(document))

    def _known(self, key: str, one: Incoming, record: KnownRecord, basis: Basis | None) -> Item:
        said = one.over(record.current)
        if one.document is not None and self.missing:
            self._compare_with_missing(one.kind, canonical(one.document), record.current)
        wanted, doubt = compare(one, said, record, basis)
        document = record.current
        if wanted:
            # Laid over what the desk has, so that its own changes to other fields stay; checked again as a whole.
            document = canonical(parse(one.kind, with_changes(record.current, wanted)))
        action = Action.CONFLICT if doubt else Action.UPDATE if wanted else Action.UNCHANGED
        item = Item(key, one.kind, one.id, title(one.kind, document), action, document, wanted, doubt=doubt, newest=record.newest)
        item.place, item.facts = one.place, record.facts
        if wanted or said_by(said) == said_by(record.current):
            # Otherwise the desk has gone on from what the source said before: that stays what the next import is compared with.
            item.digest = said_by(said)
        # What somebody is writing is not put before the readers by an import, and what was taken away from them does not come back.
        item.publish = record.published == record.newest and record.state is State.PUBLISHED
        return item

    def _compare_with_missing(self, kind: str, document: dict[str, Any], current: dict[str, Any]) -> None:
        """Note which missing files leave out something that the record has."""
        for file in self.missing:
            for path in (path for held, path in file.held if held == kind):
                there = at_path(current, path)
                if there is not None and ordered(there) != ordered(at_path(document, path)):
                    self.not_told[file] += 1
                    break

    def tell_missing(self, kept: bool) -> None:
        """Say which usual files are missing, where records have what they would have held."""
        for file in self.missing:
            if number := self.not_told[file] or file.rows:
                self.made.missing.append(Missing(file.file, file.held, number))
                key = "missing_file" if kept else "missing_file_gone"
                self.made.notices.append(_told(file.file, file.file, f"desk.imports.notice.{key}", {"number": number}))

    def _translations(self, item: Item, one: Incoming, record: KnownRecord | None, basis: Basis | None) -> None:
        for text in one.translations:
            if not self._translatable(text, item, one):
                continue
            found = compare_translation(text, item.document, record, basis)
            if found is None:
                continue
            translation, change = found
            item.translations.append(translation)
            item.changes.append(change)
            if change.doubt and item.action is not Action.CREATE:
                item.action, item.doubt = Action.CONFLICT, item.doubt or Doubt.CHANGED
            elif item.action is Action.UNCHANGED:
                item.action = Action.UPDATE

    def _translatable(self, text: TranslatedText, item: Item, one: Incoming) -> bool:
        if not text.body.strip() or text.language == self.known.language:
            return False
        if text.language.partition("-")[0] not in languages():
            self._reject(one, "language", value=text.language)
            return False
        if text.field not in item.document.get("texts", {}):
            self.made.skipped.append(_rejection(one, "no_source", {"field": text.field, "language": text.language}))
            return False
        return True

    def leave_out_dangling(self) -> None:
        """Reject new or changed records that lead nowhere; what points at those is next, until nothing more falls out."""
        while True:
            coming = {item.key for item in self.made.items}
            kept = [item for item in self.made.items if item.action is Action.UNCHANGED or not self._dangles(item, coming)]
            if len(kept) == len(self.made.items):
                return
            self.made.items = kept

    def _dangles(self, item: Item, coming: set[str]) -> bool:
        found = list(dangling(item.kind, item.document, self.known, coming))
        for kind, id in found:
            self.made.rejected.append(_told(item.place or item.kind, item.name, f"desk.imports.rejected.no_{kind}", {"id": id}))
        return bool(found)

    def _reject(self, one: Incoming, key: str, **fields: object) -> None:
        self.made.rejected.append(_rejection(one, key, fields))


def _rejection(one: Incoming, key: str, fields: dict[str, object]) -> Rejection:
    return _told(one.place or one.kind, one.name, f"desk.imports.rejected.{key}", fields)


def _told(place: str, name: str, key: str, fields: dict[str, object]) -> Rejection:
    file, row = file_and_row(place)
    return Rejection(file, name, say(key, "en", **fields), row, key=key, fields=fields)
