"""Unnamed: the folder of pictures that have no name yet, and which picture is open."""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from studio.core.errors import FileError
from studio.document.files.storage import write_atomic
from studio.project.store.file import ProjectFile
from studio.project.store.locks import Lock

SUFFIX = ".sfumato"
_log = logging.getLogger(__name__)
#: '0012 photo.sfumato': clocks go wrong, numbers do not.
_NAME = re.compile(r"(\d+) (.*)\.sfumato")
_MOST_LETTERS = 40


@dataclass(frozen=True, slots=True)
class Unnamed:
    """One unnamed picture: its file, what it is called until it has a name, and its bytes."""

    path: Path
    name: str
    nbytes: int


@dataclass(frozen=True, slots=True)
class LastOpen:
    """The file that was open last, and whether the program ended in order."""

    path: Path
    ended: bool


class UnnamedPictures:
    """Files of a folder of the program's own; only `forget` removes any that holds work."""

    def __init__(self, folder: Path, note: Path) -> None:
        """`note` is the small file that tells what is open."""
        # As projects tell their paths: without links.
        self._folder, self._note = Path(os.path.realpath(folder)), note
        self._lock = threading.RLock()

    def made(self, name: str) -> ProjectFile:
        """A new project for a picture of that name, open; for any thread.

        Raises:
            FileError: It cannot be made.
        """
        with suppress(OSError):  # then making the file fails, and says why
            self._folder.mkdir(parents=True, exist_ok=True)
        number = max((number for number, _ in self._found()), default=0) + 1
        while True:
            path = self._folder / f"{number:04} {plain(name)}{SUFFIX}"
            try:
                project = ProjectFile.create(path)
            except FileError:
                if not path.exists():
                    raise
                number += 1  # another window was quicker
            else:
                self.note(path)
                return project

    def free(self, name: str) -> Path:
        """A path for a picture of that name that no file has."""
        with suppress(OSError):  # then whoever writes there says why it cannot be
            self._folder.mkdir(parents=True, exist_ok=True)
        number = max((number for number, _ in self._found()), default=0) + 1
        return self._folder / f"{number:04} {plain(name)}{SUFFIX}"

    def holds(self, path: Path | None) -> bool:
        """Whether that file is one of them."""
        return path is not None and path.parent == self._folder

    def all(self) -> list[Unnamed]:
        """All of them, the newest first."""
        found = []
        for _, path in sorted(self._found(), reverse=True):
            match = _NAME.fullmatch(path.name)
            with suppress(OSError):
                found.append(Unnamed(path, match[2] if match else path.stem, path.stat().st_size))
        return found

    def forget(self, path: Path) -> None:
        """Delete one for good.

        Raises:
            InUse: A window has it open.
            FileError: It cannot be deleted.
        """
        try:
            lock = Lock(path)
            try:
                path.unlink(missing_ok=True)
            finally:
                lock.release()
        except OSError as error:
            raise FileError(f"'{path.name}' cannot be deleted: {error.strerror}.") from error

    def last(self) -> LastOpen | None:
        """What was open last, if it is still there."""
        try:
            said = json.loads(self._note.read_bytes())
            path = Path(said["path"])
            return LastOpen(path, bool(said["ended"])) if path.is_file() else None
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            _log.warning("Which picture was open cannot be read: %s", error)
            return None

    def note(self, path: Path | None, ended: bool = False) -> None:
        """That file is open now, or none; what cannot be noted is for the log only."""
        try:
            with self._lock:
                if path is None:
                    self._note.unlink(missing_ok=True)
                else:
                    said = {"path": str(path), "ended": ended}
                    write_atomic(self._note, json.dumps(said).encode("ascii"))
        except (OSError, FileError) as error:
            _log.warning("Which picture is open cannot be noted: %s", error)

    def closed(self, path: Path) -> None:
        """That file is open no more; another one may be by now."""
        with self._lock:
            last = self.last()
            if last is not None and last.path == path:
                self.note(None)

    def _found(self) -> list[tuple[int, Path]]:
        found = []
        with suppress(OSError):
            for path in self._folder.iterdir():
                match = _NAME.fullmatch(path.name)
                if match:
                    found.append((int(match[1]), path))
        return found


def plain(name: str) -> str:
    """A name that every file system takes: letters, digits, spaces and dashes of it."""
    known = unicodedata.normalize("NFC", name)
    kept = "".join(each if each.isalnum() or each in " -_" else " " for each in known)
    return " ".join(kept.split())[:_MOST_LETTERS].strip() or "untitled"
