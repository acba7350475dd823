"""Files that came in, packed or not, as a folder; and a folder packed to go out."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from knowledge.exchange.tables.limits import is_zip, open_zip, read_member


def unpacked(paths: Sequence[Path], folder: Path) -> Path:
    """A folder with the files of `paths`: one that is a folder already is it; the contents of zip files are laid out below `folder`.

    Names that would lead out of the folder lose what leads there. Raises UnreadableFile (see knowledge.exchange.tables.problems) for a zip
    that is broken, too large or has a password.
    """
    if len(paths) == 1 and paths[0].is_dir():
        return paths[0]
    folder.mkdir(parents=True, exist_ok=True)
    for path in paths:
        content = path.read_bytes()
        if not is_zip(content):
            (folder / path.name).write_bytes(content)
            continue
        with open_zip(content, path.name) as archive:
            for member in archive.infolist():
                name = inside(member.filename)
                if not member.is_dir() and name is not None:
                    target = folder / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(read_member(archive, member.filename, path.name))
    return folder


def inside(name: str) -> Path | None:
    """The name below a folder; None for what only some computers' archivers add."""
    parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".") and not part.endswith(":")]
    if not parts or "__MACOSX" in parts or parts[-1].startswith("."):
        return None
    return Path(*parts)


def folder_with(file: str, folder: Path) -> Path:
    """The folder in or below `folder` that has `file`, the uppermost one; `folder` itself where none has."""
    found = sorted(folder.rglob(file), key=lambda path: len(path.parts))
    return found[0].parent if found else folder


def packed(folder: Path, target: Path) -> Path:
    """All files below `folder` as the zip `target`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    return target
