"""Outlook: keeps saying what the next run would do."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from studio.core.checkpoint import Checkpoint
from studio.core.errors import StudioError
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.inpaint.region import plan
from studio.ui.gear_panel import GearPanel
from studio.ui.status_line import StatusLine
from studio.ui.words import intention

#: A stroke changes the mask a hundred times a second; the sentence need not.
_DELAY_MS = 80
_NOTHING = Rect(0, 0, 0, 0)


class Outlook(QObject):
    """Plans as a run would, after each change of picture, frame, mask or model."""

    def __init__(self, document: Document, gear: GearPanel, status: StatusLine) -> None:
        super().__init__()
        self._document, self._gear, self._status = document, gear, status
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self.show)
        document.mask_changed.connect(lambda _: self._timer.start())
        for signal in (document.frame_changed, document.bounds_changed):
            signal.connect(self._timer.start)

    def stop(self) -> None:
        """Say nothing more."""
        self._timer.stop()

    def show(self) -> None:
        """Say it now."""
        model = self._gear.checkpoint
        self._status.show_mode("" if model is None else self._sentence(model))

    def _sentence(self, model: Checkpoint) -> str:
        document = self._document
        frame = document.frame
        if frame.empty:
            frame = Rect(0, 0, model.native, model.native)
        if document.masks_hidden():
            return self.tr("Every mask is hidden: show one by its eye, or clear it")
        masked = document.mask_bounds() if document.has_picture else _NOTHING
        try:
            next_run = plan(document.bounds, frame, masked, model.native, model.row.grid)
        except StudioError as error:
            return error.message
        self._gear.set_over_picture(not next_run.box.intersected(document.bounds).empty)
        return intention(document.bounds, next_run)
