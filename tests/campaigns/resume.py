"""Campaign: a run killed after each of its steps, every sampler offered, every family.

Run from the repository root: `python -m tests.campaigns.resume [--json] [--only NAME]`. One engine
makes the picture; its events cross a real pipe's format; another engine, with the model loaded
anew, goes on from each step. Counted are pictures that are not the same in every bit, and calls of
the denoiser for a step that was noted already. Ends with code 1 when there is any.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from studio import paths
from studio.core.checkpoint import Checkpoint
from studio.core.messages import Candidate, Event, Loaded, Start, Stepped
from studio.core.pixels import Pixels
from studio.core.point import Point
from studio.core.request import Request
from studio.core.wire import read_message, write_message
from studio.engine.runner import Runner
from tests.engine import orders, tiny

STEPS = 10
Row = dict[str, Any]


class Engine:
    """A runner whose denoiser's calls are counted, behind the format of the pipe."""

    def __init__(self, configs: Path) -> None:
        self._runner = Runner(configs)
        self._counted: set[int] = set()
        self.calls: list[int] = []  # for each call, the steps that were done before it
        self._done = 0

    def run(self, order: Request, point: Point | None = None) -> list[Event]:
        """The events of a run, as the other side of a pipe has them."""
        start = _crossed(Start(1, order, point))
        self.calls.clear()
        self._done = 0 if point is None else point.step
        events: list[Event] = []
        self._watch(order.model)

        def report(event: Event) -> None:
            if isinstance(event, Stepped):
                self._done = event.step
            events.append(_crossed(event))

        self._runner.run(start.request, report, point=start.point)
        return events

    def _watch(self, model: Checkpoint) -> None:
        family: Any = self._runner.warm(model, lambda _: None)
        denoiser = family.denoiser
        if id(denoiser) in self._counted:
            return
        self._counted.add(id(denoiser))

        def note(*_: Any) -> None:
            if "forward" not in denoiser.__dict__:  # else it is skipped
                self.calls.append(self._done)

        denoiser.register_forward_pre_hook(note)


def _crossed(message: Any) -> Any:
    stream = io.BytesIO()
    write_message(stream, message)
    stream.seek(0)
    return read_message(stream)


def _picture(events: list[Event]) -> Pixels:
    return next(one.pixels for one in events if isinstance(one, Candidate))


def _soft() -> Pixels:
    mask = np.where(orders.hole() > 0, np.uint8(140), np.uint8(0))
    mask[20:] = np.where(mask[20:] > 0, np.uint8(255), np.uint8(0))
    return mask


def row(first: Engine, second: Engine, name: str, order: Request) -> Row:
    """Kill one run after each of its steps."""
    events = first.run(order)
    whole = len(first.calls)
    steps = [one for one in events if isinstance(one, Stepped)]
    same = repeated = missing = 0
    for event in steps:
        assert event.state is not None
        again = second.run(order, Point(event.take, event.step, event.total, event.state))
        same += np.array_equal(_picture(again), _picture(events))
        before = sum(done < event.step for done in first.calls)
        repeated += max(0, len(second.calls) - (whole - before))
        missing += max(0, (whole - before) - len(second.calls))
    return {
        "model": name,
        "sampler": order.sampler,
        "steps": len(steps),
        "calls": whole,
        "identical": int(same),
        "repeated": repeated,
        "missing": missing,
    }


def rows(only: str) -> list[Row]:
    """All of them."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        configs = tiny.configs(home / "configs")
        models = {
            f"{family}-{channels}": tiny.as_folder(home / f"{family}-{channels}", family, channels)
            for family, channels in tiny.KINDS + tiny.FLOWS
        }
        models["starter"] = tiny.checkpoint(paths.starter_model(), "sd15", 9)
        for name, model in models.items():
            if only not in name:
                continue
            first, second = Engine(configs), Engine(configs)
            loaded = next(one for one in first.run(orders.masked(model, steps=1)))
            assert isinstance(loaded, Loaded)
            for sampler in loaded.samplers:
                plain = orders.masked(model, sampler=sampler, steps=STEPS)
                soft = orders.masked(model, sampler=sampler, steps=STEPS, mask=_soft())
                for title, order in ((name, plain), (f"{name}, soft mask", soft)):
                    found.append(row(first, second, title, order))
                    print(_line(found[-1]), file=sys.stderr, flush=True)
    return found


def _line(one: Row) -> str:
    return (
        f"{one['model']:22}{one['sampler']:14}{one['identical']:3} of {one['steps']} identical, "
        f"{one['repeated']} calls repeated, {one['missing']} missing, of {one['calls']}"
    )


def main() -> int:
    """Run it; the code to end with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON list at the end")
    parser.add_argument("--only", default="", help="models with this in their name")
    options = parser.parse_args()
    found = rows(options.only)
    bad = [one for one in found if one["identical"] < one["steps"] or one["repeated"]]
    if options.json:
        print(json.dumps(found))
    print(f"{len(found)} runs, {len(bad)} that did not go on as they should", file=sys.stderr)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
