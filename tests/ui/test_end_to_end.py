"""The real window, the real worker and the starter model, from a picture to a saved file."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio import paths
from studio.app import Studio
from studio.core.geometry import Rect
from studio.core.messages import Candidate, Stepped
from studio.core.pixels import Pixels
from studio.document.edits import MoveFrame
from studio.jobs.link import EngineLink
from tests.ui.conftest import finish, photo_at, show, stroke

# A machine that is busy with other things may take a minute to import torch.
PATIENCE = 120_000
ENTER, CONTROL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One window and one engine for this file; importing torch is most of its time."""
    home = tmp_path_factory.mktemp("home")
    patch = pytest.MonkeyPatch()
    patch.setenv("OMP_NUM_THREADS", "1")
    patch.setenv("SFUMATO_HOME", str(home))
    studio = Studio(qapp, lambda: EngineLink(log=home / "engine.log"))
    furnished = QSignalSpy(studio.furnished)
    studio.window.show()
    assert furnished.count() or furnished.wait(PATIENCE)
    yield studio
    finish(studio)
    patch.undo()


@pytest.fixture
def studio(shared: Studio, tmp_path: Path, qtbot: QtBot) -> Iterator[Studio]:
    """The window with a small picture, an empty prompt and two steps."""
    joins = shared.joins
    show(shared, photo_at(tmp_path / "small.png", 160, 128), qtbot)
    shared.window.activateWindow()
    shared.window.bar.prompt.clear()
    joins.bench.gear.steps.set_value(2)
    joins.bench.gear.count.set_value(1)
    yield shared
    joins.queue.cancel_all()
    joins.bench.takes.clear()
    joins.document.close()


def generate(studio: Studio, prompt: str) -> None:
    """Type and press Ctrl+Enter."""
    studio.window.bar.prompt.setFocus()
    QTest.keyClicks(studio.window.bar.prompt, prompt)
    QTest.keyClick(studio.window.bar.prompt, ENTER, CONTROL)


def focused() -> QWidget:
    """Where keys go."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def whole(studio: Studio) -> Pixels:
    """The picture as it is."""
    document = studio.joins.document
    return document.composite(document.bounds)


def test_from_a_sample_to_a_saved_picture(
    shared: Studio, studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    joins = studio.joins
    loaded_before = "torch" in sys.modules  # by the engine's tests, when they ran in this process
    steps: list[Stepped] = []
    joins.queue.stepped.connect(steps.append)
    show(studio, sorted((paths.resources() / "samples").glob("*.png"))[0], qtbot)
    before = whole(studio)
    stroke(studio, (300, 300), (330, 310), (350, 320))
    with qtbot.waitSignal(joins.queue.candidate, timeout=PATIENCE):
        generate(studio, "a red boat")
    joins.bench.takes.focus()
    with qtbot.waitSignal(joins.flows.generation.take_kept):
        QTest.keyClick(focused(), ENTER)
    target = tmp_path / "out.png"
    with qtbot.waitSignal(joins.flows.saving.exported):
        joins.flows.saving.export(target)
    assert [one.step for one in steps] == [1, 2]
    with Image.open(target) as file:
        assert file.info["parameters"].startswith("a red boat\n")
        after = np.asarray(file.convert("RGBA"))
    masked = joins.document.masks.active.read(joins.document.bounds) > 0
    assert np.array_equal(after[~masked], before[~masked])
    assert not np.array_equal(after[masked], before[masked])
    assert loaded_before or "torch" not in sys.modules


def test_undo_takes_a_kept_take_back(studio: Studio, qtbot: QtBot) -> None:
    joins, before = studio.joins, whole(studio)
    stroke(studio, (60, 60), (90, 70))
    with qtbot.waitSignal(joins.queue.candidate, timeout=PATIENCE):
        generate(studio, "a tree")
    joins.bench.takes.keep()
    kept = whole(studio)
    studio.window.commands["undo"].trigger()
    assert np.array_equal(whole(studio), before)
    studio.window.commands["redo"].trigger()
    assert np.array_equal(whole(studio), kept)


def test_escape_stops_the_run_and_leaves_the_canvas_as_it_was(studio: Studio, qtbot: QtBot) -> None:
    joins, before = studio.joins, whole(studio)
    joins.bench.gear.steps.set_value(150)
    with qtbot.waitSignal(joins.queue.stepped, timeout=PATIENCE):
        generate(studio, "a tree")
    with qtbot.waitSignal(joins.queue.cancelled):
        QTest.keyClick(studio.window.bar.prompt, Qt.Key.Key_Escape)
    assert joins.bench.canvas.scene.shown.preview is None
    qtbot.waitUntil(joins.bench.takes.isHidden)
    assert np.array_equal(whole(studio), before)
    qtbot.waitUntil(lambda: joins.queue.station.state == "ready", timeout=PATIENCE)


def test_a_second_run_queues_while_one_runs(studio: Studio, qtbot: QtBot) -> None:
    joins = studio.joins
    done: list[int] = []
    joins.queue.finished.connect(done.append)
    generate(studio, "a tree")
    QTest.keyClick(studio.window.bar.prompt, ENTER, CONTROL)
    assert [job.state for job in joins.queue.line.jobs() if not job.ended][1:] == ["planned"]
    qtbot.waitUntil(lambda: len(done) == 2, timeout=PATIENCE)
    assert len(joins.bench.takes.takes()) == 2


def test_a_killed_engine_is_said_and_the_run_goes_on(studio: Studio, qtbot: QtBot) -> None:
    joins, before = studio.joins, whole(studio)
    joins.bench.gear.steps.set_value(20)
    with qtbot.waitSignal(joins.queue.stepped, timeout=PATIENCE):
        generate(studio, "a tree")
    for child in psutil.Process().children(recursive=True):
        if "studio.worker" in child.cmdline():
            os.kill(child.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    with qtbot.waitSignal(joins.queue.retrying, timeout=PATIENCE):
        pass
    assert "picture is untouched" in studio.window.messages.text
    assert np.array_equal(whole(studio), before)
    with qtbot.waitSignal(joins.queue.candidate, timeout=PATIENCE):
        pass


def test_without_a_picture_the_take_becomes_the_picture(studio: Studio, qtbot: QtBot) -> None:
    joins = studio.joins
    joins.document.close()
    joins.document.set_frame(Rect(0, 0, 128, 128))
    with qtbot.waitSignal(joins.queue.candidate, timeout=PATIENCE):
        generate(studio, "a green tree")
    joins.bench.takes.keep()
    assert joins.document.bounds == Rect(0, 0, 128, 128)
    assert whole(studio)[..., 3].min() == 255


def test_a_frame_beyond_the_picture_paints_what_lies_there(studio: Studio, qtbot: QtBot) -> None:
    joins, before, bounds = studio.joins, whole(studio), studio.joins.document.bounds
    joins.document.history.push(MoveFrame(joins.document, Rect(-64, 0, 192, 128)))
    takes: list[Candidate] = []
    joins.queue.candidate.connect(takes.append)
    generate(studio, "just grass")
    qtbot.waitUntil(lambda: bool(takes), timeout=PATIENCE)
    joins.bench.takes.keep()
    assert joins.document.bounds.x == -64
    assert np.array_equal(joins.document.composite(bounds), before)


def test_a_task_by_its_key_changes_only_what_is_masked(studio: Studio, qtbot: QtBot) -> None:
    joins, before = studio.joins, whole(studio)
    stroke(studio, (60, 60), (90, 70))
    masked = joins.document.masks.effective(joins.document.bounds) > 0
    with qtbot.waitSignal(joins.queue.candidate, timeout=PATIENCE):
        QTest.keyClick(joins.bench.canvas, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    joins.bench.canvas.setFocus()
    QTest.keyClick(joins.bench.canvas, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: "outside the mask bit-identical" in joins.bench.compare_bar.told)
    joins.bench.takes.keep()
    after = whole(studio)
    assert np.array_equal(after[~masked], before[~masked])
    assert not np.array_equal(after[masked], before[masked])
