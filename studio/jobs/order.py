"""From the artist's settings to Requests: plan, crop, check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels
from studio.core.request import MAX_EDGE, Request
from studio.inpaint import islands, passes, region
from studio.inpaint.blend import effective_mask
from studio.inpaint.fill import OPAQUE
from studio.inpaint.region import Plan
from studio.inpaint.working import working_size

NOTHING = Rect(0, 0, 0, 0)
#: Up to this strength a run keeps so much of what is there that working coarsely would cost more
#: detail than seeing all at once is worth.
GENTLE = 0.5
#: Of the second pass: enough for detail, too little for other content.
FINER = 0.35
#: An order that would take more runs of a second pass goes without: nobody would wait for it.
MOST_FINER = 48
#: Fewer steps than this change next to nothing.
WORTHWHILE = 4


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
    betas: str = "default"
    guider: str = "plain"
    reuse: str = "none"

    @classmethod
    def recommended(cls, model: Checkpoint, prompt: str = "") -> Settings:
        """What the model works best with."""
        return cls(model, prompt, sampler=model.sampler, steps=model.steps, guidance=model.guidance)


@dataclass(frozen=True, slots=True)
class Scene:
    """What lies on the canvas, read when it is needed: a later run finds what earlier ones made.

    Attributes:
        picture_of: The composite of a rectangle, uint8 `[h, w, 4]` straight alpha, transparent
            beyond the picture.
        mask_of: The mask of a rectangle, uint8 `[h, w]`; None: there is none.
        bounds: The picture, document px; empty without one.
        frame: The artist's frame, document px.
        mask_bounds: The tight bounds of the mask; empty without one.
    """

    picture_of: Callable[[Rect], Pixels]
    mask_of: Callable[[Rect], Pixels] | None
    bounds: Rect
    frame: Rect
    mask_bounds: Rect

    @property
    def masked(self) -> Rect:
        """Where a mask counts: with nothing to keep, all of the frame is painted."""
        return NOTHING if self.mask_of is None or self.bounds.empty else self.mask_bounds


def build_request(
    picture_of: Callable[[Rect], Pixels],
    mask_of: Callable[[Rect], Pixels] | None,
    bounds: Rect,
    frame: Rect,
    mask_bounds: Rect,
    settings: Settings,
) -> Request:
    """The request for what lies on the canvas, in a single run.

    Without a picture under the frame it is text to image at the frame's size. With a picture and
    without a mask the whole frame changes (image to image), or, where the frame reaches beyond the
    picture, only what is transparent there (outpaint). With a mask only what it covers changes.

    Args:
        picture_of: As for `Scene`, like the next four.
        mask_of: Likewise.
        bounds: Likewise.
        frame: Likewise.
        mask_bounds: Likewise.
        settings: What the artist chose.

    Raises:
        UsageError: A value, a size or an area cannot be used.
    """
    scene = Scene(picture_of, mask_of, bounds, frame, mask_bounds)
    model = settings.model
    return request_of(
        region.plan(bounds, frame, scene.masked, model.native, model.row.grid), scene, settings
    )


def runs(scene: Scene, model: Checkpoint) -> tuple[Plan, ...]:
    """The runs that make what is wanted of a canvas, in order; one is the usual case.

    Parts of a mask that lie far apart are runs of their own, top to bottom, and what a frame around
    a picture adds is made from the picture outwards when it is too large for one run. A run may
    look at what the one before it made, so ask `request_of` for its request only when that lies on
    the canvas, with the bounds that the picture has by then.

    Raises:
        UsageError: There is nothing to paint in, or it is too large.
    """
    bounds, frame, numbers = scene.bounds, scene.frame, (model.native, model.row.grid)
    masked = scene.masked
    if scene.mask_of is not None and not masked.empty:
        parts = islands.islands(scene.mask_of(masked), masked.x, masked.y)
        if not parts:
            raise UsageError(
                "The mask leaves nothing to change.", "Mask less to replace what lies around it."
            )
        return islands.plans(bounds, frame, parts, *numbers)
    single = (region.plan(bounds, frame, masked, *numbers),)
    if bounds.empty or not frame.contains(bounds):
        return single
    return passes.expansion(bounds, frame, *numbers) or single


@dataclass(frozen=True, slots=True)
class Stage:
    """One run of several.

    Attributes:
        plan: What it looks at and may change.
        first: Whose second pass it is; None: it is no second pass.
    """

    plan: Plan
    first: Plan | None = None


def stages(scene: Scene, settings: Settings, sifted: bool = True) -> tuple[Stage, ...]:
    """All runs that one take needs, in order: `runs`, each followed by its second pass.

    Args:
        scene: The canvas.
        settings: What the artist chose.
        sifted: As for `staged`.

    Raises:
        UsageError: As `runs`.
    """
    return staged(runs(scene, settings.model), scene, settings, sifted)


def staged(
    plans: Sequence[Plan], scene: Scene, settings: Settings, sifted: bool = True
) -> tuple[Stage, ...]:
    """These runs, each followed by its second pass where it needs one.

    What is too large to be worked finely is painted coarsely first and gone over in pieces at low
    strength then, unless those were too many. Of a gentle change only the pieces are made.

    Args:
        plans: As those of `runs`.
        scene: The canvas.
        settings: What the artist chose.
        sifted: Whether pieces in which nothing may change are left out, for which all that the
            runs see is read; without, there may be a few too many.
    """
    model, found = settings.model, list[Stage]()
    over = [not plan.box.intersected(scene.bounds).empty for plan in plans]
    second = [
        passes.refinement(plan, model.native, model.row.grid) if lies_over else ()
        for plan, lies_over in zip(plans, over, strict=True)
    ]
    worth = sum(map(len, second)) <= MOST_FINER
    for plan, finer in zip(plans, second, strict=True):
        if not finer or not worth or settings.strength > GENTLE:
            found.append(Stage(plan))
        if finer and worth:
            if sifted:
                wanted = reach(plan, scene)
                finer = tuple(one for one in finer if wanted(one.mask).any())
            found.extend(Stage(one, plan) for one in finer)
    return tuple(found)


def detail(ahead: Sequence[Stage]) -> float:
    """Working px per document px where the runs leave the least; below 1 it comes out softer."""
    finer = {one.first for one in ahead if one.first is not None}
    return min(one.plan.scale for one in ahead if one.plan not in finer)


def steps_for(strength: float, steps: int) -> int:
    """So many steps that the share of them which that strength takes can do anything."""
    return max(steps, round(WORTHWHILE / strength))


def finer_settings(settings: Settings) -> Settings:
    """Those of a second pass."""
    if settings.strength <= GENTLE:
        return settings
    steps = steps_for(FINER, settings.steps)
    return replace(settings, strength=FINER, fill="keep", steps=steps)


def reach(plan: Plan, scene: Scene) -> Callable[[Rect], Pixels]:
    """What a run may change of any rectangle, by the picture before it: uint8 `[h, w]`.

    A second pass asks this: by its turn nothing is missing any more where something was.
    """
    masked = scene.mask_of is not None and not scene.masked.empty
    lacking = not masked and _lacks(scene.picture_of(plan.box))

    def densities(rect: Rect) -> Pixels:
        if masked and scene.mask_of is not None:
            wanted = scene.mask_of(rect)
        elif lacking:
            missing = scene.picture_of(rect)[..., 3] < OPAQUE
            wanted = np.where(missing, np.uint8(255), np.uint8(0))
        else:
            wanted = np.full((rect.height, rect.width), 255, np.uint8)
        return _within(wanted, plan.may_change.moved(-rect.x, -rect.y))

    return densities


def _lacks(picture: Pixels) -> bool:
    return bool((picture[..., 3] < OPAQUE).any())


def request_of(plan: Plan, scene: Scene, settings: Settings) -> Request:
    """The request of one run.

    Args:
        plan: A member of `runs`.
        scene: The canvas as it is now.
        settings: What the artist chose.

    Raises:
        UsageError: A value cannot be used.
    """
    request = _unread(plan.box, plan.working, scene, settings)  # a refusal costs nothing
    if plan.box.intersected(scene.bounds).empty:
        return request
    picture = scene.picture_of(plan.box)
    return replace(request, picture=picture, mask=_mask(plan, scene, picture)).checked()


def outline(scene: Scene, settings: Settings) -> Request:
    """About what an order asks for, without picture and mask: no pixel is read.

    Raises:
        UsageError: A value cannot be used, or there is nothing to paint in.
    """
    native, grid = settings.model.native, settings.model.row.grid
    box = region.box_of(scene.bounds, scene.frame, scene.masked, native, grid)
    box = Rect(box.x, box.y, min(box.width, MAX_EDGE), min(box.height, MAX_EDGE))
    return _unread(box, working_size(box.size, native, grid), scene, settings)


def _unread(box: Rect, working: Size, scene: Scene, settings: Settings) -> Request:
    return Request(
        model=settings.model,
        prompt=settings.prompt,
        box=box,
        working=working,
        negative=settings.negative,
        strength=_strength(settings.strength, box.intersected(scene.bounds)),
        steps=settings.steps,
        guidance=settings.guidance,
        sampler=settings.sampler,
        schedule=settings.schedule,
        seed=settings.seed,
        count=settings.count,
        fill=settings.fill,
        betas=settings.betas,
        guider=settings.guider,
        reuse=settings.reuse,
    ).checked()


def _strength(asked: float, covered: Rect) -> float:
    """Text to image has nothing to keep a part of; a value out of range stays one."""
    return 1.0 if covered.empty and 0.0 < asked <= 1.0 else asked


def _mask(plan: Plan, scene: Scene, picture: Pixels) -> Pixels | None:
    """What this run may change of its box: the rest of a mask or of a gap is left to the others."""
    if plan.mask.empty:
        return None
    if scene.mask_of is None or scene.masked.empty:
        wanted = effective_mask(picture, None)
    else:
        wanted = scene.mask_of(plan.box)
    return _within(wanted, plan.mask.moved(-plan.box.x, -plan.box.y))


def _within(densities: Pixels, area: Rect) -> Pixels:
    """The densities of `area` alone, which may reach beyond them."""
    height, width = densities.shape
    at = area.intersected(Rect(0, 0, width, height))
    mask = np.zeros_like(densities)
    mask[at.rows, at.columns] = densities[at.rows, at.columns]
    return mask
