import io
import struct
import zipfile

import pytest

from studio.core.errors import FileError
from studio.document.files.archive import Archive

STEP = 1 << 20


@pytest.mark.parametrize("more", [0, 1, 5, 64, 258, 700])
def test_what_waits_in_the_packer_at_the_end_is_read(more: int) -> None:
    file, data = io.BytesIO(), bytes(STEP + more)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member", data)
    assert Archive(file, "x.ora").read("member", 2 * STEP) == data


def long(**changes: int) -> bytes:
    """An archive whose end record is the long one, with some numbers of that replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("member", b"hello")
    data = file.getvalue()
    at = data.rfind(b"PK\5\6")
    start = int.from_bytes(data[at + 16 : at + 20], "little")
    numbers = {"rest": 44, "here": 1, "count": 1, "length": at - start, "start": start} | changes
    rest, *sizes = numbers.values()
    end = struct.pack("<4sQ2H2I4Q", b"PK\6\6", rest, 45, 45, 0, 0, *sizes)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, at, 1)
    short = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:at] + end + locator + short


def test_an_archive_with_the_long_end_record_is_read() -> None:
    assert Archive(io.BytesIO(long()), "x.ora").read("member", 5) == b"hello"


@pytest.mark.parametrize(
    "changes",
    [
        {"start": (1 << 64) - 1},
        {"start": 1 << 40},
        {"length": 1 << 63},
        {"count": (1 << 64) - 1, "here": (1 << 64) - 1},
        {"here": 2},
        {"rest": 1 << 60},
    ],
)
def test_a_long_end_record_that_lies_is_refused(changes: dict[str, int]) -> None:
    with pytest.raises(FileError):
        Archive(io.BytesIO(long(**changes)), "x.ora")


@pytest.mark.parametrize("offset", [1 << 40, (1 << 63) + 1, (1 << 64) - 1])
def test_a_member_that_says_it_lies_far_away_is_refused(offset: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("member")
        info.extra = struct.pack("<HHQ", 1, 8, offset)
        archive.writestr(info, b"hello")
    data = bytearray(file.getvalue())
    entry = data.rfind(b"PK\1\2")
    data[entry + 42 : entry + 46] = b"\xff" * 4
    with pytest.raises(FileError):
        Archive(io.BytesIO(data), "x.ora")
