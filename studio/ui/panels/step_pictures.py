"""StepPictures: what each step of the history changed, as a thumbnail of the place."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from studio.canvas.small import small_image
from studio.canvas.surface import Surface
from studio.core.geometry import Rect

#: Longer side of a thumbnail, px.
EDGE = 48
#: So many are kept: about 2 MB, beside what the history may keep.
MOST = 256
#: Milliseconds after a step before its picture is drawn: the next stroke comes first.
DELAY = 150
#: A small change is shown with what lies around it, document px.
LEAST = 48
_NOTHING = Rect(0, 0, 0, 0)


class StepPictures(QObject):
    """Draws a step while it is the newest that is done, from the canvas's own pyramid.

    A step that was never rested at has no picture until one goes there.

    Signals:
        drawn: int, of which step there is a picture now, counted from 1; 0 for the beginning.
    """

    drawn = Signal(int)

    def __init__(self, surface: Surface) -> None:
        """Watch the document of that canvas."""
        super().__init__(surface)
        self._surface, self._history = surface, surface.document.history
        self._area = _NOTHING
        self._areas: dict[int, Rect] = {}
        self._pictures: dict[int, QImage] = {}
        self._index = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DELAY)
        self._timer.timeout.connect(self._draw)
        document = surface.document
        for signal in (document.changed, document.masks.changed):
            signal.connect(self._note)
        document.history.indexChanged.connect(self._on_index)
        document.renamed.connect(self._start_over)

    def picture(self, step: int) -> QImage | None:
        """That of a step, counted from 1; 0 for the beginning."""
        return self._pictures.get(self._key(step))

    def _key(self, step: int) -> int:
        """Tells steps apart even when older ones are forgotten."""
        return id(self._history.pushed(step - 1)) if step > 0 else 0

    def _note(self, area: Rect) -> None:
        self._area = area.united(self._area)

    def _on_index(self, index: int) -> None:
        area, self._area = self._area, _NOTHING
        forwards, self._index = index > self._index, index
        if forwards and index == self._history.count():
            # A new step may have the number of one that is gone.
            key = self._key(index)
            self._pictures.pop(key, None)
            self._areas[key] = area
        self._timer.start()

    def _start_over(self) -> None:
        if self._history.count() == 0:
            self._areas, self._pictures, self._index = {}, {}, 0
            self._timer.start()

    def _draw(self) -> None:
        step, document = self._history.index(), self._surface.document
        key = self._key(step)
        self._forget()
        if key in self._pictures or not document.has_picture:
            return
        area = self._areas.get(key, _NOTHING) if step else document.bounds
        area = area.intersected(document.bounds)
        if area.empty:
            return
        wide = area.grown(max(0, (LEAST - max(area.width, area.height)) // 2))
        picture = small_image(self._surface, wide.intersected(document.bounds), EDGE)
        if picture is None:
            self._timer.start()
            return
        self._pictures[key] = picture
        self.drawn.emit(step)

    def _forget(self) -> None:
        """Drop what belongs to no step, and the oldest beyond so many."""
        there = [self._key(step) for step in range(self._history.count() + 1)]
        kept = set(there[:1] + there[-MOST:])
        self._areas = {key: value for key, value in self._areas.items() if key in kept}
        self._pictures = {key: value for key, value in self._pictures.items() if key in kept}
