"""What the set-up says: plain sentences, and one line that moves while something long runs."""

import shutil
import sys
import threading
import time
from types import TracebackType
from typing import Self


class Trouble(Exception):
    """Something went wrong that the reader can do something about."""

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(f"{what}\n{todo}")
        self.what = what
        self.todo = todo


def say(text: str = "") -> None:
    """Print one line at once, whatever the terminal can show."""
    encoding = sys.stdout.encoding or "ascii"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


def seconds(since: float) -> str:
    """Return how long ago `since` (of time.monotonic) was, as people write it."""
    passed = time.monotonic() - since
    if passed < 60:
        return f"{passed:.0f} s"
    return f"{passed // 60:.0f} min {passed % 60:02.0f} s"


class Progress:
    """A step of the set-up: its title, what it is at, and the seconds it takes.

    On a terminal one line is redrawn; elsewhere (a log file) every note becomes a line.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._note = ""
        self._started = time.monotonic()
        self._live = sys.stdout.isatty()
        self._over = threading.Event()
        self._painter = threading.Thread(target=self._paint, daemon=True)

    def __enter__(self) -> Self:
        """Show the title and start the clock."""
        if self._live:
            self._painter.start()
        else:
            say(f"  {self._title}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the line with the time taken."""
        word = "done" if error is None else "stopped"
        if self._live:
            self._over.set()
            self._painter.join()
            self._write(f"  {self._title}: {word}, {seconds(self._started)}", end="\n")
        else:
            say(f"    {word}, {seconds(self._started)}")

    def note(self, text: str) -> None:
        """Say what the step is at now."""
        self._note = text
        if not self._live:
            say(f"    {text}")

    def _paint(self) -> None:
        while not self._over.wait(0.2):
            self._write(f"  {self._title} … {seconds(self._started)}  {self._note}", end="")

    def _write(self, line: str, end: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        encoding = sys.stdout.encoding or "ascii"
        line = line[:width].ljust(width).encode(encoding, "replace").decode(encoding)
        sys.stdout.write(f"\r{line}{end}")
        sys.stdout.flush()
