"""Gestures: turns what mouse, pen, wheel and keys do on the view into calls of tools."""

from __future__ import annotations

import math
from typing import Protocol, cast

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QInputDevice,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QUndoCommand,
    QWheelEvent,
)

from studio.canvas.tools.base import Pointer, Spot, Stepwise, Tool
from studio.document.document import Document

#: Doublings of the zoom per notch of the wheel.
NOTCH = 1 / 3

Pen = QMouseEvent | QTabletEvent

_PRESSES = {
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.TabletPress,
}
_MOVES = {QEvent.Type.MouseMove, QEvent.Type.TabletMove}
_RELEASES = {QEvent.Type.MouseButtonRelease, QEvent.Type.TabletRelease}
_PEN = _PRESSES | _MOVES | _RELEASES
_BUTTONS = Qt.MouseButton.LeftButton | Qt.MouseButton.MiddleButton
#: Keys that mean something while they are held down.
_HELD = {Qt.Key.Key_Space, Qt.Key.Key_Backslash, Qt.Key.Key_Bar}


class Stage(Protocol):
    """What gestures need of the view."""

    @property
    def document(self) -> Document:
        """What is painted on."""

    @property
    def tool(self) -> Tool:
        """The chosen one."""

    @property
    def grain(self) -> float:
        """Document px per view px."""

    def to_document(self, position: QPointF) -> Spot:
        """From view px."""

    def may_begin(self, tool: Tool) -> bool:
        """Whether that tool can do anything now; says so if not."""

    def show_path(self, path: tuple[Spot, ...]) -> None:
        """Show the line of a selection being drawn."""

    def show_pointer(self, at: Spot | None, ring: Spot | None, cursor: Qt.CursorShape) -> None:
        """Show where the pointer is (None: elsewhere), and the brush's ring or a cursor."""

    def hold(self, key: Qt.Key, down: bool) -> None:
        """Show or hide what is shown while that key is down."""

    def resize_brush(self, size: int, hardness: int) -> None:
        """Steps up or down."""

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture, view px."""

    def zoom(self) -> float:
        """Device px per document px."""

    def zoom_at(self, zoom: float, position: QPointF) -> None:
        """Zoom about a point of the view."""


class Gestures(QObject):
    """One gesture at a time; everything that would disturb it ends it cleanly."""

    def __init__(self, stage: Stage, tools: dict[str, Tool], parent: QObject) -> None:
        """Listen to the events of `parent`.

        Args:
            stage: The view, as far as gestures know it.
            tools: By name; must hold 'pan', 'turn' and 'eraser'.
            parent: The view, as Qt knows it.
        """
        super().__init__(parent)
        self._stage = stage
        self._tools = tools
        self._held: Tool | None = None
        self._open: Stepwise | None = None  # a tool that waits for its next press
        self._space = False
        self._inside: QPointF | None = None
        parent.installEventFilter(self)
        # An undo or another picture under a gesture ends it.
        stage.document.history.indexChanged.connect(self.cancel)
        stage.document.renamed.connect(self.cancel)

    @property
    def busy(self) -> bool:
        """Whether a button is down for a tool."""
        return self._held is not None

    @property
    def panning(self) -> bool:
        """Whether a button is down and holds the view."""
        return self._held is not None and self._held is self._tools["pan"]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what belongs to tools; everything else goes its way."""
        kind = event.type()
        if kind in _PEN:
            return self._on_pen(cast("Pen", event))
        if isinstance(event, QWheelEvent):
            return self._on_wheel(event)
        if isinstance(event, QKeyEvent):
            return self._on_key(event)
        if isinstance(event, QEnterEvent):
            self._hover(event.position())
        elif kind == QEvent.Type.Leave and not self.busy:
            self._inside = None
            self._stage.show_pointer(None, None, Qt.CursorShape.ArrowCursor)
        elif kind in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self._space = False
            # Several clicks may well be interrupted by a look into another field.
            if self.busy or kind == QEvent.Type.Hide:
                self.cancel()
            for key in _HELD:
                self._stage.hold(key, False)
        return False

    def cancel(self) -> None:
        """Whatever goes on never was."""
        going = {self._held, self._open} - {None}
        self._held = self._open = None
        for tool in going:
            if tool is not None:
                tool.cancel(self._stage.document)
        if going:
            self._stage.show_path(())
            self.refresh_cursor()

    def refresh_cursor(self) -> None:
        """Tool, zoom or brush changed under a resting pointer."""
        if self._inside is not None:
            self._hover(self._inside)

    def _on_pen(self, event: Pen) -> bool:
        kind, at = event.type(), self._pointer(event)
        if kind in _PRESSES:
            if self._held is None and not self._begin(event, at):
                return False
        elif kind in _RELEASES:
            if self._held is not None and not event.buttons() & _BUTTONS:
                self._end(at)
        elif moved := self._held or self._open:
            moved.move(self._stage.document, at)
            self._stage.show_path(moved.path())
        self._hover(event.position())
        event.accept()
        return True

    def _begin(self, event: Pen, at: Pointer) -> bool:
        tool = self._chosen(event)
        if tool is None or not self._stage.may_begin(tool):
            return False
        if tool is self._open and event.type() == QEvent.Type.MouseButtonDblClick:
            self._finish()
            return True
        self._held = tool
        tool.press(self._stage.document, at)
        return True

    def _end(self, at: Pointer) -> None:
        held, self._held = self._held, None
        if held is None:
            return
        command = held.release(self._stage.document, at)
        if isinstance(held, Stepwise):
            self._open = held if held.open else None
        self._done(command)

    def _finish(self) -> None:
        """Close the gesture of several presses."""
        tool, self._open = self._open, None
        if tool is not None:
            self._done(tool.finish(self._stage.document))

    def _step_back(self) -> None:
        """Take the last of several presses back."""
        if self._open is not None:
            self._open.step_back(self._stage.document)
            self._open = self._open if self._open.open else None
            self._done(None)

    def _done(self, command: QUndoCommand | None) -> None:
        self._stage.show_path(() if self._open is None else self._open.path())
        if command is not None:
            self._stage.document.history.push(command)

    def _chosen(self, event: Pen) -> Tool | None:
        if event.button() == Qt.MouseButton.MiddleButton or self._space:
            turns = self._space and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            return self._tools["turn" if turns else "pan"]
        if event.button() != Qt.MouseButton.LeftButton:
            return None
        tool = self._stage.tool
        if isinstance(event, QTabletEvent) and tool.name == "brush" and _erasing(event):
            return self._tools["eraser"]
        return tool

    def _pointer(self, event: Pen) -> Pointer:
        x, y = self._stage.to_document(event.position())
        pressure = 1.0
        if isinstance(event, QTabletEvent):
            knows = QInputDevice.Capability.Pressure in event.device().capabilities()
            pressure = event.pressure() if knows and math.isfinite(event.pressure()) else 1.0
        keys = event.modifiers()
        return Pointer(
            x,
            y,
            self._stage.grain,
            min(max(pressure, 0.0), 1.0),
            shift=bool(keys & Qt.KeyboardModifier.ShiftModifier),
            control=bool(keys & Qt.KeyboardModifier.ControlModifier),
            alt=bool(keys & Qt.KeyboardModifier.AltModifier),
            hand=(event.position().x(), event.position().y()),
        )

    def _hover(self, position: QPointF) -> None:
        """Show a pointer there."""
        self._inside = position
        x, y = self._stage.to_document(position)
        tool = self._held or (self._tools["pan"] if self._space else self._stage.tool)
        if not self._stage.document.has_picture:
            self._stage.show_pointer((x, y), None, Qt.CursorShape.ArrowCursor)
            return
        ring = tool.ring((x, y))
        cursor = tool.cursor(self._stage.document, Pointer(x, y, self._stage.grain))
        self._stage.show_pointer((x, y), ring, cursor)

    def _on_wheel(self, event: QWheelEvent) -> bool:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        way, notches = event.pixelDelta(), event.angleDelta().y() / 120
        fingers = event.device().type() == QInputDevice.DeviceType.TouchPad
        touch = fingers or event.phase() != Qt.ScrollPhase.NoScrollPhase
        if touch and not way.isNull() and not control:
            self._stage.pan(way.x(), way.y())
        elif notches:
            self._stage.zoom_at(self._stage.zoom() * 2 ** (notches * NOTCH), event.position())
        self._hover(event.position())
        event.accept()
        return True

    def _on_key(self, event: QKeyEvent) -> bool:
        """Keys that are held, the brush's, and Escape while a gesture goes on."""
        if event.type() == QEvent.Type.ShortcutOverride:
            # Nothing but Escape and undo may come between a press and its release.
            undo = event.matches(QKeySequence.StandardKey.Undo)
            ours = self._open is not None and (event.key() in _STEPWISE or undo)
            if self.busy or ours or event.key() in _HELD:
                event.accept()
            return False
        down = event.type() == QEvent.Type.KeyPress
        if event.key() in _HELD:
            if not event.isAutoRepeat():
                self._space = down if event.key() == Qt.Key.Key_Space else self._space
                self._stage.hold(Qt.Key(event.key()), down)
                self.refresh_cursor()
            return True
        if self.busy:
            undo = event.matches(QKeySequence.StandardKey.Undo)
            if down and (undo or event.key() == Qt.Key.Key_Escape):
                self.cancel()
            return True
        if self._open is not None and down and self._on_stepwise_key(event):
            return True
        if down and event.key() in _STEPS:
            self._stage.resize_brush(*_STEPS[Qt.Key(event.key())])
            return True
        if down and event.key() in _PANS:
            self._stage.pan(*_PANS[Qt.Key(event.key())])
            return True
        return False

    def _on_stepwise_key(self, event: QKeyEvent) -> bool:
        """Enter closes, Backspace and undo take the last press back, Escape all of them."""
        if event.key() in _ENDS:
            self._finish()
        elif event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif event.key() == Qt.Key.Key_Backspace or event.matches(QKeySequence.StandardKey.Undo):
            self._step_back()
        else:
            return False
        event.accept()
        return True


_ENDS = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_STEPWISE = _ENDS | {Qt.Key.Key_Escape, Qt.Key.Key_Backspace}

#: Size and hardness; Shift makes a brace of a bracket on many keyboards.
_STEPS = {
    Qt.Key.Key_BracketLeft: (-1, 0),
    Qt.Key.Key_BracketRight: (1, 0),
    Qt.Key.Key_BraceLeft: (0, -1),
    Qt.Key.Key_BraceRight: (0, 1),
}

#: Arrows look further that way, so the picture goes the other; view px.
_PANS = {
    Qt.Key.Key_Left: (48, 0),
    Qt.Key.Key_Right: (-48, 0),
    Qt.Key.Key_Up: (0, 48),
    Qt.Key.Key_Down: (0, -48),
}


def _erasing(event: QTabletEvent) -> bool:
    return event.pointerType() == QPointingDevice.PointerType.Eraser
