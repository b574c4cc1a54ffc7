"""What a tool is, what it is told of the pen, and the brush's settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtGui import QUndoCommand

from studio.document.document import Document

Spot = tuple[float, float]

MIN_SIZE, MAX_SIZE = 1.0, 2000.0


@dataclass(frozen=True, slots=True)
class Pointer:
    """Mouse or pen at one moment.

    Attributes:
        x: Document px; a pixel spans x to x + 1.
        y: Document px.
        grain: Document px per view px: how long a px of the hand's way is in the picture.
        pressure: 0 to 1; 1 where the device knows none.
        hand: Where it is on the screen, view px.
    """

    x: float
    y: float
    grain: float = 1.0
    pressure: float = 1.0
    shift: bool = False
    control: bool = False
    alt: bool = False
    hand: Spot = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class BrushSettings:
    """What brush and eraser paint with.

    Attributes:
        size: Diameter in document px, 1 to 2000.
        hardness: 0 (soft from the middle on) to 1.
        opacity: 0 to 1, of a whole stroke.
        target: 'mask' or 'layer'.
        colour: sRGB, on layers.
        pressure_size: Share of the size that pressure rules, 0 to 1.
        pressure_flow: Share of the flow that pressure rules, 0 to 1.
        flow: 0 to 1, what one touch lays down; below 1 touches of a stroke add up.
        spacing: From touch to touch, in diameters.
        smoothing: 0 (the hand's own way) to 1 (a long drawn, calm line).
    """

    size: float = 48.0
    hardness: float = 0.8
    opacity: float = 1.0
    target: str = "mask"
    colour: tuple[int, int, int] = (0, 0, 0)
    pressure_size: float = 0.7
    pressure_flow: float = 0.0
    flow: float = 1.0
    spacing: float = 0.1
    smoothing: float = 0.0


class Tool(Protocol):
    """One gesture at a time: press, any number of moves, then release or cancel."""

    name: ClassVar[str]

    def press(self, document: Document, at: Pointer) -> None:
        """The gesture begins."""

    def move(self, document: Document, at: Pointer) -> None:
        """It goes on."""

    def release(self, document: Document, at: Pointer) -> QUndoCommand | None:
        """It is done; the command is pushed to the history by the caller."""

    def cancel(self, document: Document) -> None:
        """It never was: everything is as before the press."""

    def path(self) -> tuple[Spot, ...]:
        """A closed line to show while the gesture goes on, document px."""

    def ring(self, at: Spot) -> Spot | None:
        """Where the brush's ring is while the pointer is at that place, if it is shown at all."""

    def cursor(self, document: Document, at: Pointer) -> Qt.CursorShape:
        """What the mouse looks like there."""


@runtime_checkable
class Stepwise(Tool, Protocol):
    """A tool whose gesture is several presses: it goes on after a release while it is open."""

    @property
    def open(self) -> bool:
        """Whether another press is waited for."""

    def finish(self, document: Document) -> QUndoCommand | None:
        """Enter or a double click: it is done."""

    def step_back(self, document: Document) -> None:
        """Backspace or undo: take the last press back."""
