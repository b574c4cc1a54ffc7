"""Engine measured: what steps with previews cost, and how soon the first preview is there.

Run from the repository root: `python -m tests.bench.engine [--json] [--rounds N]`. The worker and a
plain diffusers loop with the same pipeline, in two processes of the same kind, take turns, so that
a busy machine touches both alike. Nothing here is asserted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from typing import Any, BinaryIO, cast

import numpy as np

from studio import paths
from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.messages import Candidate, Event, Failed, Finished, Loaded, Start, Stepped, Warm
from studio.core.request import Request
from studio.core.wire import read_message, write_message

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
        self._commands = cast(BinaryIO, self._child.stdin)
        write_message(self._commands, Warm(order().model))
        while not isinstance(self._next(), Loaded):
            pass
        self.seconds_to_loaded = time.perf_counter() - began
        self.run()  # a rehearsal follows Loaded; this waits for its end

    def _next(self) -> Event:
        event = read_message(self._events)
        if not isinstance(event, Event) or isinstance(event, Failed):
            raise SystemExit(f"the engine failed: {event}")
        return event

    def run(self) -> tuple[float, float, float]:
        """Seconds per step, to the first preview, and from the last step to the picture."""
        began = time.perf_counter()
        write_message(self._commands, Start(1, order()))
        steps: list[float] = []
        first = done = 0.0
        while not isinstance(event := self._next(), Finished):
            now = time.perf_counter()
            if isinstance(event, Stepped):
                steps.append(now)
                first = first or (now - began if event.preview is not None else 0.0)
            elif isinstance(event, Candidate):
                done = now
        return (steps[-1] - steps[0]) / (len(steps) - 1), first, done - steps[-1]


class Plain:
    """The same pipeline in diffusers' own loop, in a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.bench.engine", "--plain"]
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.run()

    def run(self) -> float:
        """Seconds per step."""
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write("\n")
        return float(self._child.stdout.readline())


def plain_loop() -> None:
    """What the other process does: a run for each line of stdin, its seconds per step printed."""
    from studio.worker import process

    process.settle()
    from studio.engine import devices, samplers
    from studio.engine.families.stable_diffusion import StableDiffusion

    wanted = order()
    device = devices.choose()
    family: Any = StableDiffusion(wanted.model, paths.model_configs(), device)
    pipeline = family._pipeline
    config = dict(pipeline.scheduler.config)
    assert wanted.picture is not None
    assert wanted.mask is not None
    for _ in sys.stdin:
        times: list[float] = []
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
            callback_on_step_end=lambda *given, at=times: (
                at.append(time.perf_counter()) or given[3]
            ),
        )
        print((times[-1] - times[0]) / (len(times) - 1), flush=True)


def measured(rounds: int) -> list[Row]:
    """All rows. A step is the mean of a run; of the runs the best quarter counts, which other
    programs have disturbed least.
    """
    engine, plain = Engine(), Plain()
    pairs = [(engine.run(), plain.run()) for _ in range(rounds)]
    ours = [one for one, _ in pairs]
    step, bare = _quarter([one[0] for one in ours]), _quarter([one for _, one in pairs])
    first = [one[1] for one in ours]
    last = statistics.median(one[2] for one in ours)
    steps: Row = {"measure": "step, ms", "plain": 1e3 * bare, "ours": 1e3 * step}
    return [
        {**steps, "ratio": step / bare, "bound": "1.03 x"},
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
    parser.add_argument("--rounds", type=int, default=15, help="pairs of runs")
    parser.add_argument("--plain", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        plain_loop()
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
