"""One run of the engine process: its pipes, its threads and its end."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from studio.core import wire
from studio.core.messages import Command, Message
from studio.jobs.environment import engine_environment
from studio.jobs.log import LogPump

_ROOT = Path(__file__).resolve().parents[2]


class Child:
    """A started engine process. Reading belongs to one thread; writing has a thread of its own.

    Args:
        command: The command line.
        log: Where its standard error is kept.

    Raises:
        OSError: It cannot be started.
    """

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._process = _started(command)
        self._log = LogPump(cast(BinaryIO, self._process.stderr), log)
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, name="engine pipe", daemon=True)
        self._writer.start()

    def send(self, command: Command) -> None:
        """Hand over a command; a thread writes it, for a picture of 16 MB takes 40 ms."""
        self._commands.put(command)

    def read(self) -> Message | None:
        """The next message, or None at the end; blocks.

        Raises:
            ProtocolError: What came is not a message of ours.
        """
        return wire.read_message(cast(BinaryIO, self._process.stdout))

    def close(self) -> None:
        """Tell the child to end: its standard input ends once what was sent is written."""
        self._commands.put(None)

    def terminate(self) -> None:
        """Ask the child to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End the child and what it started, now."""
        if self._process.poll() is not None:
            return
        if sys.platform == "win32":
            self._process.kill()
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)  # it leads a group of its own
        except (ProcessLookupError, PermissionError):
            self._process.kill()

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
                self._process.wait()
        self._writer.join()  # no reader is left: a write that hung has failed
        cast(BinaryIO, self._process.stdout).close()
        self._log.join(0.5)
        return self._process.returncode

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
            while (command := self._commands.get()) is not None:
                wire.write_message(stream, command)
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
