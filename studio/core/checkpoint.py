"""A checkpoint as the rest of the studio knows it: where it lies and what it was read to be."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from studio.core.families import Family, family


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One installed model, from its headers alone; nothing of it has been executed.

    Attributes:
        key: Short name for commands and requests, unique in the library.
        title: What an artist reads.
        path: Absolute path of a diffusers folder or of a `.safetensors` file.
        family: A key of `families.FAMILIES`.
        in_channels: Input channels of its denoiser.
        inpainting: Whether the denoiser takes mask and masked picture as further input.
        native: Edge in px of the square area it works best at.
        steps: Recommended denoising steps.
        guidance: Recommended guidance scale.
        sampler: Recommended sampler, a key of `samplers.SAMPLERS`.
        description: One honest sentence.
        examples: Prompts worth trying.
    """

    key: str
    title: str
    path: str
    family: str
    in_channels: int
    inpainting: bool
    native: int
    steps: int
    guidance: float
    sampler: str
    description: str = ""
    examples: tuple[str, ...] = ()

    @property
    def row(self) -> Family:
        """The numbers of its family."""
        return family(self.family)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Checkpoint:
        """The inverse of `as_dict`.

        Raises:
            TypeError: A field is missing or unknown.
        """
        return cls(**{**values, "examples": tuple(values.get("examples", ()))})
