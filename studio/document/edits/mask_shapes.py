"""Changes of the active mask's shape: its edge, and selections that join it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.pixels import Pixels, size_of
from studio.document import mask_grids, selection
from studio.document.changes import Change
from studio.document.document import Document
from studio.document.enclosed import filled
from studio.document.layer import Layer
from studio.document.limits import check_size
from studio.document.tiles import TileGrid

Reshape = Callable[[TileGrid, Rect], TileGrid]


class MaskReshape(QUndoCommand):
    """A new shape of the active mask; only the boxes of tiles that differ are kept."""

    def __init__(self, document: Document, after: TileGrid, text: str) -> None:
        super().__init__(text)
        self._document, self._mask = document, document.masks.active
        self.change = Change.between(self._mask.pixels, after)

    @property
    def nbytes(self) -> int:
        """What it keeps."""
        return self.change.nbytes

    def redo(self) -> None:
        """Take the new shape; one that changes nothing leaves no step."""
        self.setObsolete(not self.change.parts)
        pixels = self._mask.pixels.snapshot()
        for part in self.change.parts:
            pixels.write(part.area, part.after)
        self._document.masks.replace(pixels, self._mask)

    def undo(self) -> None:
        """Take the old shape."""
        pixels = self._mask.pixels.snapshot()
        for part in self.change.parts:
            pixels.write(part.area, part.before)
        self._document.masks.replace(pixels, self._mask)


def mask_limits(document: Document) -> Rect:
    """Where changes of a mask's edge happen: the picture and the frame, document px."""
    return document.bounds.united(document.frame)


class MaskGrow(MaskReshape):
    """The mask grows by a disc of that radius in px."""

    def __init__(self, document: Document, radius: int) -> None:
        super().__init__(
            document, _done(document, _with(mask_grids.grown, radius)), _tr("Grow mask")
        )


class MaskShrink(MaskReshape):
    """The mask shrinks by a disc of that radius in px; the picture's edge holds it."""

    def __init__(self, document: Document, radius: int) -> None:
        after = _done(document, _with(mask_grids.shrunk, radius))
        super().__init__(document, after, _tr("Shrink mask"))


class MaskFeather(MaskReshape):
    """The mask's edge softens by a Gaussian of that standard deviation in px."""

    def __init__(self, document: Document, radius: float) -> None:
        after = _done(document, lambda grid, limits: mask_grids.feathered(grid, limits, radius))
        super().__init__(document, after, _tr("Feather mask"))


class MaskBorder(MaskReshape):
    """Only a band of that width in px along the mask's edge remains."""

    def __init__(self, document: Document, width: int) -> None:
        after = _done(document, _with(mask_grids.bordered, width))
        super().__init__(document, after, _tr("Border of mask"))


class MaskFillHoles(MaskReshape):
    """What the mask encloses is masked too."""

    def __init__(self, document: Document) -> None:
        super().__init__(document, _done(document, filled), _tr("Fill holes of mask"))


class MaskSelect(MaskReshape):
    """A selection joins the mask.

    Args:
        chosen: One channel, document px.
        how: A member of `mask_ops.COMBINATIONS`.
    """

    def __init__(
        self, document: Document, chosen: TileGrid, how: str = "replace", text: str = ""
    ) -> None:
        after = mask_grids.combined(document.masks.active.pixels, chosen, how)
        super().__init__(document, after, text or _tr("Select"))


class MaskFromAlpha(MaskSelect):
    """What a layer covers."""

    def __init__(self, document: Document, layer: Layer, how: str = "replace") -> None:
        chosen = mask_grids.of_alpha(layer.pixels)
        super().__init__(document, chosen, how, _tr("Mask from layer"))


class MaskColourRange(MaskSelect):
    """Every pixel of the picture like that colour.

    Args:
        colour: sRGB and alpha.
        tolerance: 0 to 255, of each channel.
        layer: What is looked at; what the whole picture shows without one.
    """

    def __init__(
        self,
        document: Document,
        colour: selection.Colour,
        tolerance: int,
        how: str = "replace",
        layer: Layer | None = None,
    ) -> None:
        chosen = selection.by_colour(_sample(document, layer), document.bounds, colour, tolerance)
        super().__init__(document, chosen, how, _tr("Mask by colour"))


class MagicWand(MaskSelect):
    """What is like the picture at a point.

    Args:
        at: The pixel, document px; outside the picture nothing is chosen.
        tolerance: 0 to 255, of each channel.
        contiguous: Only what hangs together with the point.
        layer: What is looked at; what the whole picture shows without one.
    """

    def __init__(
        self,
        document: Document,
        at: tuple[int, int],
        tolerance: int,
        how: str = "replace",
        contiguous: bool = True,
        layer: Layer | None = None,
    ) -> None:
        sample, bounds = _sample(document, layer), document.bounds
        seed = Rect(at[0], at[1], 1, 1)
        if contiguous or seed.intersected(bounds).empty:
            chosen = selection.from_point(sample, bounds, at, tolerance)
        else:
            red, green, blue, alpha = (int(value) for value in sample(seed)[0, 0])
            chosen = selection.by_colour(sample, bounds, (red, green, blue, alpha), tolerance)
        super().__init__(document, chosen, how, _tr("Magic wand"))


class MaskImport(MaskSelect):
    """A picture as mask over the whole canvas: white repaints, black and transparent keep.

    Args:
        pixels: uint8 `[h, w]`, `[h, w, 3]` or `[h, w, 4]`, scaled to the picture's size.

    Raises:
        UsageError: There is no picture yet, or the one that comes is empty.
    """

    def __init__(self, document: Document, pixels: Pixels, how: str = "replace") -> None:
        check_size(size_of(pixels))
        if not document.has_picture:
            raise UsageError(_tr("There is no picture to be masked yet."), _tr("Open one first."))
        chosen = mask_grids.of_image(pixels, document.bounds)
        super().__init__(document, chosen, how, _tr("Import mask"))


def mask_image(document: Document) -> Pixels:
    """The active mask over the picture, to be exported: uint8 `[h, w]`, 255 repaint."""
    return document.masks.active.read(document.bounds)


def _done(document: Document, reshape: Reshape) -> TileGrid:
    return reshape(document.masks.active.pixels, mask_limits(document))


def _with(reshape: Callable[[TileGrid, Rect, int], TileGrid], amount: int) -> Reshape:
    return lambda grid, limits: reshape(grid, limits, amount)


def _sample(document: Document, layer: Layer | None) -> selection.Sample:
    return document.composite if layer is None else layer.pixels.read


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)
