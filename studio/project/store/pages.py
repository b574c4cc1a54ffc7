"""Rows of a damaged project, read page by page: no tree, index or header has to be whole.

Overflow pages begin with a zero byte in any file below 128 GiB, so a page that begins like a leaf
is one, or was one before it was freed: what comes out has to be judged by its seals.

Source: https://www.sqlite.org/fileformat2.html, sections 1.6 (b-tree pages) and 2.1 (records).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

#: Of every project; the header that says so may be damaged.
PAGE = 4096
_CHUNK = 1024 * PAGE
_TABLE_LEAF, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x0A, 0x02
_HEADER = {_TABLE_LEAF: 8, _INDEX_LEAF: 8, _INDEX_INNER: 12}
_LOCAL = {
    _TABLE_LEAF: PAGE - 35,
    _INDEX_LEAF: (PAGE - 12) * 64 // 255 - 23,
    _INDEX_INNER: (PAGE - 12) * 64 // 255 - 23,
}
_LEAST = (PAGE - 12) * 32 // 255 - 23
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_MOST_COLUMNS = 16
#: An overflow page is part of one row, and of old copies of that row; a file that has its pages
#: read more often than this is made to be read for ever.
_OFTEN = 32

Value = int | str | bytes | None


@dataclass(frozen=True, slots=True)
class Raw:
    """A row as it lies in the file.

    Attributes:
        number: Its row id; 0 in tables that have none.
        values: Its columns; those of which bytes are missing are cut off at the end.
        whole: Whether none is.
    """

    number: int
    values: tuple[Value, ...]
    whole: bool


class Pages:
    """A file as pages.

    Args:
        path: Is only read, and closed at the end of the `with`.
        most: Rows with more bytes than this are left out.
    """

    def __init__(self, path: Path, most: int) -> None:
        self._handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._length = os.fstat(self._handle).st_size
        self._count = -(-self._length // PAGE)
        self._left = _OFTEN * self._length
        self._most = most

    def __enter__(self) -> Pages:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._handle)

    def rows(self) -> Iterator[Raw]:
        """All rows that can be made out, in no order that means anything."""
        for start in range(0, self._length, _CHUNK):
            chunk = self._read(start, _CHUNK)
            for at in range(0, len(chunk), PAGE):
                begin = 100 if start + at == 0 else 0
                if chunk[at + begin : at + begin + 1] in (b"\x0d", b"\x0a", b"\x02"):
                    yield from self._leaf(chunk[at : at + PAGE].ljust(PAGE, b"\0"), begin)

    def _read(self, offset: int, length: int) -> bytes:
        os.lseek(self._handle, offset, os.SEEK_SET)
        return os.read(self._handle, length)

    def _leaf(self, page: bytes, begin: int) -> Iterator[Raw]:
        kind = page[begin]
        count = int.from_bytes(page[begin + 3 : begin + 5], "big")
        first = begin + _HEADER[kind]
        if first + 2 * count > PAGE:
            return
        for at in struct.unpack_from(f">{count}H", page, first):
            if first + 2 * count <= at < PAGE:
                row = self._row(page, at, kind)
                if row is not None:
                    yield row

    def _row(self, page: bytes, at: int, kind: int) -> Raw | None:
        at += 4 if kind == _INDEX_INNER else 0
        size, at = _varint(page, at)
        number = 0
        if kind == _TABLE_LEAF:
            number, at = _varint(page, at)
        if not 0 < size <= self._most:
            return None
        local = _local(size, _LOCAL[kind])
        payload = page[at : at + local]
        if local < size and at + local + 4 <= PAGE:
            following = int.from_bytes(page[at + local : at + local + 4], "big")
            payload += self._overflow(following, size - local)
        values = _record(payload, size)
        if values is None:
            return None
        return Raw(number if number < 1 << 63 else number - (1 << 64), *values)

    def _overflow(self, number: int, size: int) -> bytes:
        parts, left = [], size
        while left > 0 and self._left > 0 and 1 < number <= self._count:
            self._left -= PAGE
            page = self._read((number - 1) * PAGE, PAGE)
            number = int.from_bytes(page[:4], "big")
            parts.append(page[4 : 4 + left])
            left -= PAGE - 4
        return b"".join(parts)


def _local(size: int, most: int) -> int:
    """How many bytes of a row lie in its own page."""
    if size <= most:
        return size
    fitting = _LEAST + (size - _LEAST) % (PAGE - 4)
    return fitting if fitting <= most else _LEAST


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index in range(at, min(at + 8, len(raw))):
        value = value << 7 | raw[index] & 0x7F
        if raw[index] < 0x80:
            return value, index + 1
    if at + 8 < len(raw):
        return value << 8 | raw[at + 8], at + 9
    return 0, len(raw)


def _record(payload: bytes, size: int) -> tuple[tuple[Value, ...], bool] | None:
    """The columns of a record and whether all are there."""
    end, at = _varint(payload, 0)
    if not at < end <= min(len(payload), 9 * _MOST_COLUMNS):
        return None
    kinds = []
    while at < end:
        kind, at = _varint(payload[:end], at)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        length = _length(kind)
        if length is None or at + length > size:
            return None
        if at + length > len(payload):
            return tuple(values), False
        values.append(_value(kind, payload[at : at + length]))
        at += length
    return tuple(values), True


def _length(kind: int) -> int | None:
    if kind >= 12:
        return (kind - 12) // 2
    return 0 if kind in (0, 8, 9) else _INTEGERS.get(kind)


def _value(kind: int, raw: bytes) -> Value:
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind in _INTEGERS:
        return int.from_bytes(raw, "big", signed=True)
    return raw.decode("utf-8", "replace") if kind % 2 else bytes(raw)
