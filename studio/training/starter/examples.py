"""Training examples for the UNet: whole pictures and crops, masks, and words that fit them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.training.starter.data import Pictures
from studio.training.starter.latents import PART, Latents, cached
from studio.training.starter.presets import LATENT, PICTURE
from studio.training.starter.scenes.captions import caption, empty_caption, local_caption
from studio.training.starter.scenes.spec import Box, Placed, Scene

CROP = LATENT // 2
"""Side of a crop in latent cells: a quarter of the cost, and filled by one thing."""

_CELL = PICTURE // LATENT
_UNTOLD = 0.1  # share of examples without words, for classifier-free guidance
_FROM_NOTHING = 0.5  # share of whole pictures without a kept part: only they teach the layout
_THING = 0.65  # share of the masks that lie around a thing
_INSIDE, _TOUCHED = 0.6, 0.1
_GUIDE = 0.12  # share of crops that are wholly masked


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What one step of the UNet learns from."""

    clean: Tensor  # float [n, 4, s, s]
    mask: Tensor  # float [n, 1, s, s], 1 where repainted
    behind: Tensor  # float [n, 4, s, s], latents of the masked picture
    words: list[str]


@dataclass(frozen=True, slots=True, eq=False)
class _Example:
    clean: NDArray[np.float16]
    mask: NDArray[np.bool_]
    behind: NDArray[np.float16]
    words: str


class Examples:
    """Examples by lot from the cache, the same ones for the same generator."""

    def __init__(self, pictures: Pictures, folder: Path) -> None:
        """Examples of ``pictures``, as far as their latents are in ``folder``."""
        self._pictures, self._folder = pictures, folder
        self._latents = Latents(folder, len(pictures))

    def reload(self) -> None:
        """Look again for latents: the cache may be growing beside the training."""
        if len(cached(self._folder, len(self._pictures))) * PART > len(self._latents):
            self._latents = Latents(self._folder, len(self._pictures))

    def whole(self, random: Random, count: int) -> Batch:
        """Whole pictures, painted from nothing or behind their cached mask."""
        return _stacked([self._whole(random) for _ in range(count)], random)

    def crops(self, random: Random, count: int) -> Batch:
        """Quarter pictures around masks and things, with the words of an artist's small mask."""
        return _stacked([self._crop(random) for _ in range(count)], random)

    def _whole(self, random: Random) -> _Example:
        row, scene, placed = self._pick(random)
        cache = self._latents
        if random.random() < _FROM_NOTHING:
            words = caption(scene, placed, random)
            everything = np.ones((LATENT, LATENT), np.bool_)
            return _Example(cache.whole[row], everything, cache.grey, words)
        at = row, int(random.random() < _THING)
        words = self._masked_words(random, at)
        return _Example(cache.whole[row], cache.mask[at], cache.behind[at], words)

    def _crop(self, random: Random) -> _Example:
        row, scene, placed = self._pick(random)
        cache = self._latents
        seen = [
            spot for spot in placed if spot.visible > _INSIDE and spot.box[2] - spot.box[0] < 160
        ]
        if seen and random.random() < _GUIDE:
            spot = random.choice(seen)
            y, x = _window(random, (spot.box[1] + spot.box[3]) / 2, (spot.box[0] + spot.box[2]) / 2)
            shown = [
                s.index for s in placed if s.visible > _INSIDE and _share(s.box, y, x) > _INSIDE
            ]
            if shown:
                words = local_caption(scene, placed, shown, random)
                everything = np.ones((CROP, CROP), np.bool_)
                return _Example(
                    _cut(cache.whole[row], y, x), everything, _cut(cache.grey, y, x), words
                )
        at = row, int(random.random() < _THING)
        rows, columns = np.nonzero(cache.mask[at])
        y, x = _window(random, float(rows.mean()) * _CELL, float(columns.mean()) * _CELL)
        words = self._masked_words(random, at, window=(y, x))
        mask = cache.mask[at][y : y + CROP, x : x + CROP]
        return _Example(_cut(cache.whole[row], y, x), mask, _cut(cache.behind[at], y, x), words)

    def _masked_words(
        self, random: Random, at: tuple[int, int], window: tuple[int, int] | None = None
    ) -> str:
        """Mostly what the mask covers, sometimes the whole scene.

        Args:
            random: chooses.
            at: row of the cache, and which of the picture's masks.
            window: upper left cell of the crop that is seen; None sees all.
        """
        cache = self._latents
        index = int(cache.numbers[at[0]])
        scene, placed = self._pictures.scene(index), self._pictures.placed[index]
        if cache.spread[at] and window is None:
            return caption(scene, placed, random)
        shares = cache.covered[at]
        inside = [i for i in range(len(placed)) if shares[i] > _INSIDE]
        if window is not None:
            inside = [i for i in inside if _share(placed[i].box, *window) > _INSIDE]
        if inside:
            local = local_caption(scene, placed, inside, random)
            return local if random.random() < 0.75 else caption(scene, placed, random)
        if any(share > _TOUCHED for share in shares) or random.random() < 0.2:
            return caption(scene, placed, random)
        return empty_caption(scene, random, on_ground=bool(cache.dry[at]))

    def _pick(self, random: Random) -> tuple[int, Scene, Sequence[Placed]]:
        row = random.randrange(len(self._latents))
        index = int(self._latents.numbers[row])
        return row, self._pictures.scene(index), self._pictures.placed[index]


def _stacked(examples: list[_Example], random: Random) -> Batch:
    return Batch(
        clean=torch.from_numpy(np.stack([e.clean for e in examples]).astype(np.float32)),
        mask=torch.from_numpy(np.stack([e.mask for e in examples])[:, None].astype(np.float32)),
        behind=torch.from_numpy(np.stack([e.behind for e in examples]).astype(np.float32)),
        words=["" if random.random() < _UNTOLD else e.words for e in examples],
    )


def _window(random: Random, y: float, x: float) -> tuple[int, int]:
    """Upper left cell of a crop around the point (y, x) in px, jittered."""
    row = round(y / _CELL - CROP / 2) + random.randint(-3, 3)
    column = round(x / _CELL - CROP / 2) + random.randint(-3, 3)
    return min(LATENT - CROP, max(0, row)), min(LATENT - CROP, max(0, column))


def _cut(latents: NDArray[np.float16], y: int, x: int) -> NDArray[np.float16]:
    return latents[:, y : y + CROP, x : x + CROP]


def _share(box: Box, y: int, x: int) -> float:
    """Share of ``box`` (px) inside the crop whose upper left cell is (y, x)."""
    x0, y0, x1, y1 = box
    left, top, side = x * _CELL, y * _CELL, CROP * _CELL
    width = max(0, min(x1, left + side) - max(x0, left))
    height = max(0, min(y1, top + side) - max(y0, top))
    return width * height / max(1, (x1 - x0) * (y1 - y0))
