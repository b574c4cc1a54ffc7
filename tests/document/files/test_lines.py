"""What comes over the line to the decoder process, when it is not what it should be."""

import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.document.files.lines import SocketLine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no sockets there")

Ends = tuple[SocketLine, socket.socket]


@pytest.fixture
def ends() -> Iterator[Ends]:
    ours, theirs = socket.socketpair()
    yield SocketLine(ours), theirs
    ours.close()
    theirs.close()


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell")
@pytest.mark.parametrize(
    ("head", "body", "error"),
    [
        (struct.pack(">I", 0xFFFFFFFF), b"", ValueError),
        (struct.pack(">I", 3), b"[1]", ValueError),
        (struct.pack(">I", 3), b"{{{", ValueError),
        (struct.pack(">I", 3), b"", TimeoutError),
        (b"\0\0", b"", TimeoutError),
    ],
)
def test_files_that_come_with_what_is_no_message_are_closed(
    ends: Ends, tmp_path: Path, head: bytes, body: bytes, error: type[Exception]
) -> None:
    line, other = ends
    with (tmp_path / "file").open("wb") as file:
        socket.send_fds(other, [head], [file.fileno()])
        other.sendall(body)
        before = descriptors()
        with pytest.raises(error):
            line.receive(0.2)
        assert descriptors() == before
