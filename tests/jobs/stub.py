"""A worker without an engine that misbehaves once, in the way and at the stage that a file names.

Everything but the engine is the real worker's. argv[1] is the file: `<way> <stage>`; it is taken
away when it is obeyed, and the moment is left in a file beside it.
"""

import faulthandler
import os
import resource
import signal
import sys
import threading
import time
import traceback
from pathlib import Path

import numpy as np

from studio.core import wire
from studio.core.geometry import Rect
from studio.core.messages import (
    PROTOCOL,
    Cancelled,
    Candidate,
    Command,
    Finished,
    Loaded,
    Ready,
    Start,
    Stepped,
    Warm,
)
from studio.core.packing import KINDS
from studio.worker import process
from studio.worker.inbox import Inbox
from studio.worker.outbox import Outbox
from studio.worker.pulse import Pulse

STEPS = 4
PERIOD = 0.1
GARBAGE = b"Traceback (most recent call last): this is not a message, whatever it may look like"


class Plan:
    """What shall go wrong, and where."""

    def __init__(self, file: Path, events: int) -> None:
        self._file, self._events = file, events

    def at(self, stage: str) -> None:
        """Misbehave if this is the stage."""
        try:
            way, _, where = self._file.read_text().partition(" ")
        except OSError:
            return
        if where != stage:
            return
        self._file.unlink()
        self._file.with_suffix(".moment").write_text(repr(time.monotonic()))
        try:
            self._misbehave(way)
        except (RuntimeError, MemoryError):
            traceback.print_exc()
            os._exit(1)

    def _misbehave(self, way: str) -> None:
        signals = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}
        if way in signals:
            os.kill(os.getpid(), signals[way])
        elif way == "segv":
            faulthandler._sigsegv()  # type: ignore[attr-defined]
        elif way == "abort":
            os.abort()
        elif way == "exit":
            os._exit(0)
        elif way == "hang":
            threading.Event().wait()
        elif way == "exception":
            raise RuntimeError("the engine had an accident")
        elif way == "oom":
            resource.setrlimit(resource.RLIMIT_AS, (1 << 32, 1 << 32))
            bytearray(1 << 34)
        elif way == "flood":
            for _ in range(100):
                os.write(2, b"flooded with words\n" * 5000)
            os._exit(4)
        else:
            self._babble(way)

    def _babble(self, way: str) -> None:
        huge = wire.HEAD.pack(wire.MAGIC, PROTOCOL, _code("Candidate"), 1, 1, 9, 10, 1 << 62)
        half = wire.HEAD.pack(wire.MAGIC, PROTOCOL, _code("Failed"), 1, 1, 9, 100, 0) + b'{"val'
        os.write(self._events, {"garbage": GARBAGE, "huge": huge, "half": half}[way])
        if way == "half":
            os._exit(0)


def _code(kind: str) -> int:
    return sorted(KINDS).index(kind) + 1


class Planned(Inbox):
    """An inbox that something can happen to before a job is taken up."""

    plan: Plan

    def put(self, command: Command) -> None:
        if isinstance(command, Start):
            self.plan.at("sent")
        super().put(command)


def run(command: Start, inbox: Inbox, pulse: Pulse, plan: Plan) -> None:
    """The events of a job, with a stage before each."""
    job, request = command.job, command.request
    plan.at("accepted")
    pulse.send(Loaded(job, "m", "CPU", ("ddim",), True, 64))
    plan.at("loaded")
    for step in range(1, STEPS + 1):
        pulse.send(Stepped(job, 0, step, STEPS, np.full((8, 8, 3), step, np.uint8)))
        plan.at(f"step {step}")
        while request.prompt == "wait" and not inbox.stopped():
            threading.Event().wait(0.01)
        if inbox.stopped():
            plan.at("cancel")
            pulse.send(Cancelled(job))
            return
    area = Rect(1, 2, 6, 4)
    pulse.send(Candidate(job, 0, request.seed, area, np.full((4, 6, 4), 200, np.uint8)))
    plan.at("candidate")
    pulse.send(Finished(job, 0.5))
    plan.at("finished")


def main() -> None:
    commands, events = process.streams()
    process.settle()
    plan = Plan(Path(sys.argv[1]), events.fileno())
    outbox = Outbox(events, process.end)
    pulse = Pulse(outbox.send, period=PERIOD)
    inbox = Planned(outbox.send, outbox.expect, pulse.attend)
    inbox.plan = plan
    plan.at("start")
    outbox.send(Ready(PROTOCOL, "CPU"))
    pulse.start()
    threading.Thread(target=inbox.listen, args=(commands, process.end), daemon=True).start()
    pulse.enter("idle")
    plan.at("ready")
    while True:
        command = inbox.take()
        if isinstance(command, Warm):
            pulse.enter("loading")
            plan.at("warm")
            pulse.send(Loaded(0, command.model.key, "CPU", ("ddim",), True, 64))
            plan.at("warmed")
        elif isinstance(command, Start):
            pulse.enter("loading", command.job)
            run(command, inbox, pulse, plan)
        pulse.enter("idle")


if __name__ == "__main__":
    main()
