"""What a command tells: text for people, or one JSON event a line."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any, TextIO

from studio.core.errors import StudioError


class Report:
    """Results go to the standard output, everything else to the standard error.

    Args:
        as_json: One JSON event a line on the standard output instead of text.
    """

    def __init__(self, as_json: bool) -> None:
        self._json = as_json
        self._live = not as_json and sys.stderr.isatty()
        self._shown = 0

    def loaded(self, title: str, device: str) -> None:
        """The model is in memory."""
        self._event("loaded", model=title, device=device)
        self._progress(f"{title} on {device}")

    def stepped(
        self, take: int, step: int, total: int, count: int, seconds_left: float | None
    ) -> None:
        """A step is done; takes count from 1 and are told when there are several."""
        several = {"take": take} if count > 1 else {}
        self._event("step", step=step, total=total, **several)
        of = f"take {take} of {count}, " if count > 1 else ""
        left = "" if seconds_left is None else f", {seconds_left:.0f} s left"
        self._progress(f"{of}step {step} of {total}{left}")

    def note(self, sentence: str) -> None:
        """Something an artist should know, and a program need not."""
        self._clear()
        _write(sys.stderr, sentence)

    def finished(self, files: list[str], seed: int, seconds: float) -> None:
        """All files are written; `seed` is that of the first take."""
        self._event("finished", files=files, seed=seed, seconds=round(seconds, 2))
        if not self._json:
            self.note(f"Done in {seconds:.1f} s, seed {seed}.")
        self._lines(files)

    def models(self, listed: list[dict[str, Any]]) -> None:
        """The models there are, as plain values."""
        for one in listed:
            self._event("model", **one)
        width = max((len(one["key"]) for one in listed), default=0)
        self._lines([f"{one['key']:<{width}}  {one['title']}  {one['path']}" for one in listed])

    def added(self, model: dict[str, Any]) -> None:
        """A model is on the list."""
        self._event("added", **model)
        self._lines([model["key"]])

    def removed(self, key: str) -> None:
        """A model is off the list."""
        self._event("removed", key=key)

    def failed(self, error: StudioError) -> None:
        """The command cannot be done: one line that says what and what to do."""
        self._event("failed", kind=error.kind, message=error.message, hint=error.hint)
        self.note(f"sfumato: {' '.join(str(error).split())}")

    def cancelled(self) -> None:
        """The command was stopped by whoever gave it."""
        self._event("cancelled")
        self.note("sfumato: Cancelled; nothing was written.")

    def _event(self, event: str, **values: Any) -> None:
        if self._json:
            _write(sys.stdout, json.dumps({"event": event, **values}))

    def _lines(self, lines: list[str]) -> None:
        if not self._json:
            for line in lines:
                _write(sys.stdout, line)

    def _progress(self, text: str) -> None:
        if self._live:
            sys.stderr.write(f"\r{text:<{self._shown}}")
            sys.stderr.flush()
            self._shown = len(text)

    def _clear(self) -> None:
        if self._shown:
            sys.stderr.write(f"\r{'':<{self._shown}}\r")
            self._shown = 0


def _write(stream: TextIO, line: str) -> None:
    try:
        stream.write(line.encode(stream.encoding or "utf-8", "replace").decode(stream.encoding))
        stream.write("\n")
        stream.flush()
    except BrokenPipeError:
        # Whoever read has seen enough (`| head`); the work goes on, and Python must not complain
        # about the same pipe again when it ends.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
