"""Gestures for tests: tiles that are told apart, and what a project should hold after them."""

from __future__ import annotations

from typing import Any

import numpy as np

from studio.core.pixels import Pixels
from studio.document.tiles import TILE, Key
from studio.project.store.file import ProjectFile
from studio.project.store.values import Gesture, TileChange

Picture = dict[tuple[int, Key], bytes]


def tile(seed: int, channels: int = 4, noise: int = 8) -> Pixels:
    """A read-only tile, another one for every seed; `noise` x `noise` px do not compress."""
    rng = np.random.default_rng(seed)
    shape = (TILE, TILE) if channels == 1 else (TILE, TILE, channels)
    pixels = np.zeros(shape, np.uint8)
    pixels[:noise, :noise] = rng.integers(1, 256, pixels[:noise, :noise].shape, np.uint8)
    pixels.flags.writeable = False
    return pixels


def stroke(seed: int, grid: int = 2, keys: tuple[Key, ...] = ((0, 0),), **tree: Any) -> Gesture:
    """A gesture that lays the tile of that seed at all of those places."""
    after = tile(seed)
    changes = tuple(TileChange(grid, key, None, after) for key in keys)
    return Gesture(f"Stroke {seed}", {"seed": seed, **tree}, changes)


def wipe(grid: int, key: Key) -> Gesture:
    """A gesture that empties a tile."""
    return Gesture("Wipe", {}, (TileChange(grid, key, tile(1), None),))


def picture(project: ProjectFile) -> Picture:
    """All pixels at the head, by grid and place."""
    return {
        (grid, key): project.pixels(name).tobytes()
        for grid in project.grids()
        for key, name in project.tiles(grid).items()
    }
