"""The program as a process of its own, as `python -m studio` starts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from studio import __main__ as program
from studio import paths

PATIENCE = 60.0
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="signals as Unix knows them")

PAINTED = """
import sys
from PySide6.QtWidgets import QApplication
from studio.app import Studio
app = QApplication([])
studio = Studio(app)
studio.window.painted.disconnect()
studio.window.painted.connect(lambda: app.exit(0))
studio.window.show()
app.exec()
heavy = {"numpy", "PIL", "torch", "asyncio"} & set(sys.modules)
studio.close()
sys.exit(f"loaded before the first frame: {heavy}" if heavy else 0)
"""


@pytest.fixture
def started(own_folders: Path) -> Iterator[psutil.Popen]:
    """The program, killed at the end if it still runs."""
    child = psutil.Popen([sys.executable, "-m", "studio"], stderr=subprocess.PIPE)
    yield child
    if child.is_running() and child.poll() is None:
        for each in child.children(recursive=True):
            each.kill()
        child.kill()
    child.wait()
    child.stderr.close()


def engine_of(child: psutil.Popen) -> psutil.Process:
    """Its engine; it starts when the window is painted."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for each in child.children():
            if "studio.worker" in each.cmdline():
                return each
    raise AssertionError("no engine was started")


def test_the_first_frame_needs_no_numpy() -> None:
    done = subprocess.run([sys.executable, "-c", PAINTED], stderr=subprocess.PIPE, check=False)
    assert done.returncode == 0, done.stderr.decode()


@UNIX
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_window_and_engine_and_keeps_the_settings(
    started: psutil.Popen, number: signal.Signals
) -> None:
    engine = engine_of(started)
    time_to_listen(started)
    os.kill(started.pid, number)
    assert started.wait(PATIENCE) == 0
    assert not engine.is_running()
    assert (paths.config() / "settings.json").exists()


def time_to_listen(child: psutil.Popen) -> None:
    """Wait until the handlers are there: the log is opened right before them."""
    deadline = time.monotonic() + PATIENCE
    while not (paths.log() / "window.log").exists() and time.monotonic() < deadline:
        assert child.poll() is None


@pytest.mark.parametrize(
    ("platform", "display", "chosen"),
    [("linux", None, "offscreen"), ("linux", ":0", None), ("darwin", None, None)],
)
def test_without_a_display_qt_is_told_so(
    monkeypatch: pytest.MonkeyPatch, platform: str, display: str | None, chosen: str | None
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    if display:
        monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr("studio.app.run", len)
    assert program.main(["picture.png"]) == 1
    assert os.environ.get("QT_QPA_PLATFORM") == chosen


@pytest.mark.parametrize("words", [["models", "list"], ["--version"], ["imagine", "a house"]])
def test_a_command_goes_to_the_command_line(
    monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr("studio.cli.main", len)
    assert program.main(words) == len(words)
