"""Outbox: the one place from which events leave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import BinaryIO

from studio.core.messages import Event
from studio.core.wire import write_message


class Outbox:
    """Sends events whole, from any thread."""

    def __init__(self, stream: BinaryIO, end: Callable[[int], None]) -> None:
        """Wrap a stream.

        Args:
            stream: Where events go.
            end: Ends the process: nobody is left to read.
        """
        self._stream = stream
        self._end = end
        self._lock = threading.Lock()

    def send(self, event: Event) -> None:
        """Send one event; blocks while the other side does not read."""
        try:
            with self._lock:
                write_message(self._stream, event)
        except OSError:
            self._end(0)
