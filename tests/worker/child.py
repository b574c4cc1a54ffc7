"""The real engine process, spoken to as the window does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from studio import paths
from studio.core.messages import Accepted, Command, Event
from studio.core.wire import Reader, Writer

ROOT = Path(__file__).resolve().parents[2]


class Child:
    """One process; what it prints on stderr goes to `log`."""

    def __init__(self, log: Path, configs: Path) -> None:
        self.log = log
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "studio.worker", "--configs", str(configs)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
                env={**os.environ, "OMP_NUM_THREADS": "1"},
            )
        self.stdin = cast(BinaryIO, self.process.stdin)
        self.stdout = cast(BinaryIO, self.process.stdout)
        self.writer, self.reader = Writer(self.stdin), Reader(self.stdout)

    def send(self, *commands: Command) -> None:
        for command in commands:
            self.writer.send(command, 1)

    def read(self) -> Event | None:
        """The next event; that a job is taken up is read over."""
        frame = self.reader.read()
        message = None if frame is None else frame.message
        assert message is None or isinstance(message, Event)
        return self.read() if isinstance(message, Accepted) else message

    def until(self, *kinds: type[Event]) -> list[Event]:
        """Events up to the first of these kinds."""
        events: list[Event] = []
        while not events or not isinstance(events[-1], kinds):
            event = self.read()
            assert event is not None, self.log.read_text()
            events.append(event)
        return events

    def rest(self) -> list[Event]:
        """Events up to the end of the process."""
        return list(iter(self.read, None))


@contextmanager
def started(log: Path, configs: Path | None = None) -> Iterator[Child]:
    child = Child(log, configs or paths.model_configs())
    try:
        yield child
    finally:
        child.process.kill()
        child.process.wait()
        child.stdout.close()
        with suppress(BrokenPipeError):
            child.stdin.close()
