"""A message to a JSON header and raw arrays, and back; types are checked, nothing is executed."""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import numpy as np

from studio.core import messages
from studio.core.messages import Message
from studio.core.pixels import Pixels

#: Every kind of message by its name.
KINDS: dict[str, type] = {
    kind.__name__: kind
    for kind in typing.get_args(messages.Command) + typing.get_args(messages.Event)
}


def packed(message: Message) -> tuple[bytes, list[Pixels]]:
    """The header, and the arrays that follow it.

    Raises:
        TypeError: It holds an array that is not uint8.
    """
    arrays: list[Pixels] = []
    values = _plain(message, arrays)
    shapes = [list(one.shape) for one in arrays]
    return json.dumps({"values": values, "arrays": shapes}).encode(), arrays


def unpacked(
    kind: type, header: bytes | bytearray, body: int, read: Callable[[int], bytearray]
) -> Message:
    """The message again; nothing of another type than declared gets through.

    Args:
        kind: What it is said to be, a value of `KINDS`.
        header: What `packed` made.
        body: Length of what follows it, bytes.
        read: Gives so many bytes of what follows.

    Raises:
        ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError: It does
            not hold together.
    """
    parts = json.loads(header)
    shapes = [tuple(int(edge) for edge in shape) for shape in parts["arrays"]]
    if any(edge < 0 for shape in shapes for edge in shape):
        raise ValueError("negative shape")
    if sum(math.prod(shape) for shape in shapes) != body:
        raise ValueError("body length")
    arrays = iter(
        [np.frombuffer(read(math.prod(shape)), np.uint8).reshape(shape) for shape in shapes]
    )
    message: Message = _built(kind, parts["values"], arrays)
    if next(arrays, None) is not None:
        raise ValueError("an array too many")
    return message


@cache
def brings_array(kind: Any) -> bool:
    """Whether a value of that type holds arrays."""
    if typing.get_origin(kind) is np.ndarray:
        return True
    if is_dataclass(kind) and isinstance(kind, type):
        return any(brings_array(one) for one in _hints(kind).values())
    return any(brings_array(one) for one in typing.get_args(kind))


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
        hints = _hints(kind)
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


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
