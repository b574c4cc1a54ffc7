"""A project, damage done to its bytes, and what an artist would get back."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from studio.core.errors import FileError
from studio.project.store.faults import Damaged
from studio.project.store.file import ProjectFile
from studio.project.store.values import Repairs
from tests.project.store.strokes import Picture, picture, stroke, tile

#: Tiles of the picture that is damaged.
TILES = 40


@dataclass
class Truth:
    """What the project held.

    Attributes:
        data: Its bytes.
        head: The picture it stood at.
        ever: All contents that each place has ever had.
        pieces: For each place parts of its packed tile that lie in one piece in the file.
    """

    data: bytes = b""
    head: Picture = field(default_factory=dict)
    ever: dict[object, set[bytes]] = field(default_factory=dict)
    pieces: dict[object, list[bytes]] = field(default_factory=dict)


def sample(path: Path, noise: int = 40) -> Truth:
    """A project of `TILES` places, painted over, undone and with records."""
    truth = Truth()
    project = ProjectFile.create(path)
    start = ((2, (x, 0), tile(x, noise=noise)) for x in range(TILES // 2))
    project.baseline({"layers": ["sky"]}, start)
    _note(truth, project)
    for turn in range(12):
        keys = tuple((x % TILES, turn % 2) for x in range(turn * 3, turn * 3 + 4))
        project.commit(stroke(100 + turn, 2 if turn % 3 else 4, keys))
        _note(truth, project)
    project.step(-2)
    project.put("job", "a", {"prompt": "a tower"}, bytes(500))
    truth.head = picture(project)
    packed = {
        (grid, key): project.packed(name)
        for grid in project.grids()
        for key, name in project.tiles(grid).items()
    }
    project.close()
    truth.data = path.read_bytes()
    for place, raw in packed.items():
        parts = [raw[at : at + 24] for at in range(0, len(raw) - 24, 200)]
        truth.pieces[place] = [part for part in parts if part in truth.data]
    return truth


def _note(truth: Truth, project: ProjectFile) -> None:
    for place, raw in picture(project).items():
        truth.ever.setdefault(place, set()).add(raw)


def cuts(data: bytes, step: int = 512) -> Iterator[bytes]:
    """Every truncation at a multiple of so many bytes."""
    for length in range(0, len(data), step):
        yield data[:length]


def flips(data: bytes, count: int, seed: int, most: int | None = None) -> Iterator[bytes]:
    """One bit flipped, at random, in the first `most` bytes."""
    chosen = random.Random(seed)
    for _ in range(count):
        changed = bytearray(data)
        changed[chosen.randrange(most or len(data))] ^= 1 << chosen.randrange(8)
        yield bytes(changed)


def blanks(data: bytes) -> Iterator[bytes]:
    """Every page in turn made zero."""
    for start in range(0, len(data), 4096):
        yield data[:start] + bytes(4096) + data[start + 4096 :]


def opened(path: Path) -> tuple[Picture, Repairs]:
    """What the studio shows: opened, all tiles read, mended where one of them is damaged."""
    project, found = ProjectFile.open(path)
    try:
        try:
            return picture(project), found
        except Damaged:
            project.close()
            project, found = ProjectFile.open(path, thorough=True)
            return picture(project), found
    finally:
        project.close()


def whole_tiles(data: bytes, truth: Truth) -> int:
    """How many tiles of the picture lie in those bytes, looked for piece by piece."""
    return sum(all(piece in data for piece in truth.pieces[place]) for place in truth.head)


def judged(data: bytes, truth: Truth, path: Path) -> tuple[str, int, int]:
    """One damaged file opened: what happened, in a word; how many tiles are back, and could be.

    Raises:
        AssertionError: A pixel is wrong, or is not as it was and nothing was said.
    """
    for old in path.parent.iterdir():
        old.unlink()
    path.write_bytes(data)
    try:
        shown, found = opened(path)
    except FileError:
        assert path.read_bytes() == data
        return "refused", 0, whole_tiles(data, truth)
    for place, raw in shown.items():
        assert raw in truth.ever.get(place, set()), f"{place} is wrong"
    right = sum(shown.get(place) == raw for place, raw in truth.head.items())
    if shown != truth.head:
        assert found.sentences, "a picture that is not as it was, and nothing said"
    if found.kept is not None:
        assert found.kept.read_bytes() == data
    word = "mended" if found.sentences else "whole"
    return word, right, whole_tiles(data, truth)


def campaign(damaged: Iterator[bytes], truth: Truth, path: Path) -> tuple[Counter[str], float]:
    """All of them: how often what happened, and which share of the undamaged tiles came back."""
    words: Counter[str] = Counter()
    back = possible = 0
    for data in damaged:
        word, right, whole = judged(data, truth, path)
        words[word] += 1
        back += min(right, whole)
        possible += whole
    return words, back / possible
