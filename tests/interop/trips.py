"""Round trips through other programs: we write, they open and write anew, we read and compare.

Run alone it prints what it ran and what it found: `python -m tests.interop.trips`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document.blends import BLENDS
from studio.document.files import ora, psd
from studio.document.layer import Group, Layer
from studio.document.layered import Layered
from tests.document.files.pictures import layer
from tests.interop.programs import Program, installed, opens_openraster

WRITERS = {"ora": ora, "psd": psd}
#: Programs keep opacity in 255 steps.
_STEP = 1 / 255
#: GIMP 3.0.4 writes the opacity of a layer both beside its pixels in .ora and into them.
_SOLID = ("GIMP",)
#: MyPaint holds colours times alpha in 15 bits: they come back to within a level of 255.
_NEARLY = ("MyPaint",)
#: What a program itself loses on its way; all else has to come back. Krita 5.1.5 reads no opacity
#: of groups from .psd; GIMP 3.0.4 takes two modes of .psd for ones that .ora has no name for.
KNOWN = {
    ("Krita", "psd"): {"other_groups"},
    ("GIMP", "psd"): {"other_blend"},
}
LISTS = ("missing", "other_pixels", "other_blend", "other_looks", "other_groups")


@dataclass(frozen=True, slots=True)
class Trip:
    """One way through one program."""

    program: Program
    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.program.name} {self.program.version} .{self.source} to .{self.target}"


@dataclass(frozen=True, slots=True)
class Found:
    """What came back; every list names layers."""

    layers: int
    missing: list[str]
    other_pixels: list[str]
    other_blend: list[str]
    other_looks: list[str]
    other_groups: list[str]
    size: bool

    def faults(self, trip: Trip) -> dict[str, list[str]]:
        """What is wrong, without what the program is known to lose."""
        known = KNOWN.get((trip.program.name, trip.source), set())
        found = {title: getattr(self, title) for title in LISTS if title not in known}
        return {title: names for title, names in found.items() if names}


def picture(solid: bool) -> Layered:
    """Every blend mode at an offset of its own, groups in groups, a hidden and a locked layer.

    Args:
        solid: Whether all is at full opacity.
    """
    outer = Group("outer ä", opacity=1.0 if solid else 0.4, blend="multiply")
    inner = Group("inner")
    layers = [layer("ground", Rect(0, 0, 320, 240), 1)]
    for number, blend in enumerate(BLENDS):
        opacity = 1.0 if solid else (number + 1) / 10
        area = Rect(3 + number * 20, 7 * number, 64 + number, 90)
        layers.append(layer(f"{blend} ✏", area, number, blend=blend, opacity=opacity))
    layers.append(layer("in", Rect(5, 6, 17, 18), 30, groups=(outer,)))
    layers.append(layer("deep", Rect(250, 180, 40, 40), 31, groups=(outer, inner)))
    layers.append(layer("hidden", Rect(1, 1, 30, 30), 32, visible=False))
    return Layered(Rect(0, 0, 320, 240), tuple(layers), active=3, dpi=(300.0, 300.0))


def trips() -> Iterator[Trip]:
    """All that the programs here can make."""
    for program in installed():
        if program.name == "MyPaint":
            yield Trip(program, "ora", "ora")
            continue
        if opens_openraster(program):
            yield Trip(program, "ora", "ora")
            yield Trip(program, "ora", "psd")
            yield Trip(program, "psd", "ora")
        yield Trip(program, "psd", "psd")


def made(trip: Trip, folder: Path) -> Found:
    """Make the trip, in that folder."""
    ours = picture(trip.program.name in _SOLID)
    source, target = (
        folder / f"{each}" for each in (f"ours.{trip.source}", f"their.{trip.target}")
    )
    with source.open("wb") as file:
        WRITERS[trip.source].write(ours, file)
    trip.program.rewrite(source, target)
    with target.open("rb") as file:
        theirs = WRITERS[trip.target].read(file, target.name)
    return compared(ours, theirs, trip.program.name not in _NEARLY)


def compared(ours: Layered, theirs: Layered, exact: bool) -> Found:
    """What differs; layers are found by their names."""

    def same(one: Layer, other: Layer) -> bool:
        return _same(seen(ours, one), seen(theirs, other), exact)

    known = {each.name: each for each in theirs.layers}
    pairs = [(each, known[each.name]) for each in ours.layers if each.name in known]
    return Found(
        len(ours.layers),
        [each.name for each in ours.layers if each.name not in known],
        [one.name for one, other in pairs if not same(one, other)],
        [one.name for one, other in pairs if one.blend != other.blend],
        [one.name for one, other in pairs if not _alike(one, other)],
        [one.name for one, other in pairs if not _grouped_alike(one, other)],
        ours.bounds == theirs.bounds,
    )


def seen(whole: Layered, one: Layer) -> Pixels:
    """Its pixels around the picture's place; colours under full transparency are nobody's."""
    pixels = one.pixels.read(whole.bounds.grown(64))
    pixels[pixels[..., 3] == 0] = 0
    return pixels


def _same(mine: Pixels, theirs: Pixels, exact: bool) -> bool:
    if exact:
        return np.array_equal(mine, theirs)
    light = [each[..., :3] * (each[..., 3:] / 255) for each in (mine, theirs)]
    return np.array_equal(mine[..., 3], theirs[..., 3]) and np.abs(light[0] - light[1]).max() <= 1


def _alike(one: Layer | Group, other: Layer | Group) -> bool:
    return one.visible == other.visible and abs(one.opacity - other.opacity) <= _STEP


def _grouped_alike(one: Layer, other: Layer) -> bool:
    pairs = list(zip(one.groups, other.groups, strict=False))
    return len(one.groups) == len(other.groups) and all(
        mine.name == theirs.name and mine.blend == theirs.blend and _alike(mine, theirs)
        for mine, theirs in pairs
    )


def main() -> int:
    """Make every trip and print a table."""
    bad = 0
    for trip in trips():
        with tempfile.TemporaryDirectory() as folder:
            begun = time.monotonic()
            found = made(trip, Path(folder))
            seconds = time.monotonic() - begun
        same = found.layers - len(found.missing) - len(found.other_pixels)
        how = "within a level of 255" if trip.program.name in _NEARLY else "pixel-equal"
        print(f"{trip}: {same} of {found.layers} layers {how}, {seconds:.1f} s")
        faults = found.faults(trip)
        bad += len(faults)
        for title in LISTS:
            if names := getattr(found, title):
                known = "" if title in faults else " (known of that program)"
                print(f"    {title.replace('_', ' ')}{known}: {', '.join(names)}")
        if not found.size:
            bad += 1
            print("    another size of the picture")
    return min(bad, 1)


if __name__ == "__main__":
    sys.exit(main())
