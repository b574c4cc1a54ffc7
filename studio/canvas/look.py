"""Look: the colours of everything on the canvas that is not the picture."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Look:
    """sRGB and alpha, 0 to 255. Greys are neutral, so that no tint bends the judgement of colour.

    Attributes:
        surround: Around the picture.
        border: The thin line around the picture.
        checks: The two squares that stand for transparency.
        line: The light half of every two-tone line; readable over dark pictures.
        edge: The dark half of every two-tone line; readable over light pictures.
        accent: Progress, and the handle under the pen.
        dim: Over what lies outside the frame while the frame is edited.
        hidden: Over what the next run cannot change, while that is shown.
        reached: Over what the next run may change, while that is shown.
        grid: Between single pixels.
        marks: Lines and numbers of the rulers.
    """

    surround: Colour = (43, 43, 43, 255)
    border: Colour = (16, 16, 16, 255)
    checks: tuple[Colour, Colour] = ((102, 102, 102, 255), (128, 128, 128, 255))
    line: Colour = (255, 255, 255, 240)
    edge: Colour = (0, 0, 0, 150)
    accent: Colour = (255, 176, 64, 255)
    dim: Colour = (20, 20, 20, 110)
    hidden: Colour = (16, 16, 16, 190)
    reached: Colour = (64, 220, 140, 150)
    grid: Colour = (128, 128, 128, 110)
    marks: Colour = (190, 190, 190, 255)
