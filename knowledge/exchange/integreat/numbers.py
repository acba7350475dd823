"""Telephone numbers whose link covers only their middle: ``0 [9119432](tel:091194328655) 8655``.

Machine translation leaves such numbers behind: it moves the ends of the link and sets spaces anew. The link's target has the whole
number, so that the digits beside it can be told to belong to it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from knowledge.exchange.integreat.blocks import Line, Run

_BEFORE = re.compile(r"(?<![0-9A-Za-z])\+?[0-9][0-9 \u00a0/()-]*$")
_NUMBER = re.compile(r"\+?[0-9][0-9 \u00a0/().–-]{3,}")
_AFTER = re.compile(r"[0-9 \u00a0/()-]*[0-9](?![0-9A-Za-z])")


def join_numbers(line: Line) -> int:
    """Take the missing digits into the link, in place. Returns how many numbers were joined."""
    joined = 0
    for place, run in enumerate(line):
        if not (run.href or "").lower().startswith("tel:"):
            continue
        before = _BEFORE.search(line[place - 1].text) if place and not line[place - 1].href else None
        after = _AFTER.match(line[place + 1].text) if place + 1 < len(line) and not line[place + 1].href else None
        wanted = _digits(run.href or "")
        complete = re.sub(r"[^0-9]", "", run.text) == re.sub(r"[^0-9]", "", run.href or "")
        for left, right in ((before, after), (before, None), (None, after)):
            whole = (left[0] if left else "") + run.text + (right[0] if right else "")
            if not complete and whole != run.text and _digits(whole) == wanted:
                if left:
                    line[place - 1] = _cut(line[place - 1], stop=left.start())
                if right:
                    line[place + 1] = _cut(line[place + 1], start=right.end())
                line[place] = replace(run, text=whole)
                joined += 1
                break
    line[:] = [run for run in line if run.text]
    return joined


def differs(words: str, target: str) -> bool:
    """Whether the words of a link are a number, but another one than its target. The end of the number alone is none other ("-2719")."""
    found = _digits(words)
    return bool(_NUMBER.fullmatch(words.strip()) and found and not _digits(target).endswith(found))


def _cut(run: Run, start: int = 0, stop: int | None = None) -> Run:
    return replace(run, text=run.text[start:stop])


def _digits(number: str) -> str:
    """The digits that tell two numbers apart: +49 911, 0049 911 and 0911 are one, whatever the country."""
    found = re.sub(r"[^0-9+]", "", number.replace("(0)", ""))
    return re.sub(r"^(?:\+|00)[1-9][0-9](?=[0-9]{6})|^0", "", found)
