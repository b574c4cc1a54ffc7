import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.messages import Ready
from studio.core.request import Request
from studio.jobs.link import EngineLink
from studio.jobs.queue import JobQueue

MODEL = Checkpoint("m", "M", "/m", "sd15", 9, True, 64, 4, 7.0, "ddim")

LinkOf = Callable[..., EngineLink]
QueueOf = Callable[..., JobQueue]
OrderOf = Callable[..., Request]


@pytest.fixture
def link_of(tmp_path: Path, qapp: object) -> Iterator[LinkOf]:
    """Links to the scripted worker, stopped at the end."""
    made: list[EngineLink] = []

    def make(how: str = "", **options: Any) -> EngineLink:
        command = [sys.executable, str(Path(__file__).with_name("scripted.py")), how]
        made.append(EngineLink(command, tmp_path / "engine.log", **options))
        return made[-1]

    yield make
    for link in made:
        link.stop()


@pytest.fixture
def queue_of(link_of: LinkOf, qtbot: QtBot) -> QueueOf:
    """Queues before a scripted worker that is up."""

    def make(how: str = "") -> JobQueue:
        link = link_of(how)
        queue = JobQueue(link, parent=link)
        with qtbot.waitSignal(link.received, check_params_cb=lambda one: isinstance(one, Ready)):
            link.start()
        return queue

    return make


@pytest.fixture
def order_of() -> OrderOf:
    """Requests whose prompt tells the scripted worker what to do."""

    def make(prompt: str = "", **values: Any) -> Request:
        return Request(MODEL, prompt, Rect(0, 0, 64, 64), Size(64, 64), sampler="ddim", **values)

    return make
