"""XLIFF 2.0 for translators: one file element for each record, one unit for each text, locked words marked."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET  # only written here, never parsed

from knowledge.domain.locked_words import LockedWords
from knowledge.domain.text import TranslationState
from knowledge.exchange.xliff.units import CATEGORY, CORE, METADATA, Unit, UnitState, XliffError, file_id
from locales.catalogue import say
from locales.registry import direction

_XML = "http://www.w3.org/XML/1998/namespace"
_STATES = {
    TranslationState.MISSING: (UnitState.INITIAL, ""),
    TranslationState.OUTDATED: (UnitState.INITIAL, "newcomer:outdated"),
    TranslationState.MACHINE: (UnitState.TRANSLATED, "newcomer:machine"),
    TranslationState.REVIEWED: (UnitState.FINAL, ""),
    TranslationState.ORIGINAL: (UnitState.FINAL, ""),
}


def export_xliff(units: Iterable[Unit], source_language: str, target_language: str, locked: LockedWords | None = None) -> bytes:
    """The units as an XLIFF 2.0 document in UTF-8.

    Locked words carry ``translate="no"``; notes tell about the text, in the source language. Raises XliffError where there is nothing to
    translate, where both languages are the same, or where two units are one text.
    """
    listed = list(units)
    if not listed:
        raise XliffError("xliff.nothing")
    if source_language == target_language:
        raise XliffError("xliff.same_language", language=source_language)
    writer = _Writer(source_language, target_language, locked or LockedWords(()))
    return writer.document(listed)


class _Writer:
    def __init__(self, source_language: str, target_language: str, locked: LockedWords) -> None:
        self.source_language = source_language
        self.target_language = target_language
        self.locked = locked

    def document(self, units: list[Unit]) -> bytes:
        ET.register_namespace("", CORE)
        ET.register_namespace("mda", METADATA)
        root = ET.Element(_core("xliff"), {"version": "2.0", "srcLang": self.source_language, "trgLang": self.target_language})
        ids: set[str] = set()
        records: dict[tuple[str, str], list[Unit]] = {}
        for unit in units:
            records.setdefault((unit.kind, unit.record), []).append(unit)
        for (kind, record), texts in records.items():
            # Units are texts by themselves: a tool may not cut or join them.
            attributes = {"id": file_id(kind, record), "original": _allowed(f"{kind}/{record}"), "canResegment": "no"}
            attributes |= {
                "srcDir": direction(self.source_language),
                "trgDir": direction(self.target_language),
                f"{{{_XML}}}space": "preserve",
            }
            file = ET.SubElement(root, _core("file"), attributes)
            for unit in texts:
                if unit.id in ids:
                    raise XliffError("xliff.twice", unit=unit.id)
                ids.add(unit.id)
                self._unit(file, unit)
        return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"

    def _unit(self, file: ET.Element, unit: Unit) -> None:
        element = ET.SubElement(file, _core("unit"), {"id": unit.id, "name": _allowed(_name(unit))})
        group = ET.SubElement(ET.SubElement(element, _mda("metadata")), _mda("metaGroup"), {"category": CATEGORY})
        values = {"kind": unit.kind, "record": unit.record, "field": unit.field, "index": unit.index, "digest": unit.digest}
        for name, value in values.items():
            if value is not None:
                ET.SubElement(group, _mda("meta"), {"type": name}).text = _allowed(str(value))
        notes = self._notes(unit)
        if notes:
            listed = ET.SubElement(element, _core("notes"))
            for number, note in enumerate(notes, start=1):
                ET.SubElement(listed, _core("note"), {"id": f"n{number}", "appliesTo": "source"}).text = _allowed(note)
        state, detail = _STATES[unit.state if unit.target else TranslationState.MISSING]
        attributes = {"id": "s1", "state": state.value} | ({"subState": detail} if detail else {})
        segment = ET.SubElement(element, _core("segment"), attributes)
        marks = self._content(ET.SubElement(segment, _core("source")), unit.source, {})
        if unit.target:
            self._content(ET.SubElement(segment, _core("target")), unit.target, marks)

    def _notes(self, unit: Unit) -> list[str]:
        notes = [unit.note] if unit.note else []
        if unit.state is TranslationState.OUTDATED and unit.target:
            notes.append(say("xliff.note.outdated", self.source_language))
        if unit.state is TranslationState.MACHINE and unit.target:
            notes.append(say("xliff.note.machine", self.source_language))
        words = list(dict.fromkeys(one.term for one in self.locked.find(unit.source)))
        if words:
            notes.append(say("xliff.note.locked", self.source_language, words=", ".join(words)))
        return notes

    def _content(self, element: ET.Element, text: str, known: dict[str, list[str]]) -> dict[str, list[str]]:
        """Write the text with its locked words marked. Marks in the target have the id of the same word in the source, where there is one;
        the ids of the source are given back by word."""
        ids: dict[str, list[str]] = {}
        left = {term: list(marks) for term, marks in known.items()}
        at = 0
        last: ET.Element | None = None
        for number, found in enumerate(self.locked.find(text), start=1):
            waiting = left.get(found.term, [])
            if known and not waiting:
                # The word stands here more often than in the source: it has no partner and stays plain text.
                continue
            last = _add_text(element, last, text[at : found.start])
            mark = waiting.pop(0) if waiting else f"m{number}"
            last = ET.SubElement(element, _core("mrk"), {"id": mark, "translate": "no"})
            _add_text(last, None, text[found.start : found.end])
            ids.setdefault(found.term, []).append(mark)
            at = found.end
        _add_text(element, last, text[at:])
        return ids


def _core(name: str) -> str:
    return f"{{{CORE}}}{name}"


def _mda(name: str) -> str:
    return f"{{{METADATA}}}{name}"


def _name(unit: Unit) -> str:
    return f"{unit.record} · {unit.field}" + ("" if unit.index is None else f" {unit.index + 1}")


def _possible(sign: str) -> bool:
    return sign in "\t\n" or " " <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff"


def _allowed(text: str) -> str:
    return "".join(sign for sign in text if _possible(sign))


def _add_text(element: ET.Element, last: ET.Element | None, text: str) -> ET.Element | None:
    """Append text after the child `last`; signs that XML cannot hold become ``<cp>``. Gives back the last child."""
    run: list[str] = []

    def flush() -> None:
        words, run[:] = "".join(run), []
        if last is None:
            element.text = (element.text or "") + words
        else:
            last.tail = (last.tail or "") + words

    for sign in text:
        if _possible(sign):
            run.append(sign)
            continue
        flush()
        last = ET.SubElement(element, _core("cp"), {"hex": f"{ord(sign):04X}"})
    flush()
    return last
