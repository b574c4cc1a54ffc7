import os

import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.messages import (
    PROTOCOL,
    Accepted,
    Cancel,
    Cancelled,
    Event,
    Freeze,
    Frozen,
    Keep,
    Ready,
    Start,
    Warm,
)
from studio.worker.inbox import Inbox
from studio.worker.outbox import Outbox
from tests.worker.test_worker import request


@pytest.fixture
def sent() -> list[Event]:
    return []


@pytest.fixture
def inbox(sent: list[Event]) -> Inbox:
    return Inbox(sent.append)


@pytest.fixture
def jobs(starter: Checkpoint) -> list[Start]:
    return [Start(job, request(starter)) for job in (1, 2, 3)]


def test_jobs_are_taken_in_the_order_of_their_arrival(inbox: Inbox, jobs: list[Start]) -> None:
    for job in jobs:
        inbox.put(job)
    assert [inbox.take(), inbox.take(), inbox.take()] == jobs


def test_a_waiting_job_that_is_cancelled_is_never_taken(
    inbox: Inbox, jobs: list[Start], sent: list[Event]
) -> None:
    for command in (jobs[0], jobs[1], Cancel(1)):
        inbox.put(command)
    assert inbox.take() == jobs[1]
    assert sent == [Cancelled(1), Accepted(2)]


def test_cancelling_the_running_job_stops_it_and_not_the_next(
    inbox: Inbox, jobs: list[Start], sent: list[Event]
) -> None:
    for job in jobs:
        inbox.put(job)
    inbox.take()
    inbox.put(Cancel(1))
    assert inbox.stopped()
    inbox.take()
    assert not inbox.stopped()
    assert sent == [Accepted(1), Accepted(2)]


@pytest.mark.parametrize(
    ("command", "stopped", "freezing", "enough"),
    [
        (Freeze(1), True, True, False),
        (Keep(1), False, False, True),
        (Cancel(1), True, False, False),
    ],
)
def test_each_way_to_end_the_running_job_is_told_apart(
    inbox: Inbox,
    jobs: list[Start],
    command: Freeze | Keep | Cancel,
    stopped: bool,
    freezing: bool,
    enough: bool,
) -> None:
    inbox.put(jobs[0])
    inbox.take()
    inbox.put(command)
    assert (inbox.stopped(), inbox.freezing(), inbox.enough()) == (stopped, freezing, enough)


def test_a_waiting_job_that_is_frozen_is_never_taken(
    inbox: Inbox, jobs: list[Start], sent: list[Event]
) -> None:
    for command in (jobs[0], jobs[1], Freeze(1)):
        inbox.put(command)
    assert inbox.take() == jobs[1]
    assert sent == [Frozen(1), Accepted(2)]


def test_a_warm_up_is_passed_over_while_a_job_waits(
    inbox: Inbox, jobs: list[Start], starter: Checkpoint
) -> None:
    inbox.put(Warm(starter))
    inbox.put(jobs[0])
    assert inbox.take() == jobs[0]


def test_a_warm_up_is_taken_when_nothing_else_is_to_do(inbox: Inbox, starter: Checkpoint) -> None:
    inbox.put(Warm(starter))
    assert inbox.take() == Warm(starter)


def test_a_reader_that_has_gone_ends_the_process() -> None:
    ends: list[int] = []
    reading, writing = os.pipe()
    os.close(reading)
    stream = os.fdopen(writing, "wb", buffering=0)
    Outbox(stream, ends.append).send(Ready(PROTOCOL, ""))
    stream.close()
    assert ends == [0]


def test_a_rest_is_passed_over_while_a_job_waits(inbox: Inbox, jobs: list[Start]) -> None:
    for command in (Freeze(0), jobs[0]):
        inbox.put(command)
    assert inbox.take() == jobs[0]
    inbox.put(Freeze(0))
    assert inbox.take() == Freeze(0)
