"""What a scene is before it is drawn: plain frozen values, lengths in units.

The picture is 512 units high; x and y of a thing are its base, in units from the upper left.
"""

import math
from dataclasses import dataclass

UNITS = 512
"""Height of any scene in units; a square scene is as wide."""

TIMES = ("day", "dawn", "sunset", "night")
STYLES = ("flat", "watercolour", "pencil", "neon")
GROUNDS = ("meadow", "desert", "snow")
WATERS = ("none", "lake", "river", "sea")
BACKS = ("none", "mountains", "hills")
MAINS = ("house", "castle", "lighthouse", "boat", "balloon")
TREES = ("pine", "round", "palm", "autumn")
SMALLS = ("cat", "snowman", "tulip", "mushroom")

Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in picture px, the last two exclusive."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One object that stands in a scene."""

    kind: str
    x: float
    y: float
    size: float
    colour: str = ""
    second: str = ""  # a house's or castle's roof, a boat's sail
    variety: str = ""  # which tree
    count: int = 1  # how many of its kind stand in the scene


@dataclass(frozen=True, slots=True)
class Water:
    """Where the water is; a lake is an ellipse, the sea a band, a river a winding strip."""

    kind: str = "none"
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0  # of a lake: half its width; of a river: where it leaves the picture
    height: float = 0.0  # of a lake: half its height
    phase: float = 0.0

    def river_centre(self, down: float) -> float:
        """X of a river's middle at ``down``: 0 at the horizon, 1 at the lower border."""
        return self.x + (self.width - self.x) * down + math.sin(down * 5 + self.phase) * 60 * down

    @staticmethod
    def river_half(down: float) -> float:
        """Half of a river's width in units at ``down``."""
        return 6 + 74 * down * down + 12 * down


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole picture."""

    time: str
    style: str
    ground: str
    water: Water
    back: str
    horizon: float
    seed: int
    width: int = UNITS
    sun: float | None = None  # x in units
    moon: float | None = None
    crescent: bool = False
    stars: bool = False
    clouds: int = 0
    rainbow: bool = False
    birds: int = 0
    path: bool = False
    bridge: bool = False
    snowing: bool = False
    things: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a thing came to stand in the picture."""

    index: int  # into Scene.things
    box: Box
    visible: float  # share of its box that is neither cut off nor behind another thing
