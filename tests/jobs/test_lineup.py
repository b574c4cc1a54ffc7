from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from studio.core.messages import Frozen
from studio.core.request import Request
from studio.jobs.job import Job
from studio.jobs.lineup import first_waiting, moved, remembered
from studio.jobs.queue import JobQueue

QueueOf = Callable[..., JobQueue]
OrderOf = Callable[..., Request]


@pytest.fixture
def jobs(order_of: OrderOf) -> dict[int, Job]:
    return {number: Job(number, order_of()) for number in (1, 2, 3)}


@pytest.mark.parametrize(
    ("number", "before", "order"),
    [
        (3, 1, [3, 1, 2]),
        (3, 2, [1, 3, 2]),
        (1, 3, [2, 1, 3]),
        (1, 0, [2, 3, 1]),
        (1, 9, [2, 3, 1]),
        (2, 2, [1, 2, 3]),
        (9, 1, [1, 2, 3]),
    ],
)
def test_a_job_is_moved(jobs: dict[int, Job], number: int, before: int, order: list[int]) -> None:
    assert list(moved(jobs, number, before)) == order


def test_the_first_that_waits_is_next(jobs: dict[int, Job]) -> None:
    jobs[1] = jobs[1].to("frozen")
    found = first_waiting(jobs)
    assert found is not None
    assert found.id == 2


def test_the_oldest_of_the_ended_are_forgotten(jobs: dict[int, Job]) -> None:
    for number in (1, 3):
        jobs[number] = jobs[number].to("cancelled")
    assert list(remembered(jobs, 1)) == [2, 3]


def test_jobs_run_in_the_order_that_the_artist_gave_them(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    finished: list[int] = []
    queue.finished.connect(finished.append)
    queue.line.hold(True)
    first, second, third = (queue.submit(order_of("ok")) for _ in range(3))
    queue.line.move(third, first)
    queue.line.move(first)
    queue.line.hold(False)
    qtbot.waitUntil(lambda: len(finished) == 3)
    assert finished == [third, second, first]


def test_a_held_queue_finishes_what_runs_and_begins_nothing(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.finished):
        running, waiting = queue.submit(order_of("ok")), queue.submit(order_of("ok"))
        queue.line.hold(True)
    assert [job.state for job in queue.line.jobs()] == ["finished", "waiting"]
    with qtbot.waitSignal(queue.finished) as done:
        queue.line.hold(False)
    assert (running, done.args) == (1, [waiting])


def test_an_idle_engine_gives_its_memory_back_and_works_again(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    with qtbot.waitSignal(
        queue.station.state_changed, check_params_cb=lambda one: one == "resting"
    ):
        queue.station.rest()
    with qtbot.waitSignal(queue.finished):
        queue.submit(order_of("ok"))
    assert queue.station.state == "ready"


def test_a_busy_engine_does_not_rest(queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot) -> None:
    queue = queue_of()
    seen: list[object] = []
    queue.station._link.received.connect(seen.append)
    with qtbot.waitSignal(queue.finished):
        queue.submit(order_of("ok"))
        queue.station.rest()
    assert not any(isinstance(one, Frozen) for one in seen)
