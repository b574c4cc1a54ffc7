"""Journal measured: what noting every step costs, and how much memory freezing gives back.

Run from the repository root: `python -m tests.bench.journal [--json] [--rounds N] [--large]`. Steps
with and without the journal take turns in one process, so that a busy machine touches both alike;
everything is sent through a real pipe. Nothing here is asserted.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, cast

import psutil

from studio import paths
from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.messages import Event, Stepped
from studio.core.request import Request
from studio.core.wire import read_message
from studio.worker import process
from studio.worker.outbox import Outbox

Row = dict[str, str | float]
STEPS = 10
#: Of the large model, whose steps take seconds.
FEW_STEPS = 4


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON list instead of the table")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each kind")
    parser.add_argument("--large", action="store_true", help="a model of SD 1.5's size, too")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--model", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--edge", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _child(options.rounds, options.model, options.edge, options.child)
        return
    rows = [*_measured("starter", paths.starter_model(), 256, options.rounds)]
    if options.large:
        with tempfile.TemporaryDirectory() as folder:
            _write_large(Path(folder))
            rows += _measured("SD 1.5's size", Path(folder), 512, 1)
    if options.json:
        print(json.dumps(rows))
        return
    for row in rows:
        print(f"{row['measure']:48}{row['value']:10.3f}  {row['bound']}")


def _measured(name: str, model: Path, edge: int, rounds: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        command = [sys.executable, "-m", "tests.bench.journal", "--child", str(results)]
        command += ["--rounds", str(rounds), "--model", str(model), "--edge", str(edge)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE)
        stream = cast(Any, child.stdout)
        while read_message(stream) is not None:
            pass
        child.wait()
        found: dict[str, float] = json.loads(results.read_text())
    bounds = {"(step + noting + sending) / step": "1.03", "memory that freezing gives back": "0.95"}
    return [
        {"measure": f"{name}: {key}", "value": value, "bound": bounds.get(key, "")}
        for key, value in found.items()
    ]


def _child(rounds: int, folder: Path, edge: int, results: Path) -> None:
    """Run, note the times, then freeze; events go to the parent, which drops them."""
    _, events = process.streams()
    process.settle()
    from studio.engine import steps
    from studio.engine.runner import Runner

    outbox = Outbox(events, process.end)
    runner = Runner(paths.model_configs())
    path = str(folder)
    model = Checkpoint("m", "M", path, "sd15", 9, True, edge, 10, 3.0, "dpmpp_2m")
    size = Size(edge, edge)
    count = STEPS if edge < 512 else FEW_STEPS
    order = Request(model, "a red house", Rect.of(size), size, steps=count, sampler="dpmpp_2m_sde")
    before = _resident()
    journal: Any = steps.Journal
    noting = journal.state
    costs: list[float] = []
    sizes: list[int] = []
    times: list[float] = []
    sends: dict[bool, list[float]] = {True: [], False: []}

    def timed(*arguments: Any) -> Any:
        began = time.perf_counter()
        state = noting(*arguments)
        costs.append(time.perf_counter() - began)
        sizes.append(state.nbytes)
        return state

    def send(event: Event) -> None:
        began = time.perf_counter()
        outbox.send(event)
        if isinstance(event, Stepped):
            times.append(time.perf_counter())
            sends[event.state is not None].append(times[-1] - began)

    ratios, plain = [], []
    for _ in range(rounds + 1):
        pair = []
        for state in (timed, lambda *_: None):
            journal.state = state
            times.clear()
            runner.run(order, send)
            gaps = [later - early for early, later in itertools.pairwise(times)]
            pair.append(statistics.median(gaps))
        ratios.append(pair[0] / pair[1])
        plain.append(pair[1])
    runner.release()  # what the first model brings along for good belongs to the libraries
    between = _resident()
    runner.run(order, lambda _: None)
    peak = _resident()
    runner.release()
    after = _resident()
    step = statistics.median(plain[1:])
    noted = statistics.median(costs[count:])
    sent = statistics.median(sends[True]) - statistics.median(sends[False])
    found = {
        "step, ms": 1e3 * step,
        "noting a step, ms": 1e3 * noted,
        "sending what was noted, ms": 1e3 * sent,
        "(step + noting + sending) / step": 1 + (noted + sent) / step,
        "step with the journal / without": statistics.median(ratios[1:]),
        "state, kB": statistics.median(sizes) / 1024,
        "memory before the first model, MB": before / 2**20,
        "memory without a model, MB": between / 2**20,
        "memory with the model, MB": peak / 2**20,
        "memory that freezing gives back": (peak - after) / (peak - between),
    }
    results.write_text(json.dumps(found))


def _resident() -> int:
    return int(psutil.Process().memory_info().rss)


def _write_large(folder: Path) -> None:
    """A folder with a denoiser of SD 1.5's size, of random weights; the rest is the starter's."""
    import diffusers
    import torch

    parts: Any = diffusers
    starter = parts.DiffusionPipeline.from_pretrained(paths.starter_model(), local_files_only=True)
    width = int(starter.unet.config.cross_attention_dim)
    large = parts.UNet2DConditionModel(sample_size=64, in_channels=9, cross_attention_dim=width)
    starter.register_modules(unet=large.to(torch.bfloat16))
    starter.save_pretrained(folder)


if __name__ == "__main__":
    main()
