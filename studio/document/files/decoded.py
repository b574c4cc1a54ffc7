"""Decoded: a picture as it comes out of a file."""

from __future__ import annotations

from dataclasses import dataclass

from studio.core.pixels import Pixels
from studio.document.files.metadata import Recipe


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file said of itself that an export may say again.

    Attributes:
        resolution: Dots per inch, across and down, or None: it said nothing.
        profile: The colour profile that it came with; empty: sRGB, none, or one of no use.
        title: What that profile calls itself.
    """

    resolution: tuple[float, float] | None = None
    profile: bytes = b""
    title: str = ""


UNKNOWN = Origin()


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A picture as the studio works on it.

    Attributes:
        pixels: uint8 `[h, w, 4]` sRGB straight alpha, read-only: a document keeps it uncopied.
        recipe: What it was made with, if it says.
        notes: What had to be changed, in sentences for the artist.
        origin: Resolution and colour profile of the file.
    """

    pixels: Pixels
    recipe: Recipe | None
    notes: tuple[str, ...]
    origin: Origin = UNKNOWN
