from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QUndoCommand

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document import edits
from studio.document.document import Document
from studio.document.layer import Layer
from studio.document.tiles import TileGrid
from tests.document.conftest import Noise


def state(document: Document) -> tuple[object, ...]:
    """Everything an undo must bring back."""
    wide = document.bounds.grown(400)
    return (
        document.bounds,
        document.frame,
        document.active,
        [(each.id, each.name, each.visible, each.opacity, each.blend) for each in document.layers],
        [each.pixels.read(wide).tobytes() for each in document.layers],
        document.masks.active.read(wide).tobytes(),
        (document.masks.active.name, document.masks.active.strength),
    )


def stroke(document: Document) -> QUndoCommand:
    area = Rect(-20, 30, 60, 50)
    layer = document.layers[0]
    before = layer.pixels.read(area)
    return edits.LayerStroke(document, layer, area, before, 255 - before)


def take(document: Document) -> QUndoCommand:
    return edits.AddTake(document, np.full((50, 80, 4), 200, np.uint8), Rect(280, -10, 80, 50))


COMMANDS: dict[str, Callable[[Document], QUndoCommand]] = {
    "layer stroke": stroke,
    "mask write": lambda document: edits.MaskWrite(
        document, Rect(-5, -5, 40, 40), np.full((40, 40), 77, np.uint8)
    ),
    "mask invert": edits.MaskInvert,
    "mask clear": lambda document: edits.MaskReplace(document, filled(Rect(1, 2, 3, 4))),
    "take": take,
    "add layer": lambda document: edits.AddLayer(document, Layer("paint"), 0),
    "remove layer": lambda document: edits.RemoveLayer(document, document.layers[0]),
    "move layer": lambda document: edits.MoveLayer(document, document.layers[0], 1),
    "properties": lambda document: edits.LayerProperties(
        document, document.layers[1], name="sky", visible=False, opacity=0.5, blend="screen"
    ),
    "mask properties": lambda document: edits.MaskProperties(document, strength=0.5, name="sky"),
    "frame": lambda document: edits.MoveFrame(document, Rect(-50, 0, 100, 100)),
    "bounds": lambda document: edits.SetBounds(document, Rect(10, 10, 50, 50)),
}


def filled(rect: Rect) -> TileGrid:
    grid = TileGrid(1)
    grid.fill(rect, (255,))
    return grid


@pytest.fixture
def layered(document: Document, noise: Noise) -> Document:
    top = Layer("top")
    top.pixels.write(Rect(100, 50, 150, 100), noise(150, 100, 2, opaque=False))
    document.insert_layer(top, 1)
    document.masks.write(Rect(20, 20, 100, 30), np.full((30, 100), 128, np.uint8))
    return document


@pytest.mark.parametrize("make", COMMANDS.values(), ids=list(COMMANDS))
def test_undo_brings_everything_back_and_redo_repeats_it(
    layered: Document, make: Callable[[Document], QUndoCommand]
) -> None:
    before = state(layered)
    layered.history.push(make(layered))
    after = state(layered)
    assert after != before
    layered.history.undo()
    assert state(layered) == before
    layered.history.redo()
    assert state(layered) == after


@pytest.mark.parametrize("make", COMMANDS.values(), ids=list(COMMANDS))
def test_every_step_has_a_name_to_show(
    layered: Document, make: Callable[[Document], QUndoCommand]
) -> None:
    layered.history.push(make(layered))
    assert layered.history.undoText()


def test_pushing_after_live_painting_repaints_nothing(document: Document) -> None:
    layer, area = document.layers[0], Rect(10, 10, 30, 30)
    before = layer.pixels.snapshot()
    document.paint(layer, area, 255 - layer.pixels.read(area))
    repainted: list[Rect] = []
    document.changed.connect(repainted.append)
    document.history.push(edits.LayerStroke.since(document, layer, before))
    assert repainted == []
    document.history.undo()
    assert repainted == [area]


def test_a_long_stroke_keeps_the_touched_boxes_only(document: Document) -> None:
    before = document.masks.active.pixels.snapshot()
    for step in range(40):
        document.masks.write(Rect(step * 400, step * 400, 10, 10), np.full((10, 10), 9, np.uint8))
    command = edits.MaskStroke.since(document, before)
    assert command.change.area == Rect(0, 0, 15610, 15610)
    assert command.change.nbytes <= 2 * 40 * 100 + 1000


def test_a_gesture_that_changes_nothing_leaves_no_step(document: Document) -> None:
    area = Rect(0, 0, 5, 5)
    same = document.layers[0].pixels.read(area)
    document.history.push(edits.LayerStroke(document, document.layers[0], area, same, same))
    document.history.push(edits.MoveFrame(document, document.frame))
    document.history.push(edits.MaskClear(document))
    assert document.history.count() == 0


def test_moves_of_one_drag_are_one_step(document: Document) -> None:
    start = document.frame
    for x in (1, 2, 3):
        document.history.push(edits.MoveFrame(document, start.moved(x, 0), gesture=7))
    document.history.push(edits.MoveFrame(document, start.moved(9, 0), gesture=8))
    assert document.history.count() == 2
    document.history.undo()
    assert document.frame == start.moved(3, 0)
    document.history.undo()
    assert document.frame == start


def test_dragging_the_frame_back_leaves_no_step(document: Document) -> None:
    start = document.frame
    document.history.push(edits.MoveFrame(document, start.moved(5, 0), gesture=1))
    document.history.push(edits.MoveFrame(document, start, gesture=1))
    assert document.history.count() == 0


def test_a_drag_of_the_opacity_slider_is_one_step(document: Document) -> None:
    layer = document.layers[0]
    for opacity in (0.9, 0.5, 0.2):
        document.history.push(edits.LayerProperties(document, layer, opacity=opacity))
    document.history.push(edits.LayerProperties(document, layer, visible=False))
    document.history.undo()
    assert (layer.opacity, layer.visible) == (0.2, True)
    document.history.undo()
    assert layer.opacity == 1.0


def test_a_drag_of_the_strength_slider_is_one_step(document: Document) -> None:
    for strength in (0.9, 0.5, 0.2):
        document.history.push(edits.MaskProperties(document, strength=strength))
    document.history.undo()
    assert document.masks.active.strength == 1.0
    assert not document.history.canUndo()


def test_a_take_without_a_picture_becomes_the_picture(noise: Noise) -> None:
    document = Document()
    pixels = noise(64, 48)
    document.history.push(edits.AddTake(document, pixels, Rect(0, 0, 64, 48)))
    assert document.bounds == Rect(0, 0, 64, 48)
    assert np.array_equal(document.composite(document.bounds), pixels)
    document.history.undo()
    assert not document.has_picture


def outside(alpha_beyond: int) -> Pixels:
    pixels = np.full((40, 40, 4), 90, np.uint8)
    pixels[:, :20, 3] = alpha_beyond
    return pixels


@pytest.mark.parametrize(
    ("alpha_beyond", "bounds"), [(0, Rect(0, 0, 300, 200)), (255, Rect(-20, 0, 320, 200))]
)
def test_the_picture_grows_only_for_what_is_there(
    document: Document, alpha_beyond: int, bounds: Rect
) -> None:
    document.history.push(edits.AddTake(document, outside(alpha_beyond), Rect(-20, 0, 40, 40)))
    assert document.bounds == bounds


def test_takes_are_numbered_on(document: Document) -> None:
    for _ in range(2):
        document.history.push(
            edits.AddTake(document, np.full((4, 4, 4), 1, np.uint8), Rect(0, 0, 4, 4))
        )
    assert [layer.name for layer in document.layers] == ["photo", "take 1", "take 2"]


def test_a_crop_loses_no_pixel(document: Document) -> None:
    before = document.composite(document.bounds)
    document.history.push(edits.SetBounds(document, Rect(100, 100, 10, 10)))
    document.history.push(edits.SetBounds(document, Rect(0, 0, 300, 200)))
    assert np.array_equal(document.composite(document.bounds), before)


def test_the_mask_is_inverted_within_the_picture_only(document: Document) -> None:
    document.masks.write(Rect(-10, 0, 20, 10), np.full((10, 20), 255, np.uint8))
    document.history.push(edits.MaskInvert(document))
    assert document.masks.active.read(Rect(-10, 0, 20, 1)).tolist() == [[255] * 10 + [0] * 10]
    assert document.masks.active.read(Rect(299, 199, 2, 1)).tolist() == [[255, 0]]


def test_the_document_knows_what_is_unsaved(document: Document) -> None:
    told: list[bool] = []
    document.history.cleanChanged.connect(lambda _: told.append(document.dirty))
    document.history.push(edits.MaskInvert(document))
    document.mark_saved()
    document.history.undo()
    document.history.redo()
    assert told == [True, False, True, False]


def test_a_command_that_changes_nothing_keeps_what_redo_would_do(document: Document) -> None:
    area = Rect(0, 0, 4, 4)
    full = np.full((4, 4), 255, np.uint8)
    document.history.push(edits.MaskStroke(document, area, document.masks.active.read(area), full))
    document.history.undo()
    document.history.push(edits.MaskClear(document))
    assert document.history.canRedo()
    document.history.redo()
    assert document.masks.active.read(area).min() == 255
