"""The drawn pictures: made once in parts, on as many processes as wanted, read memory-mapped."""

import json
from bisect import bisect_right
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple
from functools import partial
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from studio.training.starter.presets import PICTURE
from studio.training.starter.scenes.render import render
from studio.training.starter.scenes.sampling import sample_scene
from studio.training.starter.scenes.spec import Placed, Scene

PART = 500
"""Pictures in one part: what is lost when drawing is interrupted."""

TRAIN, HELD_OUT = "train", "held-out"


def scene_of(split: str, index: int) -> Scene:
    """The scene number ``index`` of ``split``; always the same one."""
    return sample_scene(Random(f"{split} {index}"))


def draw_pictures(folder: Path, split: str, count: int, processes: int = 1) -> Iterator[int]:
    """Draw what is missing of the first ``count`` pictures; yields how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = range(-(-count // PART))
    missing = [part for part in parts if not _pixels_file(folder, split, part).exists()]
    done = len(parts) - len(missing)
    with ProcessPoolExecutor(processes) as pool:
        for _ in pool.map(partial(_draw_part, folder, split), missing):
            done += 1
            yield done * PART


class Pictures:
    """The drawn pictures of one split, with the scene and the placed things of each."""

    def __init__(self, folder: Path, split: str) -> None:
        """All parts of ``split`` that ``folder`` holds now.

        Raises:
            FileNotFoundError: there is none.
        """
        files = sorted(folder.glob(f"{split}-*.npy"))
        if not files:
            raise FileNotFoundError(f"no {split} pictures in {folder}: draw some first")
        self._split = split
        self._numbers = [int(file.stem.rsplit("-", 1)[1]) for file in files]
        self._pixels = [np.load(file, mmap_mode="r") for file in files]
        self._ends = np.cumsum([len(part) for part in self._pixels]).tolist()
        self._scenes: dict[int, Scene] = {}  # sampling one anew takes as long as its caption
        self.placed: list[tuple[Placed, ...]] = []
        for file in files:
            records = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
            self.placed += [tuple(_placed(item) for item in record) for record in records]

    def __len__(self) -> int:
        """Number of pictures."""
        return int(self._ends[-1])

    def pixels(self, index: int) -> NDArray[np.uint8]:
        """Picture ``index``: uint8 [256, 256, 3] sRGB."""
        part = bisect_right(self._ends, index)
        start = self._ends[part - 1] if part else 0
        picture: NDArray[np.uint8] = self._pixels[part][index - start]
        return picture

    def scene(self, index: int) -> Scene:
        """The scene that picture ``index`` shows."""
        if index not in self._scenes:
            part = bisect_right(self._ends, index)
            start = self._ends[part - 1] if part else 0
            number = self._numbers[part] * PART + index - start
            self._scenes[index] = scene_of(self._split, number)
        return self._scenes[index]


def _draw_part(folder: Path, split: str, part: int) -> None:
    pixels = np.empty((PART, PICTURE, PICTURE, 3), np.uint8)
    records = []
    for offset in range(PART):
        pixels[offset], placed = render(scene_of(split, part * PART + offset))
        records.append([astuple(spot) for spot in placed])
    file = _pixels_file(folder, split, part)
    file.with_suffix(".json").write_text(json.dumps(records), encoding="utf-8")
    # The pixels come last and under their name at once: they say that the part is whole.
    unfinished = file.with_suffix(".unfinished.npy")
    np.save(unfinished, pixels)
    unfinished.replace(file)


def _pixels_file(folder: Path, split: str, part: int) -> Path:
    return folder / f"{split}-{part:04d}.npy"


def _placed(record: list[object]) -> Placed:
    index, box, visible = record
    if not isinstance(index, int) or not isinstance(box, list) or not isinstance(visible, float):
        raise ValueError(f"not a placed thing: {record}")
    x0, y0, x1, y1 = (int(value) for value in box)
    return Placed(index, (x0, y0, x1, y1), visible)
