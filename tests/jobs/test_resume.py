"""Jobs that rest, lose their engine or end early, on the real worker with the starter model."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QEventLoop
from pytestqt.qtbot import QtBot

from studio import paths
from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.messages import Candidate, Stepped
from studio.core.pixels import Pixels
from studio.core.request import Request
from studio.document.files.storage import write_atomic
from studio.jobs.journal import Journal
from studio.jobs.link import EngineLink
from studio.jobs.queue import JobQueue
from studio.jobs.shelf import FolderShelf
from studio.models.inspect import inspect

# A machine that is busy with other things may take a minute to import torch.
PATIENCE = 120_000
STEPS = 12


@pytest.fixture(scope="module")
def starter() -> Checkpoint:
    return inspect(paths.starter_model())


@pytest.fixture(scope="module")
def link(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineLink]:
    """One engine for all tests of this file; importing torch is most of their time."""
    patch = pytest.MonkeyPatch()
    patch.setenv("OMP_NUM_THREADS", "1")
    link = EngineLink(log=tmp_path_factory.mktemp("log") / "engine.log")
    link.start()
    yield link
    link.stop()
    patch.undo()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FolderShelf]:
    shelf = FolderShelf(tmp_path_factory.mktemp("shelf"), write_atomic)
    yield shelf
    shelf.close()


@pytest.fixture(scope="module")
def queue(link: EngineLink, shelf: FolderShelf) -> JobQueue:
    return JobQueue(link, parent=link, journal=Journal(shelf))


@pytest.fixture(scope="module")
def undisturbed(queue: JobQueue, starter: Checkpoint) -> Pixels:
    """What `order` gives when nothing happens to it."""
    takes: list[Candidate] = []
    loop = QEventLoop()
    queue.candidate.connect(takes.append)
    queue.finished.connect(loop.quit)
    queue.submit(order(starter))
    loop.exec()
    queue.candidate.disconnect(takes.append)
    queue.finished.disconnect(loop.quit)
    return takes[0].pixels


def order(model: Checkpoint, **values: Any) -> Request:
    size = Size(128, 128)
    usual: dict[str, Any] = {"steps": STEPS, "seed": 5, "sampler": "dpmpp_2m_sde"}
    return Request(model, "a red house", Rect.of(size), size, **{**usual, **values})


def at_step(queue: JobQueue, qtbot: QtBot, step: int) -> Any:
    def reached(event: Stepped) -> bool:
        return event.step == step

    return qtbot.waitSignal(queue.stepped, timeout=PATIENCE, check_params_cb=reached)


def kill_workers() -> None:
    for child in psutil.Process().children():
        if "studio.worker" in child.cmdline():
            child.kill()


@contextmanager
def taken(queue: JobQueue, qtbot: QtBot) -> Iterator[list[Candidate]]:
    """The takes of what the block sets going, once it has finished."""
    takes: list[Candidate] = []
    queue.candidate.connect(takes.append)
    with qtbot.waitSignal(queue.finished, timeout=PATIENCE):
        yield takes
    queue.candidate.disconnect(takes.append)


def test_a_job_whose_engine_is_killed_ends_in_the_same_bits(
    queue: JobQueue, starter: Checkpoint, undisturbed: Pixels, qtbot: QtBot
) -> None:
    steps: list[int] = []
    queue.stepped.connect(lambda event: steps.append(event.step))
    with at_step(queue, qtbot, 5):
        queue.submit(order(starter))
    with taken(queue, qtbot) as takes:
        kill_workers()
    assert np.array_equal(takes[0].pixels, undisturbed)
    assert steps == list(range(1, STEPS + 1))


def test_a_frozen_job_goes_on_in_the_same_bits(
    queue: JobQueue, starter: Checkpoint, undisturbed: Pixels, qtbot: QtBot
) -> None:
    with at_step(queue, qtbot, 4):
        number = queue.submit(order(starter))
    with qtbot.waitSignal(queue.station.state_changed, check_params_cb=lambda one: one == "ready"):
        queue.freeze(number)
    with taken(queue, qtbot) as takes:
        queue.resume(number)
    assert np.array_equal(takes[0].pixels, undisturbed)


def test_a_frozen_job_goes_on_after_a_restart_of_the_program(
    queue: JobQueue,
    link: EngineLink,
    shelf: FolderShelf,
    starter: Checkpoint,
    undisturbed: Pixels,
    qtbot: QtBot,
) -> None:
    with at_step(queue, qtbot, 7):
        number = queue.submit(order(starter))
    with qtbot.waitSignal(queue.station.state_changed, check_params_cb=lambda one: one == "ready"):
        queue.freeze(number)
    shelf.close()
    with qtbot.waitSignal(link.lost, timeout=PATIENCE):
        kill_workers()
    later = JobQueue(link, parent=link, journal=Journal(shelf))
    job = later.line.job(later.bring_back(order(starter)))
    assert job is not None
    assert (job.state, job.step >= 7, job.total) == ("frozen", True, STEPS)
    with taken(later, qtbot) as takes:
        later.resume(job.id)
    assert np.array_equal(takes[0].pixels, undisturbed)
    shelf.close()
    assert Journal(shelf).left() == {}
    queue.cancel(number)


def test_who_stops_and_keeps_has_the_picture_as_it_is_foreseen(
    queue: JobQueue, starter: Checkpoint, qtbot: QtBot
) -> None:
    with at_step(queue, qtbot, 6):
        number = queue.submit(order(starter, steps=200, count=3))
    with taken(queue, qtbot) as takes:
        queue.stop_and_keep(number)
    (take,) = takes
    assert take.partial
    assert take.pixels[..., :3].std() > 1


def test_a_frozen_job_can_be_kept_as_it_is(
    queue: JobQueue, starter: Checkpoint, qtbot: QtBot
) -> None:
    with at_step(queue, qtbot, 3):
        number = queue.submit(order(starter, steps=200))
    queue.freeze(number)
    with taken(queue, qtbot) as takes:
        queue.stop_and_keep(number)
    assert takes[0].partial
