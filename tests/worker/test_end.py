import signal
import sys
from pathlib import Path

import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.errors import ProtocolError
from studio.core.messages import PROTOCOL, Failed, Ready, Start, Stepped
from studio.core.packing import KINDS
from studio.core.wire import HEAD, MAGIC
from tests.worker.child import started
from tests.worker.test_worker import request


def head(kind: str, header: int, body: int = 0) -> bytes:
    code = sorted(KINDS).index(kind) + 1
    return HEAD.pack(MAGIC, PROTOCOL, code, 1, 1, 0, header, body)


NONSENSE = {
    "text": b"hello, engine, how are you today? I am a line that is longer than a head.\n",
    "huge": head("Start", 2**31, 2**62),
    "half": head("Cancel", 100) + b"{",
    "unknown": HEAD.pack(MAGIC, PROTOCOL, 999, 1, 1, 0, 2, 0) + b"{}",
    "event": head("Cancelled", 40) + b'{"values": {"job": 1}, "arrays": []}'.ljust(40),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_on_the_pipe_ends_the_process_with_a_word(tmp_path: Path, name: str) -> None:
    with started(tmp_path / "log") as child:
        child.until(Ready)
        child.stdin.write(NONSENSE[name])
        child.stdin.close()
        failed = child.rest()[-1]
        assert isinstance(failed, Failed)
        assert (failed.job, failed.kind) == (0, "protocol")
        assert child.process.wait(10) == ProtocolError.exit_code


def test_the_end_of_the_pipe_ends_the_process_before_it_has_loaded(tmp_path: Path) -> None:
    with started(tmp_path / "log") as child:
        child.until(Ready)
        child.stdin.close()
        assert child.process.wait(10) == 0


def test_the_end_of_the_pipe_ends_the_process_in_the_middle_of_a_job(
    tmp_path: Path, starter: Checkpoint
) -> None:
    with started(tmp_path / "log") as child:
        child.send(Start(1, request(starter, steps=1000)))
        child.until(Stepped)
        child.stdin.close()
        assert child.process.wait(10) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a child")
def test_an_interrupt_from_the_terminal_is_left_to_the_parent(tmp_path: Path) -> None:
    with started(tmp_path / "log") as child:
        child.until(Ready)
        child.process.send_signal(signal.SIGINT)
        child.stdin.close()
        assert child.process.wait(10) == 0
