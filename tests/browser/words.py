"""Puts the words of the chat page that wait in `*.chat.part.po` into effect, as long as they are not merged into the catalogues."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from locales import catalogue, registry

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def overlay_parts(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the catalogues be read from a copy in `folder` that has the parts in it; does nothing where there are none."""
    own = registry.HERE / "catalogues"
    parts = {path.name.split(".")[0]: path for path in own.glob("*.chat.part.po")}
    if not parts:
        return
    shutil.copy(registry.HERE / "languages.yml", folder)
    (folder / "catalogues").mkdir()
    for code in {*parts, *(path.stem for path in own.glob("*.po") if "." not in path.stem)}:
        whole = own / f"{code}.po"
        text = whole.read_text(encoding="utf-8") if whole.exists() else HEADER
        if code in parts and 'msgid "chat.send"' not in text:
            text = f"{text}\n\n{parts[code].read_text(encoding='utf-8')}"
        (folder / "catalogues" / f"{code}.po").write_text(text, encoding="utf-8")
    for module in (registry, catalogue):
        patch.setattr(module, "HERE", folder)
    catalogue.catalogue.cache_clear()
    registry.served.cache_clear()
