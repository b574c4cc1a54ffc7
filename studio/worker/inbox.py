"""Inbox: commands in the order of their arrival, and which jobs were cancelled."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import BinaryIO

from studio.core.errors import ProtocolError
from studio.core.messages import (
    Accepted,
    Attend,
    Cancel,
    Cancelled,
    Command,
    Event,
    Failed,
    Freeze,
    Frozen,
    Keep,
    Start,
    Warm,
)
from studio.core.wire import Reader

Send = Callable[[Event], None]


class Inbox:
    """Filled by `listen` on a thread of its own, emptied by `take` on the main thread."""

    def __init__(
        self,
        send: Send,
        expect: Callable[[int, int], None] = lambda *_: None,
        attend: Callable[[], None] = lambda: None,
    ) -> None:
        """Start empty.

        Args:
            send: Where Accepted goes, and the answer to a cancelled waiting job.
            expect: Told job and attempt of what arrives, before anything is answered.
            attend: Called when this process is the engine, and no longer a spare.
        """
        self._send, self._expect, self._attend = send, expect, attend
        self._waiting: deque[Warm | Start | Freeze] = deque()
        self._changed = threading.Condition()
        self._running = 0
        self._asked: Cancel | Keep | Freeze | None = None  # of the running job, the last counts

    def listen(self, stream: BinaryIO, end: Callable[[int], None]) -> None:
        """Read commands until the stream ends.

        Args:
            stream: Where commands come from.
            end: Ends the process with an exit code: 0 when the other side has gone, as nobody is
                left to paint for; that of a ProtocolError when it speaks nonsense.
        """
        reader = Reader(stream)
        try:
            while (frame := reader.read()) is not None:
                message = frame.message
                if not isinstance(message, Command):
                    raise ProtocolError(f"{type(message).__name__} is not a command.")
                if isinstance(message, Start):
                    self._expect(message.job, frame.attempt)
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
        if isinstance(command, Attend):
            self._attend()
            return
        with self._changed:
            if isinstance(command, Warm | Start) or command == Freeze(0):
                self._waiting.append(command)
                self._changed.notify()
            elif command.job == self._running:
                self._asked = command
            else:
                self._drop(command)

    def take(self) -> Warm | Start | Freeze:
        """The next command; blocks. What is not a job is passed over while one is waiting."""
        command = self._next()
        if isinstance(command, Start):
            self._send(Accepted(command.job))
        return command

    def _next(self) -> Warm | Start | Freeze:
        with self._changed:
            self._running, self._asked = 0, None
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
        """Whether the running job shall end without a picture."""
        return isinstance(self._asked, Cancel | Freeze)

    def enough(self) -> bool:
        """Whether the running job shall end with the picture as it is foreseen."""
        return isinstance(self._asked, Keep)

    def freezing(self) -> bool:
        """Whether the running job shall rest."""
        return isinstance(self._asked, Freeze)

    def _drop(self, command: Cancel | Keep | Freeze) -> None:
        job = command.job
        left = [one for one in self._waiting if not (isinstance(one, Start) and one.job == job)]
        if len(left) < len(self._waiting):
            self._waiting = deque(left)
            self._send(Frozen(job) if isinstance(command, Freeze) else Cancelled(job))
