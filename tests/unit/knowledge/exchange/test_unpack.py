"""Zip files are laid out below a folder and nowhere else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from knowledge.exchange.tables.problems import UnreadableFile
from knowledge.exchange.unpack import folder_with, packed, unpacked


def a_zip(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return path


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_files_and_zip_files_come_together(tmp_path: Path) -> None:
    plain = tmp_path / "en.json"
    plain.write_text("[]")
    folder = unpacked([a_zip(tmp_path / "a.zip", city__municipality="id: a", de="[]"), plain], tmp_path / "out")
    assert names(folder) == {"city/municipality", "de", "en.json"}


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/outside.txt", "a/../../outside.txt", "..\\outside.txt", "C:\\outside.txt"])
def test_nothing_lands_outside(tmp_path: Path, name: str) -> None:
    path = tmp_path / "evil.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "x")
    folder = unpacked([path], tmp_path / "deep" / "out")
    assert all(found.is_relative_to(folder) for found in tmp_path.rglob("outside.txt"))
    assert not Path("/etc/outside.txt").exists()
    assert len(names(folder)) == 1


def test_a_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    assert unpacked([tmp_path], tmp_path / "out") == tmp_path


def test_a_bomb_and_a_broken_file_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"{number}.json", b"\0" * 80 * 1024 * 1024)
    with pytest.raises(UnreadableFile):
        unpacked([bomb], tmp_path / "out")
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 nothing more")
    with pytest.raises(UnreadableFile):
        unpacked([broken], tmp_path / "out2")


def test_the_uppermost_folder_with_a_file_is_found(tmp_path: Path) -> None:
    for place in ("a/b/municipality.yml", "c/municipality.yml"):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text("id: x")
    assert folder_with("municipality.yml", tmp_path) == tmp_path / "c"
    assert folder_with("nothing.yml", tmp_path) == tmp_path


def test_what_is_packed_is_unpacked_as_it_was(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "translations" / "en").mkdir(parents=True)
    (source / "translations" / "en" / "services.yml").write_text("مرحبا")
    folder = unpacked([packed(source, tmp_path / "x.zip")], tmp_path / "out")
    assert (folder / "translations" / "en" / "services.yml").read_text() == "مرحبا"
