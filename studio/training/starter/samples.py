"""The pictures that an empty studio offers to begin with, drawn by the same renderer."""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from studio.training.starter.scenes.render import render
from studio.training.starter.scenes.spec import UNITS, Scene, Thing, Water

_WIDE = UNITS * 3 // 2


def _tree(variety: str, x: float, y: float, size: float) -> Thing:
    return Thing("tree", x, y, size, variety=variety)


SAMPLES = {
    "lake-house": Scene(
        time="day",
        style="flat",
        ground="meadow",
        water=Water("lake", x=500, y=338, width=200, height=34),
        back="mountains",
        horizon=250,
        seed=21,
        width=_WIDE,
        sun=640,
        clouds=3,
        things=(
            Thing("house", 190, 400, 1.5, colour="yellow", second="red"),
            Thing("boat", 560, 344, 0.8, colour="red", second="white"),
            _tree("round", 60, 372, 1.1),
            _tree("pine", 300, 300, 0.9),
            _tree("pine", 700, 340, 1.1),
            Thing("flowers", _WIDE / 2, UNITS, 1.2, colour="pink", count=18),
        ),
    ),
    "winter-night": Scene(
        time="night",
        style="flat",
        ground="snow",
        water=Water(),
        back="mountains",
        horizon=270,
        seed=8,
        width=_WIDE,
        moon=600,
        stars=True,
        path=True,
        things=(
            Thing("castle", 270, 380, 1.1, colour="purple", second="blue"),
            Thing("snowman", 600, 470, 1.0),
            _tree("pine", 80, 420, 1.3),
            _tree("pine", 470, 350, 0.9),
            _tree("pine", 700, 400, 1.2),
        ),
    ),
    "evening-sea": Scene(
        time="sunset",
        style="watercolour",
        ground="meadow",
        water=Water("sea", y=400, phase=1.0),
        back="hills",
        horizon=260,
        seed=14,
        width=_WIDE,
        sun=420,
        clouds=2,
        things=(
            Thing("lighthouse", 130, 450, 1.15, colour="red"),
            Thing("boat", 520, 350, 1.1, colour="blue", second="yellow"),
            _tree("palm", 660, 460, 1.0),
        ),
    ),
}
"""Name of the file and the scene that it shows, 3 : 2."""


def write_samples(folder: Path, height: int = 512) -> Iterator[Path]:
    """Draw each sample ``height`` px high into ``folder``; yields the files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, scene in SAMPLES.items():
        file = folder / f"{name}.png"
        picture, _ = render(scene, height)
        Image.fromarray(picture).save(file, optimize=True)
        yield file
