import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from studio.core.errors import FileError
from studio.document.files.storage import write_atomic

#: The repository, from which a child imports the studio.
ROOT = Path(__file__).parents[3]

#: Of each way to fail: the call of os that fails, its errno, and a word of what is said.
FAULTS = [
    ("write", errno.ENOSPC, "disk is full"),
    ("write", errno.EIO, "was not saved"),
    ("fsync", errno.EIO, "was not saved"),
    ("fsync", errno.ENOSPC, "disk is full"),
    ("open", errno.EACCES, "may not be written"),
    ("open", errno.EROFS, "may not be written"),
]


def test_new_bytes_replace_the_old_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    for data in (b"old", b"new and longer", b""):
        write_atomic(path, data)
        assert path.read_bytes() == data
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(("call", "code", "word"), FAULTS)
def test_a_fault_is_said_and_the_old_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int, word: str
) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(b"old")

    def fail(*_: object, **__: object) -> int:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patched:
        patched.setattr(f"studio.document.files.storage.os.{call}", fail)
        with pytest.raises(FileError, match=word):
            write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_short_writes_are_carried_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write
    monkeypatch.setattr(
        "studio.document.files.storage.os.write", lambda handle, data: whole(handle, data[:3])
    )
    write_atomic(tmp_path / "x", b"more than three bytes")
    assert (tmp_path / "x").read_bytes() == b"more than three bytes"


def test_what_reads_back_otherwise_is_not_called_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(b"old")
    with monkeypatch.context() as patched:
        patched.setattr("studio.document.files.storage.os.read", lambda *_: b"something else")
        with pytest.raises(FileError, match="not saved"):
            write_atomic(path, b"new")
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda folder: folder, "is a folder"),
        (lambda folder: folder / "none" / "x.png", "There is no folder"),
        (lambda folder: folder / ("x" * 300), "name of a file"),
        (lambda folder: folder / "a\0b", "name of a file"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, make: object, word: str) -> None:
    assert callable(make)
    with pytest.raises(FileError, match=word) as refusal:
        write_atomic(make(tmp_path), b"x")
    assert refusal.value.hint


@pytest.mark.skipif(os.name != "posix", reason="links and modes of POSIX")
def test_a_link_keeps_pointing_and_a_mode_stays(tmp_path: Path) -> None:
    real, link = tmp_path / "real.png", tmp_path / "link.png"
    real.write_bytes(b"old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_atomic(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_name_of_255_bytes_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("ü" * 125 + ".png")
    write_atomic(path, b"x")
    assert path.read_bytes() == b"x"


@pytest.mark.skipif(os.name != "posix", reason="file size limits of POSIX")
def test_a_limit_of_the_system_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(b"old")
    script = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from studio.core.errors import FileError\n"
        "from studio.document.files.storage import write_atomic\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        "    write_atomic(Path(sys.argv[1]), bytes(5000))\n"
        "except FileError as error:\n"
        "    print(error)\n"
    )
    command = [sys.executable, "-c", script, str(path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "'x.png' was not saved" in told
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
