"""The started decoder process: how it is started, spoken to and ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import PIL

from studio.document.files.lines import Line, Message, PipeLine, SocketLine

_ROOT = Path(__file__).resolve().parents[3]
#: Seconds for Python and its libraries to start on a busy machine.
_START = 60.0
_LAST_WORDS = 4000
#: With -I Python looks neither at its environment nor at the folder we were started in; nor at the
#: user's own packages, so that it is told where ours lie.
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv[1]); sys.path += sys.argv[2:]; "
    "from studio.decoder.process import main; main()"
)
_ENVIRONMENT = (
    "DYLD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "TMPDIR",
)
#: One thread, for the process forks; and no gigabytes of address space for threads that idle.
_ALWAYS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class LineLost(Exception):
    """The process is gone."""


def decoder_command() -> list[str]:
    """The command line of the decoder process."""
    libraries = {str(Path(str(each.__file__)).parents[1]) for each in (np, PIL)}
    return [sys.executable, "-I", "-c", _BOOT, str(_ROOT), *sorted(libraries)]


class DecoderChild:
    """A decoder process, in a group of its own.

    Args:
        command: Its command line; the real one by default.

    Raises:
        OSError: It cannot be started.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._ready = False
        if sys.platform == "win32":
            self._process = _started(command, subprocess.PIPE, subprocess.PIPE)
            come, go = self._process.stdout, self._process.stdin
            self._line: Line = PipeLine(cast(BinaryIO, come), cast(BinaryIO, go))
            return
        ours, theirs = socket.socketpair()
        try:
            self._process = _started(command, theirs.fileno(), subprocess.DEVNULL)
        except OSError:
            ours.close()
            raise
        finally:
            theirs.close()
        self._line = SocketLine(ours)

    def send(self, message: Mapping[str, Any], handles: Sequence[int] = ()) -> None:
        """Hand over a message.

        Raises:
            OSError: The process is gone.
        """
        self._line.send(message, handles)

    def answer(self, limit: float) -> Message:
        """Its next message.

        Raises:
            TimeoutError: None came for `limit` seconds.
            LineLost: The process is gone.
            ValueError: It is no message of ours.
        """
        if not self._ready:
            self._next(_START)  # it says once that it is up
            self._ready = True
        return self._next(limit)

    def last_words(self) -> str:
        """What it wrote to its standard error and nobody has read yet."""
        stream = cast(BinaryIO, self._process.stderr)
        if sys.platform == "win32":
            return ""
        try:
            os.set_blocking(stream.fileno(), False)
            return os.read(stream.fileno(), _LAST_WORDS).decode("utf-8", "replace")
        except OSError:
            return ""

    def end(self) -> None:
        """End it and what it forked."""
        self._line.close()
        if sys.platform == "win32":
            self._process.kill()
        else:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)  # it leads a group of its own
            except (ProcessLookupError, PermissionError):
                self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _next(self, limit: float) -> Message:
        message, handles = self._line.receive(limit)
        for handle in handles:
            os.close(handle)  # nobody hands us files
        if message is None:
            raise LineLost
        if "kind" not in message:
            raise ValueError("a message without a kind")
        return message


def _started(command: Sequence[str] | None, stdin: int, stdout: int) -> subprocess.Popen[bytes]:
    ours = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    options: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        options = {
            "creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        }
    return subprocess.Popen(
        list(command or decoder_command()),
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**ours, **_ALWAYS},
        **options,
    )
