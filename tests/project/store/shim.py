"""Every operation on the disk seen, noted and, when a test wants it, failing.

It stands under SQLite as its file system, and around the calls of `placing`. What it notes can be
replayed as the disk would be after a kill (all that was handed to the system is there) or after a
power cut (what was not flushed may be missing, in any order, and torn).
"""

from __future__ import annotations

import errno
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import pytest

from studio.project.store import placing

SECTOR = 512


class Op(NamedTuple):
    """One operation; `data` is what was written, the new length, or the new name."""

    kind: str
    name: str = ""
    at: int = 0
    data: Any = None


@dataclass
class Shim:
    """What was done, and which operation is to fail, and how.

    Attributes:
        ops: In order; "ack" notes of the test stand among them.
        fail_at: Number of the operation that fails, counted from 1; 0 for none.
        how: "eio", "full" (once), "full for good" or "short".
        hits: How many have failed.
    """

    ops: list[Op] = field(default_factory=list)
    fail_at: int = 0
    how: str = ""
    count: int = 0
    hits: int = 0

    def note(self, op: Op, error: Callable[[str], Exception]) -> None:
        """Count an operation, and let it fail if it is its turn."""
        self.count += 1
        sticky = self.how == "full for good" and 0 < self.fail_at <= self.count
        if self.count == self.fail_at or sticky:
            self.hits += 1
            raise error(self.how)
        self.ops.append(op)

    def heal(self) -> None:
        """The disk works again."""
        self.fail_at, self.how = 0, ""


def _of_sqlite(how: str) -> Exception:
    return apsw.IOError("shim") if how == "eio" else apsw.FullError("shim")


def _of_system(how: str) -> Exception:
    return OSError(errno.EIO if how == "eio" else errno.ENOSPC, "shim")


class _File(apsw.VFSFile):
    def __init__(self, shim: Shim, base: str, name: Any, flags: list[int]) -> None:
        super().__init__(base, name, flags)
        said = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._shim, self._name = shim, Path(said).name if said else ""

    def xWrite(self, data: Any, offset: int) -> None:
        op = Op("write", self._name, offset, bytes(data))
        try:
            self._shim.note(op, _of_sqlite)
        except apsw.FullError:
            if self._shim.how == "short":
                super().xWrite(bytes(data)[: len(data) // 2], offset)
            raise
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._shim.note(Op("truncate", self._name, data=newsize), _of_sqlite)
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self._shim.note(Op("sync", self._name), _of_sqlite)
        super().xSync(flags)


class _System(apsw.VFS):
    def __init__(self, shim: Shim) -> None:
        self._shim, self._base = shim, apsw.vfs_names()[0]
        super().__init__("shim", self._base, makedefault=True, exclude={"xNextSystemCall"})

    def xOpen(self, name: Any, flags: list[int]) -> _File:
        return _File(self._shim, self._base, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self._shim.note(Op("unlink", Path(filename).name), _of_sqlite)
        super().xDelete(filename, syncdir)


@contextmanager
def installed() -> Iterator[Shim]:
    """All projects go through the shim within."""
    shim = Shim()
    system = _System(shim)
    real = (placing.flush, placing.flush_folder, placing.rename)

    def flush(path: Path) -> None:
        shim.note(Op("sync", path.name), _of_system)
        real[0](path)

    def flush_folder(folder: Path) -> None:
        shim.note(Op("sync folder"), _of_system)
        real[1](folder)

    def rename(old: Path, new: Path) -> None:
        shim.note(Op("rename", old.name, data=new.name), _of_system)
        real[2](old, new)

    with pytest.MonkeyPatch.context() as patch:
        for name, call in (("flush", flush), ("flush_folder", flush_folder), ("rename", rename)):
            patch.setattr(placing, name, call)
        try:
            yield shim
        finally:
            system.unregister()


class _Inode:
    """A file as the disk has it, and what it was handed since."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.waiting: list[Op] = []

    def flush(self) -> None:
        for op in self.waiting:
            _apply(self.data, op)
        self.waiting.clear()


def _apply(data: bytearray, op: Op) -> None:
    if op.kind == "truncate":
        del data[op.data :]
        data.extend(bytes(op.data - len(data)))
    else:
        data.extend(bytes(max(0, op.at - len(data))))
        data[op.at : op.at + len(op.data)] = op.data


def after_crash(ops: list[Op], folder: Path, luck: random.Random | None) -> None:
    """Lay the files as they are after a crash at the end of those operations.

    What was not flushed is lost, reordered or torn as `luck` says; without it, the process was
    killed and the system goes on, so that nothing is lost.
    """
    names: dict[str, _Inode] = {}
    folder_ops: list[Op] = []
    safe: dict[str, _Inode] = {}
    for op in ops:
        if op.kind in ("write", "truncate"):
            if op.name not in names:
                names[op.name] = _Inode()
                folder_ops.append(Op("make", op.name, data=names[op.name]))
            names[op.name].waiting.append(op)
        elif op.kind == "sync" and op.name in names:
            names[op.name].flush()
            # The first flush of a journal flushes its folder as well; others do it by themselves.
            if op.name.endswith("-journal"):
                _settle(safe, folder_ops)
        elif op.kind == "rename":
            names[op.data] = names.pop(op.name)
            folder_ops.append(op)
        elif op.kind == "unlink":
            names.pop(op.name, None)
            folder_ops.append(op)
        elif op.kind == "sync folder":
            _settle(safe, folder_ops)
    kept = len(folder_ops) if luck is None else luck.randint(0, len(folder_ops))
    _settle(safe, folder_ops[:kept])
    for name, inode in safe.items():
        _lose(inode, luck)
        (folder / name).write_bytes(inode.data)


def _settle(safe: dict[str, _Inode], folder_ops: list[Op]) -> None:
    for op in folder_ops:
        if op.kind == "make":
            safe[op.name] = op.data
        elif op.kind == "rename":
            safe[op.data] = safe.pop(op.name)
        else:
            safe.pop(op.name, None)
    folder_ops.clear()


def _lose(inode: _Inode, luck: random.Random | None) -> None:
    waiting = list(inode.waiting)
    if luck is not None:
        waiting = [_torn(op, luck) for op in waiting if luck.random() < 0.7]
        luck.shuffle(waiting)
    for op in waiting:
        _apply(inode.data, op)


def _torn(op: Op, luck: random.Random) -> Op:
    if op.kind == "write" and len(op.data) > SECTOR and luck.random() < 0.3:
        end = luck.randrange(SECTOR, len(op.data), SECTOR)
        return op._replace(data=op.data[:end])
    return op


def cleared(folder: Path) -> Path:
    """The folder, empty."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    return folder
