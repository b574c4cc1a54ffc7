"""The project file: a stroke until it is safe, opening, and size against the compressed tiles.

`python tests/bench/project.py [--strokes N] [--edge PX] [--folder DIR] [--json]`; the folder should
lie on the kind of disk that is meant.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from studio.core.pixels import Pixels
from studio.document.tiles import TILE, Key
from studio.project.store.file import ProjectFile
from studio.project.store.values import Gesture, TileChange

#: ms until a stroke is safe, 95 of 100; seconds to open; bytes of the file over those of its tiles.
_SAFE, _OPEN, _SIZE = 100.0, 3.0, 1.1
_TREE = {"layers": [{"name": f"Layer {n}", "opacity": 1.0, "blend": "normal"} for n in range(8)]}


def painted(seed: int) -> Pixels:
    """A tile like a brushed surface: a soft gradient with grain."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:TILE, 0:TILE].astype(np.float32) / TILE
    turn = rng.random(3) * 6
    colours = np.sin(x[..., None] * turn + y[..., None] * turn[::-1] + seed) * 100 + 128
    grain = rng.integers(-6, 7, (TILE, TILE, 1))
    pixels = np.empty((TILE, TILE, 4), np.uint8)
    pixels[..., :3] = np.clip(colours + grain, 0, 255)
    pixels[..., 3] = 255
    pixels.flags.writeable = False
    return pixels


def strokes(path: Path, tiles: int, count: int) -> dict[str, float]:
    """Time `count` gestures of so many tiles each."""
    project = ProjectFile.create(path)
    taken = []
    for number in range(count):
        changes = tuple(
            TileChange(2, (x, 0), None, painted(number * tiles + x)) for x in range(tiles)
        )
        gesture = Gesture("Stroke", _TREE, changes)
        began = time.perf_counter()
        project.commit(gesture)
        taken.append((time.perf_counter() - began) * 1000)
    project.close()
    taken.sort()
    p95 = taken[min(len(taken) - 1, int(len(taken) * 0.95))]
    return {"p50": statistics.median(taken), "p95": p95, "worst": taken[-1], "bound": _SAFE}


def large(path: Path, edge: int) -> dict[str, float]:
    """A picture of that edge: written, opened, and read to the last tile."""
    project = ProjectFile.create(path)
    began = time.perf_counter()
    project.baseline(_TREE, _tiles(edge))
    written = time.perf_counter() - began
    packed = sum(len(project.packed(name)) for name in {*project.tiles(2).values()})
    project.close()
    began = time.perf_counter()
    project, _ = ProjectFile.open(path)
    opened = time.perf_counter() - began
    began, worked = time.perf_counter(), time.process_time()
    for _ in project.read(project.tiles(2).values()):
        pass
    read, worked = time.perf_counter() - began, time.process_time() - worked
    project.close()
    size = path.stat().st_size
    return {
        "write": written,
        "open": opened,
        "every tile": read,
        "processor": worked,
        "packed bytes": packed,
        "size": size / packed,
    }


def _tiles(edge: int) -> Iterator[tuple[int, Key, Pixels]]:
    across = -(-edge // TILE)
    kinds = [painted(seed) for seed in range(8)]
    for number in range(across * across):
        pixels = kinds[number % len(kinds)].copy()
        pixels[0, 0, :3] = number % 251, number // 251 % 251, number // 63001
        yield 2, (number % across, number // across), pixels


def main() -> None:
    """Measure and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--strokes", type=int, default=100)
    options.add_argument("--edge", type=int, default=16384)
    options.add_argument("--folder", type=Path)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        os.environ["SFUMATO_HOME"] = str(Path(folder) / "home")
        commits = {
            tiles: strokes(Path(folder) / f"{tiles}.sfumato", tiles, given.strokes)
            for tiles in (4, 16, 64)
        }
        whole = large(Path(folder) / "large.sfumato", given.edge)
    if given.json:
        print(json.dumps({"commit": commits, "edge": given.edge, "picture": whole}))
        return
    print(f"{'stroke until safe':24} {'p50 ms':>8} {'p95 ms':>8} {'worst':>8}   bound")
    for tiles, row in commits.items():
        times = "".join(f" {row[name]:8.1f}" for name in ("p50", "p95", "worst"))
        print(f"{tiles:3} tiles {'':14}{times}   {_SAFE:.0f}")
    print(f"{given.edge} px: written in {whole['write']:.1f} s, opened in {whole['open']:.2f} s")
    print(
        f"  every tile read in {whole['every tile']:.2f} s (opening and this: {_OPEN:.0f} s), "
        f"{whole['processor']:.2f} s of the processor"
    )
    print(f"  the file is {whole['size']:.3f} times its packed tiles (bound {_SIZE})")


if __name__ == "__main__":
    main()
