"""Generations, cancels and lost engines by the hundred: what grows in the window's process?

python -m tests.campaigns.soak [--jobs 1000] [--cancels 200] [--deaths 50] [--starter]
"""

import argparse
import random
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
from tests.jobs.faults import WAYS, Bench

#: Faults that are found at once: the time goes to the generations.
QUICK = tuple(way for way in WAYS if way not in ("hang", "stop"))
_SETTLED = 100


class Soak:
    """Runs the jobs and notes what the process holds."""

    def __init__(self, bench: Bench, starter: bool, seed: int) -> None:
        self._bench, self._dice = bench, random.Random(seed)
        self._model = inspect(paths.starter_model()) if starter else None
        self._process = psutil.Process()
        self.finished = self.cancelled = self.deaths = 0

    def held(self) -> tuple[float, int, int]:
        """Memory in MB, descriptors, threads of this process."""
        memory = self._process.memory_info().rss / 1e6
        return memory, self._process.num_fds(), self._process.num_threads()

    def generation(self) -> None:
        self.finished += self._ended(self._order(), "finished")

    def cancel(self) -> None:
        job = self._order("wait")
        self._bench.until(lambda: getattr(self._bench.queue.line.job(job), "begun", False), 60.0)
        self._bench.queue.cancel(job)
        self.cancelled += self._ended(job, "cancelled")

    def death(self) -> None:
        if self._model is None:
            outcome = self._bench.meet(self._dice.choice(QUICK), "step 3")
            self.deaths += outcome.served
            return
        job = self._order("wait")
        self._bench.until(lambda: getattr(self._bench.queue.line.job(job), "begun", False), 60.0)
        for child in self._process.children():
            child.kill()
        self.deaths += self._ended(job, "finished")

    def _order(self, prompt: str = "") -> int:
        if self._model is None:
            return self._bench.serves(prompt)
        size, steps = Size(64, 64), 60 if prompt else 2
        request = Request(self._model, "a tree", Rect.of(size), size, steps=steps)
        return self._bench.queue.submit(request)

    def _ended(self, job: int, state: str) -> bool:
        self._bench.until(lambda: self._bench.ended(job), 120.0)
        return self._bench.state(job) == state


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--cancels", type=int, default=200)
    parser.add_argument("--deaths", type=int, default=50)
    parser.add_argument("--starter", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    application = QCoreApplication([])
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), real=options.starter)
        soak = Soak(bench, options.starter, options.seed)
        work = [soak.generation] * options.jobs + [soak.cancel] * options.cancels
        work += [soak.death] * options.deaths
        random.Random(options.seed).shuffle(work)
        notes = []
        for number, one in enumerate(work):
            one()
            if number == min(_SETTLED, len(work) // 4):
                bench.until(lambda: bench.queue.station.state == "ready")
                notes.append(soak.held())
        bench.until(lambda: bench.queue.station.state == "ready")
        notes.append(soak.held())
        bench.stop()
    application.quit()
    print(f"{soak.finished} generations, {soak.cancelled} cancels, {soak.deaths} lost engines")
    print(f"in {time.monotonic() - began:.0f} s; longest gap {bench.gap * 1000:.0f} ms")
    for when, (memory, descriptors, threads) in zip(("warm", "end"), notes, strict=True):
        print(f"{when}: {memory:.1f} MB, {descriptors} descriptors, {threads} threads")
    grown = notes[1][0] - notes[0][0]
    return 0 if grown <= 10 and notes[0][1:] == notes[1][1:] else 1


if __name__ == "__main__":
    sys.exit(main())
