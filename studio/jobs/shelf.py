"""Shelf: where records outlive the program: the project file, or a folder of this user."""

from __future__ import annotations

import io
import json
import queue
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from studio.core.errors import StudioError

#: Records that nobody took up for two months, s, belong to pictures that are gone.
_LONGEST = 60 * 86400.0
#: A disk that takes longer than this, s, to write what was put here is not waited for.
_PATIENCE = 5.0
#: Where a name ends and its kind begins.
_NAME = re.compile(r"([0-9a-z]+)\.([a-z]+)")


@dataclass(frozen=True, slots=True)
class Record:
    """One thing on a shelf: `kind` and `key` name it, `header` is JSON, `blob` any bytes."""

    kind: str
    key: str
    header: Mapping[str, Any]
    blob: bytes


class Shelf(Protocol):
    """Keeps records; none of its methods keeps the caller waiting but `records`."""

    def put(
        self, kind: str, key: str, header: Mapping[str, Any], blob: Callable[[], bytes]
    ) -> None:
        """Keep a record in the place of the one of that kind and key.

        Args:
            kind: Lower-case letters.
            key: Lower-case letters and digits.
            header: JSON.
            blob: Called later, by another thread: gives what may take a while to put together.
        """
        ...

    def drop(self, kind: str, key: str) -> None:
        """Forget a record."""
        ...

    def records(self, kind: str) -> Sequence[Record]:
        """All of a kind; those that cannot be read are left out."""
        ...


class FolderShelf:
    """One file a record, in a folder; a thread of its own writes.

    A disk that is full costs the records and nothing else: the jobs run on.
    """

    def __init__(self, folder: Path, write: Callable[[Path, bytes], None]) -> None:
        """Take a folder, which is made when it is needed.

        Args:
            folder: Of nothing else.
            write: Writes a file whole or not at all; raises a StudioError.
        """
        self._folder, self._write = folder, write
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def put(
        self, kind: str, key: str, header: Mapping[str, Any], blob: Callable[[], bytes]
    ) -> None:
        """See `Shelf.put`."""
        first = json.dumps(dict(header)).encode() + b"\n"
        self._do(lambda: self._write_whole(self._path(kind, key), first + blob()))

    def drop(self, kind: str, key: str) -> None:
        """See `Shelf.drop`."""
        self._do(lambda: self._path(kind, key).unlink(missing_ok=True))

    def records(self, kind: str) -> Sequence[Record]:
        """See `Shelf.records`; what was put there before is written by then."""
        if self._thread is not None:
            written = threading.Event()
            self._work.put(written.set)
            written.wait(_PATIENCE)
        found = []
        for path in sorted(self._folder.glob(f"*.{kind}")):
            name = _NAME.fullmatch(path.name)
            if name and _old(path):
                path.unlink(missing_ok=True)
                continue
            if name and (record := _read(path, kind, name[1])) is not None:
                found.append(record)
        return found

    def close(self) -> None:
        """Finish what is being written."""
        if self._thread is not None:
            self._work.put(None)
            self._thread.join()
            self._thread = None

    def _do(self, work: Callable[[], None]) -> None:
        self._work.put(work)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="shelf", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            try:
                work()
            except (OSError, StudioError):
                continue  # the next one may find room again

    def _write_whole(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._write(path, data)

    def _path(self, kind: str, key: str) -> Path:
        return self._folder / f"{key}.{kind}"


def _old(path: Path) -> bool:
    """Whether nobody asked for that file for so long that nobody will."""
    try:
        return time.time() - path.stat().st_mtime > _LONGEST
    except OSError:
        return False


def _read(path: Path, kind: str, key: str) -> Record | None:
    try:
        stream = io.BytesIO(path.read_bytes())
        header = json.loads(stream.readline())
    except (OSError, ValueError, RecursionError):
        return None
    return Record(kind, key, header, stream.read()) if isinstance(header, dict) else None
