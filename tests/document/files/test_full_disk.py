"""A small disk that fills up, swept by 4 KiB: no good file is harmed, none is called saved."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from studio.core.errors import FileError
from studio.document.files.image import export_image, open_image
from studio.settings import Preferences, Settings
from tests.document.conftest import Noise

_KIB = 1024


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MiB in memory; only the system's keeper may make one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk can be mounted here; the faults of test_faults.py stand in for it")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def fill(disk: Path, free: int) -> None:
    """Leave so many bytes free."""
    room = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - free)))


@pytest.mark.parametrize("edge", [40, 100, 200])
def test_an_export_onto_a_full_disk_leaves_the_old_picture_or_the_whole_new_one(
    disk: Path, noise: Noise, edge: int
) -> None:
    path, old, new = disk / "x.png", noise(edge, edge, 1), noise(edge, edge, 2)
    refused = 0
    for free in range(0, 4 * edge * edge + 16 * _KIB, max(4 * _KIB, edge * edge // 8)):
        export_image(path, old)
        fill(disk, free)
        try:
            export_image(path, new)
            wanted = new
        except FileError as error:
            wanted, refused = old, refused + ("full" in error.message)
        (disk / "filler").unlink()
        assert np.array_equal(open_image(path).pixels, wanted), f"{free} bytes free"
        assert [each.name for each in disk.iterdir()] == ["x.png"]
    assert refused > 0


def test_settings_on_a_full_disk_are_the_old_ones_or_the_new_ones(disk: Path) -> None:
    path = disk / "settings.json"
    for free in range(0, 64 * _KIB, 4 * _KIB):
        settings = Settings(path)
        settings.values = Preferences(prompt="old")
        settings.save()
        fill(disk, free)
        settings.update(prompt="new" * 5000)
        try:
            settings.save()
            wanted = "new" * 5000
        except FileError:
            wanted = "old"
        (disk / "filler").unlink()
        assert Settings(path).values.prompt == wanted


def test_a_read_only_disk_is_said(disk: Path, noise: Noise) -> None:
    export_image(disk / "x.png", noise(40, 40))
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with pytest.raises(FileError, match="read-only"):
        export_image(disk / "y.png", noise(40, 40))


def test_a_folder_that_was_moved_away_meanwhile_is_said(tmp_path: Path, noise: Noise) -> None:
    place = tmp_path / "pictures"
    place.mkdir()
    export_image(place / "x.png", noise(40, 40))
    place.rename(tmp_path / "elsewhere")
    with pytest.raises(FileError, match="There is no folder") as refusal:
        export_image(place / "x.png", noise(40, 40))
    assert "moved, renamed or unplugged" in refusal.value.hint
    assert not place.exists()
