"""Outbox: the one place from which events leave."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import BinaryIO

from studio.core.messages import Event
from studio.core.wire import Writer


class Outbox:
    """Sends events whole and numbered, from any thread."""

    def __init__(self, stream: BinaryIO, end: Callable[[int], None]) -> None:
        """Wrap a stream.

        Args:
            stream: Where events go.
            end: Ends the process: nobody is left to read.
        """
        self._writer = Writer(stream)
        self._end = end
        self._lock = threading.Lock()
        self._attempts: dict[int, int] = {}

    def expect(self, job: int, attempt: int) -> None:
        """From here on events of that job answer that attempt."""
        self._attempts[job] = attempt

    def send(self, event: Event) -> None:
        """Send one event; blocks while the other side does not read."""
        try:
            with self._lock:
                self._writer.send(event, self._attempts.get(getattr(event, "job", 0), 0))
        except OSError:
            self._end(0)
