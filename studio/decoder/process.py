"""One decoder process: it forks a child for every file, so that no file meets what another left."""

from __future__ import annotations

import base64
import contextlib
import faulthandler
import mmap
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from studio.core.errors import FileError
from studio.core.geometry import Size
from studio.core.pixels import Pixels
from studio.core.request import MAX_EDGE
from studio.decoder import cage
from studio.document.files import profiles
from studio.document.files.decode import decode
from studio.document.files.decoded import Decoded
from studio.document.files.lines import Line, Message, line_of_stdin

_ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Serve files until the parent closes its end."""
    faulthandler.enable(sys.stderr)
    line = line_of_stdin()
    # Our own limit is checked on every size; Pillow's would refuse pictures that we open.
    Image.MAX_IMAGE_PIXELS = MAX_EDGE * MAX_EDGE
    cage.enter((_ROOT, Path(sys.prefix), Path(sys.base_prefix), *map(Path, sys.argv[1:])))
    with contextlib.suppress(ConnectionError):  # the studio is gone, and so are we
        line.send({"kind": "ready"})
        _listen(line)


def _listen(line: Line) -> None:
    while True:
        message, handles = line.receive()
        if message is None:
            return
        line.send({"kind": "taken"})
        if hasattr(os, "fork"):
            _serve_in_child(line, message, handles)
        else:
            _serve(line, message, handles)
            line.send({"kind": "ended", "code": 0})
            return


def _serve_in_child(line: Line, message: Message, handles: Sequence[int]) -> None:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            cage.limit()
            _serve(line, message, handles)
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    for handle in handles:
        os.close(handle)
    _, status, cost = os.wait4(child, 0)
    unit = 1 if sys.platform == "darwin" else 1024
    line.send(
        {
            "kind": "ended",
            "code": os.waitstatus_to_exitcode(status),
            "peak": cost.ru_maxrss * unit,
            "seconds": cost.ru_utime + cost.ru_stime,
        }
    )


def _serve(line: Line, message: Message, handles: Sequence[int]) -> None:
    if message.get("kind") == "match":
        _match(line, message, handles)
    else:
        _open(line, message, handles)


def _match(line: Line, message: Message, handles: Sequence[int]) -> None:
    """Bring sRGB pixels into a foreign profile's colours, in the memory that holds them."""
    height, width = int(message["height"]), int(message["width"])
    target = (handles or _opened(message))[1]
    cage.allow(height * width)
    memory = np.frombuffer(mmap.mmap(target, height * width * 4), np.uint8)
    try:
        transform = profiles.from_srgb(base64.b64decode(message["profile"]))
        profiles.apply(transform, memory.reshape(height, width, 4))
        line.send({"kind": "done"})
    except profiles.BROKEN_PROFILE:
        line.send({"kind": "refused"})


def _open(line: Line, message: Message, handles: Sequence[int]) -> None:
    """One file: its size is told first, its pixels go into the memory that the parent gives."""
    name = str(message.get("name", ""))
    source, target = handles or _opened(message)

    def room(size: Size) -> Pixels:
        line.send({"kind": "size", "width": size.width, "height": size.height})
        answer, _ = line.receive()
        if answer is None or answer.get("kind") != "go":
            os._exit(0)
        cage.allow(size.area)
        return np.frombuffer(mmap.mmap(target, size.area * 4), np.uint8)

    try:
        with os.fdopen(source, "rb") as stream:
            line.send(_told(decode(stream, name, room)))
    except FileError as error:
        line.send({"kind": "refused", "message": error.message, "hint": error.hint})
    finally:
        with contextlib.suppress(OSError):
            os.close(target)


def _opened(message: Mapping[str, Any]) -> tuple[int, int]:
    """By their paths, where handles cannot be handed over: on Windows."""
    binary = getattr(os, "O_BINARY", 0)
    return (
        os.open(str(message["source"]), os.O_RDONLY | binary),
        os.open(str(message["target"]), os.O_RDWR | binary),
    )


def _told(found: Decoded) -> dict[str, Any]:
    return {
        "kind": "done",
        "width": int(found.pixels.shape[1]),
        "height": int(found.pixels.shape[0]),
        "recipe": None if found.recipe is None else asdict(found.recipe),
        "notes": list(found.notes),
        "resolution": found.origin.resolution,
        "profile": base64.b64encode(found.origin.profile).decode("ascii"),
        "title": found.origin.title,
    }
