"""The sample edit: which picture, which part of it, and where the result goes."""

import struct
import zlib
from pathlib import Path

from setup_parts.console import Trouble

PROMPT = "a red hot-air balloon in the sky"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def picture(root: Path) -> Path:
    """Return the first sample picture that ships with the studio.

    Raises:
        Trouble: the copy of the project is not whole.
    """
    for path in sorted((root / "resources" / "samples").glob("*.png")):
        if not path.stem.endswith("-mask"):
            return path
    raise Trouble(
        "This copy of Sfumato is not whole: resources/samples holds no picture.",
        "Clone the project again.",
    )


def headless_edit(root: Path) -> tuple[list[str], Path]:
    """Return the command line that paints into the sample without a window, and its result."""
    source, folder = picture(root), root / "out"
    folder.mkdir(exist_ok=True)
    mask = source.with_name(f"{source.stem}-mask.png")
    if not mask.is_file():
        mask = folder / f"{source.stem}-mask.png"
        mask.write_bytes(ellipse(*size(source)))
    result = folder / f"{source.stem}-edited.png"
    arguments = ["inpaint", str(source), "--mask", str(mask), "--prompt", PROMPT]
    return [*arguments, "--seed", "7", "--out", str(result)], result


def size(path: Path) -> tuple[int, int]:
    """Return width and height from a PNG's header."""
    head = path.read_bytes()[:24]
    if not head.startswith(_SIGNATURE):
        raise Trouble(f"{path} is not a PNG picture.", "Clone the project again.")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def ellipse(width: int, height: int) -> bytes:
    """Return a grey PNG: a white ellipse in the middle third, black around it.

    Written by hand, since the set-up's own Python has no picture library.
    """
    rows = bytearray()
    for y in range(height):
        rows.append(0)  # no filter in this row
        across = 1 - ((y + 0.5 - height / 2) / (height / 6)) ** 2
        half = round(width / 6 * across**0.5) if across > 0 else 0
        keep = width // 2 - half
        rows += bytes(keep) + b"\xff" * (2 * half) + bytes(width - keep - 2 * half)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
