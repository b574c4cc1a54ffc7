"""Every call of the storage module to the system fails in turn, and in every way."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from studio.core.errors import StudioError
from studio.document.files import storage
from studio.document.files.image import export_image
from studio.models.library import Library
from studio.settings import Settings
from tests.document.files.faults import FailingOs

ROOT = Path(__file__).parents[3]
RAISED = ("EIO", "ENOSPC", "EDQUOT", "EROFS", "EINTR")
#: Whatever happens, the file is one of the two.
Write = Callable[[Path], None]


def exported(folder: Path) -> None:
    export_image(folder / "good.png", np.full((9, 9, 4), 255, np.uint8))


def settings_saved(folder: Path) -> None:
    settings = Settings(folder / "good.png")
    settings.update(prompt="a new one")
    settings.save()


def library_written(folder: Path) -> None:
    Library(folder, folder / "good.png")._write(())


WRITERS = {"export": exported, "settings": settings_saved, "library": library_written}


def calls_of(write: Write, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, bytes]:
    """How many calls a write makes, and what it leaves."""
    counting = FailingOs()
    with monkeypatch.context() as patched:
        patched.setattr(storage, "os", counting)
        write(folder)
    return len(counting.made), (folder / "good.png").read_bytes()


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("fault", [*RAISED, "short"])
@pytest.mark.parametrize("name", WRITERS)
def test_a_fault_at_every_call_harms_no_good_file_and_is_told(
    name: str, fault: str, for_good: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, old = tmp_path / "good.png", b'{"models": []}'
    path.write_bytes(old)
    count, new = calls_of(WRITERS[name], tmp_path, monkeypatch)
    for at in range(count):
        path.write_bytes(old)
        told = False
        with monkeypatch.context() as patched:
            patched.setattr(storage, "os", FailingOs(at, fault, for_good))
            try:
                WRITERS[name](tmp_path)
            except StudioError as error:
                told = bool(error.message)
        # Never a part of a file, and never called saved unless it is.
        assert path.read_bytes() in ((old, new) if told else (new,)), f"call {at} of {count}"


@pytest.mark.parametrize("fault", ["EINTR", "short"])
def test_an_interruption_and_a_short_write_do_not_stop_a_save(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, new = calls_of(exported, tmp_path, monkeypatch)
    counting = FailingOs()
    monkeypatch.setattr(storage, "os", counting)
    exported(tmp_path)
    for at in (number for number, name in enumerate(counting.made) if name in ("write", "fsync")):
        monkeypatch.setattr(storage, "os", FailingOs(at, fault))
        exported(tmp_path)
        assert (tmp_path / "good.png").read_bytes() == new


def test_a_file_that_was_not_flushed_is_written_anew_and_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.png").write_bytes(b"old")
    counting = FailingOs()
    monkeypatch.setattr(storage, "os", counting)
    exported(tmp_path)
    flush = counting.made.index("fsync")
    again = FailingOs(flush, "EIO")
    monkeypatch.setattr(storage, "os", again)
    exported(tmp_path)
    assert again.made.count("write") == 2
    assert again.made.count("replace") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["good.png"]


def test_a_disk_that_never_confirms_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "good.png").write_bytes(b"old")
    counting = FailingOs()
    monkeypatch.setattr(storage, "os", counting)
    exported(tmp_path)
    old = (tmp_path / "good.png").read_bytes()
    flush = counting.made.index("fsync")
    monkeypatch.setattr(storage, "os", FailingOs(flush, "EIO", for_good=True))
    with pytest.raises(StudioError, match="not saved"):
        exported(tmp_path)
    assert (tmp_path / "good.png").read_bytes() == old


_KILLED = """
import sys
from pathlib import Path
from studio.document.files import storage
from tests.document.files.faults import FailingOs
storage.os = FailingOs(int(sys.argv[2]), "kill")
storage.write_atomic(Path(sys.argv[1]), b"new" * 1000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL of POSIX")
def test_a_kill_at_every_call_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, old, new = tmp_path / "good.png", b"old", b"new" * 1000
    path.write_bytes(old)
    counting = FailingOs()
    monkeypatch.setattr(storage, "os", counting)
    storage.write_atomic(path, new)
    killed = []
    for at in range(len(counting.made)):
        path.write_bytes(old)
        command = [sys.executable, "-c", _KILLED, str(path), str(at)]
        killed.append(subprocess.run(command, cwd=ROOT, check=False).returncode)
        assert path.read_bytes() in (old, new)
    assert set(killed) == {-9}
