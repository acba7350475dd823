"""The rules of XLIFF 2.0 (core, and the metadata module) for what we write: order of elements, attributes, ids, languages, states."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

CORE = "{urn:oasis:names:tc:xliff:document:2.0}"
META = "{urn:oasis:names:tc:xliff:metadata:2.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
_NMTOKEN = re.compile(r"[\w.:-]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_INLINE = ("cp", "ph", "pc", "sc", "ec", "mrk", "sm", "em")
_UNITS, _SEGMENTS = (f"{CORE}unit", f"{CORE}group"), (f"{CORE}segment", f"{CORE}ignorable")
_HEAD = [((f"{META}metadata",), "?"), ((f"{CORE}notes",), "?")]
_SIDES = [((f"{CORE}source",), "1"), ((f"{CORE}target",), "?")]
_WORDS = [(tuple(f"{CORE}{one}" for one in _INLINE), "*")]
# Element -> children in their order, with how often: one of ? * + 1.
_CHILDREN: dict[str, list[tuple[tuple[str, ...], str]]] = {
    f"{CORE}xliff": [((f"{CORE}file",), "+")],
    f"{CORE}file": [((f"{CORE}skeleton",), "?"), *_HEAD, (_UNITS, "+")],
    f"{CORE}unit": [*_HEAD, ((f"{CORE}originalData",), "?"), (_SEGMENTS, "+")],
    f"{CORE}notes": [((f"{CORE}note",), "+")],
    f"{CORE}note": [],
    f"{CORE}segment": _SIDES,
    f"{CORE}ignorable": _SIDES,
    f"{META}metadata": [((f"{META}metaGroup",), "+")],
    f"{META}metaGroup": [((f"{META}metaGroup", f"{META}meta"), "+")],
    f"{META}meta": [],
    f"{CORE}cp": [],
    f"{CORE}source": _WORDS,
    f"{CORE}target": _WORDS,
    f"{CORE}mrk": _WORDS,
    f"{CORE}pc": _WORDS,
}
# Element -> attributes: required, optional.
_ATTRIBUTES: dict[str, tuple[set[str], set[str]]] = {
    f"{CORE}xliff": ({"version", "srcLang"}, {"trgLang", f"{XML}space"}),
    f"{CORE}file": ({"id"}, {"original", "canResegment", "translate", "srcDir", "trgDir", f"{XML}space"}),
    f"{CORE}unit": ({"id"}, {"name", "canResegment", "translate", "srcDir", "trgDir", "type", f"{XML}space"}),
    f"{CORE}notes": (set(), set()),
    f"{CORE}note": (set(), {"id", "appliesTo", "category", "priority"}),
    f"{CORE}segment": (set(), {"id", "canResegment", "state", "subState"}),
    f"{CORE}ignorable": (set(), {"id"}),
    f"{CORE}source": (set(), {f"{XML}lang", f"{XML}space"}),
    f"{CORE}target": (set(), {f"{XML}lang", f"{XML}space", "order"}),
    f"{CORE}mrk": ({"id"}, {"translate", "type", "ref", "value"}),
    f"{CORE}cp": ({"hex"}, set()),
    f"{META}metadata": (set(), {"id"}),
    f"{META}metaGroup": (set(), {"id", "category", "appliesTo"}),
    f"{META}meta": ({"type"}, set()),
}
_VALUES = {
    "canResegment": {"yes", "no"}, "translate": {"yes", "no"}, "srcDir": {"ltr", "rtl", "auto"}, "trgDir": {"ltr", "rtl", "auto"},
    "state": {"initial", "translated", "reviewed", "final"}, f"{XML}space": {"default", "preserve"},
}  # fmt: skip
_WITH_WORDS = {f"{CORE}{name}" for name in ("source", "target", "mrk", "pc", "note")} | {f"{META}meta"}


def violations(data: bytes) -> list[str]:
    """What is against the standard; nothing for a valid file."""
    root = fromstring(data, forbid_dtd=True)
    if root.tag != f"{CORE}xliff" or root.get("version") != "2.0":
        return ["the root is not xliff 2.0"]
    found = [line for element in root.iter() for line in (*_element(element), *_attributes(element))]
    found += _languages(root)
    found += _twice("file", [file.get("id") for file in root.iter(f"{CORE}file")])
    for file in root.iter(f"{CORE}file"):
        found += _twice("unit", [unit.get("id") for unit in file.iter(f"{CORE}unit")])
    for unit in root.iter(f"{CORE}unit"):
        found += _unit(unit)
    return found


def _element(element: Element) -> Iterable[str]:
    if element.tag not in _CHILDREN:
        yield f"unknown element {element.tag}"
        return
    names = [child.tag for child in element]
    at = 0
    for allowed, often in _CHILDREN[element.tag]:
        number = 0
        while at < len(names) and names[at] in allowed and (often in "*+" or number == 0):
            at, number = at + 1, number + 1
        if number == 0 and often in "1+":
            yield f"{element.tag} has no {allowed}"
    if at < len(names):
        yield f"{names[at]} has no place here in {element.tag}"
    if element.tag not in _WITH_WORDS and ((element.text or "").strip() or any((child.tail or "").strip() for child in element)):
        yield f"words in {element.tag}"


def _attributes(element: Element) -> Iterable[str]:
    required, optional = _ATTRIBUTES.get(element.tag, (set(), set(element.attrib)))
    for name in required - set(element.attrib):
        yield f"{element.tag} without {name}"
    for name, value in element.attrib.items():
        if name not in required | optional:
            yield f"{element.tag} may not have {name}"
        if name in _VALUES and value not in _VALUES[name]:
            yield f"{name}={value}"
        if name == "id" and not _NMTOKEN.fullmatch(value):
            yield f"id {value} is no NMTOKEN"
    if "subState" in element.attrib and ("state" not in element.attrib or not re.fullmatch(r"[^:]+:.+", element.attrib["subState"])):
        yield "subState needs a state, and a prefix"
    if element.tag == f"{CORE}cp" and not re.fullmatch(r"[0-9A-F]{4,6}", element.get("hex", "")):
        yield "cp without a number"
    if element.tag == f"{CORE}note" and element.get("appliesTo", "source") not in ("source", "target"):
        yield "note applies to nothing"


def _languages(root: Element) -> Iterable[str]:
    for name in ("srcLang", "trgLang"):
        if name in root.attrib and not _LANGUAGE.fullmatch(root.attrib[name]):
            yield f"{name} is no language"
    if "trgLang" not in root.attrib and next(root.iter(f"{CORE}target"), None) is not None:
        yield "a target, and no trgLang"


def _unit(unit: Element) -> Iterable[str]:
    parts = [child for child in unit if child.tag in (f"{CORE}segment", f"{CORE}ignorable")]
    ids = [part.get("id") for part in parts if part.get("id")]
    for side in ("source", "target"):
        marks = [one.get("id") for part in parts for words in part.iterfind(f"{CORE}{side}") for one in words.iter() if one is not words]
        yield from _twice(f"inline {side}", [*ids, *(one for one in marks if one)])
    yield from _twice("note", [note.get("id") for note in unit.iter(f"{CORE}note") if note.get("id")])


def _twice(what: str, ids: list[str | None]) -> Iterable[str]:
    return [f"{what} id {one} twice" for one in sorted({one for one in ids if one and ids.count(one) > 1})]
