"""The end of an engine process whose pipe somebody else holds."""

import sys
import threading
from pathlib import Path

import psutil
import pytest

from studio.core.messages import Attend
from studio.jobs.child import Child

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a job object ends all of it there")

#: Starts a process that leaves its group and keeps its standard input, and reads nothing.
HOLDING = (
    "import subprocess, sys; "
    "held = subprocess.Popen(['sleep', '60'], start_new_session=True, stdout=2, stderr=1); "
    "print(held.pid, file=open(sys.argv[1], 'w'), flush=True)"
)


def test_an_end_does_not_wait_for_a_pipe_that_nobody_reads(tmp_path: Path) -> None:
    note = tmp_path / "held"
    child = Child([sys.executable, "-c", HOLDING, str(note)], tmp_path / "engine.log")
    for _ in range(4000):  # more than a pipe holds
        child.send(Attend())
    ending = threading.Thread(target=child.end, args=(10.0,), daemon=True)
    ending.start()
    ending.join(20)
    hung = ending.is_alive()
    psutil.Process(int(note.read_text())).kill()
    ending.join()
    assert not hung
