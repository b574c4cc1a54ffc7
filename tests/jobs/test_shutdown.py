"""How an engine ends with the program that started it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import psutil
import pytest

from tests.jobs.faults import Bench

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the stub speaks in signals")
ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from studio.ui.signals import UnixSignals
from tests.jobs.faults import Bench
application = QCoreApplication([])
signals = UnixSignals()
signals.received.connect(lambda _: application.quit())
bench = Bench(Path(sys.argv[1]))
bench.until(lambda: bench.queue.station.state == "ready")
job = bench.serves("wait")
bench.until(lambda: getattr(bench.queue.line.job(job), "begun", False))
print("painting", flush=True)
application.exec()
bench.stop()
signals.uninstall()
"""


@pytest.fixture
def painting(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A program in the middle of a generation."""
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert cast(IO[str], child.stdout).readline() == "painting\n"
        yield child
        child.kill()


def engines_of(program: subprocess.Popen[str]) -> list[psutil.Process]:
    found = psutil.Process(program.pid).children(recursive=True)
    assert found
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_in_the_middle_of_a_generation_it_ends_in_order(
    painting: subprocess.Popen[str], number: signal.Signals
) -> None:
    engines = engines_of(painting)
    painting.send_signal(number)
    assert painting.wait(20) == 0
    assert psutil.wait_procs(engines, 5)[1] == []


@pytest.mark.parametrize("stopped", [False, True])
def test_no_engine_outlives_a_program_that_is_killed(
    painting: subprocess.Popen[str], stopped: bool
) -> None:
    engines = engines_of(painting)
    if stopped:
        os.kill(engines[0].pid, signal.SIGSTOP)
    painting.kill()
    assert psutil.wait_procs(engines, 3)[1] == []


@pytest.mark.parametrize("way", ["hang", "stop", "flood"])
def test_a_link_stops_whatever_its_worker_does(qapp: object, tmp_path: Path, way: str) -> None:
    bench = Bench(tmp_path)
    bench.until(lambda: bench.queue.station.state == "ready")
    (tmp_path / "plan").write_text(f"{way} step 1")
    bench.serves()
    bench.until(lambda: not (tmp_path / "plan").exists())
    bench.stop()
    assert bench.link.isFinished()
    assert psutil.wait_procs(psutil.Process().children(), 5)[1] == []
