"""Exhibit: what runs and takes put over the picture; the document never hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from studio.canvas.comparison import Comparison
from studio.canvas.placed import Together
from studio.canvas.scene import Scene
from studio.core.geometry import Rect
from studio.core.piece import Piece


class Board(Protocol):
    """What it needs of the view."""

    scene: Scene

    def damage(self, area: Rect) -> None:
        """Have those document px drawn anew."""

    def update(self) -> None:
        """Have everything drawn anew."""


class Exhibit:
    """Shows pieces at their true place, and boxes around them."""

    def __init__(self, board: Board) -> None:
        """Of that view."""
        self._board = board

    @property
    def comparison(self) -> Comparison | None:
        """How the take is compared at the moment."""
        return self._board.scene.shown.comparison

    def take(self, pieces: Sequence[Piece]) -> None:
        """Show a finished take without the mask's tint; none for no pieces."""
        self._board.scene.shown.take = Together(pieces) if pieces else None
        self._board.update()

    def made(self, pieces: Sequence[Piece]) -> None:
        """Show what the runs before the present one made of its take, under the preview."""
        shown = self._board.scene.shown
        before, shown.made = shown.made, Together(pieces) if pieces else None
        for each in (before, shown.made):
            if each is not None:
                self._board.damage(each.area)

    def boxes(self, boxes: Sequence[Rect], held: bool = False) -> None:
        """Show what the model will look at, run by run.

        Args:
            boxes: Document px.
            held: Whether the frame's tool can drag it, if it is a single one.
        """
        shown = self._board.scene.shown
        drag = boxes[0] if held and len(boxes) == 1 else Rect(0, 0, 0, 0)
        if (tuple(boxes), drag) != (shown.boxes, shown.held):
            shown.boxes, shown.held = tuple(boxes), drag
            self._board.update()

    def compare(self, comparison: Comparison | None) -> None:
        """Compare the take with what lies beneath it; None shows it plainly."""
        shown = self._board.scene.shown
        if comparison is not shown.comparison or comparison is not None:
            shown.comparison = comparison
            self._board.update()
