import numpy as np
import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect, Size
from studio.core.messages import Stepped
from studio.core.request import Request
from studio.jobs.job import STATES, Job

MODEL = Checkpoint("m", "M", "/m", "sd15", 9, True, 64, 4, 7.0, "ddim")


def job(state: str = "waiting", count: int = 1) -> Job:
    picture = np.zeros((64, 64, 4), np.uint8)
    order = Request(MODEL, "", Rect(0, 0, 64, 64), Size(64, 64), picture=picture, count=count)
    return Job(1, order, state)


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_only_the_states_of_the_table_follow(before: str, after: str) -> None:
    if after in STATES[before]:
        assert job(before).to(after).state == after
    else:
        with pytest.raises(ValueError, match=after):
            job(before).to(after)


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([(0.0, 0, 1)], None),
        ([(0.0, 0, 1), (0.5, 0, 2)], 9.0),
        ([(5.0, 0, 1), (5.5, 0, 2), (6.0, 0, 3)], 8.5),
        ([(0.0, 0, 1), (9.0, 0, 10), (12.0, 1, 1)], 10.8),
        ([(0.0, 0, 1), (19.0, 1, 10)], 0.0),
    ],
)
def test_time_left_is_the_mean_step_times_what_is_left(
    steps: list[tuple[float, int, int]], left: float | None
) -> None:
    running = job("running", count=2)
    for now, take, number in steps:
        running = running.stepped(Stepped(1, take, number, 10, None), now)
    assert running.seconds_left == (None if left is None else pytest.approx(left))


def test_progress_counts_all_takes() -> None:
    stepped = job("running", count=2).stepped(Stepped(1, 1, 5, 10, None), 0.0)
    assert stepped.progress == 0.75


@pytest.mark.parametrize("state", ["waiting", "frozen"])
def test_a_job_that_rests_or_waits_again_is_as_far_as_it_was(state: str) -> None:
    begun = job("running").stepped(Stepped(1, 0, 2, 4, None), 0.0)
    assert begun.to(state).progress == 0.5


def test_an_ended_job_does_not_keep_the_picture() -> None:
    assert job("running").to("finished").request.picture is None
