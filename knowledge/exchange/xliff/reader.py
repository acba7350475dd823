"""XLIFF 2.0 that comes back from translators. Tools rewrite files freely, so everything that the standard allows is read."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from knowledge.exchange.xliff.units import CATEGORY, CORE, METADATA, ReadUnit, UnitState, XliffError, XliffFile, address_of

LARGEST_FILE = 20_000_000
_INLINE = ("mrk", "pc")
_EMPTY = ("ph", "sc", "ec", "sm", "em")
_STATES = {state.value: state for state in UnitState}
_ROOT = f"{{{CORE}}}xliff"


def read_xliff(data: bytes) -> XliffFile:
    """The units of a file. No entities are resolved and nothing is fetched.

    Raises XliffError: ``xliff.too_large``, ``xliff.unsafe`` (a DTD or entities), ``xliff.not_xml``, ``xliff.not_xliff``,
    ``xliff.version`` (1.2 and others), ``xliff.no_language``, ``xliff.no_units``, ``xliff.no_id``, ``xliff.twice``.
    """
    if len(data) > LARGEST_FILE:
        raise XliffError("xliff.too_large", most=LARGEST_FILE // 1_000_000)
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise XliffError("xliff.unsafe") from error
    except (ParseError, ValueError, LookupError) as error:
        line = getattr(error, "position", (0, 0))[0]
        raise XliffError("xliff.not_xml", line=line) from error
    if root.tag != _ROOT:
        if root.tag.rpartition("}")[2] == "xliff":
            raise XliffError("xliff.version", version=root.get("version", "?"))
        raise XliffError("xliff.not_xliff")
    if root.get("version") != "2.0":
        raise XliffError("xliff.version", version=root.get("version", "?"))
    source, target = root.get("srcLang"), root.get("trgLang")
    if not source or not target:
        raise XliffError("xliff.no_language")
    units = tuple(_units(root))
    if not units:
        raise XliffError("xliff.no_units")
    return XliffFile(source, target, units)


def _units(root: Element) -> Iterable[ReadUnit]:
    addresses: set[tuple[str, str, str, int | None]] = set()
    for file in root.iter(_core("file")):
        # Ids are unique within their file element only: tools number the units of each anew.
        seen: set[str] = set()
        for element in file.iter(_core("unit")):
            unit_id = element.get("id", "")
            if not unit_id:
                raise XliffError("xliff.no_id")
            if unit_id in seen:
                raise XliffError("xliff.twice", unit=unit_id)
            seen.add(unit_id)
            unit = _unit(unit_id, element)
            address = (unit.kind, unit.record, unit.field, unit.index)
            if unit.kind and address in addresses:
                raise XliffError("xliff.twice", unit=unit_id)
            addresses.add(address)
            yield unit


def _unit(unit_id: str, element: Element) -> ReadUnit:
    told = {
        meta.get("type", ""): (meta.text or "").strip()
        for group in element.iterfind(f"{_mda('metadata')}/{_mda('metaGroup')}")
        if group.get("category") == CATEGORY
        for meta in group.iterfind(_mda("meta"))
    }
    address = address_of(unit_id)
    if address is None and told.get("kind") and told.get("record") and told.get("field"):
        address = told["kind"], told["record"], told["field"], int(told["index"]) if told.get("index", "").isdecimal() else None
    kind, record, field, index = address or ("", "", "", None)
    source, target, state = _words(element)
    return ReadUnit(unit_id, source, target, state, kind, record, field, index, told.get("digest", ""))


def _words(element: Element) -> tuple[str, str, UnitState]:
    """Source, target and state of all segments together. A unit of which a part is not translated has no target yet."""
    parts = [child for child in element if child.tag in (_core("segment"), _core("ignorable"))]
    source = "".join(_text(part.find(_core("source"))) for part in parts)
    segments = [part for part in parts if part.tag == _core("segment")]
    translated = [part for part in segments if _text(part.find(_core("target"))).strip()]
    needed = [part for part in segments if _text(part.find(_core("source"))).strip()]
    states = [_STATES.get(part.get("state", ""), UnitState.INITIAL) for part in segments]
    state = min(states, key=list(UnitState).index, default=UnitState.INITIAL)
    if not translated or any(part not in translated for part in needed):
        return source, "", state
    return source, "".join(_text(_or_source(part)) for part in _in_target_order(parts)), state


def _or_source(part: Element) -> Element | None:
    """An ignorable without a target is the same in both languages: spaces between sentences."""
    target = part.find(_core("target"))
    return part.find(_core("source")) if target is None and part.tag == _core("ignorable") else target


def _in_target_order(parts: list[Element]) -> list[Element]:
    """A target's `order` is its place among the segments and ignorables of the unit, from 1; others keep the places that are left."""
    placed: dict[int, Element] = {}
    others: list[Element] = []
    for part in parts:
        target = part.find(_core("target"))
        order = target.get("order", "") if target is not None else ""
        if order.isdecimal() and 1 <= int(order) <= len(parts) and int(order) not in placed:
            placed[int(order)] = part
        else:
            others.append(part)
    return [placed[place] if place in placed else others.pop(0) for place in range(1, len(parts) + 1)]


def _text(element: Element | None) -> str:
    """The words of a source or target without marks and codes, however deep they are nested; ``<cp>`` is the sign it stands for."""
    words: list[str] = []
    left: list[Element | str] = [] if element is None else [*reversed(element), element.text or ""]
    while left:
        part = left.pop()
        if isinstance(part, str):
            words.append(part)
            continue
        name = part.tag.removeprefix(f"{{{CORE}}}") if isinstance(part.tag, str) else ""
        left.append(part.tail or "")
        if name in _INLINE:
            left += [*reversed(part), part.text or ""]
        elif name == "cp":
            words.append(_sign(part.get("hex", "")))
        elif name in _EMPTY:
            words.append(part.get("equiv", ""))
    return "".join(words)


def _sign(code: str) -> str:
    """The sign with this number; none for numbers that are no sign, such as halves of a pair."""
    try:
        sign = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ud800" <= sign <= "\udfff" else sign


def _core(name: str) -> str:
    return f"{{{CORE}}}{name}"


def _mda(name: str) -> str:
    return f"{{{METADATA}}}{name}"
