"""E-mail addresses that are longer than a narrow screen is wide break where they can be read: after the @ and before dots."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# As long as addresses can be: a text without a space in it is not looked through again from each of its letters.
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,255}")
_AFTER_AT_OR_BEFORE_DOT = re.compile(r"(?<=@)(?=.)|(?<=.)(?=\.[^.])", re.DOTALL)
# A place for the end of a line: nothing is seen or copied of it.
_PLACE = Markup("<wbr>")


def breakable(text: object) -> Markup:
    """`text` as HTML, with places in its e-mail addresses where a line may end; what is markup already stays as it is."""
    if isinstance(text, Markup):
        return text
    made, done, words = Markup(""), 0, str(text)
    for found in _ADDRESS.finditer(words):
        made += escape(words[done : found.start()])
        made += _PLACE.join(_AFTER_AT_OR_BEFORE_DOT.split(found[0]))
        done = found.end()
    return made + escape(words[done:])
