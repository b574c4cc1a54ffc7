"""PictureWork: what the menus of picture and frame do, with the numbers that they ask for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QWidget

from studio.canvas.framing import fit_frame_to_mask, frame_aspect, pan_frame, zoom_out
from studio.core.geometry import Size
from studio.document import edits
from studio.document.document import Document
from studio.ui.actions import ASPECTS, SIDES, TURNS, Actions
from studio.ui.changes import Changes
from studio.ui.dialogs.amounts import Amount, Amounts
from studio.ui.dialogs.size import SizeDialog
from studio.ui.sliders import Scale


class PictureWork(QObject):
    """Joins the actions of the picture and of its frame to their commands.

    `grid` gives the multiples that the model works in, px.
    """

    def __init__(
        self,
        document: Document,
        commands: Actions,
        changes: Changes,
        window: QWidget,
        grid: Callable[[], int],
    ) -> None:
        super().__init__()
        self._document, self._changes, self._window = document, changes, window
        self._grid = grid
        makes: dict[str, Callable[[], QUndoCommand | None]] = {
            "crop_to_frame": lambda: edits.Crop(document, document.frame),
            "frame_mask": lambda: fit_frame_to_mask(document, grid()),
            "frame_all": lambda: edits.MoveFrame(document, document.bounds),
            "zoom_out_1_5": lambda: zoom_out(document, 1.5, grid()),
            "zoom_out_2": lambda: zoom_out(document, 2.0, grid()),
        }
        for turn in TURNS:
            makes[f"picture_{turn}"] = partial(edits.TurnPicture, document, turn)
        for wide, high in ASPECTS:
            makes[f"aspect_{wide}_{high}"] = partial(self._aspect, wide, high)
        for side in SIDES:
            makes[f"pan_{side}"] = partial(self._pan, side)
        for key, make in makes.items():
            commands[key].triggered.connect(lambda _=False, make=make: changes.push(make))
        commands["zoom_out_custom"].triggered.connect(self._ask_factor)
        commands["canvas_size"].triggered.connect(self._ask_canvas)
        commands["image_size"].triggered.connect(self._ask_image)

    def _aspect(self, wide: int, high: int) -> QUndoCommand | None:
        return frame_aspect(self._document, wide, high, self._grid())

    def _pan(self, side: str) -> QUndoCommand | None:
        return pan_frame(self._document, side, grid=self._grid())

    def _ask_factor(self) -> None:
        amount = Amount(self.tr("Times as large"), Scale(1.05, 4, 0.05, "×", 2), 1.25)
        dialog = Amounts(self._window, self.tr("Zoom out"), (amount,))
        dialog.chosen.connect(
            lambda values: self._changes.push(
                lambda: zoom_out(self._document, values[0], self._grid())
            )
        )
        dialog.open()

    def _ask_canvas(self) -> None:
        middle, start, end = self.tr("the middle"), self.tr("top left"), self.tr("bottom right")
        anchors: list[tuple[str, object]] = [
            (middle, (0.5, 0.5)),
            (start, (0.0, 0.0)),
            (self.tr("top right"), (1.0, 0.0)),
            (self.tr("bottom left"), (0.0, 1.0)),
            (end, (1.0, 1.0)),
        ]
        choice = (self.tr("What stays in place"), anchors)
        title = self.tr("Canvas size")
        dialog = SizeDialog(self._window, title, self._document.bounds.size, choice, False)
        dialog.chosen.connect(self._resize_canvas)
        dialog.open()

    def _resize_canvas(self, size: Size, anchor: tuple[float, float]) -> None:
        self._changes.push(lambda: edits.ResizeCanvas(self._document, size, anchor))

    def _ask_image(self) -> None:
        filters: list[tuple[str, object]] = [
            (self.tr("Sharp (Lanczos)"), "lanczos"),
            (self.tr("Even (bicubic)"), "bicubic"),
            (self.tr("Soft (bilinear)"), "bilinear"),
            (self.tr("Hard pixels (nearest)"), "nearest"),
        ]
        choice = (self.tr("Filter"), filters)
        title = self.tr("Image size")
        dialog = SizeDialog(self._window, title, self._document.bounds.size, choice, True)
        dialog.chosen.connect(self._resize_image)
        dialog.open()

    def _resize_image(self, size: Size, how: str) -> None:
        self._changes.push(lambda: edits.ResizeImage(self._document, size, how))
