"""What this process asks of the operating system: its streams, its rank, its end."""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import logging
import os
import signal
import sys
from typing import BinaryIO, NoReturn

from studio.worker import seal

if sys.platform == "linux":
    import fcntl

if sys.platform != "win32":
    import resource

log = logging.getLogger(__name__)

#: Gives way to the window and to the artist's other programs; measured: 99 % of the window's
#: event-loop gaps fell from 4.4 to 1.8 ms.
_NICE = 10
_PR_SET_PDEATHSIG = 1
#: Bytes that the pipe of events holds; what Linux grants everybody. A preview has up to 200 kB.
_PIPE = 1 << 20

#: Nothing here looks for anything on the network, no library talks on its own, and the cores are
#: left to others while there is nothing to do.
_SETTINGS = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "DIFFUSERS_VERBOSITY": "error",
    "TRANSFORMERS_VERBOSITY": "error",
    "TOKENIZERS_PARALLELISM": "false",
    # Threads that wait sleep instead of spinning: with both cores of a machine busy, 20 steps of
    # the starter took 5.8 s like this and 48 s spinning.
    "OMP_WAIT_POLICY": "PASSIVE",
}


def streams() -> tuple[BinaryIO, BinaryIO]:
    """Take the real stdin and stdout for commands and events, and nothing else.

    What libraries print goes to stderr from here on, and what they read is empty.

    Returns:
        Commands to read, events to write.
    """
    sys.stdout.flush()
    commands = os.fdopen(os.dup(0), "rb")
    events = os.fdopen(os.dup(1), "wb")
    _widen(events)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return commands, events


def _widen(events: BinaryIO) -> None:
    """Let the pipe hold several previews, so that no step waits for the window to read one."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # not a pipe, or the user's share of pipes is used up
            fcntl.fcntl(events, fcntl.F_SETPIPE_SZ, _PIPE)


def settle() -> None:
    """Rank below the window, die with it, leave a trace when crashing, and leave the network.

    Must come before torch and diffusers are imported: they read the environment then.
    """
    os.environ.update(_SETTINGS)
    faulthandler.enable(sys.stderr)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    # Ctrl+C in a terminal reaches the whole group; it is the parent's to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICE)
    if sys.platform != "win32":
        # The trace tells more than an image of the memory, which holds the artist's picture.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if refused := seal.close_network():
        log.warning("The network is off by agreement only, not by force: %s.", refused)


def end(code: int) -> NoReturn:
    """End at once, whatever the other threads are doing; they hold nothing that must be saved."""
    sys.stderr.flush()
    os._exit(code)
