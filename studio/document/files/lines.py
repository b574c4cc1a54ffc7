"""The line to the decoder process: JSON messages, and open files beside them where it is possible.

A message is its length in four bytes and then JSON; neither end ever executes what it is sent.
"""

from __future__ import annotations

import json
import os
import queue
import socket
import struct
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, Protocol

#: The longest message: prompts of 64,000 characters and a profile of 4 MiB fit.
_LONGEST = 16 << 20
_LENGTH = struct.Struct(">I")
_MOST_HANDLES = 2

Message = dict[str, Any]


class Line(Protocol):
    """One end."""

    def send(self, message: Mapping[str, Any], handles: Sequence[int] = ()) -> None:
        """Hand over a message and open files.

        Raises:
            OSError: The other end is gone.
        """

    def receive(self, limit: float | None = None) -> tuple[Message | None, list[int]]:
        """The next message and the files that came with it; None at the end of the line.

        Raises:
            TimeoutError: Nothing came for `limit` seconds.
            ValueError: What came is no message.
            OSError: The line is broken.
        """

    def close(self) -> None:
        """Give this end up."""


class SocketLine:
    """Over a pair of sockets of this machine, which carry open files."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def send(self, message: Mapping[str, Any], handles: Sequence[int] = ()) -> None:
        body = json.dumps(message).encode("ascii")
        if handles and sys.platform != "win32":
            socket.send_fds(self._end, [_LENGTH.pack(len(body))], list(handles))
            self._end.sendall(body)
        else:
            self._end.sendall(_LENGTH.pack(len(body)) + body)

    def receive(self, limit: float | None = None) -> tuple[Message | None, list[int]]:
        self._end.settimeout(limit)
        handles: list[int] = []
        try:
            return self._next(handles), handles
        except (OSError, ValueError):
            for handle in handles:
                os.close(handle)  # nobody else knows of them
            raise

    def close(self) -> None:
        self._end.close()

    def _next(self, handles: list[int]) -> Message | None:
        """The next message; open files go into `handles` as they come."""
        head = b""
        while len(head) < _LENGTH.size:
            if sys.platform == "win32":
                part = self._end.recv(_LENGTH.size - len(head))
            else:
                part, come, _, _ = socket.recv_fds(
                    self._end, _LENGTH.size - len(head), _MOST_HANDLES
                )
                handles += come
            if not part:
                return None
            head += part
        body = b""
        length = _checked(_LENGTH.unpack(head)[0])
        while len(body) < length:
            part = self._end.recv(min(1 << 16, length - len(body)))
            if not part:
                return None
            body += part
        return _message(body)


class PipeLine:
    """Over two pipes, for Windows; files are named by their paths instead."""

    def __init__(self, come: BinaryIO, go: BinaryIO) -> None:
        self._come, self._go = come, go
        self._read: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._reader: threading.Thread | None = None

    def send(self, message: Mapping[str, Any], handles: Sequence[int] = ()) -> None:
        body = json.dumps(message).encode("ascii")
        self._go.write(_LENGTH.pack(len(body)) + body)
        self._go.flush()

    def receive(self, limit: float | None = None) -> tuple[Message | None, list[int]]:
        if limit is None:
            body = self._next()
        else:
            # A pipe of Windows cannot be waited for with a limit: a thread waits in our place.
            self._reader = threading.Thread(target=self._fetch, name="decoder line", daemon=True)
            self._reader.start()
            try:
                body = self._read.get(timeout=limit)
            except queue.Empty as error:
                raise TimeoutError from error
        return (None if body is None else _message(body)), []

    def close(self) -> None:
        self._go.close()
        if self._reader is None or not self._reader.is_alive():
            self._come.close()

    def _fetch(self) -> None:
        try:
            self._read.put(self._next())
        except (OSError, ValueError):
            self._read.put(None)

    def _next(self) -> bytes | None:
        head = self._come.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        length = _checked(_LENGTH.unpack(head)[0])
        body = self._come.read(length)
        return body if len(body) == length else None


def line_of_stdin() -> Line:
    """The end that a parent gave this process."""
    if sys.platform == "win32":
        return PipeLine(sys.stdin.buffer, sys.stdout.buffer)
    return SocketLine(socket.socket(fileno=0))


def _checked(length: int) -> int:
    if length > _LONGEST:
        raise ValueError("a message too long to be one")
    return length


def _message(body: bytes) -> Message:
    try:
        message = json.loads(body)
    except RecursionError as error:
        raise ValueError("a message too deep to be one") from error
    if not isinstance(message, dict):
        raise ValueError("not a message")
    return message
