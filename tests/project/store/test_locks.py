"""One writer for a file, and what is said when no lock can be had."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from studio.core.errors import FileError
from studio.project.store.faults import InUse
from studio.project.store.file import ProjectFile
from studio.project.store.locks import Lock


def test_a_second_lock_is_refused_until_the_first_is_released(path: Path) -> None:
    first = Lock(path)
    with pytest.raises(InUse, match="open in another window"):
        Lock(path)
    first.release()
    Lock(path).release()


def test_a_folder_that_cannot_be_is_not_called_another_window(home: Path, path: Path) -> None:
    ProjectFile.create(path).close()
    folder = home / "data" / "locks"
    folder.rmdir()
    folder.write_text("no folder")
    with pytest.raises(FileError, match=r"own folder .* does not take a lock") as told:
        ProjectFile.open(path)
    assert not isinstance(told.value, InUse)
    assert path.read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="there locks are taken in another way")
@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EIO, errno.ESTALE])
def test_a_disk_without_locks_is_not_called_another_window(
    path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(FileError, match="does not take a lock") as told:
        Lock(path)
    assert not isinstance(told.value, InUse)
