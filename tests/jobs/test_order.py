from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels
from studio.core.request import Request
from studio.jobs.order import NOTHING, Settings, build_request

MODEL = Checkpoint("m", "M", "/m", "sd15", 9, True, 256, 10, 3.0, "dpmpp_2m")
PICTURE = Rect(0, 0, 512, 384)


def opaque(rect: Rect) -> Pixels:
    return np.full((rect.height, rect.width, 4), 255, np.uint8)


def grey(rect: Rect) -> Pixels:
    return np.full((rect.height, rect.width), 128, np.uint8)


def never(rect: Rect) -> Pixels:
    raise AssertionError(f"pixels of {rect} were copied")


def ordered(
    bounds: Rect = PICTURE, frame: Rect = PICTURE, mask: Rect = NOTHING, **changes: Any
) -> Request:
    settings = replace(Settings.recommended(MODEL, "a house"), **changes)
    return build_request(opaque, grey, bounds, frame, mask, settings)


def test_without_a_picture_it_is_text_to_image_at_the_frames_size() -> None:
    request = ordered(bounds=NOTHING, frame=Rect(0, 0, 320, 256), strength=0.3)
    assert (request.picture, request.mask, request.strength) == (None, None, 1.0)
    assert request.box == Rect(0, 0, 320, 256)


def test_a_frame_beside_the_picture_is_text_to_image() -> None:
    assert ordered(frame=Rect(600, 0, 256, 256)).picture is None


def test_a_picture_without_a_mask_is_image_to_image_on_the_frame() -> None:
    request = ordered(strength=0.6)
    assert (request.box, request.mask, request.strength) == (PICTURE, None, 0.6)
    assert request.picture is not None


def test_a_frame_beyond_the_picture_is_outpainting() -> None:
    request = ordered(frame=Rect(-64, 0, 320, 256))
    assert request.box == Rect(-64, 0, 320, 256)
    assert request.mask is None


def test_with_a_mask_the_box_lies_around_it_and_both_are_cropped_to_it() -> None:
    request = ordered(mask=Rect(400, 100, 60, 60))
    assert request.picture is not None
    assert request.mask is not None
    assert request.box.size != PICTURE.size
    assert (
        request.mask.shape
        == request.picture.shape[:2]
        == (
            request.box.height,
            request.box.width,
        )
    )


def test_a_mask_over_no_picture_is_passed_over() -> None:
    assert ordered(bounds=NOTHING, mask=Rect(0, 0, 9, 9)).mask is None


def test_the_working_size_follows_the_model() -> None:
    assert ordered(frame=Rect(0, 0, 1024, 1024)).working == Size(256, 256)


def test_settings_begin_with_what_the_model_recommends() -> None:
    settings = Settings.recommended(MODEL, "x")
    assert (settings.steps, settings.guidance, settings.sampler) == (10, 3.0, "dpmpp_2m")


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"steps": 0}, "Steps"),
        ({"strength": 0.0}, "nothing would change"),
        ({"strength": 2.0}, "Strength"),
        ({"sampler": "magic"}, "magic"),
        ({"prompt": "x" * 100_000}, "100,000"),
    ],
)
def test_a_refusal_costs_no_pixels(changes: dict[str, Any], word: str) -> None:
    settings = replace(Settings.recommended(MODEL), **changes)
    with pytest.raises(UsageError, match=word):
        build_request(never, never, PICTURE, PICTURE, NOTHING, settings)


def test_text_to_image_refuses_a_strength_out_of_range() -> None:
    with pytest.raises(UsageError, match="Strength"):
        ordered(bounds=NOTHING, strength=2.0)


@pytest.mark.parametrize("frame", [NOTHING, Rect(0, 0, 20_000, 16)])
def test_an_absurd_frame_is_explained(frame: Rect) -> None:
    with pytest.raises(UsageError):
        ordered(frame=frame)
