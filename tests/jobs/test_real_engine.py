"""The real worker with the starter model behind the queue."""

import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio import paths
from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.messages import Candidate, Stepped
from studio.core.request import Request
from studio.jobs.link import EngineLink
from studio.jobs.order import Settings, build_request
from studio.jobs.queue import JobQueue
from studio.models.inspect import inspect

# A machine that is busy with other things may take a minute to import torch.
PATIENCE = 120_000


@pytest.fixture
def starter() -> Checkpoint:
    return inspect(paths.starter_model())


@pytest.fixture(scope="module")
def queue(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobQueue]:
    """One engine for all tests of this file; importing torch is most of their time."""
    patch = pytest.MonkeyPatch()
    patch.setenv("OMP_NUM_THREADS", "1")
    link = EngineLink(log=tmp_path_factory.mktemp("log") / "engine.log")
    queue = JobQueue(link, parent=link)
    link.start()
    yield queue
    link.stop()
    patch.undo()


def text_to_image(model: Checkpoint, steps: int = 2, count: int = 1) -> Request:
    size = Size(128, 128)
    return Request(model, "a red house", Rect.of(size), size, steps=steps, seed=5, count=count)


def test_takes_come_step_by_step_and_differ(
    queue: JobQueue, starter: Checkpoint, qtbot: QtBot
) -> None:
    steps: list[Stepped] = []
    takes: list[Candidate] = []
    queue.stepped.connect(steps.append)
    queue.candidate.connect(takes.append)
    with qtbot.waitSignal(queue.finished, timeout=PATIENCE):
        queue.submit(text_to_image(starter, count=2))
    assert [(one.take, one.step, one.total) for one in steps] == [
        (0, 1, 2),
        (0, 2, 2),
        (1, 1, 2),
        (1, 2, 2),
    ]
    assert [one.seed for one in takes] == [5, 6]
    assert not np.array_equal(takes[0].pixels, takes[1].pixels)


def test_a_mask_bounds_what_comes_back(queue: JobQueue, starter: Checkpoint, qtbot: QtBot) -> None:
    bounds, masked = Rect(0, 0, 300, 200), Rect(120, 80, 40, 30)
    picture = np.full((200, 300, 4), 200, np.uint8)
    picture[..., 3] = 255
    mask = np.zeros((200, 300), np.uint8)
    mask[masked.rows, masked.columns] = 255
    request = build_request(
        lambda box: picture[box.rows, box.columns],
        lambda box: mask[box.rows, box.columns],
        bounds,
        bounds,
        masked,
        Settings(starter, "a tree", steps=2),
    )
    with qtbot.waitSignal(queue.candidate, timeout=PATIENCE) as got:
        queue.submit(request)
    candidate: Candidate = got.args[0]
    assert masked.contains(candidate.area)
    assert candidate.pixels.shape[:2] == (candidate.area.height, candidate.area.width)


def test_cancel_frees_the_engine_for_the_next_job(
    queue: JobQueue, starter: Checkpoint, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(queue.stepped, timeout=PATIENCE):
        number = queue.submit(text_to_image(starter, steps=1000))
    queue.cancel(number)
    with qtbot.waitSignal(queue.finished, timeout=PATIENCE):
        queue.submit(text_to_image(starter))


def test_a_model_that_is_loaded_ahead_says_what_it_can(
    queue: JobQueue, starter: Checkpoint, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(queue.loaded, timeout=PATIENCE) as loaded:
        queue.station.warm(starter)
    assert loaded.args[0].native == starter.native
    assert starter.sampler in loaded.args[0].samplers


def test_after_a_whole_generation_torch_is_not_in_this_process() -> None:
    code = f"""
import sys
from PySide6.QtCore import QCoreApplication
sys.path.insert(0, {str(paths.resources().parent)!r})
from studio import paths
from studio.core.geometry import Rect
from studio.jobs.link import EngineLink
from studio.jobs.order import NOTHING, Settings, build_request
from studio.jobs.queue import JobQueue
from studio.models.inspect import inspect
app = QCoreApplication([])
link = EngineLink()
queue = JobQueue(link)
got = []
queue.candidate.connect(got.append)
queue.finished.connect(app.quit)
queue.failed.connect(lambda job, error: print(error) or app.exit(1))
settings = Settings(inspect(paths.starter_model()), "x", steps=1)
queue.submit(build_request(None, None, NOTHING, Rect(0, 0, 64, 64), NOTHING, settings))
link.start()
code = app.exec()
link.stop()
assert got and not code
assert not {{"torch", "diffusers", "transformers", "studio.engine"}} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=PATIENCE / 1000)
