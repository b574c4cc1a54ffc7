import numpy as np
import pytest
from PySide6.QtCore import Qt

from studio.canvas.tools.base import Pointer
from studio.canvas.tools.frame import Frame
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.edits import MaskWrite

PICTURE = Rect(0, 0, 400, 300)
BOX, MASKED = Rect(80, 80, 128, 128), Rect(120, 120, 40, 40)


@pytest.fixture
def document(qapp: object) -> Document:
    """A picture with a mask, and the frame around all of it."""
    made = Document.from_pixels(np.full((300, 400, 4), 255, np.uint8))
    made.history.push(MaskWrite(made, MASKED, np.full((40, 40), 255, np.uint8)))
    return made


def drag(document: Document, start: tuple[int, int], end: tuple[int, int]) -> Frame:
    """With the frame's tool, over a box that was planned."""
    tool = Frame(lambda: 8, lambda: BOX)
    tool.press(document, Pointer(*start))
    tool.move(document, Pointer(*end))
    command = tool.release(document, Pointer(*end))
    if command is not None:
        document.history.push(command)
    return tool


def test_dragging_an_edge_of_the_box_makes_it_the_frame(document: Document) -> None:
    drag(document, (80, 140), (40, 140))
    assert document.frame == Rect(40, 80, 168, 128)


def test_dragging_the_box_moves_it_as_the_frame(document: Document) -> None:
    drag(document, (150, 150), (166, 150))
    assert document.frame == Rect(96, 80, 128, 128)


def test_a_box_never_loses_what_is_masked(document: Document) -> None:
    drag(document, (150, 150), (350, 150))
    assert document.frame.contains(MASKED)


def test_away_from_the_box_the_frame_is_dragged(document: Document) -> None:
    drag(document, (400, 150), (480, 150))
    assert document.frame == Rect(0, 0, 480, 300)


def test_the_whole_drag_is_one_step(document: Document) -> None:
    before = document.history.count()
    drag(document, (80, 140), (40, 140))
    assert document.history.count() == before + 1
    document.history.undo()
    assert document.frame == PICTURE


def test_the_pointer_says_what_a_press_would_take(document: Document) -> None:
    tool = Frame(lambda: 8, lambda: BOX)
    cursors = [tool.cursor(document, Pointer(x, 150)) for x in (80, 150, 300)]
    assert cursors == [
        Qt.CursorShape.SizeHorCursor,
        Qt.CursorShape.SizeAllCursor,
        Qt.CursorShape.SizeAllCursor,
    ]
