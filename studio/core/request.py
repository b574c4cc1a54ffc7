"""Request: everything one generation depends on, frozen."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.core.guiders import guider
from studio.core.pixels import Pixels, size_of
from studio.core.samplers import BETAS, SCHEDULES, sampler
from studio.core.text import PROMPT_LIMIT, clean

MAX_STEPS = 1000
MAX_COUNT = 64
MAX_GUIDANCE = 50.0
MAX_EDGE = 16384
MAX_SEED = 2**32 - 1
#: Whether each step is worked out in full, or takes what hardly changed from the one before.
REUSES = ("none", "blocks")
FILLS = ("auto", "keep", "blur", "border", "smooth", "patch", "noise", "plain")


@dataclass(frozen=True, slots=True, eq=False)
class Request:
    """One order to the engine.

    The same Request gives the same pictures on the same kind of machine.

    Attributes:
        model: What to run.
        prompt: What should be there; may be empty.
        negative: What should not be there.
        box: The rectangle that the model sees, in document px.
        working: The size at which the model works, multiples of the family's grid.
        picture: uint8 `[box.height, box.width, 4]` sRGB straight alpha, or None: text to image.
        mask: uint8 `[box.height, box.width]`, or None: the whole box may change.
        strength: Share of the noise added, above 0 to 1.
        steps: Denoising steps of a full run.
        guidance: Classifier-free guidance scale; 1 switches it off.
        sampler: A key of `samplers.SAMPLERS`.
        schedule: A member of `samplers.SCHEDULES`.
        betas: A member of `samplers.BETAS`.
        guider: A key of `guiders.GUIDERS`.
        reuse: A member of `REUSES`; all but "none" give an approximate picture.
        seed: Of the first take; see `seed_of` for those of the others.
        count: Number of takes.
        fill: What is put under the mask before denoising, a member of `FILLS`.
    """

    model: Checkpoint
    prompt: str
    box: Rect
    working: Size
    negative: str = ""
    picture: Pixels | None = None
    mask: Pixels | None = None
    strength: float = 1.0
    steps: int = 20
    guidance: float = 5.0
    sampler: str = "dpmpp_2m"
    schedule: str = "default"
    seed: int = 0
    count: int = 1
    fill: str = "auto"
    betas: str = "default"
    guider: str = "plain"
    reuse: str = "none"

    def checked(self) -> Request:
        """The same request with clean prompts.

        Raises:
            UsageError: A value cannot be used; the sentence names it.
        """
        self._check_numbers()
        self._check_choices()
        self._check_sizes()
        for name, text in (("prompt", self.prompt), ("negative prompt", self.negative)):
            if len(text) > PROMPT_LIMIT:
                raise UsageError(
                    f"The {name} has {len(text):,} characters.",
                    f"Shorten it to at most {PROMPT_LIMIT:,}; "
                    "models read the first few hundred words.",
                )
        return replace(self, prompt=clean(self.prompt), negative=clean(self.negative))

    def _check_numbers(self) -> None:
        _within("Steps", self.steps, 1, MAX_STEPS)
        _within("Takes", self.count, 1, MAX_COUNT)
        _within("The seed", self.seed, 0, MAX_SEED)
        _within("Guidance", self.guidance, 0.0, MAX_GUIDANCE)
        _within("Strength", self.strength, 0.0, 1.0)
        if self.strength == 0.0 or round(self.steps * self.strength) < 1:
            raise UsageError(
                f"At strength {self.strength:g} and {self.steps} steps nothing would change.",
                "Raise the strength or the number of steps.",
            )

    def _check_choices(self) -> None:
        if sampler(self.sampler) is None:
            raise UsageError(f"There is no sampler called '{clean(self.sampler)}'.")
        if self.schedule not in SCHEDULES:
            raise UsageError(f"There is no schedule called '{clean(self.schedule)}'.")
        if self.betas not in BETAS:
            raise UsageError(f"There is no noise called '{clean(self.betas)}'.")
        if guider(self.guider) is None:
            raise UsageError(f"There is no guidance called '{clean(self.guider)}'.")
        if self.reuse not in REUSES:
            raise UsageError(f"There is no shortcut called '{clean(self.reuse)}'.")
        if self.fill not in FILLS:
            raise UsageError(f"There is no fill called '{clean(self.fill)}'.")

    def _check_sizes(self) -> None:
        grid = self.model.row.grid
        for name, size in (("working size", self.working), ("area", self.box.size)):
            if size.empty or max(size.width, size.height) > MAX_EDGE:
                raise UsageError(
                    f"The {name} of {size.width} x {size.height} px cannot be used.",
                    f"Width and height go from 1 to {MAX_EDGE} px.",
                )
        if self.working.width % grid or self.working.height % grid:
            raise UsageError(
                f"{self.working.width} x {self.working.height} px does not fit this model.",
                f"Take multiples of {grid} px.",
            )
        for name, pixels in (("picture", self.picture), ("mask", self.mask)):
            if pixels is not None and size_of(pixels) != self.box.size:
                got, want = size_of(pixels), self.box.size
                raise UsageError(
                    f"The {name} is {got.width} x {got.height} px, "
                    f"the area {want.width} x {want.height} px.",
                    "Both must have the same size.",
                )


def seed_of(seed: int, take: int) -> int:
    """The seed of one take of an order; after the largest that there is comes 0."""
    return (seed + take) % (MAX_SEED + 1)


def _within(name: str, value: float, low: float, high: float) -> None:
    if not math.isfinite(value) or not low <= value <= high:
        raise UsageError(f"{name} cannot be {value:.10g}.", f"Take {low:.10g} to {high:.10g}.")
