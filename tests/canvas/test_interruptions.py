from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.canvas.tools.base import BrushSettings
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.edits import MaskClear
from tests.canvas.hand import Hand, picture

LINE = [(100.0, 100.0), (160.0, 100.0), (220.0, 100.0)]
WHOLE = Rect(0, 0, 640, 480)


def escape(view: CanvasView, hand: Hand) -> None:
    hand.key(QEvent.Type.KeyPress, Qt.Key.Key_Escape)


def lose_focus(view: CanvasView, hand: Hand) -> None:
    QApplication.sendEvent(view, QFocusEvent(QEvent.Type.FocusOut))


def take_another_tool(view: CanvasView, hand: Hand) -> None:
    view.set_tool("lasso")


def undo_key(view: CanvasView, hand: Hand) -> None:
    hand.key(QEvent.Type.KeyPress, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def hide(view: CanvasView, hand: Hand) -> None:
    view.hide()


INTERRUPTIONS = [escape, lose_focus, take_another_tool, undo_key, hide]


@pytest.mark.parametrize("interrupt", INTERRUPTIONS)
@pytest.mark.parametrize("target", ["mask", "layer"])
def test_an_interrupted_stroke_never_was(
    document: Document,
    view: CanvasView,
    hand: Hand,
    interrupt: Callable[[CanvasView, Hand], None],
    target: str,
) -> None:
    hand.drag([(300.0, 300.0), (320.0, 300.0)])
    view.set_brush(BrushSettings(size=30, target=target))
    before = document.composite(WHOLE), document.masks.active.read(WHOLE)
    hand.press(LINE[0])
    hand.move(*LINE[1:])
    interrupt(view, hand)
    hand.release(LINE[-1])
    assert np.array_equal(document.composite(WHOLE), before[0])
    assert np.array_equal(document.masks.active.read(WHOLE), before[1])
    assert document.history.count() == 1


def test_an_undo_from_elsewhere_takes_back_the_stroke_and_the_step(
    document: Document, hand: Hand
) -> None:
    hand.drag(LINE)
    hand.press((160.0, 60.0))
    hand.move((160.0, 140.0))
    document.history.undo()
    assert document.masks.active.bounds().empty
    document.history.redo()
    assert not document.masks.active.bounds().empty


@pytest.mark.parametrize("target", ["mask", "layer"])
@pytest.mark.parametrize("tool", ["brush", "frame", "lasso"])
def test_another_picture_under_a_gesture_ends_it(
    document: Document, view: CanvasView, hand: Hand, tool: str, target: str
) -> None:
    view.set_brush(BrushSettings(size=30, target=target))
    view.set_tool(tool)
    hand.press(LINE[0])
    hand.move(*LINE[1:])
    document.open_pixels(picture(300, 200), "another")
    hand.move((30.0, 40.0))
    hand.release((30.0, 40.0))
    assert np.array_equal(document.composite(document.bounds), picture(300, 200))
    assert document.masks.active.bounds().empty
    assert document.frame == document.bounds
    assert document.history.count() == 0


def test_a_cleared_mask_under_a_stroke_stays_cleared(document: Document, hand: Hand) -> None:
    hand.drag(LINE)
    hand.press((160.0, 60.0))
    hand.move((160.0, 140.0))
    document.history.push(MaskClear(document))
    hand.release((160.0, 140.0))
    assert document.masks.active.bounds().empty
    document.history.undo()
    assert not document.masks.active.bounds().empty


def test_keys_of_others_wait_for_the_end_of_a_stroke(view: CanvasView, hand: Hand) -> None:
    fired: list[bool] = []
    shortcut = QShortcut(QKeySequence("E"), view)
    shortcut.activated.connect(lambda: fired.append(True))
    hand.press(LINE[0])
    QTest.keyClick(view, Qt.Key.Key_E)
    assert not fired
    hand.release(LINE[0])
    QTest.keyClick(view, Qt.Key.Key_E)
    assert fired


@pytest.mark.parametrize("key", [Qt.Key.Key_B, Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_keys_that_are_not_of_the_canvas_go_on(hand: Hand, key: Qt.Key) -> None:
    assert not hand.key(QEvent.Type.KeyPress, key)


def test_escape_takes_a_frame_drag_back(document: Document, view: CanvasView, hand: Hand) -> None:
    view.set_tool("frame")
    hand.press((640.0, 480.0))
    hand.move((400.0, 300.0))
    assert document.frame != WHOLE
    hand.key(QEvent.Type.KeyPress, Qt.Key.Key_Escape)
    assert document.frame == WHOLE
    assert document.history.count() == 0
