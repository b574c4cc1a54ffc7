import numpy as np
import pytest

from studio.canvas.framing import fit_frame_to_mask, frame_aspect, pan_frame, zoom_out
from studio.canvas.tools.base import Pointer
from studio.canvas.tools.frame import drawn, moved, stretched
from studio.canvas.view import CanvasView
from studio.core.geometry import Rect
from studio.document.document import Document
from studio.document.edits import MoveFrame
from tests.canvas.hand import Hand

BOUNDS = Rect(0, 0, 640, 480)


def pushed(document: Document, command: MoveFrame | None) -> Rect:
    assert command is not None
    document.history.push(command)
    return document.frame


@pytest.mark.parametrize(
    "masked", [Rect(300, 200, 40, 30), Rect(0, 0, 20, 20), Rect(600, 470, 40, 10)]
)
def test_a_frame_around_the_mask_shows_some_of_its_surroundings(
    document: Document, masked: Rect
) -> None:
    document.masks.write(masked, np.full((masked.height, masked.width), 255, np.uint8))
    frame = pushed(document, fit_frame_to_mask(document, 64))
    assert frame.contains(masked)
    assert BOUNDS.contains(frame)
    assert (frame.width % 64, frame.height % 64) == (0, 0)
    assert frame.width >= masked.width + 64


def test_without_a_mask_there_is_nothing_to_fit_to(document: Document) -> None:
    assert fit_frame_to_mask(document) is None


@pytest.mark.parametrize(("width", "height"), [(1, 1), (16, 9), (9, 16), (21, 9)])
def test_a_frame_takes_proportions_and_keeps_its_middle(
    document: Document, width: int, height: int
) -> None:
    document.set_frame(Rect(100, 100, 512, 512))
    command = frame_aspect(document, width, height)
    frame = document.frame if command is None else pushed(document, command)
    assert frame.width / frame.height == pytest.approx(width / height, rel=0.03)
    assert frame.size.area == pytest.approx(512 * 512, rel=0.05)
    assert (frame.x + frame.width / 2, frame.y + frame.height / 2) == pytest.approx(
        (356, 356), abs=1
    )


@pytest.mark.parametrize("factor", [1.5, 2.0, 1.07])
def test_zooming_out_frames_the_picture_and_more(document: Document, factor: float) -> None:
    frame = pushed(document, zoom_out(document, factor))
    assert frame.contains(BOUNDS)
    assert frame.width == pytest.approx(640 * factor, abs=8)
    assert frame.x == pytest.approx(-(frame.width - 640) / 2, abs=1)


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        ("left", Rect(-128, 100, 256, 256)),
        ("right", Rect(512, 100, 256, 256)),
        ("top", Rect(200, -128, 256, 256)),
        ("bottom", Rect(200, 352, 256, 256)),
    ],
)
def test_a_frame_goes_half_past_a_side(document: Document, side: str, expected: Rect) -> None:
    document.set_frame(Rect(200, 100, 256, 256))
    assert pushed(document, pan_frame(document, side)) == expected


def test_a_computed_frame_is_a_step_of_its_own(document: Document) -> None:
    before = document.frame
    pushed(document, zoom_out(document, 1.5))
    once = document.frame
    pushed(document, zoom_out(document, 2.0))
    document.history.undo()
    assert document.frame == once
    document.history.undo()
    assert document.frame == before


@pytest.mark.parametrize("factor", [1.0, 0.0, float("nan"), float("inf")])
def test_a_factor_that_is_none_is_refused(document: Document, factor: float) -> None:
    with pytest.raises(ValueError, match="zoom out"):
        zoom_out(document, factor)


def test_bad_proportions_and_shares_are_refused(document: Document) -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        frame_aspect(document, 0, 1)
    with pytest.raises(ValueError, match="beyond the picture"):
        pan_frame(document, "left", 0.0)


def test_edges_move_on_the_grid_of_the_model() -> None:
    frame = Rect(64, 64, 256, 256)
    nowhere = Rect(0, 0, 0, 0)
    assert stretched(frame, (1, 1), (70.0, 10.0), nowhere, 0, 64) == Rect(64, 64, 320, 256)
    assert moved(frame, (40.0, 20.0), nowhere, 0, 64) == Rect(128, 64, 256, 256)
    assert drawn(Pointer(10, 10), Pointer(300, 90), 64) == Rect(0, 0, 320, 64)


def test_the_view_snaps_to_the_grid_it_is_given(
    document: Document, view: CanvasView, hand: Hand
) -> None:
    document.set_frame(Rect(128, 128, 128, 128))
    view.set_frame_grid(64)
    view.set_tool("frame")
    hand.drag([(256.0, 190.0), (330.0, 190.0)])
    assert document.frame == Rect(128, 128, 192, 128)
