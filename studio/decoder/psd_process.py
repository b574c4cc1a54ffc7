"""The child process that reads Photoshop files: limits first, then psd-tools, then frames.

The file is its standard input; frames go to its standard output: a JSON header with its length
before it, and after the header of a layer its pixels, row by row.
"""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from psd_tools import ParseLimits, PSDImage

from studio.decoder import cage
from studio.decoder.psd_layers import Reading
from studio.document.files.psd_modes import LENGTH

_BAND = 256
_ROOT = Path(__file__).resolve().parents[2]
#: Address space (bytes) of Python and the libraries themselves.
_LIBRARIES = 1 << 29
#: What psd-tools and its decoders were seen to raise over broken bytes.
_BROKEN = (OSError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
_ALSO_BROKEN = (AssertionError, EOFError, RuntimeError, struct.error, SyntaxError)


def main(memory: int, seconds: int) -> int:
    """Read the file on standard input.

    Args:
        memory: Bytes this process may have.
        seconds: Of processor time it may take.
    """
    out, file = sys.stdout.buffer, sys.stdin.buffer
    # What a library prints must not come between the frames.
    sys.stdout = sys.stderr
    cage.enter((_ROOT, Path(sys.prefix), Path(sys.base_prefix)))
    _confine(memory, seconds)
    try:
        for header, pixels in _frames(file):
            _send(out, header)
            for top in range(0, 0 if pixels is None else len(pixels), _BAND):
                out.write(pixels[top : top + _BAND].tobytes())
    except MemoryError:
        _send(out, {"kind": "refused", "why": "memory"})
    except (*_BROKEN, *_ALSO_BROKEN) as error:
        _send(out, {"kind": "refused", "why": "broken", "error": repr(error)[:500]})
    out.flush()
    return 0


def _confine(memory: int, seconds: int) -> None:
    """So much memory beside what the libraries have taken, so much time, and no core is left."""
    if sys.platform == "win32":
        return
    import resource

    for what, most in (
        (resource.RLIMIT_AS, memory + _LIBRARIES),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))


def _frames(file: BinaryIO) -> Iterator[tuple[dict[str, Any], Any]]:
    """What is in the file: the picture, its layers bottom to top, and what was not kept."""
    limits = ParseLimits(max_objects=500_000, max_nesting_depth=64)
    yield from Reading(PSDImage.open(file, "unlimited", limits)).frames()


def _send(out: BinaryIO, header: dict[str, Any]) -> None:
    data = json.dumps(header, ensure_ascii=False).encode("utf-8", "replace")
    out.write(LENGTH.pack(len(data)) + data)
