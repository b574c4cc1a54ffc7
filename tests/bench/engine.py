"""Engine measured: what steps with previews cost, and how soon the first preview is there.

Run from the repository root: `python -m tests.bench.engine [--json] [--rounds N]`. The runner and a
plain diffusers loop with the same pipeline take turns in one process, so that a busy machine
touches both alike. Nothing here is asserted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np

from studio import paths
from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.messages import Candidate, Event, Failed, Finished, Loaded, Start, Stepped, Warm
from studio.core.request import Request
from studio.core.wire import Writer, read_message
from studio.worker import process
from studio.worker.outbox import Outbox

EDGE, STEPS = 256, 20
Row = dict[str, str | float]


def order() -> Request:
    """The edit that is timed: the middle of a 256 x 256 picture."""
    path = str(paths.starter_model())
    model = Checkpoint("starter", "Starter", path, "sd15", 9, True, EDGE, 10, 3.0, "dpmpp_2m")
    picture = np.full((EDGE, EDGE, 4), 255, np.uint8)
    picture[..., :3] = np.random.default_rng(0).integers(0, 256, (EDGE, EDGE, 3))
    mask = np.zeros((EDGE, EDGE), np.uint8)
    mask[64:192, 64:192] = 255
    box, working = Rect(0, 0, EDGE, EDGE), Size(EDGE, EDGE)
    return Request(model, "a red house", box, working, picture=picture, mask=mask, steps=STEPS)


class Engine:
    """The worker, warm."""

    def __init__(self) -> None:
        began = time.perf_counter()
        command = [sys.executable, "-m", "studio.worker"]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._events = cast(BinaryIO, self._child.stdout)
        self._commands = Writer(cast(BinaryIO, self._child.stdin))
        self._commands.send(Warm(order().model))
        while not isinstance(self._next(), Loaded):
            pass
        self.seconds_to_loaded = time.perf_counter() - began
        self.run()  # a rehearsal follows Loaded; this waits for its end

    def _next(self) -> Event:
        event = read_message(self._events)
        if not isinstance(event, Event) or isinstance(event, Failed):
            raise SystemExit(f"the engine failed: {event}")
        return event

    def run(self) -> tuple[float, float]:
        """Seconds to the first preview, and from the last step to the picture."""
        began = time.perf_counter()
        self._commands.send(Start(1, order()), 1)
        first = step = done = 0.0
        while not isinstance(event := self._next(), Finished):
            now = time.perf_counter()
            if isinstance(event, Stepped):
                step = now
                first = first or (now - began if event.preview is not None else 0.0)
            elif isinstance(event, Candidate):
                done = now
        return first, done - step


def loops(rounds: int) -> list[list[float]]:
    """Of the runner and of diffusers' own loop, turn by turn in one process, what a step takes.

    It is settled as a worker is and sends its events through a pipe, whose reader drops them.

    Returns:
        Of each round: seconds and CPU seconds of the runner, seconds and CPU seconds of the other.
    """
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "loops.json"
        command = [sys.executable, "-m", "tests.bench.engine", "--rounds", str(rounds)]
        child = subprocess.Popen([*command, "--loops", str(results)], stdout=subprocess.PIPE)
        with cast(BinaryIO, child.stdout) as stream:
            while read_message(stream) is not None:
                pass
        child.wait()
        rows: list[list[float]] = json.loads(results.read_text())
        return rows


def loop_child(rounds: int, results: Path) -> None:
    """What that process does."""
    _, events = process.streams()
    process.settle()
    from studio.engine import samplers
    from studio.engine.runner import Runner

    wanted, outbox = order(), Outbox(events, process.end)
    runner = Runner(paths.model_configs())
    pipeline: Any = cast(Any, runner.warm(wanted.model, outbox.send))._pipeline
    config = dict(pipeline.scheduler.config)
    times: list[tuple[float, float]] = []

    def note() -> None:
        times.append((time.perf_counter(), time.process_time()))

    def send(event: Event) -> None:
        outbox.send(event)
        if isinstance(event, Stepped):
            note()

    def on_step_end(_: Any, __: int, ___: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        note()
        return tensors

    def plain() -> None:
        assert wanted.picture is not None
        assert wanted.mask is not None
        pipeline.scheduler = samplers.make(wanted.sampler, wanted.schedule, config, STEPS)
        pipeline(
            prompt=wanted.prompt,
            image=wanted.picture[None, ..., :3].astype(np.float32) / 255,
            mask_image=(wanted.mask[None, ..., None] > 0).astype(np.float32),
            width=EDGE,
            height=EDGE,
            strength=1.0,
            num_inference_steps=STEPS,
            guidance_scale=wanted.guidance,
            output_type="latent",
            callback_on_step_end=on_step_end,
        )

    pairs = []
    for _ in range(rounds + 1):
        pair: list[float] = []
        for work in (partial(runner.run, wanted, send), plain):
            times.clear()
            work()
            pair += [(b - a) / (STEPS - 1) for a, b in zip(times[0], times[-1], strict=True)]
        pairs.append(pair)
    results.write_text(json.dumps(pairs[1:]))  # the first pair warms up


def measured(rounds: int) -> list[Row]:
    """All rows. A step is the mean of a run; of the runs the best quarter counts, which other
    programs have disturbed least.
    """
    step, cpu, bare, bare_cpu = (_quarter(list(one)) for one in zip(*loops(rounds), strict=True))
    engine = Engine()
    runs = [engine.run() for _ in range(rounds)]
    first, last = [one[0] for one in runs], statistics.median(one[1] for one in runs)
    wall: Row = {"measure": "step, ms", "plain": 1e3 * bare, "ours": 1e3 * step}
    busy: Row = {"measure": "step, CPU ms", "plain": 1e3 * bare_cpu, "ours": 1e3 * cpu}
    return [
        {**wall, "ratio": step / bare, "bound": "1.03 x"},
        {**busy, "ratio": cpu / bare_cpu, "bound": "1.03 x"},
        {"measure": "Start to first preview, s", "ours": statistics.median(first), "bound": "0.5"},
        {"measure": "the slowest of them, s", "ours": max(first), "bound": "0.5"},
        {"measure": "last step to finished take, s", "ours": last, "bound": ""},
        {"measure": "process start to model, s", "ours": engine.seconds_to_loaded, "bound": ""},
    ]


def _quarter(values: list[float]) -> float:
    return sorted(values)[len(values) // 4]


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON list instead of the table")
    parser.add_argument("--rounds", type=int, default=15, help="runs of each kind")
    parser.add_argument("--loops", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.loops:
        loop_child(options.rounds, options.loops)
        return
    rows = measured(options.rounds)
    if options.json:
        print(json.dumps(rows))
        return
    print(f"{'measure':36}{'plain':>9}{'ours':>9}{'ratio':>9}{'bound':>9}")
    for row in rows:
        cells = [
            f"{row[key]:9.3f}" if key in row else " " * 9 for key in ("plain", "ours", "ratio")
        ]
        print(f"{row['measure']:36}{''.join(cells)}{row['bound']:>9}")


if __name__ == "__main__":
    main()
