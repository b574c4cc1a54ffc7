"""Pages read one by one: made by a stranger, they still come to an end."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from studio.project.store.pages import PAGE, Pages

#: Of a row of 60 MiB: its length, its number, and what of it lies in its own page.
ROW = bytes((0x9E, 0x80, 0x80, 0x00, 1)) + bytes(489)


def looped(rows: int) -> bytes:
    """A leaf of equal rows of 60 MiB, each going on in one page that goes on in itself."""
    leaf = bytearray(PAGE)
    at = PAGE - len(ROW) - 4
    struct.pack_into(f">BHHHB{rows}H", leaf, 0, 0x0D, 0, rows, 0, 0, *[at] * rows)
    leaf[at:] = ROW + struct.pack(">I", 3)
    return bytes(PAGE) + bytes(leaf) + struct.pack(">I", 3).ljust(PAGE, b"\0")


def test_rows_without_end_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, read, reads = tmp_path / "loop.sfumato", Pages._read, []

    def counted(self: Pages, offset: int, length: int) -> bytes:
        reads.append(offset)
        assert len(reads) < 1000, "it reads on and on"
        return read(self, offset, length)

    monkeypatch.setattr(Pages, "_read", counted)
    path.write_bytes(looped(100))
    with Pages(path, 1 << 26) as pages:
        assert list(pages.rows()) == []
    assert len(reads) > 50
