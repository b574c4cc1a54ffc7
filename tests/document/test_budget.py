import gc
import weakref

import numpy as np
import pytest
from PySide6.QtGui import QUndoCommand

from studio.core.geometry import Rect
from studio.document import edits
from studio.document.document import Document

AREA = Rect(0, 0, 100, 100)
#: What a stroke over AREA keeps: four channels, before and after.
STROKE = 2 * 4 * 100 * 100


def paint(document: Document, value: int) -> QUndoCommand:
    layer = document.layers[0]
    after = np.full((100, 100, 4), value, np.uint8)
    command = edits.LayerStroke(document, layer, AREA, layer.pixels.read(AREA), after)
    document.history.push(command)
    return command


def shown(document: Document) -> int:
    return int(document.layers[0].pixels.read(Rect(0, 0, 1, 1))[0, 0, 0])


@pytest.fixture
def painted(document: Document) -> Document:
    """Five strokes, the second state saved, of which the budget keeps three."""
    for value in range(1, 6):
        paint(document, value)
        if value == 2:
            document.mark_saved()
    document.set_history_budget(7 * STROKE // 2)
    return document


def test_the_history_tells_what_it_keeps(document: Document) -> None:
    assert document.history_bytes == 0
    paint(document, 1)
    paint(document, 2)
    assert document.history_bytes == 2 * STROKE
    assert document.history.names() == ("Paint", "Paint")


def test_a_step_gives_back_the_command_that_was_pushed(document: Document) -> None:
    command = paint(document, 1)
    assert document.history.pushed(0) is command


@pytest.mark.parametrize("edge", [255, 256, 512])
def test_all_that_a_written_area_keeps_is_told(document: Document, edge: int) -> None:
    layer, area = document.layers[0], Rect(0, 0, edge, edge)
    after = np.full((edge, edge, 4), 9, np.uint8)
    command = edits.LayerStroke(document, layer, area, layer.pixels.read(area), after)
    arrays = [array for part in command.change.parts for array in (part.before, part.after)]
    assert command.nbytes == sum(array.nbytes for array in arrays) == 2 * 4 * edge * edge


def test_the_oldest_steps_go_first(painted: Document) -> None:
    assert painted.history_bytes == 3 * STROKE
    seen = [shown(painted)]
    while painted.history.canUndo():
        painted.history.undo()
        seen.append(shown(painted))
    assert seen == [5, 4, 3, 2]
    while painted.history.canRedo():
        painted.history.redo()
    assert shown(painted) == 5


def test_a_full_history_makes_room_for_several_steps(document: Document) -> None:
    document.set_history_budget(16 * STROKE)
    counts = []
    for value in range(1, 21):
        paint(document, value)
        counts.append(document.history.count())
    assert counts == [*range(1, 17), 14, 15, 16, 14]


def test_the_saved_state_is_still_known(painted: Document) -> None:
    unsaved = []
    for index in (3, 0, 1):
        painted.history.setIndex(index)
        unsaved.append(painted.dirty)
    assert unsaved == [True, False, True]


def test_a_forgotten_saved_state_never_comes_back(painted: Document) -> None:
    painted.set_history_budget(1)
    painted.history.setIndex(0)
    assert painted.dirty


def test_the_newest_step_is_kept_whatever_it_needs(document: Document) -> None:
    document.set_history_budget(1)
    paint(document, 1)
    paint(document, 2)
    assert document.history.count() == 1
    document.history.undo()
    assert shown(document) == 1


def test_what_redo_would_do_is_kept(painted: Document) -> None:
    painted.history.setIndex(1)
    painted.set_history_budget(1)
    assert (painted.history.index(), shown(painted)) == (1, 3)
    painted.history.setIndex(3)
    assert shown(painted) == 5


def test_forgotten_steps_free_their_pixels(document: Document) -> None:
    document.set_history_budget(STROKE)
    first = weakref.ref(paint(document, 1))
    paint(document, 2)
    paint(document, 3)
    gc.collect()
    assert first() is None


def test_views_are_told_once_of_forgotten_steps(painted: Document) -> None:
    told: list[int] = []
    painted.history.indexChanged.connect(told.append)
    painted.set_history_budget(STROKE)
    assert told == [1]


def test_drags_do_not_merge_when_steps_are_forgotten(document: Document) -> None:
    for gesture in (1, 2, 3):
        frame = Rect(gesture, 0, 10, 10)
        document.history.push(edits.MoveFrame(document, frame, gesture=gesture))
    paint(document, 1)
    paint(document, 2)
    document.history.undo()
    document.set_history_budget(0)
    assert document.history.index() == 1
    document.set_history_budget(2 * STROKE)
    document.history.push(edits.MoveFrame(document, Rect(7, 0, 10, 10), gesture=7))
    document.history.push(edits.MoveFrame(document, Rect(8, 0, 10, 10), gesture=7))
    assert document.history.names() == ("Paint", "Move frame")


@pytest.mark.parametrize("in_a_cycle", [False, True])
def test_a_history_that_is_collected_tells_nobody(document: Document, in_a_cycle: bool) -> None:
    told: list[int] = []
    other = Document.from_pixels(np.zeros((100, 100, 4), np.uint8))
    paint(other, 1)
    other.history.indexChanged.connect(told.append)
    other.history.cleanChanged.connect(lambda clean: told.append(int(clean)))
    if in_a_cycle:
        vars(other)["itself"] = other
    gone = weakref.ref(other)
    del other
    gc.collect()
    assert gone() is None
    assert told == []
