"""Patches: fill a gap with pieces of what is known around it, coarse to fine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels, mask_bounds, resize, size_of
from studio.inpaint.distance import distance, near
from studio.inpaint.spread import spread

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: A smaller level needs this many sources for each target: fewer show too little of the picture.
FEWEST = 0.5
#: Patches are squares of 2 * RADIUS + 1 px.
RADIUS = 3
#: Levels with more unknown pixels than this take their matches from the coarser level unsearched.
SEARCHED = 24_000
#: Alternations of searching and painting, on the coarsest level and on the finer ones.
COARSE_ROUNDS, FINE_ROUNDS = 8, 3
#: Pixels matched at once, so that memory does not follow the size of the gap.
CHUNK = 1 << 14
#: A painted pixel is trusted this many times less for each px that it lies deeper in the gap.
FADING = np.float32(1.3)
DEEPEST = 24
#: The least weight of a patch in the vote, as a share of a perfect match's.
LEAST_SAY = 1e-3


@dataclass(slots=True)
class _Level:
    """One size of the picture, with a border of RADIUS px around it, flattened.

    Attributes:
        colours: float32 `[n, 3]`, changed as the gap is painted.
        trust: float32 `[n]`, 1 where known, falling with the depth in the gap.
        sources: bool `[n]`, whether a whole known patch is centred there.
        gap: Flat positions of the unknown pixels.
        targets: Flat positions of the centres of all patches that reach into the gap.
        width: Pixels in a row, border included.
        matches: For each target, the flat position of the patch most like its own.
    """

    colours: Floats
    trust: Floats
    sources: Bools
    gap: Ints
    targets: Ints
    width: int
    matches: Ints

    @property
    def square(self) -> Ints:
        """Flat steps from a patch's centre to its pixels."""
        steps = np.arange(-RADIUS, RADIUS + 1)
        return (steps[:, None] * self.width + steps).ravel()


def patched(colours: Pixels, known: Bools, seed: int) -> Pixels:
    """The gap filled with patches of its surroundings, so that texture and lines go on.

    Each patch over the gap looks for the known patch most like it, the gap is painted with what
    the found ones say, and so on, from a small version of the picture up to the full one.

    Args:
        colours: uint8 `[h, w, 3]`.
        known: bool `[h, w]`, at least one of them true.
        seed: For the random search.

    Returns:
        uint8 `[h, w, 3]`.

    Source: C. Barnes et al., PatchMatch (2009), propagation and search as array passes; Y. Wexler
        et al., Space-time completion of video (2007), for the alternation and the vote.
    """
    hole = mask_bounds(~known * np.uint8(255))
    around = hole.grown(max(48, max(hole.width, hole.height) // 2))
    around = around.intersected(Rect.of(Size(known.shape[1], known.shape[0])))
    area = around.rows, around.columns
    result = colours.copy()
    result[area] = _filled(colours[area], known[area], np.random.default_rng(seed))
    return result


def _filled(colours: Pixels, known: Bools, dice: np.random.Generator) -> Pixels:
    smooth = spread(colours.transpose(2, 0, 1).astype(np.float32), known).transpose(1, 2, 0)
    guess = np.rint(np.clip(smooth, 0, 255)).astype(np.uint8)
    coarser: _Level | None = None
    for size in _sizes(known):
        small = _level(colours, guess, known, size)
        enough = FEWEST * small.targets.size if size != size_of(colours) else 1
        if small.gap.size and np.count_nonzero(small.sources) >= enough:
            _begin(small, coarser, dice)
            _alternate(small, coarser is None, dice)
            coarser = small
    if coarser is None or coarser.width != known.shape[1] + 2 * RADIUS:
        return guess
    whole = coarser.colours.reshape(-1, coarser.width, 3)[RADIUS:-RADIUS, RADIUS:-RADIUS]
    return np.rint(np.clip(whole, 0, 255)).astype(np.uint8)


def _sizes(known: Bools) -> list[Size]:
    """Halved sizes, coarsest first: there the gap is hardly wider than a patch."""
    full = Size(known.shape[1], known.shape[0])
    hole = mask_bounds(~known * np.uint8(255))
    halvings = 0
    while (
        min(hole.width, hole.height) >> halvings > 3 * RADIUS
        and min(full.width, full.height) >> (halvings + 1) >= 8 * RADIUS
    ):
        halvings += 1
    return [Size(full.width >> one, full.height >> one) for one in range(halvings, -1, -1)]


def _level(colours: Pixels, guess: Pixels, known: Bools, size: Size) -> _Level:
    solid = np.where(known[..., None], colours, guess)
    sure = resize(known * np.uint8(255), size) == 255
    # Beyond the border lies nothing to copy from, and the picture's own edge to compare with.
    edge = ((RADIUS, RADIUS), (RADIUS, RADIUS))
    padded = np.pad(resize(solid, size), (*edge, (0, 0)), mode="edge").astype(np.float32)
    reached = near(~sure, RADIUS)
    return _Level(
        colours=padded.reshape(-1, 3),
        trust=np.pad(FADING ** -distance(sure, DEEPEST), edge, mode="edge").ravel(),
        sources=~near(~np.pad(sure, edge), RADIUS).ravel(),
        gap=np.flatnonzero(np.pad(~sure, edge)),
        targets=np.flatnonzero(np.pad(reached, edge)),
        width=size.width + 2 * RADIUS,
        matches=np.empty(0, np.int64),
    )


def _begin(level: _Level, coarser: _Level | None, dice: np.random.Generator) -> None:
    """First matches: twice the coarser level's, or any."""
    level.matches = dice.choice(np.flatnonzero(level.sources), level.targets.size)
    if coarser is None:
        return
    known_match = np.full(len(coarser.colours), -1)
    known_match[coarser.targets] = coarser.matches
    row, column = np.divmod(level.targets, level.width)
    half_row, half_column = (row - RADIUS) // 2 + RADIUS, (column - RADIUS) // 2 + RADIUS
    high = len(coarser.colours) // coarser.width - 1
    at = np.minimum(half_row, high) * coarser.width + np.minimum(half_column, coarser.width - 1)
    match_row, match_column = np.divmod(known_match[at], coarser.width)
    twice = (
        level.targets + (match_row - half_row) * 2 * level.width + (match_column - half_column) * 2
    )
    usable = (known_match[at] >= 0) & (twice >= 0) & (twice < len(level.colours))
    usable[usable] = level.sources[twice[usable]]
    level.matches[usable] = twice[usable]
    _paint(level, np.zeros(level.targets.size, np.float32))


def _alternate(level: _Level, coarsest: bool, dice: np.random.Generator) -> None:
    rounds = COARSE_ROUNDS if coarsest else FINE_ROUNDS
    searched = level.targets.size <= SEARCHED
    for _ in range(rounds if searched else 1):
        cost = _costs(level, level.matches)
        for jump in (4, 1) if searched else (1,):
            cost = _propagate(level, cost, jump)
        if searched:
            cost = _search(level, cost, dice)
        _paint(level, cost)


def _costs(level: _Level, matches: Ints) -> Floats:
    """How unlike each patch over the gap is to its match: sum of squared differences."""
    square = level.square
    costs = np.empty(matches.size, np.float32)
    for start in range(0, matches.size, CHUNK):
        part = slice(start, start + CHUNK)
        near_by = level.targets[part, None] + square
        one = level.colours[near_by]
        one -= level.colours[matches[part, None] + square]
        costs[part] = np.einsum("ijk,ijk,ij->i", one, one, level.trust[near_by])
    return costs


def _taken(level: _Level, candidates: Ints, cost: Floats) -> Floats:
    """Take each candidate that is a source and more alike; the costs now."""
    usable = (candidates >= 0) & (candidates < len(level.colours))
    usable[usable] = level.sources[candidates[usable]]
    candidates = np.where(usable, candidates, level.matches)
    theirs = _costs(level, candidates)
    better = theirs < cost
    level.matches = np.where(better, candidates, level.matches)
    return np.where(better, theirs, cost)


def _propagate(level: _Level, cost: Floats, jump: int) -> Floats:
    """Ask the neighbours at that distance: what continues their match?"""
    order = np.full(len(level.colours), -1)
    order[level.targets] = np.arange(level.targets.size)
    for step in (1, -1, level.width, -level.width):
        beside = np.clip(level.targets + step * jump, 0, len(level.colours) - 1)
        theirs = order[beside]
        candidates = np.where(theirs >= 0, level.matches[theirs] - step * jump, -1)
        cost = _taken(level, candidates, cost)
    return cost


def _search(level: _Level, cost: Floats, dice: np.random.Generator) -> Floats:
    """Ask at random around the match, ever nearer."""
    high = len(level.colours) // level.width
    reach = max(level.width, high) // 2
    # First along the own row: horizons and floors are the lines that most pictures have.
    row, column = level.targets // level.width, dice.integers(0, level.width, level.targets.size)
    cost = _taken(level, row * level.width + column, cost)
    while reach >= 1:
        down, right = dice.integers(-reach, reach + 1, (2, level.targets.size))
        row, column = np.divmod(level.matches, level.width)
        row, column = np.clip(row + down, 0, high - 1), np.clip(column + right, 0, level.width - 1)
        cost = _taken(level, row * level.width + column, cost)
        reach //= 3
    return cost


def _paint(level: _Level, cost: Floats) -> None:
    """Each pixel of the gap becomes what the matches of all patches over it say, by likeness."""
    scale = max(float(np.percentile(cost, 75)), 1.0)
    say = np.zeros(len(level.colours), np.float32)
    # The floor keeps a pixel whose patches all match badly from having no say at all.
    say[level.targets] = level.trust[level.targets] * np.maximum(np.exp(-cost / scale), LEAST_SAY)
    match = np.zeros(len(level.colours), np.int64)
    match[level.targets] = level.matches
    total = np.zeros((level.gap.size, 3), np.float32)
    weights = np.zeros(level.gap.size, np.float32)
    for step in level.square:
        centre = level.gap - step
        weight = say[centre]
        total += level.colours[match[centre] + step] * weight[:, None]
        weights += weight
    level.colours[level.gap] = total / weights[:, None]
