"""Reader: has a picture file decoded in a process of its own, and believes nothing it answers."""

from __future__ import annotations

import base64
import logging
import math
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from studio.core.errors import FileError
from studio.core.geometry import Size
from studio.core.pixels import Pixels, size_of
from studio.core.request import MAX_EDGE
from studio.core.text import clean
from studio.document.files.decoded import Decoded, Origin
from studio.document.files.decoder_child import DecoderChild, LineLost
from studio.document.files.lines import Message
from studio.document.files.metadata import Recipe, checked
from studio.document.files.profiles import MAX_BYTES as LONGEST_PROFILE
from studio.document.files.room import Room

_log = logging.getLogger(__name__)
#: Seconds for a header, and for every further million px. The processor time that the process
#: allows itself (decoder/cage.py) ends before.
_HEADER = 10.0
_PER_MEGAPIXEL = 0.15
_MOST_NOTES, _LONGEST_NOTE = 8, 400

#: Makes and starts a decoder process.
Start = Callable[[], DecoderChild]


class Reader:
    """Keeps one decoder process; any thread may ask, one file is read after the other."""

    def __init__(self, start: Start = DecoderChild) -> None:
        """The process starts with `warm` or the first file."""
        #: Bytes of memory that the last file took in the process, as far as the system says.
        self.peak = 0
        self._start = start
        self._child: DecoderChild | None = None
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Start the process, so that the first picture need not wait for it (0.3 s)."""
        with self._lock:
            if self._child is None:
                self._child = self._start()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._drop()

    def read(self, source: int | Room, name: str, path: Path | None = None) -> Decoded:
        """The picture in an open file.

        Args:
            source: Handle of a file open for reading at its beginning, or a room that holds it.
            name: For messages.
            path: Where an open file lies, which Windows needs.

        Raises:
            FileError: It is refused, or the process failed at it; nothing was opened then.
        """
        with self._lock, Room() as room:
            try:
                return self._read(source, name, room, path)
            except TimeoutError as error:
                self._drop()
                raise FileError(
                    f"Reading '{name}' took too long and was given up.",
                    "Nothing was opened. The file may be damaged, or made to do harm.",
                ) from error
            except (OSError, ValueError, KeyError, TypeError, LineLost) as error:
                _log.warning("The decoder process failed: %r. %s", error, self._last_words())
                self._drop()
                raise _failed(name) from error

    def match(self, pixels: Pixels, profile: bytes, name: str) -> Pixels:
        """The pixels in the colours of a profile that came with some file, which is not trusted.

        Args:
            pixels: uint8 `[h, w, 4]` sRGB straight alpha.
            profile: ICC bytes.
            name: Of the file to be written, for messages.

        Raises:
            FileError: That profile cannot be written into; nothing happened.
        """
        size = size_of(pixels)
        message = {
            "kind": "match",
            "name": name,
            "width": size.width,
            "height": size.height,
            "profile": base64.b64encode(profile).decode("ascii"),
        }
        with self._lock, Room() as room:
            try:
                room.fill(np.ascontiguousarray(pixels).data)
                self._hand_over(message, (room.handle, room.handle), (room.path, room.path))
                child = self._child
                assert child is not None
                answer = child.answer(_HEADER + size.area * _PER_MEGAPIXEL / 1e6)
                if answer["kind"] == "done" and child.answer(_HEADER)["code"] == 0:
                    return room.pixels(size)
            except (OSError, ValueError, KeyError, TypeError, LineLost) as error:
                _log.warning("The colours were not converted: %r. %s", error, self._last_words())
            self._drop()
        raise FileError(
            "The picture's own colour profile cannot be used for writing.", "Take sRGB."
        )

    def _read(self, source: int | Room, name: str, room: Room, path: Path | None) -> Decoded:
        handle = source if isinstance(source, int) else source.handle
        path = path if isinstance(source, int) else source.path
        message = {"kind": "open", "name": name}
        self._hand_over(message, (handle, room.handle), (path, room.path))
        child = self._child
        assert child is not None
        size: Size | None = None
        answer = child.answer(_HEADER)
        if answer["kind"] == "size":
            size = _size(answer)
            room.fit(size.area * 4)
            child.send({"kind": "go"})
            answer = child.answer(_HEADER + size.area * _PER_MEGAPIXEL / 1e6)
        ended = answer if answer["kind"] == "ended" else child.answer(_HEADER)
        self.peak = int(ended.get("peak", 0))
        if ended["kind"] != "ended" or ended["code"] != 0:
            _log.warning("A picture ended its decoder: %r. %s", ended, self._last_words())
            raise _failed(name)
        if answer["kind"] == "refused":
            raise FileError(_text(answer["message"]), _text(answer["hint"]))
        if size is None or answer["kind"] != "done":
            raise ValueError("an answer out of turn")
        return _decoded(answer, size, room)

    def _hand_over(
        self,
        message: dict[str, Any],
        handles: tuple[int, int],
        paths: tuple[Path | None, Path | None],
    ) -> None:
        """Give files to the process; to a new one, when the old one died while it waited."""
        message |= {"source": str(paths[0]), "target": str(paths[1])}
        for fresh in (self._child is None, True):
            if fresh:
                self._drop()
                self._child = self._start()
            child = self._child
            assert child is not None
            try:
                child.send(message, handles)
                if child.answer(_HEADER)["kind"] == "taken":
                    return
            except (OSError, LineLost):
                if fresh:
                    raise
        raise LineLost

    def _last_words(self) -> str:
        return "" if self._child is None else self._child.last_words()

    def _drop(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


def _failed(name: str) -> FileError:
    return FileError(
        f"The file '{name}' made the reader fail; nothing was opened.",
        "The file may be damaged, or made to do harm. Your picture is as it was.",
    )


def _size(message: Message) -> Size:
    edges = (message["width"], message["height"])
    if not all(type(each) is int and 1 <= each <= MAX_EDGE for each in edges):
        raise ValueError("a size that no picture can have")
    return Size(*edges)


def _decoded(answer: Message, told: Size, room: Room) -> Decoded:
    size = _size(answer)
    if size.area != told.area:
        raise ValueError("another size than was told")
    if os.fstat(room.handle).st_size != size.area * 4:
        raise ValueError("memory of another length")
    notes = answer["notes"]
    if not isinstance(notes, list):
        raise TypeError("notes are a list")
    profile = base64.b64decode(str(answer["profile"]), validate=True)
    if len(profile) > LONGEST_PROFILE:
        raise ValueError("a profile too long to be one")
    return Decoded(
        room.pixels(size),
        _recipe(answer["recipe"]),
        tuple(_text(each) for each in notes[:_MOST_NOTES]),
        Origin(_resolution(answer["resolution"]), profile, _text(answer["title"])),
    )


def _recipe(told: object) -> Recipe | None:
    if not isinstance(told, Mapping):
        return None
    return checked({each.name: told.get(each.name) for each in fields(Recipe)})


def _resolution(told: object) -> tuple[float, float] | None:
    if not isinstance(told, list) or len(told) != 2:
        return None
    across, down = float(told[0]), float(told[1])
    good = all(math.isfinite(each) and 1 <= each <= 10_000 for each in (across, down))
    return (across, down) if good else None


def _text(told: object) -> str:
    return clean(str(told))[:_LONGEST_NOTE]
