"""Import of a content export of Integreat: the pages of one region, one file a language, as its ``pages`` endpoint gives them.

`read_export` reads files into a `Batch` of page documents and translations, and accounts for every page of every file. It writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from knowledge.documents.checks import TextValue
from knowledge.documents.models import PageModel
from knowledge.domain.errors import InvalidRecord
from knowledge.exchange.batch import Batch, Rejection, TranslatedText
from knowledge.exchange.integreat.entries import Address, Entry, File, Unusable, find_files, load, plain, read_entry
from knowledge.exchange.integreat.ids import page_ids
from knowledge.exchange.integreat.links import PUBLIC, LinkBook, PageLinks, hosts_of, public_url
from knowledge.exchange.integreat.markdown import to_markdown
from knowledge.exchange.integreat.notices import Figures, Notice, Outcome, PageOutcome
from knowledge.exchange.integreat.tree import Body, Tree, read_body

_LONGEST_URL = 500  # see documents.models
_REPORTED_IN = "en"  # a batch carries words; whoever shows them says their key in the reader's language


@dataclass
class IntegreatImport:
    """What the files bring. `numbers` finds our id for the number that a page has in a file, in any of its languages."""

    source_language: str
    batch: Batch
    outcomes: list[PageOutcome] = field(default_factory=list)
    numbers: dict[int, str] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)

    def figures(self) -> dict[str, Figures]:
        """Language -> pages by outcome."""
        counts = Counter((outcome.language, outcome.outcome) for outcome in self.outcomes)
        return {code: Figures(rows, *(counts[code, outcome] for outcome in Outcome)) for code, rows in self.rows.items()}

    def changed_on(self) -> dict[str, date]:
        """Our id -> the day on which the page was last changed in the source language."""
        kept = [outcome for outcome in self.outcomes if outcome.outcome is Outcome.DOCUMENT]
        return {outcome.id: outcome.changed_on for outcome in kept if outcome.id and outcome.changed_on}


def read_export(files: Mapping[str, Path] | Path, source_language: str, *, machine: bool = True) -> IntegreatImport:
    """Read an export.

    `files` is language -> file, or one file, or a folder with one file a language. `source_language` is the language in which the city
    writes; the others become its translations. The export does not tell which of them a machine wrote and nobody read; `machine` says it
    for all: True (the careful choice) marks them until somebody has reviewed them. Where the same words were reviewed here before, they
    stay reviewed.

    Raises InvalidRecord where there is no file, or none with pages in the source language.
    """
    return _Importer(source_language, machine).read(find_files(files))


class _Importer:
    def __init__(self, source_language: str, machine: bool) -> None:
        self.result = IntegreatImport(source_language, Batch("integreat"))
        self.source = source_language
        self.machine = machine
        self.entries: dict[Address, Entry] = {}
        self.bodies: dict[Address, Body] = {}

    def read(self, files: list[tuple[str, Path]]) -> IntegreatImport:
        for language, path in files:
            try:
                file = load(language, path)
            except Unusable as error:
                self.result.batch.rejected.append(_told(path.name, "(whole file)", error.notice))
                continue
            self._rows(file)
        sources = [entry for entry in self.entries.values() if entry.address.language == self.source]
        if not sources:
            raise InvalidRecord("integreat.no_source", language=self.source)
        tree = Tree(sources, self.bodies)
        ids = page_ids(entry.address for entry in tree.kept)
        translated = self._translations(ids)
        self._number(ids, translated)
        links = self._links(ids, translated)
        for entry in sources:
            if entry.address in ids:
                self._document(entry, ids, tree, links)
            else:
                self._left_out(entry, Outcome.SKIPPED, Notice("skipped.empty"))
        for entry in self.entries.values():
            if entry.address in translated:
                self._translation(entry, self.entries[translated[entry.address]], ids[translated[entry.address]], links)
        self.result.outcomes.sort(key=lambda outcome: (outcome.language != self.source, outcome.language, outcome.file, outcome.position))
        return self.result

    def _rows(self, file: File) -> None:
        """Check the rows of a file; what is no page is rejected at once."""
        self.result.rows[file.language] += len(file.rows)
        for position, row in enumerate(file.rows, start=1):
            try:
                entry = read_entry(file, position, row)
                self._admit(entry)
            except Unusable as error:
                fields = row if isinstance(row, dict) else {}
                number, path = fields.get("id"), fields.get("path")
                self._record(
                    PageOutcome(
                        file.name,
                        file.language,
                        position,
                        number if isinstance(number, int) else None,
                        path if isinstance(path, str) else "",
                        plain(fields.get("title")),
                        Outcome.REJECTED,
                        reason=error.notice,
                    )
                )

    def _admit(self, entry: Entry) -> None:
        if entry.address in self.entries:
            raise Unusable("rejected.twice")
        region = next(iter(self.entries)).region if self.entries else entry.address.region
        if entry.address.region != region:
            raise Unusable("rejected.region", found=entry.address.region, region=region)
        self.bodies[entry.address] = read_body(entry)
        self.entries[entry.address] = entry

    def _translations(self, ids: Mapping[Address, str]) -> dict[Address, Address]:
        """Address of a translation -> that of its source page. What has none is left out."""
        named = {address: entry.address for entry in self.entries.values() for address in entry.languages.values()}
        found: dict[Address, Address] = {}
        taken: set[tuple[str, Address]] = set()
        for entry in self.entries.values():
            if entry.address.language == self.source:
                continue
            source = entry.languages.get(self.source) or named.get(entry.address)
            if source is None or source not in self.entries or source.language != self.source:
                self._left_out(entry, Outcome.REJECTED, Notice("rejected.no_source", {"language": self.source}))
            elif source not in ids:
                self._left_out(entry, Outcome.SKIPPED, Notice("skipped.source"))
            elif (entry.address.language, source) in taken:
                self._left_out(entry, Outcome.REJECTED, Notice("rejected.second_translation"))
            else:
                taken.add((entry.address.language, source))
                found[entry.address] = source
        return found

    def _number(self, ids: Mapping[Address, str], translated: Mapping[Address, Address]) -> None:
        for entry in self.entries.values():
            id = ids.get(translated.get(entry.address, entry.address))
            if id:
                self.result.numbers |= dict.fromkeys(entry.numbers, id)

    def _links(self, ids: Mapping[Address, str], translated: Mapping[Address, Address]) -> LinkBook:
        pages: dict[Address, str] = {}
        for entry in self.entries.values():
            id = ids.get(translated.get(entry.address, entry.address))
            if id:
                pages |= {entry.address: id} | dict.fromkeys(entry.languages.values(), id)
        often = Counter((address.language, address.slug) for address in pages)
        slugs = {(address.language, address.slug): id for address, id in pages.items() if often[address.language, address.slug] == 1}
        region = next(iter(self.entries)).region
        return LinkBook(region, hosts_of([entry.url for entry in self.entries.values()]), pages, slugs, self.result.numbers)

    def _document(self, entry: Entry, ids: Mapping[Address, str], tree: Tree, book: LinkBook) -> None:
        body, notices = self._body(entry, book)
        parent, order, told = tree.place(entry)
        url = public_url(entry.url)
        if url and len(url) > _LONGEST_URL:
            url, notices = None, [*notices, Notice("notice.long_url")]
        texts: dict[str, TextValue] = {"title": entry.title}
        if body:
            texts["body"] = body
        # No checked date: the export tells when a page was changed, not whether somebody has checked it since.
        document = PageModel(id=ids[entry.address], parent=ids[parent] if parent else None, order=order, url=url, texts=texts)
        self.result.batch.add("page", [document])
        self._kept(entry, Outcome.DOCUMENT, document.id, [*told, *notices])

    def _translation(self, entry: Entry, source: Entry, id: str, book: LinkBook) -> None:
        body, notices = self._body(entry, book)
        texts = {"title": entry.title}
        if not body and self.bodies[source.address].blocks:
            notices.append(Notice("notice.title_only"))
        elif body and not self.bodies[source.address].blocks:
            notices.append(Notice("notice.source_empty"))
        elif body:
            texts["body"] = body
        if entry.changed_on and source.changed_on and entry.changed_on < source.changed_on:
            notices.append(Notice("notice.older", {"changed": entry.changed_on.isoformat(), "source": source.changed_on.isoformat()}))
        language = entry.address.language
        self.result.batch.translations += [
            TranslatedText("page", id, name, language, text, machine=self.machine, stated=False) for name, text in texts.items()
        ]
        self._kept(entry, Outcome.TRANSLATION, id, notices)

    def _body(self, entry: Entry, book: LinkBook) -> tuple[str, list[Notice]]:
        body = self.bodies[entry.address]
        links = PageLinks(book, public_url(entry.url) or f"{PUBLIC}/{'/'.join((entry.address.region, entry.address.language))}/")
        text = to_markdown(body.blocks, links.resolve)
        return text, [*entry.notices, *body.notices, *links.notices()]

    def _kept(self, entry: Entry, outcome: Outcome, id: str, notices: list[Notice]) -> None:
        self._record(_outcome(entry, outcome, id=id, notices=tuple(notices)))

    def _left_out(self, entry: Entry, outcome: Outcome, reason: Notice) -> None:
        self._record(_outcome(entry, outcome, reason=reason))

    def _record(self, outcome: PageOutcome) -> None:
        self.result.outcomes.append(outcome)
        self.result.batch.notices += [_told(outcome.file, outcome.label, notice) for notice in outcome.notices]
        if outcome.reason:
            found = _told(outcome.file, outcome.label, outcome.reason)
            (self.result.batch.skipped if outcome.outcome is Outcome.SKIPPED else self.result.batch.rejected).append(found)


def _told(file: str, record: str, notice: Notice) -> Rejection:
    return Rejection(file, record, notice.say(_REPORTED_IN), key=f"integreat.{notice.key}", fields=notice.fields)


def _outcome(
    entry: Entry, outcome: Outcome, *, id: str | None = None, reason: Notice | None = None, notices: tuple[Notice, ...] = ()
) -> PageOutcome:
    path = "/" + "/".join((entry.address.region, entry.address.language, *entry.address.slugs)) + "/"
    return PageOutcome(
        entry.file,
        entry.address.language,
        entry.position,
        entry.number,
        path,
        entry.title,
        outcome,
        id,
        reason,
        notices,
        entry.changed_on,
    )
