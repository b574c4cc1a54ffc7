"""Zip archives of strangers: members by name, never to the disk, nothing that a bomb needs.

Python's zipfile takes entries that overlap and lets the last of two equal names win, so the
directory is read here. What is refused is refused before anything is unpacked.
Source: PKWARE APPNOTE 6.3.9, sections 4.3.7, 4.3.12, 4.3.14 to 4.3.16, 4.4 and 4.5.3.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from studio.core.errors import FileError

MOST_MEMBERS = 8192
#: A member that unpacks to more than this may not be packed tighter than `TIGHTEST`.
ROOMY = 16 << 20
TIGHTEST = 100

_END = struct.Struct("<4s4H2IH")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
#: What takes the place of numbers that do not fit: where the long end record is, that record, and
#: a block of a member.
_LOCATOR = struct.Struct("<4sIQI")
_LONG_END = struct.Struct("<4sQ2H2I4Q")
_BLOCK = struct.Struct("<2H")
_LONG = 0x0001
_MOST_DIRECTORY = 4 << 20
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x0041
_UTF8 = 0x0800
_ELSEWHERE = 0xFFFFFFFF
_PART = 1 << 20
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the archive.

    Attributes:
        name: As the archive says, with '/' between folders.
        size: Bytes when unpacked.
        packed: Bytes in the archive.
        crc: CRC-32 of what it unpacks to.
        deflated: Whether it is packed at all.
        start: Where its bytes begin in the file.
    """

    name: str
    size: int
    packed: int
    crc: int
    deflated: bool
    start: int


class Archive:
    """The members of a zip file that is open for reading.

    Raises:
        FileError: It is no sound archive, or it is made to do harm.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Read and check the directory; `name` is for messages."""
        self._file, self._name = file, name
        try:
            self._members = self._directory()
        except struct.error as error:
            raise self._damaged("its directory ends too early") from error

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def __getitem__(self, name: str) -> Member:
        return self._members[name]

    def read(self, name: str, most: int) -> bytes:
        """What a member unpacks to.

        Args:
            name: Exactly as the archive says.
            most: Bytes.

        Raises:
            FileError: It is not there, larger than `most`, or damaged.
        """
        member = self._members.get(name)
        if member is None:
            raise self._damaged(f"it lacks '{name[:80]}'")
        if member.size > most:
            raise self._harmful(f"'{name[:80]}' unpacks to {member.size >> 20} MiB")
        result = bytearray()
        for part in self._unpacked(member):
            result += part
        if len(result) != member.size or zlib.crc32(result) != member.crc:
            raise self._damaged(f"'{name[:80]}' is not what it was when it was packed")
        return bytes(result)

    def head(self, name: str, count: int) -> bytes:
        """At most the first `count` bytes of what a member unpacks to, unchecked."""
        member = self._members.get(name)
        if member is None:
            raise self._damaged(f"it lacks '{name[:80]}'")
        return next(self._unpacked(member, count), b"")[:count]

    def _unpacked(self, member: Member, step: int = _PART) -> Iterator[bytes]:
        """Never more than the member says it has, in parts."""
        self._file.seek(member.start)
        left, packed = member.size, member.packed
        packer = zlib.decompressobj(-zlib.MAX_WBITS)
        rest, part = b"", b""
        # What is packed tightly may wait inside the packer when all of it has been read.
        while left > 0 and (packed > 0 or rest or part):
            data = rest or self._file.read(min(_PART, packed))
            if not (data or part):
                raise self._damaged("it was cut short")
            packed -= 0 if rest else len(data)
            if not member.deflated:
                part, rest = data[:left], b""
            else:
                try:
                    part = packer.decompress(data, min(step, left))
                except zlib.error as error:
                    raise self._damaged(f"'{member.name[:80]}' cannot be unpacked") from error
                rest = packer.unconsumed_tail
            left -= len(part)
            yield part
            if packer.eof:
                return

    def _directory(self) -> dict[str, Member]:
        size = self._file.seek(0, 2)
        at, count, length, start = self._end(size)
        if count > MOST_MEMBERS or length > _MOST_DIRECTORY:
            raise self._harmful(f"it has {count} members")
        if start + length > at:
            raise self._damaged("its directory lies beyond its end")
        self._file.seek(start)
        data = self._file.read(length)
        members: dict[str, Member] = {}
        spans: list[tuple[int, int]] = [(start, size)]
        place = 0
        for _ in range(count):
            member, place, span = self._entry(data, place, start)
            if member is None:
                continue
            if member.name in members:
                raise self._harmful(f"it has two members called '{member.name[:80]}'")
            members[member.name] = member
            spans.append(span)
        spans.sort()
        if any(one[1] > other[0] for one, other in pairwise(spans)):
            raise self._harmful("its members lie over each other")
        return members

    def _end(self, size: int) -> tuple[int, int, int, int]:
        """Where the end record lies, how many entries there are, their bytes and their start."""
        self._file.seek(max(0, size - (1 << 16) - _END.size))
        tail = self._file.read()
        found = tail.rfind(b"PK\5\6")
        if found < 0:
            raise self._damaged("it has no directory")
        _, disk, first, here, count, length, start, comment = _END.unpack_from(tail, found)
        if disk or first or here != count or found + _END.size + comment != len(tail):
            raise self._damaged("its directory contradicts itself")
        at = size - len(tail) + found
        if _ELSEWHERE in (start, length) or count == 0xFFFF:
            return self._long_end(at)
        return at, count, length, start

    def _long_end(self, at: int) -> tuple[int, int, int, int]:
        """As `_end`, of an archive beyond 4 GiB, whose short end record lies there."""
        self._file.seek(max(0, at - _LOCATOR.size - _LONG_END.size))
        found = self._file.read(_LONG_END.size + _LOCATOR.size)
        magic, *values = _LONG_END.unpack_from(found)
        rest, disk, first, here, count, length, start = values[0], *values[3:]
        locator = _LOCATOR.unpack_from(found, _LONG_END.size)
        end = at - len(found)
        if magic != b"PK\6\6" or locator != (b"PK\6\7", 0, end, 1):
            raise self._damaged("its directory contradicts itself")
        if rest != _LONG_END.size - 12 or disk or first or here != count:
            raise self._damaged("its directory contradicts itself")
        return end, count, length, start

    def _entry(
        self, data: bytes, place: int, limit: int
    ) -> tuple[Member | None, int, tuple[int, int]]:
        """One entry of the directory, None for a folder; where the next is; what bytes it takes."""
        values = _ENTRY.unpack_from(data, place)
        (magic, made, _, flags, method, _, _, crc, packed, size, names, extra, comment) = values[
            :13
        ]
        outside, offset = values[15], values[16]
        raw = data[place + _ENTRY.size : place + _ENTRY.size + names]
        following = place + _ENTRY.size + names + extra + comment
        if magic != b"PK\1\2" or len(raw) != names:
            raise self._damaged("its directory is broken")
        name = self._checked_name(raw, flags)
        if flags & _ENCRYPTED:
            raise FileError(f"'{self._name}' is locked with a password.", "Save it without one.")
        if method not in (_STORED, _DEFLATED):
            raise self._harmful(f"'{name[:80]}' is packed in a way that such files never are")
        if made >> 8 == _UNIX and stat.S_IFMT(outside >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise self._harmful(f"'{name[:80]}' is a link or a device, not a file")
        more = data[place + _ENTRY.size + names :][:extra]
        size, packed, offset = self._long(more, (size, packed, offset))
        if method == _STORED and packed != size:
            raise self._damaged(f"the size of '{name[:80]}' contradicts itself")
        if size > ROOMY and size > packed * TIGHTEST:
            raise self._harmful(f"'{name[:80]}' unpacks to {size // max(1, packed)} times its size")
        start = self._start(raw, offset, packed, limit)
        member = Member(name, size, packed, crc, method == _DEFLATED, start)
        return (None if name.endswith("/") else member), following, (offset, start + packed)

    def _long(self, extra: bytes, numbers: tuple[int, int, int]) -> tuple[int, ...]:
        """The numbers of an entry, those that are too long for it from the block behind it."""
        if _ELSEWHERE not in numbers:
            return numbers
        while len(extra) >= _BLOCK.size:
            kind, length = _BLOCK.unpack_from(extra)
            block, extra = extra[_BLOCK.size :][:length], extra[_BLOCK.size + length :]
            if kind == _LONG:
                found = iter(struct.unpack_from(f"<{numbers.count(_ELSEWHERE)}Q", block))
                return tuple(next(found) if one == _ELSEWHERE else one for one in numbers)
        raise self._harmful("it does not say how large its members are")

    def _checked_name(self, raw: bytes, flags: int) -> str:
        try:
            name = raw.decode("utf-8" if flags & _UTF8 else "cp437")
        except UnicodeDecodeError as error:
            raise self._damaged("the name of a member is broken") from error
        parts = name.removesuffix("/").split("/")
        bad = not name or len(name) > 255 or ".." in parts or "" in parts or "." in parts
        if bad or "\\" in name or ":" in name or any(ord(each) < 32 for each in name):
            raise self._harmful(f"a member is called {name[:80]!a}")
        return name

    def _start(self, raw: bytes, offset: int, packed: int, limit: int) -> int:
        """Where a member's bytes begin; its own header must agree with the directory."""
        if offset + packed > limit:
            raise self._damaged("a member reaches beyond the end")
        self._file.seek(offset)
        header = self._file.read(_LOCAL.size)
        magic, *_, names, extra = _LOCAL.unpack(header)
        if magic != b"PK\3\4" or names != len(raw) or self._file.read(names) != raw:
            raise self._harmful("its members are not where its directory says")
        start = offset + _LOCAL.size + names + extra
        if start + packed > limit:
            raise self._damaged("a member reaches beyond the end")
        return int(start)

    def _damaged(self, why: str) -> FileError:
        return FileError(
            f"'{self._name}' is damaged: {why}.",
            "Nothing was opened. Copy or download the file again.",
        )

    def _harmful(self, why: str) -> FileError:
        return FileError(
            f"'{self._name}' was not opened: {why}, which no painting program writes.",
            "Open it in the program it came from and save it anew.",
        )
