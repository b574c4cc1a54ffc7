"""A drawing surface measured in units, and the light that colours what is drawn on it."""

from collections.abc import Sequence
from random import Random

from PIL import Image, ImageDraw

from studio.training.starter.scenes import palette
from studio.training.starter.scenes.palette import Rgb
from studio.training.starter.scenes.spec import UNITS

Point = tuple[float, float]
Rect = tuple[float, float, float, float]


class Canvas:
    """An rgb picture that takes its coordinates in units (512 to the height)."""

    def __init__(self, width: int, height_px: int) -> None:
        """A black canvas ``width`` units wide and ``height_px`` px high."""
        self.scale = height_px / UNITS
        self.width = width
        self.image = Image.new("RGB", (round(width * self.scale), height_px))
        self._draw = ImageDraw.Draw(self.image)

    def rectangle(self, box: Rect, fill: Rgb) -> None:
        """A filled rectangle; an empty one draws nothing."""
        if box[2] > box[0] and box[3] > box[1]:
            self._draw.rectangle(self._box(box), fill=fill)

    def ellipse(self, box: Rect, fill: Rgb) -> None:
        """A filled ellipse in ``box``."""
        self._draw.ellipse(self._box(box), fill=fill)

    def circle(self, x: float, y: float, radius: float, fill: Rgb) -> None:
        """A filled circle."""
        self.ellipse((x - radius, y - radius, x + radius, y + radius), fill)

    def polygon(self, points: Sequence[Point], fill: Rgb) -> None:
        """A filled polygon."""
        self._draw.polygon([(x * self.scale, y * self.scale) for x, y in points], fill=fill)

    def line(self, points: Sequence[Point], fill: Rgb, width: float) -> None:
        """A polyline ``width`` units thick."""
        scaled = [(x * self.scale, y * self.scale) for x, y in points]
        self._draw.line(scaled, fill=fill, width=max(1, round(width * self.scale)), joint="curve")

    def arc(self, box: Rect, start: float, end: float, fill: Rgb, width: float) -> None:
        """A part of an ellipse's outline, angles in degrees, clockwise from the right."""
        self._draw.arc(
            self._box(box), start, end, fill=fill, width=max(1, round(width * self.scale))
        )

    def band(self, top: float, bottom: float, colours: Sequence[Rgb]) -> None:
        """A vertical gradient over the whole width."""
        y0, y1 = round(top * self.scale), round(bottom * self.scale)
        self.image.paste(palette.gradient(self.image.width, y1 - y0, colours), (0, y0))

    def colour_at(self, x: float, y: float) -> Rgb:
        """The colour drawn at (x, y), clamped into the picture."""
        column = min(self.image.width - 1, max(0, int(x * self.scale)))
        row = min(self.image.height - 1, max(0, int(y * self.scale)))
        pixel = self.image.getpixel((column, row))
        if not isinstance(pixel, tuple):
            raise TypeError("the canvas is an rgb picture")
        return int(pixel[0]), int(pixel[1]), int(pixel[2])

    def _box(self, box: Rect) -> Rect:
        k = self.scale
        return box[0] * k, box[1] * k, box[2] * k, box[3] * k


class Light:
    """The time of day: how it tints a colour, and whether windows glow."""

    def __init__(self, time: str, random: Random) -> None:
        """Light at ``time``; ``random`` jitters colours a little, so that no two reds are one."""
        self.time = time
        self.random = random
        self.lit = time in ("night", "sunset")

    def tint(self, colour: Rgb) -> Rgb:
        """``colour`` as it looks in this light."""
        return palette.scaled(colour, palette.TINTS[self.time])

    def jitter(self, colour: Rgb, amount: int = 8) -> Rgb:
        """``colour``, each channel moved by at most ``amount``."""
        red, green, blue = (
            min(255, max(0, value + self.random.randint(-amount, amount))) for value in colour
        )
        return red, green, blue

    def named(self, name: str) -> Rgb:
        """A colour of the palette, jittered and tinted."""
        return self.tint(self.jitter(palette.COLOURS[name]))

    def window(self) -> Rgb:
        """Window panes: lamplight in the evening, sky by day."""
        return (255, 222, 110) if self.lit else self.tint((190, 224, 246))
