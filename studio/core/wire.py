"""Messages to bytes and back: a JSON header and raw arrays, never pickle.

A frame is magic (4 bytes), header length (uint32), body length (uint64), all big endian, then the
header and the body. In the header an array stands as its index into the body's arrays.
"""

from __future__ import annotations

import json
import struct
import types
import typing
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, BinaryIO

import numpy as np

from studio.core import messages
from studio.core.errors import ProtocolError
from studio.core.messages import Message
from studio.core.pixels import Pixels

MAGIC = b"SFM1"
HEAD = struct.Struct(">4sIQ")
MAX_HEADER = 1 << 20
MAX_BODY = 6 << 30

_KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in typing.get_args(messages.Command) + typing.get_args(messages.Event)
}


def write_message(stream: BinaryIO, message: Message) -> None:
    """Send one message whole and flush.

    Raises:
        OSError: The other side is gone.
    """
    arrays: list[Pixels] = []
    values = _plain(message, arrays)
    header = json.dumps(
        {
            "type": type(message).__name__,
            "values": values,
            "arrays": [list(one.shape) for one in arrays],
        }
    ).encode()
    stream.write(HEAD.pack(MAGIC, len(header), sum(one.nbytes for one in arrays)) + header)
    for one in arrays:
        stream.write(np.ascontiguousarray(one).data.cast("B"))
    stream.flush()


def read_message(stream: BinaryIO) -> Message | None:
    """The next message, or None at a clean end of the stream.

    Raises:
        ProtocolError: What came is not a whole message of ours.
    """
    head = stream.read(HEAD.size)
    if not head:
        return None
    if len(head) < HEAD.size:
        raise ProtocolError("The engine's answer broke off.")
    magic, header_length, body_length = HEAD.unpack(head)
    if magic != MAGIC or header_length > MAX_HEADER or body_length > MAX_BODY:
        raise ProtocolError("The engine sent something that is not a message.")
    header = _exactly(stream, header_length)
    try:
        return _message(json.loads(header), stream, body_length)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ProtocolError("The engine sent a message that does not hold together.") from error


def _message(header: dict[str, Any], stream: BinaryIO, body_length: int) -> Message:
    shapes = [tuple(int(edge) for edge in shape) for shape in header["arrays"]]
    if any(edge < 0 for shape in shapes for edge in shape):
        raise ValueError("negative shape")
    if sum(_count(shape) for shape in shapes) != body_length:
        raise ValueError("body length")
    arrays = iter(
        [
            np.frombuffer(_exactly(stream, _count(shape)), np.uint8).reshape(shape)
            for shape in shapes
        ]
    )
    message: Message = _built(_KINDS[header["type"]], header["values"], arrays)
    if next(arrays, None) is not None:
        raise ValueError("an array too many")
    return message


def _count(shape: tuple[int, ...]) -> int:
    count = 1
    for edge in shape:
        count *= edge
    return count


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


def _plain(value: Any, arrays: list[Pixels]) -> Any:
    if isinstance(value, np.ndarray):
        if value.dtype != np.uint8:
            raise TypeError(f"only uint8 arrays cross the pipe, not {value.dtype}")
        arrays.append(value)
        return {"array": len(arrays) - 1}
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name), arrays) for one in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one, arrays) for one in value]
    return value


def _built(kind: Any, value: Any, arrays: Iterator[Pixels]) -> Any:
    """The value of the declared type, or a ValueError: nothing of another type gets through."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        options = [one for one in typing.get_args(kind) if one is not type(None)]
        return None if value is None else _built(options[0], value, arrays)
    if typing.get_origin(kind) is np.ndarray:
        if not isinstance(value, dict) or list(value) != ["array"]:
            raise ValueError("array expected")
        try:
            return next(arrays)
        except StopIteration:
            raise ValueError("an array too few") from None
    if is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        if set(value) != set(hints):
            raise ValueError(f"fields of {kind.__name__}")
        return kind(**{name: _built(hint, value[name], arrays) for name, hint in hints.items()})
    if typing.get_origin(kind) is tuple:
        return tuple(_built(typing.get_args(kind)[0], one, arrays) for one in value)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ValueError(f"{kind} expected")
    return value
