"""From the artist's settings to a Request: plan, crop, check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.core.request import Request
from studio.inpaint import region

NOTHING = Rect(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the artist chose beside picture, mask and frame; ranges as in `request.Request`."""

    model: Checkpoint
    prompt: str
    negative: str = ""
    sampler: str = "dpmpp_2m"
    schedule: str = "default"
    steps: int = 20
    guidance: float = 5.0
    strength: float = 1.0
    seed: int = 0
    count: int = 1
    fill: str = "auto"

    @classmethod
    def recommended(cls, model: Checkpoint, prompt: str = "") -> Settings:
        """What the model works best with."""
        return cls(model, prompt, sampler=model.sampler, steps=model.steps, guidance=model.guidance)


def build_request(
    picture_of: Callable[[Rect], Pixels],
    mask_of: Callable[[Rect], Pixels] | None,
    bounds: Rect,
    frame: Rect,
    mask_bounds: Rect,
    settings: Settings,
) -> Request:
    """The request for what lies on the canvas.

    Without a picture under the frame it is text to image at the frame's size. With a picture and
    without a mask the whole frame changes (image to image), or, where the frame reaches beyond the
    picture, only what is transparent there (outpaint). With a mask only what it covers changes.

    Args:
        picture_of: The composite of a rectangle, uint8 `[h, w, 4]` straight alpha, transparent
            beyond the picture.
        mask_of: The mask of a rectangle, uint8 `[h, w]`; None: there is none.
        bounds: The picture, document px; empty without one.
        frame: The artist's frame, document px.
        mask_bounds: The tight bounds of the mask; empty without one.
        settings: What the artist chose.

    Raises:
        UsageError: A value, a size or an area cannot be used.
    """
    row = settings.model.row
    if mask_of is None or bounds.empty:
        mask_bounds = NOTHING  # with nothing to keep, all of the frame is painted
    plan = region.plan(bounds, frame, mask_bounds, settings.model.native, row.grid)
    covered = plan.box.intersected(bounds)
    request = Request(
        model=settings.model,
        prompt=settings.prompt,
        box=plan.box,
        working=plan.working,
        negative=settings.negative,
        strength=_strength(settings.strength, covered),
        steps=settings.steps,
        guidance=settings.guidance,
        sampler=settings.sampler,
        schedule=settings.schedule,
        seed=settings.seed,
        count=settings.count,
        fill=settings.fill,
    ).checked()  # before pixels are copied: a refusal costs nothing
    if covered.empty:
        return request
    mask = None if mask_of is None or plan.mask.empty else mask_of(plan.box)
    return replace(request, picture=picture_of(plan.box), mask=mask).checked()


def _strength(asked: float, covered: Rect) -> float:
    """Text to image has nothing to keep a part of; a value out of range stays one."""
    return 1.0 if covered.empty and 0.0 < asked <= 1.0 else asked
