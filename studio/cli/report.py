"""What a command tells: text for people, or one JSON event a line."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TextIO

from studio.core.errors import StudioError
from studio.jobs.place import Place

if TYPE_CHECKING:  # help and slips of the pen are answered without numpy
    from studio.inpaint.report import Report as Figures


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

    def stepped(self, place: Place, step: int, total: int, seconds_left: float | None) -> None:
        """A step is done; takes and parts are told where there are several."""
        several: dict[str, int] = {}
        of = ""
        for word, number, count in (
            ("take", place.take, place.takes),
            ("part", place.part, place.parts),
        ):
            if count > 1:
                several |= {word: number, f"{word}s": count}
                of += f"{word} {number} of {count}, "
        self._event("step", step=step, total=total, **several)
        left = "" if seconds_left is None else f", {seconds_left:.0f} s left"
        self._progress(f"{of}step {step} of {total}{left}")

    def note(self, sentence: str) -> None:
        """Something an artist should know, and a program need not."""
        self._clear()
        _write(sys.stderr, sentence)

    def finished(
        self, files: list[str], seed: int, seconds: float, figures: Sequence[Figures] = ()
    ) -> None:
        """All files are written.

        Args:
            files: Their paths.
            seed: Of the first take.
            seconds: How long it took.
            figures: What the edit did to the picture, one for each file; may be left out.
        """
        told = {"report": [one.as_dict() for one in figures]} if figures else {}
        self._event("finished", files=files, seed=seed, seconds=round(seconds, 2), **told)
        if not self._json:
            self.note(f"Done in {seconds:.1f} s, seed {seed}.")
        self._lines(files)
        if figures:
            self._lines(_table(figures))

    def checked(self, values: dict[str, Any], lines: list[str]) -> None:
        """A project was verified: for programs as values, for people as sentences."""
        self._event("checked", **values)
        self._lines(lines)

    def converted(self, file: str, layers: int, notes: list[str], seconds: float) -> None:
        """A picture is in another kind of file; `notes` say what was changed or lost."""
        self._event("finished", files=[file], layers=layers, notes=notes, seconds=round(seconds, 2))
        self._lines([file])

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


def _table(figures: Sequence[Figures]) -> list[str]:
    """One line for each file."""
    seen = "seam  ring shift, p95    PSNR  SSIM"
    lines = [f"outside the mask       px changed outside  px changed inside  {seen}"]
    for one in figures:
        kept = "bit-identical" if one.kept else "CHANGED"
        seam, ring, high, psnr, ssim = (
            "-" if value is None else f"{value:.2f}"
            for value in map(one.as_dict().get, ("seam", "ring", "ring_p95", "psnr", "ssim"))
        )
        lines.append(
            f"{kept:22} {one.changed_outside:18,} {one.changed_inside:18,}  {seam:>4}  "
            f"{ring:>10} {high:>4}  {psnr:>6}  {ssim:>4}"
        )
    return lines


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
