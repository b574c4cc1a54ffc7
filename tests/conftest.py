"""Rules for every test: offscreen Qt, folders of its own, nothing left alive."""

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6

# Before anything imports PySide6: without a display Qt ends the process, and with one the tests
# would flash windows over the desktop. Tests marked `display` give their children their own X.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# Neither a test nor a child it starts looks for anything on the network.
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, models, cache and logs of this test only: the user's own are never touched."""
    home = tmp_path_factory.mktemp("sfumato-home")
    monkeypatch.setenv("SFUMATO_HOME", str(home))
    return home


@pytest.fixture(scope="module", autouse=True)
def no_decoder_left() -> Iterator[None]:
    """End the process that decodes pictures: other tests count the children of this one."""
    yield
    image = sys.modules.get("studio.document.files.image")
    if image is not None:
        image.rest()


def _visible_windows() -> set[str]:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None:
        return set()
    return {
        f"{type(widget).__name__} {widget.windowTitle()!r} at {id(widget):#x}"
        for widget in widgets.QApplication.topLevelWidgets()
        if widget.isVisible()
    }


def _running_qthreads() -> set[str]:
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        return set()
    threads = [each for each in gc.get_objects() if issubclass(type(each), core.QThread)]
    return {
        f"{type(thread).__name__} at {id(thread):#x}"
        for thread in threads
        if shiboken6.isValid(thread) and thread.isRunning()
    }


@pytest.fixture(autouse=True)
def nothing_left_alive(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread running or a window open.

    What a wider fixture started before the test is that fixture's to end. Widgets that only a
    cycle holds go here: else a thread of a later test may collect them, and Qt crashes.
    """
    threads, windows, qthreads = set(threading.enumerate()), _visible_windows(), _running_qthreads()
    yield
    deadline = time.monotonic() + 5.0  # a thread that was told to end may still be ending
    left = []
    for thread in set(threading.enumerate()) - threads:
        if not thread.daemon:
            thread.join(max(0.0, deadline - time.monotonic()))
            left += [thread.name] if thread.is_alive() else []
    left += sorted((_visible_windows() - windows) | (_running_qthreads() - qthreads))
    if "qapp" in request.fixturenames:
        gc.collect()
    if left:
        pytest.fail(f"left alive by this test: {', '.join(left)}")
