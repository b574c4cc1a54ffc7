"""Inbox: commands in the order of their arrival, and which jobs were cancelled."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import BinaryIO

from studio.core.errors import ProtocolError
from studio.core.messages import Cancel, Cancelled, Command, Event, Failed, Start, Warm
from studio.core.wire import read_message

Send = Callable[[Event], None]


class Inbox:
    """Filled by `listen` on a thread of its own, emptied by `take` on the main thread."""

    def __init__(self, send: Send) -> None:
        """Start empty.

        Args:
            send: Where the answer to a cancelled waiting job goes.
        """
        self._send = send
        self._waiting: deque[Warm | Start] = deque()
        self._changed = threading.Condition()
        self._running = 0
        self._cancelled = False

    def listen(self, stream: BinaryIO, end: Callable[[int], None]) -> None:
        """Read commands until the stream ends.

        Args:
            stream: Where commands come from.
            end: Ends the process with an exit code: 0 when the other side has gone, as nobody is
                left to paint for; that of a ProtocolError when it speaks nonsense.
        """
        try:
            while (message := read_message(stream)) is not None:
                if not isinstance(message, Command):
                    raise ProtocolError(f"{type(message).__name__} is not a command.")
                self.put(message)
        except ProtocolError as error:
            text = "The engine was sent something that is no command; it has stopped."
            self._send(Failed(0, error.kind, text, "Start again.", str(error)))
            end(error.exit_code)
        except OSError:
            end(ProtocolError.exit_code)
        end(0)

    def put(self, command: Command) -> None:
        """Queue a job, or drop one."""
        with self._changed:
            if not isinstance(command, Cancel):
                self._waiting.append(command)
                self._changed.notify()
            elif command.job == self._running:
                self._cancelled = True
            else:
                self._drop(command.job)

    def take(self) -> Warm | Start:
        """The next command; blocks. A Warm is passed over while a job is waiting."""
        with self._changed:
            self._running, self._cancelled = 0, False
            while True:
                self._changed.wait_for(lambda: len(self._waiting) > 0)
                command = self._waiting.popleft()
                if isinstance(command, Start):
                    self._running = command.job
                    return command
                if not self.busy():
                    return command

    def busy(self) -> bool:
        """Whether a job is waiting."""
        return any(isinstance(one, Start) for one in self._waiting)

    def stopped(self) -> bool:
        """Whether the running job was cancelled."""
        return self._cancelled

    def _drop(self, job: int) -> None:
        left = [one for one in self._waiting if not (isinstance(one, Start) and one.job == job)]
        if len(left) < len(self._waiting):
            self._waiting = deque(left)
            self._send(Cancelled(job))
