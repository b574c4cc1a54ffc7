from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels
from studio.core.request import Request
from studio.jobs.order import NOTHING, Scene, Settings, build_request, request_of, runs

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


def spots(*areas: Rect) -> Scene:
    """A large photograph with those parts masked."""
    whole = np.zeros((3000, 4000), np.uint8)
    for area in areas:
        whole[area.rows, area.columns] = 200

    def crop(rect: Rect) -> Pixels:
        return whole[rect.rows, rect.columns].copy()

    bounds = Rect(0, 0, 4000, 3000)
    found = Rect(0, 0, 0, 0)
    for area in areas:
        found = found.united(area)
    return Scene(opaque, crop, bounds, bounds, found)


def test_parts_of_a_mask_far_apart_are_runs_of_their_own_in_order() -> None:
    scene = spots(Rect(3000, 2000, 50, 50), Rect(100, 100, 50, 50))
    found = runs(scene, MODEL)
    assert [one.mask for one in found] == [Rect(100, 100, 50, 50), Rect(3000, 2000, 50, 50)]


def test_the_mask_of_a_run_holds_no_other_part() -> None:
    scene = spots(Rect(100, 100, 60, 60), Rect(330, 100, 60, 60))
    plan = replace(runs(scene, MODEL)[0], mask=Rect(100, 100, 60, 60), box=Rect(0, 0, 512, 256))
    request = request_of(plan, scene, Settings.recommended(MODEL))
    assert request.mask is not None
    assert int(request.mask.sum()) == 60 * 60 * 200


def test_a_single_run_is_what_build_request_makes() -> None:
    scene = spots(Rect(900, 800, 90, 60))
    settings = Settings.recommended(MODEL)
    (plan,) = runs(scene, MODEL)
    assert scene.mask_of is not None
    alone = build_request(
        opaque, scene.mask_of, scene.bounds, scene.frame, scene.mask_bounds, settings
    )
    request = request_of(plan, scene, settings)
    assert (request.box, request.working) == (alone.box, alone.working)
    assert request.mask is not None
    assert alone.mask is not None
    assert np.array_equal(request.mask, alone.mask)


def test_a_mask_that_holds_nothing_is_no_order_to_repaint_everything() -> None:
    scene = replace(spots(), mask_bounds=Rect(10, 10, 20, 20))
    with pytest.raises(UsageError, match="leaves nothing to change"):
        runs(scene, MODEL)


class Growing:
    """A picture that grows with every take that is laid on it."""

    def __init__(self, bounds: Rect, frame: Rect) -> None:
        self.bounds, self.frame = bounds, frame
        self.there = np.zeros((frame.height, frame.width), np.uint8)
        self.lay(bounds)

    def lay(self, area: Rect) -> None:
        at = area.moved(-self.frame.x, -self.frame.y)
        self.there[at.rows, at.columns] = 255
        self.bounds = self.bounds.united(area)

    def picture(self, rect: Rect) -> Pixels:
        at = rect.moved(-self.frame.x, -self.frame.y)
        return np.repeat(self.there[at.rows, at.columns, None], 4, axis=2)

    def scene(self) -> Scene:
        return Scene(self.picture, grey, self.bounds, self.frame, NOTHING)


@pytest.mark.parametrize(
    "frame", [Rect(-900, 0, 1700, 500), Rect(-400, -300, 1600, 1100), Rect(0, 0, 800, 564)]
)
def test_a_large_outpaint_sees_in_each_pass_what_the_passes_before_made(frame: Rect) -> None:
    picture = Growing(Rect(0, 0, 800, 500), frame)
    settings = Settings.recommended(MODEL)
    plans = runs(picture.scene(), MODEL)
    for plan in plans:
        request = request_of(plan, picture.scene(), settings)
        assert request.mask is not None
        assert request.picture is not None
        missing = int((request.picture[..., 3][request.mask > 0]).sum())
        assert (missing, int((request.mask > 0).sum())) == (0, plan.mask.size.area)
        assert (request.picture[..., 3] > 0).any()
        picture.lay(plan.mask)
    assert len(plans) > 1
    assert picture.there.all()


def test_a_strip_beside_a_large_photo_is_shown_with_its_surroundings_only() -> None:
    photo = Rect(0, 0, 4000, 300)
    request = ordered(bounds=photo, frame=Rect(-64, 0, 4064, 300))
    assert request.box.width < 700
    assert request.box.contains(Rect(-64, 0, 64, 300))
    assert request.mask is None
