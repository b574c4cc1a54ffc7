"""Pictures through the real decoder process, and processes that fail in every way."""

import io
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import psutil
import pytest
from PIL import Image

from studio.core.errors import FileError
from studio.document.files.decode import decode
from studio.document.files.decoded import Decoded
from studio.document.files.decoder_child import DecoderChild
from studio.document.files.reader import Reader
from studio.document.files.room import Room
from tests.document.files.conftest import Packed

SMALL = np.random.default_rng(5).integers(0, 256, (40, 60, 3), dtype=np.uint8)
posix = pytest.mark.skipif(sys.platform == "win32", reason="the line of POSIX")


@pytest.fixture
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.close()


def read(reader: Reader, data: bytes, name: str = "x.png") -> Decoded:
    with Room() as room:
        room.fill(data)
        return reader.read(room, name)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP"])
@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
def test_what_the_process_decodes_is_what_decoding_here_gives(
    kind: str, mode: str, packed: Packed, reader: Reader
) -> None:
    image = Image.fromarray(SMALL).convert(mode)
    data = packed(image.convert("RGB") if (kind, mode) in _NO_PALETTE else image, kind)
    there, here = read(reader, data), decode(io.BytesIO(data), "x.png")
    assert np.array_equal(there.pixels, here.pixels)
    assert not there.pixels.flags.writeable
    assert there.notes == here.notes


_NO_PALETTE = {("JPEG", "P"), ("WEBP", "P")}


def test_refusals_come_through_as_they_are(reader: Reader) -> None:
    with pytest.raises(FileError, match=r"'x\.png' is a PDF\.") as refusal:
        read(reader, b"%PDF-1.7 and more of it, as PDFs go on")
    assert "PNG, JPEG" in refusal.value.hint


def test_one_file_after_the_other_and_from_any_thread(packed: Packed, reader: Reader) -> None:
    data = packed(SMALL)
    with ThreadPoolExecutor(4) as pool:
        shapes = [each.pixels.shape for each in pool.map(lambda _: read(reader, data), range(16))]
    assert shapes == [(40, 60, 4)] * 16


def flat_png(width: int, height: int) -> bytes:
    """A grey picture of one level."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    rows = [packer.compress(bytes(width + 1)) for _ in range(height)]
    chunks = [(b"IHDR", head), (b"IDAT", b"".join([*rows, packer.flush()])), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def test_a_picture_beyond_pillows_own_limit_opens(reader: Reader) -> None:
    found = read(reader, flat_png(16384, 11000))
    assert found.pixels.shape == (11000, 16384, 4)
    assert found.pixels[-1, -1].tolist() == [0, 0, 0, 255]


@posix
def test_a_file_that_kills_the_decoder_is_said_and_the_next_one_opens(
    packed: Packed, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader(scripted(_DIES))
    with pytest.raises(FileError, match="made the reader fail; nothing was opened"):
        read(reader, packed(SMALL))
    monkeypatch.setattr(reader, "_start", DecoderChild)
    assert read(reader, packed(SMALL)).pixels.shape == (40, 60, 4)
    reader.close()


@posix
def test_a_process_that_died_while_it_waited_is_replaced_unnoticed(
    packed: Packed, reader: Reader
) -> None:
    read(reader, packed(SMALL))
    assert reader._child is not None
    psutil.Process(reader._child._process.pid).kill()
    assert read(reader, packed(SMALL)).pixels.shape == (40, 60, 4)


_HEAD = """
import json, os, socket, struct, sys, signal, time
line = socket.socket(fileno=0)
def send(**message):
    body = json.dumps(message).encode()
    line.sendall(struct.pack(">I", len(body)) + body)
def receive():
    head, files, _, _ = socket.recv_fds(line, 4, 2)
    if head: line.recv(struct.unpack(">I", head)[0])
    return files
send(kind="ready")
receive()
send(kind="taken")
"""
_DIES = _HEAD + "os.kill(os.getpid(), signal.SIGSEGV)"
_DONE = 'kind="done", recipe=None, notes=[], resolution=None, profile="", title=""'
LIES = {
    "a size beyond the limit": 'send(kind="size", width=99999, height=9)',
    "a size of text": 'send(kind="size", width="9", height="9")',
    "no size at all": f"send({_DONE}, width=9, height=9); send(kind='ended', code=0)",
    "another size than it told": (
        'send(kind="size", width=9, height=9); receive();'
        f"send({_DONE}, width=90, height=90); send(kind='ended', code=0)"
    ),
    "notes that are none": (
        'send(kind="size", width=9, height=9); receive();'
        f"send({_DONE.replace('[]', '7')}, width=9, height=9); send(kind='ended', code=0)"
    ),
    "garbage": 'line.sendall(b"\\0\\0\\0\\5hello")',
    "a message of 4 GiB": 'line.sendall(b"\\xff" * 100)',
    "a message too deep": 'line.sendall(struct.pack(">I", 200000) + b"[" * 200000)',
    "half a message": 'line.sendall(b"\\0\\0\\1\\0{")',
    "an end that failed": 'send(kind="ended", code=-11)',
    "nothing": "",
}


def scripted(script: str) -> Callable[[], DecoderChild]:
    return lambda: DecoderChild([sys.executable, "-I", "-c", script])


@posix
@pytest.mark.parametrize("lie", LIES)
def test_a_process_that_lies_opens_nothing(lie: str, packed: Packed) -> None:
    reader = Reader(scripted(_HEAD + LIES[lie]))
    with pytest.raises(FileError, match="nothing was opened"):
        read(reader, packed(SMALL))
    reader.close()


_CUTS = (
    _HEAD.replace("\nreceive()\n", "\nfiles = receive()\n")
    + f"""
send(kind="size", width=9, height=9)
receive()
try:
    os.ftruncate(files[1], 0)
    note = "cut"
except OSError:
    note = "sealed"
send({_DONE.replace("[]", "[note]")}, width=9, height=9)
send(kind="ended", code=0)
"""
)


@pytest.mark.skipif(sys.platform != "linux", reason="seals of Linux")
def test_memory_cannot_be_cut_short_under_the_picture(packed: Packed) -> None:
    reader = Reader(scripted(_CUTS))
    found = read(reader, packed(SMALL))
    reader.close()
    assert found.notes == ("sealed",)
    assert found.pixels.shape == (9, 9, 4)


@posix
def test_a_process_that_hangs_is_given_up(packed: Packed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studio.document.files.reader._HEADER", 0.3)
    reader = Reader(scripted(_HEAD + "time.sleep(600)"))
    with pytest.raises(FileError, match="took too long"):
        read(reader, packed(SMALL))
    assert reader._child is None


@posix
def test_what_was_started_ends_with_the_reader(packed: Packed, reader: Reader) -> None:
    read(reader, packed(SMALL))
    assert reader._child is not None
    process = psutil.Process(reader._child._process.pid)
    reader.close()
    assert not process.is_running()


@posix
def test_a_decoder_ends_by_itself_when_the_studio_is_gone() -> None:
    child = DecoderChild()
    child._line.close()
    assert child._process.wait(60) == 0
    child.end()
