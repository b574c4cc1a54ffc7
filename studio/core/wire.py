"""Messages to bytes and back: a JSON header and raw arrays, never pickle.

A frame is a head of fixed size (`HEAD`), the header and the body. The head holds magic, version,
type, job, attempt, sequence, header length and body length, all big endian. In the header an array
stands as its index into the body's arrays.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from studio.core.errors import ProtocolError
from studio.core.messages import PROTOCOL, Message
from studio.core.packing import KINDS, brings_array, packed, unpacked

MAGIC = b"SFUM"
HEAD = struct.Struct(">4sHHQIQIQ")
MAX_HEADER = 1 << 20
#: A picture and a mask of the largest size that a request may have.
MAX_BODY = 16384 * 16384 * 5

_CODES = {name: code for code, name in enumerate(sorted(KINDS), 1)}
_NAMES = {code: name for name, code in _CODES.items()}

#: The most bytes of arrays that a message of that kind may bring for that job.
Bound = Callable[[str, int], int]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One message as it crosses the pipe.

    Attributes:
        message: What it says.
        attempt: Which try at its job it belongs to, from 1; 0 where there is no job.
        sequence: Its number in its direction, from 0; a gap means that something was lost.
    """

    message: Message
    attempt: int
    sequence: int


class Writer:
    """Sends frames, numbered; for one thread at a time."""

    def __init__(self, stream: BinaryIO) -> None:
        """Begin at 0 on that stream."""
        self._stream = stream
        self._next = 0

    def send(self, message: Message, attempt: int = 0) -> None:
        """Send one message whole and flush.

        Raises:
            OSError: The other side is gone.
        """
        write_message(self._stream, message, attempt, self._next)
        self._next += 1


class Reader:
    """Reads frames; for one thread at a time."""

    def __init__(self, stream: BinaryIO, bound: Bound | None = None) -> None:
        """Begin at 0 on that stream; `bound` says how much a message may bring."""
        self._stream = stream
        self._bound = bound or largest
        self._next = 0

    def read(self) -> Frame | None:
        """The next frame, or None at a clean end of the stream; blocks.

        Raises:
            ProtocolError: What came is not a whole message of ours, or one before it is missing.
        """
        frame = read_frame(self._stream, self._bound)
        if frame is not None:
            if frame.sequence != self._next:
                raise ProtocolError(f"Message {self._next} of the engine's pipe is missing.")
            self._next += 1
        return frame


def largest(kind: str, _job: int) -> int:
    """The bound where nothing is known of the job: none without an array in the message."""
    return MAX_BODY if brings_array(KINDS[kind]) else 0


def write_message(stream: BinaryIO, message: Message, attempt: int = 0, sequence: int = 0) -> None:
    """Send one message whole and flush.

    Raises:
        OSError: The other side is gone.
    """
    header, arrays = packed(message)
    code, job = _CODES[type(message).__name__], getattr(message, "job", 0)
    body = sum(one.nbytes for one in arrays)
    head = HEAD.pack(MAGIC, PROTOCOL, code, job, attempt, sequence, len(header), body)
    stream.write(head + header)
    for one in arrays:
        stream.write(np.ascontiguousarray(one).data.cast("B"))
    stream.flush()


def read_message(stream: BinaryIO) -> Message | None:
    """The message of the next frame, or None at a clean end of the stream.

    Raises:
        ProtocolError: What came is not a whole message of ours.
    """
    frame = read_frame(stream)
    return None if frame is None else frame.message


def read_frame(stream: BinaryIO, bound: Bound = largest) -> Frame | None:
    """The next frame, or None at a clean end of the stream.

    Raises:
        ProtocolError: What came is not a whole message of ours, or larger than `bound` allows.
    """
    head = stream.read(HEAD.size)
    if not head:
        return None
    if len(head) < HEAD.size:
        raise ProtocolError("The engine's answer broke off.")
    magic, version, code, job, attempt, sequence, header_length, body_length = HEAD.unpack(head)
    if magic != MAGIC or code not in _NAMES or header_length > MAX_HEADER:
        raise ProtocolError("The engine sent something that is not a message.")
    if version != PROTOCOL:
        raise ProtocolError("The engine is of another version than the studio.")
    kind = _NAMES[code]
    if body_length > bound(kind, job):
        raise ProtocolError(f"The engine sent {body_length:,} bytes, more than a {kind} can have.")
    header = _exactly(stream, header_length)
    try:
        message = unpacked(KINDS[kind], header, body_length, lambda size: _exactly(stream, size))
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError) as e:
        raise ProtocolError("The engine sent a message that does not hold together.") from e
    if getattr(message, "job", 0) != job:
        raise ProtocolError("The engine sent a message of two jobs.")
    return Frame(message, attempt, sequence)


def _exactly(stream: BinaryIO, count: int) -> bytearray:
    data = bytearray(count)
    view = memoryview(data)
    got = 0
    while got < count:
        part = stream.read(min(count - got, 1 << 20))
        if not part:
            raise ProtocolError("The engine's answer broke off.")
        view[got : got + len(part)] = part
        got += len(part)
    return data
