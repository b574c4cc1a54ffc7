"""Changes of the whole picture: crop, canvas size, image size, turns and flips."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.document.document import Document
from studio.document.edits.place import SetBounds
from studio.document.limits import check_size
from studio.document.resample import TURNS, scaled, turned, turned_rect


class Crop(SetBounds):
    """The picture becomes what lies in a rectangle; pixels outside come back when it grows.

    Raises:
        UsageError: The rectangle has no size or is longer than the limit.
    """

    def __init__(self, document: Document, rect: Rect) -> None:
        check_size(rect.size)
        super().__init__(document, rect, _tr("Crop"))


class ResizeCanvas(SetBounds):
    """More or less room around the picture; nothing is scaled.

    Args:
        size: Wanted, px.
        anchor: What stays in place: 0, 0 the top left corner, 0.5, 0.5 the middle, 1, 1 the
            bottom right corner.

    Raises:
        UsageError: The size is empty or longer than the limit.
    """

    def __init__(
        self, document: Document, size: Size, anchor: tuple[float, float] = (0.5, 0.5)
    ) -> None:
        check_size(size)
        old = document.bounds
        x = old.x + round((old.width - size.width) * anchor[0])
        y = old.y + round((old.height - size.height) * anchor[1])
        super().__init__(document, Rect(x, y, size.width, size.height), _tr("Change canvas size"))


class ResizeImage(QUndoCommand):
    """The picture is scaled with all its layers and masks and the frame.

    Its top left corner stays; what layers hold outside the picture is left out.

    Args:
        size: Wanted, px.
        how: A key of `resample.FILTERS`.

    Raises:
        UsageError: There is no picture, or the size is empty or longer than the limit.
    """

    def __init__(self, document: Document, size: Size, how: str = "lanczos") -> None:
        super().__init__(_tr("Change image size"))
        check_size(size)
        old = document.bounds
        if old.empty:
            raise UsageError(_tr("There is no picture to scale."), _tr("Open one first."))
        new = Rect(old.x, old.y, size.width, size.height)
        self._document = document
        self._same = old == new
        pairs = [] if self._same else list(document.layers)
        masks = [] if self._same else list(document.masks.all)
        self._before = (
            [(each, each.pixels.snapshot()) for each in pairs],
            [(each, each.pixels.snapshot()) for each in masks],
            old,
            document.frame,
        )
        self._after = (
            [(each, scaled(each.pixels, old, new, how)) for each in pairs],
            [(each, scaled(each.pixels, old, new, how)) for each in masks],
            new,
            _scaled_frame(document.frame, old, new),
        )

    @property
    def nbytes(self) -> int:
        """Bytes of all pixels before."""
        layers, masks = self._before[:2]
        return sum(grid.nbytes for _, grid in layers) + sum(grid.nbytes for _, grid in masks)

    def redo(self) -> None:
        """Take the new size."""
        self.setObsolete(self._same)
        self._document.reshape(*self._after)

    def undo(self) -> None:
        """Take the old size."""
        self._document.reshape(*self._before)


class TurnPicture(QUndoCommand):
    """The picture is turned or flipped with all its layers and masks and the frame.

    It keeps no pixels: turning back is exact.

    Args:
        turn: 'right' or 'left' (by 90 degrees), 'half', 'across' or 'down' (flips).

    Raises:
        ValueError: There is no such turn.
    """

    def __init__(self, document: Document, turn: str) -> None:
        if turn not in TURNS:
            raise ValueError(f"a picture cannot be turned '{turn}'")
        flips = turn in ("across", "down")
        super().__init__(_tr("Flip picture") if flips else _tr("Turn picture"))
        self._document, self._turn = document, turn

    def redo(self) -> None:
        """Turn it."""
        self.setObsolete(not self._document.has_picture)
        self._apply(self._turn)

    def undo(self) -> None:
        """Turn it back."""
        self._apply(TURNS[self._turn])

    def _apply(self, turn: str) -> None:
        document, about = self._document, self._document.bounds
        if not about.empty:
            document.reshape(
                [(each, turned(each.pixels, turn, about)) for each in document.layers],
                [(each, turned(each.pixels, turn, about)) for each in document.masks.all],
                turned_rect(about, turn, about),
                turned_rect(document.frame, turn, about),
            )


def _scaled_frame(frame: Rect, old: Rect, new: Rect) -> Rect:
    if frame.empty:
        return frame
    across, down = new.width / old.width, new.height / old.height
    return Rect(
        new.x + round((frame.x - old.x) * across),
        new.y + round((frame.y - old.y) * down),
        max(1, round(frame.width * across)),
        max(1, round(frame.height * down)),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("edits", text)
