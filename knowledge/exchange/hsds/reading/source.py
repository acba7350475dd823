"""The files of an import: one file, a folder, or a folder packed as ZIP."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from knowledge.domain.errors import InvalidRecord
from knowledge.exchange.tables.limits import is_zip
from locales.catalogue import say

# What opening or reading a file can raise: damaged, packed in an unknown way, or locked with a password.
DAMAGED = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
# Unpacked. A city with 5,000 services in six languages has some 200 MB as nested JSON.
MAX_BYTES = 500_000_000


class UnreadableSource(InvalidRecord):
    """There is nothing that could be read. The message is ``hsds.file.<key>`` in the catalogues."""

    def __init__(self, key: str, **fields: object) -> None:
        super().__init__(f"hsds.file.{key}", **fields)

    def __str__(self) -> str:
        return say(self.key, "en", **self.fields)


def _is_packed(path: Path) -> bool:
    """Whether it is a ZIP file, whatever a browser has called it."""
    with path.open("rb") as file:
        return is_zip(file.read(2))


class Source:
    """Names files relative to the folder, and opens them as text."""

    def __init__(self, path: Path) -> None:
        """Raises UnreadableSource where there is no such file, or it is too large to be read."""
        self._zip: zipfile.ZipFile | None = None
        self._folder = path
        if path.is_file() and _is_packed(path):
            self._zip, self._names = self._opened(path)
        elif path.is_dir():
            self._names = sorted(str(one.relative_to(path)) for one in path.rglob("*") if one.is_file())
        elif path.is_file():
            self._folder, self._names = path.parent, [path.name]
        else:
            raise UnreadableSource("missing", path=path.name)
        if sum(self._size(name) for name in self._names) > MAX_BYTES:
            raise UnreadableSource("too_large", megabytes=MAX_BYTES // 1_000_000)

    @staticmethod
    def _opened(path: Path) -> tuple[zipfile.ZipFile, list[str]]:
        try:
            packed = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise UnreadableSource("bad_zip", path=path.name) from error
        return packed, sorted(info.filename for info in packed.infolist() if not info.is_dir())

    def _size(self, name: str) -> int:
        return self._zip.getinfo(name).file_size if self._zip else (self._folder / name).stat().st_size

    def names(self) -> list[str]:
        """Files, in order of their names."""
        return self._names

    @contextmanager
    def open(self, name: str) -> Iterator[IO[str]]:
        """A file as UTF-8, with or without a byte order mark, line ends untouched.

        Reading raises UnicodeDecodeError for other encodings, and one of `DAMAGED` where it cannot be read.
        """
        path: Any = zipfile.Path(self._zip, name) if self._zip else self._folder / name
        with path.open("r", encoding="utf-8-sig", newline="") as file:
            yield file

    def close(self) -> None:
        """Let go of the file."""
        if self._zip:
            self._zip.close()
