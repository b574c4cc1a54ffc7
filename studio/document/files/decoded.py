"""Decoded: a picture as it comes out of a file."""

from __future__ import annotations

from dataclasses import dataclass

from studio.core.pixels import Pixels
from studio.document.files.metadata import Recipe


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A picture as the studio works on it.

    Attributes:
        pixels: uint8 `[h, w, 4]` sRGB straight alpha, read-only: a document keeps it uncopied.
        recipe: What it was made with, if it says.
        notes: What had to be changed, in sentences for the artist.
        resolution: Dots per inch, across and down, if it says.
        profile: The colour profile it came with, if that is not sRGB and was used.
    """

    pixels: Pixels
    recipe: Recipe | None
    notes: tuple[str, ...]
    resolution: tuple[float, float] | None = None
    profile: bytes = b""
