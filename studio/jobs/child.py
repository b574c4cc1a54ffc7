"""One run of the engine process: its pipes, its threads and its end."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from studio.core.messages import Command, Message
from studio.core.wire import Reader, Writer
from studio.jobs import job_object
from studio.jobs.conversation import Conversation
from studio.jobs.environment import engine_environment
from studio.jobs.log import LogPump

_ROOT = Path(__file__).resolve().parents[2]
#: Seconds that a process which hangs gets to write down where.
_LAST_WORDS = 0.3
#: Seconds after which a process that cannot even be killed, as it waits in a driver, is left alone.
_STUBBORN = 3.0
#: Seconds after which pipes that somebody else keeps open are left to their threads.
_HELD = 0.5


class Child:
    """A started engine process. Reading belongs to one thread; writing has a thread of its own.

    Args:
        command: The command line.
        log: Where its standard error is kept.

    Raises:
        OSError: It cannot be started.
    """

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self.talk = Conversation()
        self._process = _started(command)
        self._job = job_object.holding(self._process)
        self._log = LogPump(cast(BinaryIO, self._process.stderr), log)
        self._reader = Reader(cast(BinaryIO, self._process.stdout), self.talk.bound)
        self._commands: queue.SimpleQueue[tuple[Command, int] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="engine pipe", daemon=True)
        self._writer.start()

    @property
    def number(self) -> int:
        """The number that the system knows the process by."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def send(self, command: Command, attempt: int = 1) -> None:
        """Hand over a command; a thread writes it, for a picture of 16 MB takes 40 ms.

        Args:
            command: What it shall do.
            attempt: Which try at that command's job this is, from 1.

        Raises:
            ValueError: The engine is at another job.
        """
        self.talk.sent(command, attempt)
        self._commands.put((command, attempt))

    def read(self) -> Message | None:
        """The next message that counts, or None at the end; blocks.

        Raises:
            ProtocolError: What came is not a message of ours, or must not come now.
        """
        while (frame := self._reader.read()) is not None:
            if self.talk.heard(frame):
                return frame.message
        return None

    def close(self) -> None:
        """Tell the child to end: its standard input ends once what was sent is written."""
        self._commands.put(None)

    def terminate(self) -> None:
        """Ask the child to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End the child and what it started, now."""
        if self.alive:
            self.kill_group()
            self._process.kill()

    def kill_group(self) -> None:
        """End what the child started; on Windows the job object does that."""
        if sys.platform != "win32":
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)  # it leads a group of its own

    def dismiss(self, halted: bool) -> None:
        """End a child that hangs; unless it is halted, it writes down first where it hangs."""
        if sys.platform != "win32" and not halted and self.alive:
            os.kill(self._process.pid, signal.SIGABRT)  # answered by faulthandler
            self._waited(_LAST_WORDS)
        self.kill()

    def end(self, patience: float) -> int:
        """Let it end by itself for so many seconds, ask, then kill; the threads are joined.

        Returns:
            Its exit code; negative: the signal that ended it.
        """
        self.close()
        if not self._waited(patience):
            self._process.terminate()
            if not self._waited(min(patience, 0.5)):
                self.kill()
                self._waited(_STUBBORN)
        self.kill_group()
        self.talk.ended()
        # A write that hung has failed by now, unless a process that left the group holds the pipe.
        self._writer.join(_HELD)
        cast(BinaryIO, self._process.stdout).close()
        self._log.join(_HELD)
        job_object.release(self._job)
        return -1 if self._process.returncode is None else self._process.returncode

    def tail(self) -> str:
        """The end of its log."""
        return self._log.tail()

    def _waited(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _write(self) -> None:
        stream = cast(BinaryIO, self._process.stdin)
        try:
            writer = Writer(stream)
            while (order := self._commands.get()) is not None:
                writer.send(*order)
        except OSError:
            return  # the child is gone; its reader tells
        finally:
            _close(stream)


def _close(stream: BinaryIO) -> None:
    try:
        stream.close()
    except OSError:
        return  # bytes were left that nobody reads any more


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    options: dict[str, Any] = {"start_new_session": True}  # it lowers its priority by itself
    if sys.platform == "win32":
        options = {
            "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP
            | subprocess.CREATE_NO_WINDOW
            | subprocess.BELOW_NORMAL_PRIORITY_CLASS
        }
    return subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=engine_environment(os.environ, _ROOT),
        **options,
    )
