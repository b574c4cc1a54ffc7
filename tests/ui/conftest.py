import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.jobs.link import EngineLink

#: An engine that never gets ready: what a window does without one.
SILENT = [sys.executable, "-c", "import sys; sys.stdin.buffer.read()"]
#: One that does as the prompt says; see tests/jobs.
SCRIPTED = [sys.executable, str(Path(__file__).parents[1] / "jobs" / "scripted.py")]

StudioOf = Callable[..., Studio]


def opened(app: QApplication, qtbot: QtBot, command: list[str] | None, log: Path) -> Studio:
    """A studio whose window is painted and furnished."""
    studio = Studio(app, lambda: EngineLink(command, log))
    with qtbot.waitSignal(studio.furnished):
        studio.window.show()
    studio.window.activateWindow()
    return studio


def finish(studio: Studio) -> None:
    """Close the window and let go of its widgets, which every new style sheet would polish."""
    studio.close()
    studio.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def studio_of(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[StudioOf]:
    """Studios, closed at the end."""
    made: list[Studio] = []

    def make(command: list[str] | None = SILENT) -> Studio:
        made.append(opened(qapp, qtbot, command, tmp_path / "engine.log"))
        return made[-1]

    yield make
    for studio in made:
        finish(studio)


@pytest.fixture
def studio(studio_of: StudioOf) -> Studio:
    """A studio without an engine."""
    return studio_of()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture of 96 x 64 px."""
    return photo_at(tmp_path / "photo.png")


def photo_at(path: Path, width: int = 96, height: int = 64) -> Path:
    """Write a picture whose colours run from edge to edge."""
    image = QImage(width, height, QImage.Format.Format_RGB888)
    for y in range(height):
        for x in range(width):
            image.setPixel(x, y, (x * 255 // width) << 16 | (y * 255 // height) << 8 | 90)
    assert image.save(str(path))
    return path


@pytest.fixture
def with_photo(studio: Studio, photo: Path, qtbot: QtBot) -> Studio:
    """A studio that has the picture open."""
    show(studio, photo, qtbot)
    return studio


def show(studio: Studio, path: Path, qtbot: QtBot) -> None:
    """Open a picture and wait until it is there."""
    with qtbot.waitSignal(studio.joins.flows.intake.opened):
        studio.joins.flows.intake.open(path)


def stroke(studio: Studio, *spots: tuple[int, int]) -> None:
    """Drag the mouse over the canvas, document px."""
    canvas = studio.joins.bench.canvas

    def at(x: int, y: int) -> QPoint:
        left, top = canvas.viewport.to_device(x + 0.5, y + 0.5)
        ratio = canvas.devicePixelRatioF()
        return QPoint(round(left / ratio), round(top / ratio))

    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at(*spots[0]))
    for spot in spots[1:]:
        QTest.mouseMove(canvas, at(*spot))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(*spots[-1]))
