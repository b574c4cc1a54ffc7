"""What the status line says of the next run before it is made."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.app import Studio
from studio.core.geometry import Rect, Size
from studio.inpaint.region import plan
from studio.ui.words import intention, softness
from tests.ui.conftest import photo_at, show

PICTURE = Rect(0, 0, 600, 400)
NOTHING = Rect(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("frame", "lacking", "said"),
    [
        (PICTURE, False, "The whole picture will change: "),
        (PICTURE, True, "Only what is transparent will change: "),
        (PICTURE, None, "The whole picture will change, or what is transparent in it: "),
        (Rect(0, 0, 300, 300), False, "Everything in the frame will change: 300 × 300 px"),
        (Rect(0, 0, 300, 300), True, "Only what is transparent in the frame will change: 300"),
        (Rect(0, 0, 700, 400), True, "Outpaint to 700 × 400 px"),
    ],
)
def test_the_line_says_what_a_run_without_a_mask_changes(
    frame: Rect, lacking: bool | None, said: str
) -> None:
    planned = plan(PICTURE, frame, NOTHING, 512, 8)
    assert intention(PICTURE, planned, frame, False, lacking).startswith(said)


def test_a_few_transparent_pixels_are_told_before_only_they_change(
    with_photo: Studio, qtbot: QtBot
) -> None:
    document, status = with_photo.joins.document, with_photo.window.status
    qtbot.waitUntil(lambda: status.mode.startswith("The whole picture will change"))
    assert document.active is not None
    document.paint(document.active, Rect(5, 5, 2, 1), np.zeros((1, 2, 4), np.uint8))
    qtbot.waitUntil(lambda: status.mode.startswith("Only what is transparent will change"))


@pytest.mark.parametrize(
    ("detail", "said"), [(1.0, ""), (0.75, ""), (0.256, "soft, worked at 26 %")]
)
def test_less_than_the_size_of_the_picture_is_told_as_soft(detail: float, said: str) -> None:
    assert softness(detail).startswith(said)
    assert bool(softness(detail)) is bool(said)


@pytest.mark.parametrize(("size", "soft"), [(Size(600, 400), False), (Size(4000, 3000), True)])
def test_a_picture_too_large_for_its_second_pass_is_told_to_come_out_soft(
    studio: Studio, tmp_path: Path, qtbot: QtBot, size: Size, soft: bool
) -> None:
    if soft:
        studio.joins.document.open_blank(size, (90, 90, 90, 255), "large")
    else:
        show(studio, photo_at(tmp_path / "small.png", size.width, size.height), qtbot)
    studio.joins.flows.outlook.show()
    assert ("soft, worked at" in studio.window.status.mode) is soft


def test_nothing_is_said_to_a_window_that_is_being_closed(with_photo: Studio) -> None:
    outlook, status = with_photo.joins.flows.outlook, with_photo.window.status
    outlook.stop()
    status.show_mode("the last word")
    with_photo.joins.foresight.changed.emit()
    assert status.mode == "the last word"
