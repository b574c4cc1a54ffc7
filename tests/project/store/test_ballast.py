"""A full disk: what was safe stays, what was not is kept, and the ballast makes room."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.core.errors import StudioError
from studio.project.store import ballast
from studio.project.store.ballast import Ballast
from studio.project.store.faults import DiskFull, DiskLow
from studio.project.store.file import ProjectFile
from studio.project.store.writer import Writer
from tests.project.store.strokes import picture, stroke

_SIZE = 1 << 20


class FullUntil:
    """Work that finds the disk full while that file is there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, project: ProjectFile) -> None:
        if self._path.exists():
            raise DiskFull("full")
        project.commit(stroke(5))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MiB."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only the administrator of a Linux system can make a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], check=False)
    if made.returncode:
        pytest.skip("no small disk can be made here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def filled(folder: Path, left: int) -> Path:
    """Fill the disk, and leave so many bytes."""
    filler = folder / "filler"
    free = os.statvfs(folder)
    filler.write_bytes(bytes(max(0, free.f_bavail * free.f_frsize - left)))
    return filler


def test_the_ballast_takes_real_room_once(home: Path, path: Path) -> None:
    one = Ballast(path, _SIZE)
    assert one.lay()
    assert one.path.stat().st_size == _SIZE
    assert one.path.stat().st_blocks * 512 >= _SIZE
    assert one.lay()
    assert one.release()
    assert not one.release()


def test_a_disk_that_is_nearly_full_is_not_filled(path: Path) -> None:
    one = Ballast(path, 1 << 60)
    assert not one.lay()
    assert not one.path.exists()


def test_a_full_disk_gives_up_the_ballast_and_says_so(path: Path) -> None:
    told: list[StudioError] = []
    safe = threading.Event()
    one = Ballast(path, _SIZE)
    one.lay()
    writer = Writer(
        ProjectFile.create(path), lambda _: safe.set(), told.append, 60.0, lambda _: one
    )
    writer.start()
    writer.ask(lambda project: project.base).result(30)
    writer.submit(FullUntil(one.path))
    assert safe.wait(30)
    assert [type(error) for error in told] == [DiskLow]
    assert writer.close(30)


def test_ballast_is_laid_when_nothing_is_to_be_done(path: Path) -> None:
    laid = threading.Event()

    class Seen(Ballast):
        def lay(self) -> bool:
            done = super().lay()
            laid.set()
            return done

    writer = Writer(
        ProjectFile.create(path),
        lambda _: None,
        lambda _: None,
        ballast=lambda of: Seen(of, _SIZE),
        calm=0.01,
    )
    writer.start()
    writer.submit(stroke(1))
    assert laid.wait(30)
    assert writer.close(30)
    assert Ballast(path, _SIZE).path.stat().st_size == _SIZE


def test_the_real_ballast_is_as_large_as_promised() -> None:
    assert ballast.SIZE == 64 << 20


@pytest.mark.parametrize("left", range(0, 65536, 8192))
def test_a_full_disk_harms_nothing_that_was_safe(small_disk: Path, left: int) -> None:
    project = ProjectFile.create(small_disk / "picture.sfumato")
    project.commit(stroke(1))
    good = picture(project)
    filler = filled(small_disk, left)
    kept = 0
    try:
        for seed in range(2, 12):
            project.commit(stroke(seed, keys=((seed, 0),)))
            kept += 1
            good = picture(project)
    except DiskFull:
        assert picture(project) == good
    filler.unlink()
    if project.lost:
        project.renew()
    project.commit(stroke(99, keys=((9, 9),)))
    assert len(picture(project)) == len(good) + 1
    project.close()
    again, found = ProjectFile.open(small_disk / "picture.sfumato", thorough=True)
    assert found.sentences == ()
    assert len(again.line()) == kept + 2
    again.close()
