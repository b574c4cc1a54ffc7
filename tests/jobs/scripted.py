"""A worker that misbehaves on command: argv[1] says how at its start, a prompt how at a job."""

import os
import signal
import sys
import time
from typing import BinaryIO

import numpy as np

from studio.core import wire
from studio.core.geometry import Rect
from studio.core.messages import (
    PROTOCOL,
    Accepted,
    Attend,
    Cancel,
    Cancelled,
    Candidate,
    Failed,
    Finished,
    Freeze,
    Frozen,
    Loaded,
    Message,
    Ready,
    Start,
    Stepped,
    Warm,
)
from studio.core.packing import KINDS
from studio.worker.outbox import Outbox
from studio.worker.pulse import Pulse

STEPS = 4
COMMANDS: BinaryIO = sys.stdin.buffer
EVENTS: BinaryIO = sys.stdout.buffer


OUTBOX = Outbox(EVENTS, os._exit)
PULSE = Pulse(OUTBOX.send)
READER = wire.Reader(COMMANDS)
tell = PULSE.send


def heard() -> Message | None:
    frame = READER.read()
    if frame is not None and isinstance(frame.message, Start):
        OUTBOX.expect(frame.message.job, frame.attempt)
    if frame is not None and isinstance(frame.message, Attend):
        PULSE.attend()
        return heard()
    return None if frame is None else frame.message


def head(kind: str, header: int, body: int) -> bytes:
    code = sorted(KINDS).index(kind) + 1
    return wire.HEAD.pack(wire.MAGIC, PROTOCOL, code, 1, 1, 99, header, body)


def raw(data: bytes) -> None:
    EVENTS.write(data)
    EVENTS.flush()


def die(how: str) -> None:
    if how == "exit":
        os._exit(3)
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    if how == "garbage":
        raw(b"Traceback (most recent call last): this is not a message")
    if how == "half":
        raw(head("Failed", 100, 0) + b'{"val')
        os._exit(0)
    if how == "huge":
        raw(head("Candidate", 10, 1 << 62))
    if how == "command":
        wire.write_message(EVENTS, Cancel(1), 1, 99)
    if how == "flood":
        for _ in range(100):
            os.write(2, b"flooded with words\n" * 5000)
        os._exit(4)


def step(job: int, number: int) -> None:
    preview = np.full((8, 8, 3), number, np.uint8)
    tell(Stepped(job, 0, number, STEPS, preview))


def run(command: Start) -> None:
    job, (how, _, when) = command.job, command.request.prompt.partition(" ")
    if how == "wait" and "brisk" in sys.argv:
        how = "ok"
    if when == "unbegun":
        die(how)
    tell(Accepted(job))
    tell(Loaded(job, "m", "CPU", ("ddim",), True, 64))
    if how == "fail":
        tell(Failed(job, "memory", "The device ran out of memory.", "Take less."))
        return
    if how == "take":  # one of several, and then no more
        offer(command)
    for number in range(1, STEPS + 1):
        step(job, number)
        if number == 2 and when == "midway":
            die(how)
        if number == 2 and how == "rest" and isinstance(heard(), Freeze):
            step(job, 3)
            tell(Frozen(job))
            return
        if number == 2 and how in ("wait", "stuck", "take"):
            wait_for_cancel(job, how)
            return
    for _ in range({"nothing": 0, "twice": 2}.get(how, 1)):
        offer(command)
    tell(Finished(job, 0.5))
    if when == "after":
        die(how)


def offer(command: Start) -> None:
    pixels, box = np.full((4, 6, 4), 200, np.uint8), command.request.box
    area = Rect(box.x + 1, box.y + 2, 6, 4)
    tell(Candidate(command.job, 0, command.request.seed, area, pixels))


def wait_for_cancel(job: int, how: str) -> None:
    """Until then the job runs; what was on its way then comes all the same."""
    if isinstance(heard(), Cancel) and how != "stuck":
        step(job, 3)
        tell(Cancelled(job))


def main() -> None:
    how = sys.argv[1] if len(sys.argv) > 1 else ""
    if how == "dies":
        sys.exit("no such device")
    if how == "hangs":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if how == "environment":
        sys.stderr.write("\n".join(f"{name}={os.environ[name]}" for name in sorted(os.environ)))
        sys.exit(0)
    tell(Ready(PROTOCOL + (how == "old"), "CPU"))
    PULSE.start()
    PULSE.enter("idle")
    while (command := heard()) is not None:
        if isinstance(command, Start):
            run(command)
        elif isinstance(command, Freeze):
            tell(Frozen(command.job))
        elif isinstance(command, Warm):
            if how == "warmfails":
                tell(Failed(0, "model", "The model is gone.", "Look for it."))
            else:
                tell(Loaded(0, command.model.key, "CPU", ("ddim",), True, 64))
    while how == "hangs":
        time.sleep(60)


if __name__ == "__main__":
    main()
