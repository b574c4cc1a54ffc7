"""Models that are changed, cut or taken away while the engine works with them."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Size
from studio.core.messages import (
    Cancel,
    Cancelled,
    Candidate,
    Failed,
    Finished,
    Start,
    Stepped,
)
from tests.worker.child import Child, started
from tests.worker.test_worker import request


@pytest.fixture
def copied(starter: Checkpoint, tmp_path: Path) -> Checkpoint:
    """The starter at a place of its own."""
    folder = shutil.copytree(starter.path, tmp_path / "model")
    return replace(starter, key="copied", title="Copied", path=str(folder))


def cut(model: Checkpoint) -> None:
    """Leave half of the denoiser."""
    for part in (Path(model.path) / "unet").glob("*.safetensors"):
        with part.open("r+b") as file:
            file.truncate(part.stat().st_size // 2)


def test_a_truncated_model_is_answered_in_words(warm: Child, copied: Checkpoint) -> None:
    cut(copied)
    warm.send(Start(301, request(copied)))
    failed = warm.until(Failed, Finished)[-1]
    assert isinstance(failed, Failed)
    assert (failed.kind, "damaged" in failed.hint) == ("model", True)


def test_a_model_deleted_while_in_use_is_painted_with_to_the_end(
    warm: Child, copied: Checkpoint
) -> None:
    warm.send(Start(311, request(copied, steps=30)))
    warm.until(Stepped)
    shutil.rmtree(copied.path)
    assert isinstance(warm.until(Finished, Failed)[-1], Finished)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let a file in use be cut")
def test_a_model_cut_while_in_use_costs_the_process_at_most(
    tmp_path: Path, copied: Checkpoint
) -> None:
    with started(tmp_path / "log") as child:
        child.send(Start(1, request(copied, steps=30)))
        child.until(Stepped)
        cut(copied)
        child.stdin.close()  # it ends by itself when it has not been ended
        takes = [one for one in child.rest() if isinstance(one, Candidate)]
        assert len(takes) <= 1
        assert child.process.wait(60) is not None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process")
def test_a_picture_that_no_memory_holds_is_answered_in_words_and_the_next_is_painted(
    tmp_path: Path, starter: Checkpoint
) -> None:
    with started(tmp_path / "log") as child:
        child.send(Start(1, request(starter, steps=1)))
        child.until(Finished)
        process = psutil.Process(child.process.pid)
        room = process.memory_info().vms + (200 << 20)
        process.rlimit(psutil.RLIMIT_AS, (room, room))
        child.send(Start(2, replace(request(starter), working=Size(2048, 2048))))
        failed = child.until(Failed, Finished)[-1]
        assert isinstance(failed, Failed)
        assert (failed.kind, "memory" in failed.message) == ("memory", True)
        child.send(Start(3, request(starter, steps=1)))
        assert isinstance(child.until(Failed, Finished)[-1], Finished)


def test_a_cancelled_job_makes_no_picture(warm: Child, starter: Checkpoint) -> None:
    warm.send(Start(331, request(starter, steps=200)))
    warm.until(Stepped)
    warm.send(Cancel(331))
    after = warm.until(Cancelled, Finished)
    assert not any(isinstance(one, Candidate) for one in after)
