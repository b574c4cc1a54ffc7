import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.messages import (
    PROTOCOL,
    Cancel,
    Cancelled,
    Candidate,
    Failed,
    Finished,
    Loaded,
    Ready,
    Start,
    Stepped,
    Warm,
)
from studio.core.request import Request
from tests.worker.child import Child, started

BOX = Rect(-8, 4, 64, 64)


def request(model: Checkpoint, **values: Any) -> Request:
    picture = np.full((64, 64, 4), 255, np.uint8)
    mask = np.zeros((64, 64), np.uint8)
    mask[8:40, 16:56:2] = 200
    usual = {"picture": picture, "mask": mask, "steps": 6, "seed": 3}
    return Request(model, "a red house", BOX, Size(64, 64), **{**usual, **values})


def test_the_process_says_at_once_that_it_listens(tmp_path: Path) -> None:
    with started(tmp_path / "log") as child:
        assert child.read() == Ready(PROTOCOL, "starting")


def test_a_job_goes_from_loaded_over_every_step_to_finished(
    warm: Child, starter: Checkpoint
) -> None:
    warm.send(Start(11, request(starter)))
    events = warm.until(Finished, Failed)
    kinds = [type(event).__name__ for event in events]
    assert kinds == ["Loaded", *["Stepped"] * 6, "Candidate", "Finished"]
    assert {event.job for event in events if not isinstance(event, Ready)} == {11}
    steps = [(one.step, one.total) for one in events if isinstance(one, Stepped)]
    assert steps == [(step, 6) for step in range(1, 7)]


def test_loaded_tells_what_the_model_can_honour(warm: Child, starter: Checkpoint) -> None:
    warm.send(Start(12, request(starter, steps=1)))
    loaded = warm.until(Finished)[0]
    assert isinstance(loaded, Loaded)
    assert (loaded.model, loaded.negative, loaded.native) == ("starter", True, 256)
    assert {"dpmpp_2m", "euler", "ddim"} <= set(loaded.samplers)
    assert loaded.device


def test_a_candidate_is_clear_wherever_the_mask_is_0(warm: Child, starter: Checkpoint) -> None:
    order = request(starter)
    warm.send(Start(13, order))
    (take,) = [one for one in warm.until(Finished) if isinstance(one, Candidate)]
    assert take.area == Rect(BOX.x + 16, BOX.y + 8, 39, 32)
    assert order.mask is not None
    inside = order.mask[8:40, 16:55] > 0
    assert take.pixels[~inside].max() == 0
    assert take.pixels[inside][:, 3].min() == 255


def test_several_takes_come_one_after_another(warm: Child, starter: Checkpoint) -> None:
    warm.send(Start(14, request(starter, count=3, steps=2)))
    takes = [one for one in warm.until(Finished) if isinstance(one, Candidate)]
    assert [(one.take, one.seed) for one in takes] == [(0, 3), (1, 4), (2, 5)]


def test_cancel_stops_the_running_job_within_one_step(warm: Child, starter: Checkpoint) -> None:
    warm.send(Start(21, request(starter, steps=400)))
    warm.until(Stepped)
    warm.send(Cancel(21))
    after = warm.until(Cancelled, Finished)
    assert after[-1] == Cancelled(21)
    assert all(isinstance(event, Stepped) for event in after[:-1])
    # What was under way when the command went out may still be in the pipe.
    assert len(after) < 200


def test_cancel_drops_a_waiting_job_at_once(warm: Child, starter: Checkpoint) -> None:
    warm.send(Start(31, request(starter, steps=60)), Start(32, request(starter)), Cancel(32))
    events = warm.until(Finished)
    assert Cancelled(32) in events
    assert {event.job for event in events if isinstance(event, Stepped)} == {31}


def test_a_second_job_runs_after_the_first(warm: Child, starter: Checkpoint) -> None:
    warm.send(Start(41, request(starter)), Start(42, request(starter)))
    events = warm.until(Finished) + warm.until(Finished)
    jobs = [event.job for event in events if isinstance(event, Stepped)]
    assert jobs == [41] * 6 + [42] * 6


def test_cancelling_an_unknown_job_is_harmless(warm: Child, starter: Checkpoint) -> None:
    warm.send(Cancel(999), Start(51, request(starter, steps=1)))
    assert isinstance(warm.until(Finished, Cancelled)[-1], Finished)


def test_a_failed_job_says_why_and_the_next_one_works(warm: Child, starter: Checkpoint) -> None:
    gone = replace(starter, path="/nowhere/model", title="Gone")
    warm.send(Start(61, request(gone)), Start(62, request(starter, steps=1)))
    failed = warm.until(Failed, Finished)[-1]
    assert isinstance(failed, Failed)
    assert (failed.job, failed.kind) == (61, "model")
    assert "no longer" in failed.message
    assert "Traceback" not in failed.message + failed.hint
    assert isinstance(warm.until(Finished, Failed)[-1], Finished)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"steps": 0}, "usage"),
        ({"strength": 0.0}, "usage"),
        ({"sampler": "magic"}, "usage"),
        ({"sampler": "ddim", "schedule": "karras"}, "usage"),
        ({"working": Size(63, 64)}, "usage"),
        ({"mask": np.zeros((9, 9), np.uint8)}, "usage"),
        ({"mask": np.zeros((64, 64), np.uint8)}, "usage"),
    ],
)
def test_a_bad_request_is_answered_in_words(
    warm: Child, starter: Checkpoint, values: dict[str, Any], kind: str
) -> None:
    warm.send(Start(71, replace(request(starter), **values)))
    failed = warm.until(Failed, Finished)[-1]
    assert isinstance(failed, Failed)
    assert (failed.job, failed.kind) == (71, kind)
    assert failed.message


def test_a_model_without_numbers_fails_instead_of_painting_black(
    warm: Child, starter: Checkpoint, tmp_path: Path
) -> None:
    spoilt = Path(shutil.copytree(starter.path, tmp_path / "spoilt"))
    for part in (spoilt / "unet").glob("*.safetensors"):
        weights = {name: one * float("nan") for name, one in load_file(part).items()}
        save_file(weights, part, {"format": "pt"})
    warm.send(Start(81, request(replace(starter, path=str(spoilt)))))
    failed = warm.until(Failed, Finished)[-1]
    assert isinstance(failed, Failed)
    assert (failed.job, failed.kind) == (81, "engine")


@pytest.mark.parametrize(
    "prompt", ["", "🙂🏳️‍🌈" * 200, "בית אדום ליד האגם", "a\ud800b", "x" * 32_000]
)
def test_any_prompt_is_painted(warm: Child, starter: Checkpoint, prompt: str) -> None:
    warm.send(Start(91, replace(request(starter, steps=1), prompt=prompt)))
    assert isinstance(warm.until(Finished, Failed)[-1], Finished)


def test_a_prompt_that_is_too_long_is_answered_in_words(warm: Child, starter: Checkpoint) -> None:
    warm.send(Start(92, replace(request(starter), prompt="x" * 100_000)))
    failed = warm.until(Finished, Failed)[-1]
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.message) == ("usage", "The prompt has 100,000 characters.")


def test_warming_an_unusable_model_fails_job_0(warm: Child, starter: Checkpoint) -> None:
    warm.send(Warm(replace(starter, path="/nowhere")))
    (failed,) = warm.until(Failed)
    assert isinstance(failed, Failed)
    assert failed.job == 0


def test_a_job_cancelled_before_the_libraries_are_there_is_dropped(
    tmp_path: Path, starter: Checkpoint
) -> None:
    with started(tmp_path / "log") as child:
        child.send(Start(1, request(starter)), Cancel(1))
        assert child.until(Cancelled)[-1] == Cancelled(1)
