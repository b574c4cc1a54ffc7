"""MaskWork: what the menu of the mask does, with the numbers that it asks for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QUndoCommand
from PySide6.QtWidgets import QColorDialog, QFileDialog, QWidget

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.pixels import Pixels, size_of
from studio.document import edits, mask_grids, selection
from studio.document.document import Document
from studio.document.edits.mask_shapes import mask_limits
from studio.document.enclosed import filled
from studio.document.files.image import export_image, open_image
from studio.document.limits import check_size
from studio.document.masks import Mask
from studio.document.tiles import TileGrid, pieces
from studio.ui.actions import Actions
from studio.ui.changes import Changes
from studio.ui.desk import Desk
from studio.ui.dialogs.amounts import Amount, Amounts
from studio.ui.mask_errands import AT_ONCE, MaskErrands
from studio.ui.message_strip import MessageStrip
from studio.ui.sliders import Scale

#: px that the first grow, shrink, feather or border begins with; later ones with the last.
FIRST = 8
#: Of the first selection by colour.
TOLERANCE = 32
_RADIUS = Scale(1, 256, 1, "px")

Reshape = Callable[[TileGrid, Rect, int], TileGrid]


class MaskWork(QObject):
    """Joins the actions of masks to their commands."""

    def __init__(
        self,
        document: Document,
        commands: Actions,
        changes: Changes,
        desk: Desk,
        messages: MessageStrip,
        window: QWidget,
        folder: Callable[[], str],
    ) -> None:
        """`folder` tells where dialogs for files begin."""
        super().__init__()
        self._document, self._changes, self._desk = document, changes, desk
        self._messages, self._window, self._folder = messages, window, folder
        self._radius, self._tolerance = float(FIRST), float(TOLERANCE)
        self.errands = MaskErrands(document, changes, desk, messages)
        reshapes: tuple[tuple[str, str, Reshape], ...] = (
            ("grow_mask", self.tr("Grow mask"), mask_grids.grown),
            ("shrink_mask", self.tr("Shrink mask"), mask_grids.shrunk),
            ("feather_mask", self.tr("Feather mask"), mask_grids.feathered),
            ("border_mask", self.tr("Border of mask"), mask_grids.bordered),
        )
        for key, title, reshape in reshapes:
            commands[key].triggered.connect(partial(self._ask_radius, title, reshape))
        plain: dict[str, Callable[[], QUndoCommand | None]] = {
            "invert_mask": lambda: edits.MaskInvert(document),
            "clear_mask": lambda: edits.MaskClear(document),
            "add_mask": lambda: edits.AddMask(document),
            "duplicate_mask": self._duplicate,
            "remove_mask": self._remove,
        }
        for key, made in plain.items():
            commands[key].triggered.connect(partial(self._push, made))
        commands["fill_holes"].triggered.connect(self._fill_holes)
        commands["mask_from_layer"].triggered.connect(self._from_layer)
        commands["mask_from_colour"].triggered.connect(self._ask_colour)
        commands["import_mask"].triggered.connect(self._ask_import)
        commands["export_mask"].triggered.connect(self._ask_export)

    def import_from(self, path: Path) -> None:
        """Take a picture as the active mask."""
        bounds = self._document.bounds
        if bounds.empty:
            none = self.tr("There is no picture to be masked yet.")
            self._changes.refused.emit(UsageError(none, self.tr("Open one first.")))
            return

        def read(_: TileGrid) -> TileGrid:
            pixels = open_image(path).pixels
            check_size(size_of(pixels))
            return mask_grids.of_image(pixels, bounds)

        # However small the picture, a file is slow.
        self.errands.run(self.tr("Import mask"), read, tiles=AT_ONCE + 1)

    def export_to(self, path: Path) -> None:
        """Write the active mask as a grey picture, white where it repaints."""
        pixels = edits.mask_image(self._document)
        done = self.tr("The mask was exported to {name}.").format(name=path.name)
        self._desk.run(
            partial(export_image, path, _opaque(pixels), None),
            lambda notes: self._messages.say(" ".join((done, *notes))),
            self._changes.refused.emit,
        )

    def _push(self, make: Callable[[], QUndoCommand | None], _checked: bool = False) -> None:
        self._changes.push(make)

    def _ask_radius(self, title: str, reshape: Reshape, _checked: bool = False) -> None:
        amount = Amount(self.tr("Radius"), _RADIUS, self._radius)
        dialog = Amounts(self._window, title, (amount,))
        dialog.chosen.connect(lambda values: self._reshape(title, reshape, values[0]))
        dialog.open()

    def _reshape(self, title: str, reshape: Reshape, radius: float) -> None:
        self._radius = radius
        limits, px = mask_limits(self._document), round(radius)
        self.errands.run(title, lambda grid: reshape(grid, limits, px))

    def _fill_holes(self) -> None:
        limits = mask_limits(self._document)
        self.errands.run(self.tr("Fill holes of mask"), lambda grid: filled(grid, limits))

    def _from_layer(self) -> None:
        layer = self._document.active
        if layer is not None:
            pixels = layer.pixels.snapshot()
            self.errands.run(
                self.tr("Mask from layer"),
                lambda _: mask_grids.of_alpha(pixels),
                tiles=len(pixels.keys()),
            )

    def _duplicate(self) -> QUndoCommand:
        mask, masks = self._document.masks.active, self._document.masks.all
        copy = Mask(
            self.tr("{name} copy").format(name=mask.name),
            mask.pixels.snapshot(),
            mask.strength,
            mask.colour,
        )
        return edits.AddMask(self._document, copy, masks.index(mask) + 1, self.tr("Duplicate mask"))

    def _remove(self) -> QUndoCommand:
        if len(self._document.masks.all) == 1:
            return edits.MaskClear(self._document)
        return edits.RemoveMask(self._document, self._document.masks.active)

    def _ask_colour(self) -> None:
        dialog = QColorDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Colour to select"))
        dialog.colorSelected.connect(self._ask_tolerance)
        dialog.open()

    def _ask_tolerance(self, colour: QColor) -> None:
        amount = Amount(self.tr("Tolerance"), Scale(0, 255), self._tolerance)
        hint = self.tr("How far red, green and blue may each be from the colour.")
        dialog = Amounts(self._window, self.tr("Select by colour"), (amount,), hint)
        dialog.chosen.connect(lambda values: self._by_colour(colour, values[0]))
        dialog.open()

    def _by_colour(self, colour: QColor, tolerance: float) -> None:
        self._tolerance = tolerance
        wanted = (colour.red(), colour.green(), colour.blue(), 255)
        sample, bounds = self.errands.sample(), self._document.bounds
        self.errands.run(
            self.tr("Mask by colour"),
            lambda _: selection.by_colour(sample, bounds, wanted, round(tolerance)),
            tiles=sum(1 for _ in pieces(bounds)),
        )

    def _ask_import(self) -> None:
        dialog = self._files(self.tr("Import a mask"), self._folder())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.import_from(Path(name)))
        dialog.open()

    def _ask_export(self) -> None:
        start = Path(self._folder()) / f"{self._document.masks.active.name}.png"
        dialog = self._files(self.tr("Export the mask"), str(start))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.fileSelected.connect(lambda name: self.export_to(Path(name)))
        dialog.open()

    def _files(self, title: str, start: str) -> QFileDialog:
        kinds = self.tr("Pictures (*.png *.jpg *.jpeg *.webp)")
        dialog = QFileDialog(self._window, title, start, kinds)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog


def _opaque(densities: Pixels) -> Pixels:
    """Grey of full alpha: uint8 `[h, w]` to `[h, w, 4]`."""
    grey = densities[..., None].repeat(4, axis=2)
    grey[..., 3] = 255
    return grey
