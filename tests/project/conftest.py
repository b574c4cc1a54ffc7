from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.core.errors import StudioError
from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.edits import LayerStroke
from studio.project.loading import Loaded
from studio.project.session import Session
from studio.project.store import placing
from studio.project.unnamed import UnnamedPictures
from studio.ui.desk import Desk

RoomOf = Callable[[], "Room"]


class Room:
    """A document and what keeps it, without a window."""

    def __init__(self, home: Path, qtbot: QtBot) -> None:
        self.document, self.desk, self._qtbot = Document(), Desk(), qtbot
        self.session = Session(
            self.document, self.desk.run, UnnamedPictures(home / "pictures", home / "open.json")
        )
        self.journal, self.pen = self.session.journal, self.session.journal.pen
        self.refused: list[StudioError] = []
        self.arrived: list[Loaded] = []
        self.session.refused.connect(self.refused.append)
        self.pen.failed.connect(self.refused.append)
        self.named: list[Path] = []
        self.session.arrived.connect(self.arrived.append)
        self.session.named.connect(self.named.append)
        self._home, self._left = home, False
        self._next: Room | None = None

    def settle(self) -> None:
        """Wait until all is on the disk."""
        self._qtbot.waitUntil(lambda: self.pen.state in ("safe", "idle"))

    def begin(self) -> None:
        """Bring back what was open."""
        before = len(self.arrived)
        assert self.session.begin()
        self._qtbot.waitUntil(lambda: len(self.arrived) > before)

    def open(self, path: Path) -> None:
        """Open a project and wait for it."""
        before = len(self.arrived)
        self.session.open(path)
        self._qtbot.waitUntil(lambda: len(self.arrived) > before)

    def save_as(self, path: Path) -> None:
        """Give the picture a name and wait until it lies there."""
        before = len(self.named)
        self.session.save_as(path)
        self._qtbot.waitUntil(lambda: len(self.named) > before)

    def blank(self, width: int = 600, height: int = 400) -> None:
        """A plain white picture."""
        self.document.open_blank(Size(width, height), (255, 255, 255, 255), "untitled")

    def paint(self, x: int, y: int, value: int, edge: int = 40) -> None:
        """One stroke: a square of that value."""
        layer = self.document.active
        assert layer is not None
        area = Rect(x, y, edge, edge)
        before = layer.pixels.read(area)
        after = np.full_like(before, value)
        self.document.history.push(LayerStroke(self.document, layer, area, before, after))

    def painted(self) -> None:
        """A picture of one stroke, on the disk."""
        self.blank()
        self.paint(10, 20, 90)
        self.settle()

    def reopened(self, path: Path | None = None) -> Room:
        """End, and what the next start brings back or opens, which is what was here."""
        before = self.look()
        self.leave()
        self._next = Room(self._home, self._qtbot)
        if path is None:
            self._next.begin()
        else:
            self._next.open(path)
        assert np.array_equal(self._next.look(), before)
        return self._next

    def look(self) -> Pixels:
        """The whole picture."""
        return self.document.composite(self.document.bounds)

    def leave(self) -> None:
        """End in order."""
        if not self._left:
            self._left = True
            self.session.end()
            self.desk.close()
        if self._next is not None:
            self._next.leave()


class HeldPlace:
    """Copies that are finished get their names only once `free` is set."""

    def __init__(self) -> None:
        self.reached, self.free = threading.Event(), threading.Event()
        self._place = placing.place

    def __call__(self, copy: Path, target: Path) -> None:
        self.reached.set()
        self.free.wait(30)
        self._place(copy, target)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Callable[[], HeldPlace]:
    """Hold copies from the moment it is called."""

    def hold() -> HeldPlace:
        made = HeldPlace()
        monkeypatch.setattr(placing, "place", made)
        return made

    return hold


@pytest.fixture
def room_of(own_folders: Path, qtbot: QtBot) -> Iterator[RoomOf]:
    """Rooms that share one home, as one start of the program after the other."""
    made: list[Room] = []

    def make() -> Room:
        made.append(Room(own_folders, qtbot))
        return made[-1]

    yield make
    for room in made:
        room.leave()


@pytest.fixture
def room(room_of: RoomOf) -> Room:
    """The first start."""
    return room_of()
