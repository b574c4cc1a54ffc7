"""How long the studio waits for its engine when it is lost, with and without a spare one.

    python -m tests.campaigns.recovery [--rounds 5]

The real worker paints with the starter and is killed in the middle.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil
from PySide6.QtCore import QCoreApplication

from studio import paths
from studio.core.geometry import Rect, Size
from studio.core.request import Request
from studio.models.inspect import inspect
from tests.jobs.faults import Bench

_LONG = 300.0


def lost_and_back(bench: Bench) -> tuple[float, float]:
    """Kill it at a step; seconds until the next one is up, and until its first step."""
    queue, size = bench.queue, Size(256, 256)
    model = inspect(paths.starter_model())
    steps: list[float] = []
    queue.stepped.connect(lambda _: steps.append(time.monotonic()))
    job = queue.submit(Request(model, "a tree", Rect.of(size), size, steps=12))
    bench.until(lambda: len(steps) >= 3, _LONG)
    children = sorted(psutil.Process().children(), key=lambda one: one.create_time())
    killed = time.monotonic()
    children[0].kill()
    seen = len(steps)
    bench.until(lambda: len(steps) > seen, _LONG)
    bench.until(lambda: bench.ended(job), _LONG)
    return bench.ready - killed, steps[seen] - killed


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=("spare", "none"))
    options = parser.parse_args()
    application = QCoreApplication([])
    for how in ("none", "spare"):
        if options.only in (None, how):
            print(f"spare engine: {how}; {measured(how == 'spare', options.rounds)}", flush=True)
    application.quit()
    return 0


def measured(spare: bool, rounds: int) -> str:
    """The times of so many rounds."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), real=True, spare=spare)
        bench.until(lambda: bench.queue.station.state == "ready", _LONG)
        job = bench.queue.submit(_warming())
        bench.until(lambda: bench.ended(job), _LONG)
        times = []
        for _ in range(rounds):
            bench.until(lambda: settled(spare), _LONG)
            times.append(lost_and_back(bench))
        bench.stop()
    up, step = (statistics.median(one) for one in zip(*times, strict=True))
    worst = max(one[1] for one in times)
    return f"up after {up:.2f} s, next step after {step:.2f} s (worst {worst:.2f} s)"


def _warming() -> Request:
    size = Size(64, 64)
    return Request(inspect(paths.starter_model()), "a", Rect.of(size), size, steps=1)


def settled(spare: bool) -> bool:
    """Whether the engine, and the spare one, have imported what they need."""
    children = psutil.Process().children()
    if len(children) < 1 + spare:
        return False
    return all(one.memory_info().rss > 300 << 20 and one.cpu_percent(0.3) < 5 for one in children)


if __name__ == "__main__":
    sys.exit(main())
