"""What is taken in at all: sizes before anything is unpacked, and what only looks like a table."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from knowledge.exchange.tables.problems import UnreadableFile

MEBIBYTE = 1024 * 1024
MOST_BYTES, MOST_UNPACKED, MOST_MEMBERS = 50 * MEBIBYTE, 300 * MEBIBYTE, 2_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "Workbook".encode("utf-16-le")
_ZIP = b"PK"


def check_size(content: bytes, file: str) -> None:
    """Raises UnreadableFile for an empty file and one that is too large."""
    if not content:
        raise UnreadableFile("empty", file=file)
    if len(content) > MOST_BYTES:
        raise UnreadableFile("too_large", file=file)


def is_zip(content: bytes) -> bool:
    """Whether the file is a zip, as XLSX is one."""
    return content.startswith(_ZIP)


def refuse_old(content: bytes, file: str) -> None:
    """Raises UnreadableFile for a workbook with a password and for the form of before 2007: both are the same kind of container."""
    if content.startswith(_OLE):
        raise UnreadableFile("password" if _ENCRYPTED in content else "old_excel", file=file)


def is_old_workbook(path: Path) -> bool:
    """Whether `refuse_old` has words for the file: texts of before 2007 are in the same kind of container, and are no tables."""
    with path.open("rb") as file:
        if file.read(len(_OLE)) != _OLE:
            return False
        content = file.read(MOST_BYTES)
    return _WORKBOOK in content or _ENCRYPTED in content


def open_zip(content: bytes, file: str) -> zipfile.ZipFile:
    """The archive, once it is sure that what is in it is not too much.

    Python's zipfile never gives more bytes of a member than the directory says, so that adding those up is enough.
    Raises UnreadableFile for a bomb, a broken archive and one with a password.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableFile("broken", file=file) from error
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise UnreadableFile("too_large", file=file)
    if any(member.flag_bits & 0x1 for member in members):
        raise UnreadableFile("password", file=file)
    return archive


def refuse_relatives(names: set[str], file: str) -> None:
    """Raises UnreadableFile for workbooks of other programs, which are zip files, too."""
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableFile("open_document", file=file)
    if "xl/workbook.bin" in names:
        raise UnreadableFile("binary_excel", file=file)


def read_member(archive: zipfile.ZipFile, name: str, file: str) -> bytes:
    """A file of the archive.

    Raises UnreadableFile where it is damaged, or other than the directory says.
    """
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise UnreadableFile("broken", file=file) from error
