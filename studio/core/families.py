"""One row of numbers per model family."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """What a family of checkpoints has in common.

    Attributes:
        key: Stable word for files, commands and messages.
        title: What an artist reads.
        native: Edge in px of the square area it was trained on.
        grid: Working width and height are multiples of this many px.
        steps: Recommended denoising steps.
        guidance: Recommended guidance scale.
        sampler: Recommended sampler, a key of `samplers.SAMPLERS`.
    """

    key: str
    title: str
    native: int
    grid: int
    steps: int
    guidance: float
    sampler: str


FAMILIES: tuple[Family, ...] = (
    Family("sd15", "Stable Diffusion 1.5", 512, 8, 25, 7.0, "dpmpp_2m"),
    Family("sdxl", "Stable Diffusion XL", 1024, 8, 28, 6.0, "dpmpp_2m"),
    Family("sd3", "Stable Diffusion 3", 1024, 16, 28, 5.0, "euler"),
    Family("flux", "FLUX.1", 1024, 16, 28, 3.5, "euler"),
)


def family(key: str) -> Family:
    """The row of that key.

    Raises:
        KeyError: No such family.
    """
    for row in FAMILIES:
        if row.key == key:
            return row
    raise KeyError(key)
