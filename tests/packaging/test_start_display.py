"""The README's start command in a clean copy: what a newcomer sees."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageGrab

from setup_parts import sample

pytestmark = [
    pytest.mark.display,
    pytest.mark.skipif(sys.platform != "linux", reason="needs an X display"),
]
COMMAND = [sys.executable, "packaging/start.py"]
PATIENCE = 120.0  # seconds; a start takes two on a quiet machine
SMALL = (48, 32)


@contextmanager
def _running(
    command: list[str], folder: Path, environ: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command while the block lasts; it must not end by itself."""
    log = folder.parent / "start.log"
    with log.open("wb") as output:
        child = subprocess.Popen(command, cwd=folder, env=environ, stdout=output, stderr=output)
    try:
        yield child
    finally:
        died = child.poll() is not None
        child.terminate()
        child.wait(60)
    assert not died, log.read_text(errors="replace")


def _canvas(screenshot: Image.Image) -> Image.Image | None:
    """Cut out the colourful rectangle: the theme around the canvas is grey."""
    pixels = np.asarray(screenshot.convert("RGB")).astype(np.int16)
    colourful = (pixels.max(axis=2) - pixels.min(axis=2)) > 24
    columns = np.flatnonzero(colourful.mean(axis=0) > 0.4)
    rows = np.flatnonzero(colourful.mean(axis=1) > 0.4)
    if not len(columns) or not len(rows):
        return None
    return screenshot.crop((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))


def _small(picture: Image.Image) -> NDArray[np.int16]:
    return np.asarray(picture.convert("RGB").resize(SMALL, Image.Resampling.BOX)).astype(np.int16)


def _difference(display: str, photo: Image.Image) -> float:
    """Return the median difference, in levels of 255, between the photo and what is on screen."""
    canvas = _canvas(ImageGrab.grab(xdisplay=display))
    if canvas is None or canvas.width < 200 or canvas.height < 150:
        return 255.0
    # The median, since the prompt bar and the brush lie over a part of the picture.
    return float(np.median(np.abs(_small(canvas) - _small(photo))))


def test_the_start_command_shows_the_sample_on_the_canvas(
    clean_copy: Path, bare_environ: dict[str, str], x_display: str
) -> None:
    with Image.open(sample.picture(clean_copy)) as stored:
        photo = stored.copy()
    deadline = time.monotonic() + PATIENCE
    difference = 255.0
    with _running(COMMAND, clean_copy, {**bare_environ, "DISPLAY": x_display}) as studio:
        while difference > 6.0 and studio.poll() is None and time.monotonic() < deadline:
            difference = _difference(x_display, photo)
    assert difference <= 6.0


def test_without_a_display_the_same_edit_is_written_to_out(
    clean_copy: Path, bare_environ: dict[str, str]
) -> None:
    done = subprocess.run(
        COMMAND, cwd=clean_copy, env=bare_environ, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    result = clean_copy / "out" / f"{sample.picture(clean_copy).stem}-edited.png"
    assert str(result) in done.stdout
    with Image.open(sample.picture(clean_copy)) as before, Image.open(result) as after:
        assert after.size == before.size
        changed = np.asarray(before.convert("RGB")) != np.asarray(after.convert("RGB"))
    assert changed[changed.shape[0] // 2, changed.shape[1] // 2].any()
    assert not changed[0].any()
