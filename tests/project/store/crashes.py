"""What an artist does while the disk fails or the machine dies, and what must be there after it."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from studio.core.errors import StudioError
from studio.project.store.file import ProjectFile
from studio.project.store.writer import Writer
from tests.project.store import shim
from tests.project.store.shim import Op
from tests.project.store.strokes import Picture, picture, stroke, wipe

_NAME = "picture.sfumato"

Ack = Callable[[ProjectFile], None]
Scenario = Callable[[ProjectFile, Ack], None]


def _strokes(project: ProjectFile, ack: Ack) -> None:
    for seed in range(8):
        project.commit(stroke(seed, keys=tuple((x, seed % 3) for x in range(seed % 4 + 1))))
        ack(project)
    project.step(-3)
    ack(project)
    project.commit(wipe(2, (0, 0)))
    ack(project)
    project.put("job", "a", {"prompt": "a tower"}, bytes(9000))
    ack(project)


def _upkeep(project: ProjectFile, ack: Ack) -> None:
    for seed in range(5):
        project.commit(stroke(seed, keys=((seed, 0), (0, 1))))
        ack(project)
    project.forget(2)
    ack(project)
    project.compact()
    ack(project)
    project.commit(stroke(9))
    ack(project)


def _baseline(project: ProjectFile, ack: Ack) -> None:
    project.commit(stroke(1))
    ack(project)
    start = stroke(3).changes[0].after
    assert start is not None
    project.baseline({"name": "opened"}, ((5, (x, 0), start) for x in range(30)))
    ack(project)
    project.commit(stroke(2, grid=5))
    ack(project)


SCENARIOS: dict[str, Scenario] = {"strokes": _strokes, "upkeep": _upkeep, "baseline": _baseline}


@dataclass
class Story:
    """What was done to the disk, and which pictures were safe when.

    Attributes:
        ops: All operations; an "ack" says that the picture of its number is safe.
        begins: How many operations it took until the project was there.
        pictures: In order; only the next one may be there before it is acknowledged.
    """

    ops: list[Op] = field(default_factory=list)
    begins: int = 0
    pictures: list[Picture] = field(default_factory=list)


def told(scenario: Scenario, folder: Path) -> Story:
    """Do it once, on a disk that works."""
    story = Story()

    def ack(project: ProjectFile) -> None:
        log.ops.append(Op("ack", at=len(story.pictures)))
        story.pictures.append(picture(project))

    with shim.installed() as log:
        project = ProjectFile.create(folder / _NAME)
        ack(project)
        story.begins = len(log.ops)
        scenario(project, ack)
        project.close()
        story.ops = log.ops
    return story


def survived(story: Story, end: int, luck: random.Random | None, folder: Path) -> None:
    """Crash after so many operations and open what is left.

    Raises:
        AssertionError: Something that was safe is not there, or something never was.
    """
    ops = story.ops[:end]
    safe = max(op.at for op in ops if op.kind == "ack")
    shim.after_crash(ops, shim.cleared(folder), luck)
    project, found = ProjectFile.open(folder / _NAME, thorough=True)
    try:
        assert found.sentences == ()
        assert picture(project) in story.pictures[safe : safe + 2], f"after {end} operations"
    finally:
        project.close()


def operations(folder: Path) -> int:
    """How many operations the strokes of `failed` take."""
    folder.mkdir()
    with shim.installed() as log:
        _paint(folder / _NAME, log)
        return log.count


def failed(number: int, how: str, folder: Path) -> None:
    """Let one operation fail while strokes are written; all of them must be there in the end.

    Raises:
        AssertionError: One is not, or the artist was not told that it was not safe.
    """
    folder.mkdir()
    with shim.installed() as log:
        log.fail_at, log.how = number, how
        wanted, errors = _paint(folder / _NAME, log)
    project, found = ProjectFile.open(folder / _NAME, thorough=True)
    assert picture(project) == wanted
    assert found.sentences == ()
    project.close()
    assert bool(errors) == bool(log.hits)


def _paint(path: Path, log: shim.Shim) -> tuple[Picture, list[StudioError]]:
    """Five strokes through the writer; the disk works again as soon as the artist was told."""
    errors: list[StudioError] = []
    done = threading.Event()

    def on_failed(error: StudioError) -> None:
        errors.append(error)
        log.heal()

    strokes = 5
    writer = Writer(
        lambda: ProjectFile.create(path),
        lambda number: done.set() if number == strokes else None,
        on_failed,
        retry=0.01,
    )
    writer.start()
    for seed in range(strokes):
        writer.submit(stroke(seed, keys=((seed % 2, 0), (seed, 1))))
    assert done.wait(60), "a stroke never became safe"
    shown = writer.ask(picture).result(60)
    log.heal()  # what fails from here on concerns no stroke
    assert writer.close(60)
    return shown, errors


def undone(path: Path, number: int) -> int:
    """How many of three strokes are left after one undo of which an operation failed."""
    done = threading.Event()
    with shim.installed() as log:
        project = ProjectFile.create(path)
        numbers = [project.base, *(project.commit(stroke(seed)) for seed in range(3))]
        writer = Writer(project, lambda _: done.set(), lambda _: log.heal(), retry=0.01)
        log.count, log.fail_at, log.how = 0, number, "eio"
        writer.start()
        writer.submit(lambda project: project.step(-1))
        assert done.wait(60), "the undo never became safe"
        log.heal()
        head = writer.ask(lambda project: project.head().gesture).result(60)
        assert writer.close(60)
    return numbers.index(head)
