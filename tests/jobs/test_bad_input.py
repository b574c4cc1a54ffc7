"""Every odd picture, mask and frame goes from canvas to kept take, or is refused with words."""

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication

from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.core.piece import around
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.edits import MaskWrite
from studio.inpaint.measure import changed_outside, untouched_hash
from studio.jobs.order import Settings, stages
from studio.jobs.tasks import task
from tests.jobs.edits import MODEL, edit, run, scene_of

PICTURE = Rect(0, 0, 320, 240)


@pytest.fixture(autouse=True)
def application(qapp: QCoreApplication) -> None:
    """Documents hold undo commands."""


def document_of(bounds: Rect = PICTURE, alpha: int = 255) -> Document:
    """A picture in which no two neighbours are alike."""
    pixels = np.random.default_rng(0).integers(0, 256, (bounds.height, bounds.width, 4), np.uint8)
    pixels[..., 3] = alpha
    return Document.from_pixels(pixels)


def masked(document: Document, *areas: Rect) -> Pixels:
    """Mask those rectangles; what is masked then."""
    for area in areas:
        full = np.full((area.height, area.width), 255, np.uint8)
        document.history.push(MaskWrite(document, area, full))
    return document.masks.effective(document.bounds)


MASKS = {
    "one pixel": (Rect(100, 100, 1, 1),),
    "one pixel in the very corner": (Rect(319, 239, 1, 1),),
    "a corner": (Rect(0, 0, 12, 9),),
    "a line": (Rect(0, 100, 320, 1),),
    "all but a border": (Rect(1, 1, 318, 238),),
    "all": (PICTURE,),
    "many parts far apart": tuple(Rect(x, y, 5, 5) for x in (0, 150, 310) for y in (0, 230)),
    "partly beyond the picture": (Rect(300, 200, 60, 80),),
}


@pytest.mark.parametrize("key", MASKS)
def test_whatever_is_masked_nothing_else_changes(key: str) -> None:
    document = document_of()
    before, mask = document.composite(PICTURE), masked(document, *MASKS[key])
    edit(document)
    after = document.composite(PICTURE)
    assert changed_outside(before, after, mask) == 0
    assert untouched_hash(before, mask) == untouched_hash(after, mask)
    assert (before != after).any()


def test_parts_far_apart_are_boxes_of_their_own_in_order() -> None:
    document = document_of(Rect(0, 0, 1600, 1200))
    parts = [Rect(x, y, 20, 20) for y in (30, 1100) for x in (40, 800, 1500)]
    masked(document, *parts)
    assert tuple(piece.area for piece in run(document).pieces) == tuple(parts)


def test_an_empty_mask_changes_the_whole_frame() -> None:
    made = run(document_of())
    assert around(made.pieces) == PICTURE


@pytest.mark.parametrize("key", ["add", "remove", "background"])
def test_a_task_of_a_mask_refuses_an_empty_one(key: str) -> None:
    with pytest.raises(UsageError, match="Nothing says"):
        run(document_of(), task(key))


@pytest.mark.parametrize(
    "frame", [Rect(600, 600, 64, 64), Rect(-200, -200, 100, 100), Rect(320, 0, 64, 64)]
)
def test_a_frame_outside_the_picture_paints_a_new_piece_there(frame: Rect) -> None:
    document = document_of()
    document.set_frame(frame)
    (stage,) = stages(scene_of(document), Settings.recommended(MODEL))
    assert stage.plan.box == frame


def test_a_mask_outside_a_far_frame_is_still_worked_on() -> None:
    document = document_of()
    masked(document, Rect(10, 10, 20, 20))
    document.set_frame(Rect(600, 600, 64, 64))
    assert around(run(document).pieces) == Rect(10, 10, 20, 20)


def test_a_transparent_picture_keeps_its_alpha_outside_the_mask() -> None:
    document = document_of(alpha=100)
    before, mask = document.composite(PICTURE), masked(document, Rect(40, 40, 60, 50))
    edit(document)
    after = document.composite(PICTURE)
    assert changed_outside(before, after, mask) == 0
    assert (after[mask == 0][:, 3] == 100).all()
    assert (after[mask > 0][:, 3] == 255).all()


def test_a_wholly_transparent_picture_is_painted_all_over() -> None:
    document = Document()
    document.open_blank(Size(96, 64), None, "blank")
    edit(document)
    assert document.composite(document.bounds)[..., 3].min() == 255


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (7, 7), (1, 300), (500, 5)])
def test_a_picture_smaller_than_the_grid_is_worked_enlarged(size: tuple[int, int]) -> None:
    bounds = Rect(0, 0, *size)
    document = document_of(bounds)
    half = Rect(0, 0, max(1, size[0] // 2), size[1])
    before, mask = document.composite(bounds), masked(document, half)
    (stage,) = stages(scene_of(document), Settings.recommended(MODEL))
    assert min(stage.plan.working.width, stage.plan.working.height) >= 64
    edit(document)
    assert changed_outside(before, document.composite(bounds), mask) == 0


def test_fifty_edits_after_each_other_change_no_pixel_outside() -> None:
    document = document_of()
    dice = np.random.default_rng(1)
    before, touched = document.composite(PICTURE), np.zeros((240, 320), np.uint8)
    for _ in range(50):
        left, top, wide, high = (int(dice.integers(0, most)) for most in (160, 240, 60, 40))
        touched |= masked(document, Rect(left, top, wide + 1, high + 1).intersected(PICTURE))
        edit(document)
        clear = np.zeros((240, 320), np.uint8)
        document.history.push(MaskWrite(document, PICTURE, clear))
    after = document.composite(PICTURE)
    assert changed_outside(before, after, touched) == 0
    assert untouched_hash(before, touched) == untouched_hash(after, touched)
    assert (before != after).any()


@pytest.mark.parametrize("key", ["fill", "add", "remove", "background", "refine", "vary"])
def test_each_task_keeps_what_is_not_its_own(key: str) -> None:
    document = document_of()
    before, mask = document.composite(PICTURE), masked(document, Rect(90, 80, 70, 60))
    edit(document, task(key))
    own = 255 - mask if key == "background" else mask
    assert changed_outside(before, document.composite(PICTURE), own) == 0
