from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from studio.core.errors import EngineError, MemoryShortage, ModelError
from studio.core.messages import Candidate, Stepped
from studio.core.request import Request
from studio.jobs.link import EngineLink
from studio.jobs.queue import JobQueue

LinkOf = Callable[..., EngineLink]
QueueOf = Callable[..., JobQueue]
OrderOf = Callable[..., Request]


def states(queue: JobQueue) -> list[str]:
    return [job.state for job in queue.line.jobs()]


def step_two(event: Stepped) -> bool:
    return event.step == 2


def test_a_job_runs_to_its_end(queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot) -> None:
    queue = queue_of()
    steps: list[int] = []
    queue.stepped.connect(lambda event: steps.append(event.step))
    with qtbot.waitSignals([queue.candidate, queue.finished]):
        queue.submit(order_of("ok"))
    assert steps == [1, 2, 3, 4]
    assert states(queue) == ["finished"]


def test_the_candidate_comes_whole(queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.candidate) as got:
        queue.submit(order_of("ok", seed=9))
    candidate: Candidate = got.args[0]
    assert (candidate.seed, candidate.pixels.shape) == (9, (4, 6, 4))
    assert np.all(candidate.pixels == 200)


def test_a_job_submitted_before_the_engine_is_up_runs(
    link_of: LinkOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    link = link_of()
    queue = JobQueue(link, parent=link)
    number = queue.submit(order_of("ok"))
    with qtbot.waitSignal(queue.finished) as done:
        link.start()
    assert done.args == [number]


def test_a_second_job_waits_for_the_first(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    finished: list[int] = []
    queue.finished.connect(finished.append)
    first, second = queue.submit(order_of("ok")), queue.submit(order_of("ok"))
    assert states(queue) == ["running", "waiting"]
    with qtbot.waitSignal(queue.finished, check_params_cb=lambda one: one == second):
        pass
    assert finished == [first, second]


def test_cancel_is_acknowledged_at_once_and_late_events_are_dropped(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.stepped, check_params_cb=step_two):
        running = queue.submit(order_of("wait"))
    late: list[Stepped] = []
    queue.stepped.connect(lambda event: late.append(event) if event.job == running else None)
    with qtbot.waitSignal(queue.cancelled):
        queue.cancel(running)
    assert states(queue) == ["cancelled"]
    with qtbot.waitSignal(queue.finished):
        queue.submit(order_of("ok"))
    assert late == []


def test_an_engine_that_does_not_let_go_of_a_cancelled_job_is_replaced(
    link_of: LinkOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    link = link_of()
    queue = JobQueue(link, patience=1, parent=link)
    link.start()
    with qtbot.waitSignal(queue.stepped, check_params_cb=step_two):
        stuck = queue.submit(order_of("stuck"))
    queue.submit(order_of("ok"))
    with qtbot.waitSignal(queue.finished):
        queue.cancel(stuck)
    assert states(queue) == ["cancelled", "finished"]


def test_a_job_that_is_kept_while_it_comes_to_rest_is_told_so_when_it_goes_on(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.stepped, check_params_cb=step_two):
        number = queue.submit(order_of("rest"))
    queue.freeze(number)
    with qtbot.waitSignal(queue.finished):
        queue.stop_and_keep(number)
    assert states(queue) == ["finished"]


def test_a_cancelled_waiting_job_never_reaches_the_engine(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    queue.submit(order_of("ok"))
    queue.cancel(queue.submit(order_of("exit unbegun")))
    with qtbot.waitSignal(queue.finished), qtbot.assertNotEmitted(queue.failed):
        queue.submit(order_of("ok"))
    with qtbot.waitSignal(queue.finished):
        pass
    assert states(queue) == ["finished", "cancelled", "finished"]


def test_cancel_all_starts_none_in_between(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.stepped):
        queue.submit(order_of("wait"))
    queue.submit(order_of("ok"))
    queue.cancel_all()
    assert states(queue) == ["cancelled", "cancelled"]
    with qtbot.waitSignal(
        queue.station.state_changed, check_params_cb=lambda state: state == "ready"
    ):
        pass


def test_cancelling_what_has_ended_changes_nothing(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.finished):
        number = queue.submit(order_of("ok"))
    queue.cancel(number)
    queue.cancel(99)
    assert states(queue) == ["finished"]


def test_a_failure_keeps_its_kind_and_the_next_job_runs(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.failed) as failed:
        queue.submit(order_of("fail"))
    assert isinstance(failed.args[1], MemoryShortage)
    with qtbot.waitSignal(queue.finished):
        queue.submit(order_of("ok"))


@pytest.mark.parametrize("how", ["kill", "garbage", "half"])
def test_a_job_in_which_the_engine_dies_is_interrupted_and_the_next_runs(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot, how: str
) -> None:
    queue = queue_of()
    queue.submit(order_of(f"{how} midway"))
    queue.submit(order_of("ok"))
    with qtbot.waitSignal(queue.finished), qtbot.waitSignal(queue.failed) as failed:
        pass
    error = failed.args[1]
    assert isinstance(error, EngineError)
    assert "untouched" in error.hint
    assert states(queue) == ["interrupted", "finished"]


def test_a_job_that_the_engine_had_not_begun_is_handed_over_once_more(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    queue.submit(order_of("kill after"))
    second = queue.submit(order_of("ok"))
    with qtbot.waitSignal(queue.finished, check_params_cb=lambda one: one == second):
        pass
    assert states(queue) == ["finished", "finished"]


def test_a_job_that_ends_every_engine_is_not_tried_for_ever(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.failed, timeout=20_000):
        number = queue.submit(order_of("kill unbegun"))
    job = queue.line.job(number)
    assert job is not None
    assert (job.state, job.attempts) == ("interrupted", 3)


def test_an_engine_that_does_not_start_fails_the_jobs_and_says_so(
    link_of: LinkOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    link = link_of("dies")
    queue = JobQueue(link, parent=link)
    queue.submit(order_of("ok"))
    with qtbot.waitSignal(queue.failed) as failed:
        link.start()
    assert (queue.station.state, queue.station.log) == ("lost", "no such device")
    assert "does not start" in failed.args[1].message


def test_a_job_after_that_tries_again(link_of: LinkOf, order_of: OrderOf, qtbot: QtBot) -> None:
    link = link_of("dies")
    queue = JobQueue(link, parent=link)
    with qtbot.waitSignal(link.gave_up):
        link.start()
    with qtbot.waitSignal(link.lost):
        queue.submit(order_of("ok"))


def test_a_model_is_loaded_ahead(queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.loaded) as loaded:
        queue.station.warm(order_of().model)
    assert (loaded.args[0].job, queue.station.state) == (0, "ready")


def test_a_model_that_cannot_be_loaded_ahead_is_told(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of("warmfails")
    with qtbot.waitSignal(queue.failed) as failed:
        queue.station.warm(order_of().model)
    assert failed.args[0] == 0
    assert isinstance(failed.args[1], ModelError)


def test_engine_states_follow_each_other(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    seen: list[str] = []
    queue.station.state_changed.connect(seen.append)
    queue.submit(order_of("kill midway"))
    queue.submit(order_of("ok"))
    with qtbot.waitSignal(queue.finished):
        pass
    tried = ["loading", "working", "restarting"]
    assert seen == [*tried, *tried, "loading", "working", "ready"]


def test_clear_forgets_only_what_has_ended(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.finished):
        queue.submit(order_of("ok"))
    queue.submit(order_of("wait"))
    queue.line.clear()
    assert states(queue) == ["running"]


def test_a_second_try_is_told_once(queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot) -> None:
    queue = queue_of()
    told: list[int] = []
    queue.retrying.connect(told.append)
    with qtbot.waitSignal(queue.failed, timeout=10_000) as failed:
        number = queue.submit(order_of("kill midway"))
    assert told == [number]
    assert "twice" in failed.args[1].message


def test_a_job_that_no_engine_has_taken_up_is_sent_anew_and_nothing_is_told(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.finished), qtbot.assertNotEmitted(queue.retrying):
        number = queue.submit(order_of("kill after"))
    with qtbot.waitSignal(queue.finished, check_params_cb=lambda one: one != number):
        queue.submit(order_of("ok"))


def test_a_job_that_ends_without_a_picture_has_failed(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    with qtbot.waitSignal(queue.failed) as failed, qtbot.assertNotEmitted(queue.finished):
        queue.submit(order_of("nothing"))
    assert "without a picture" in failed.args[1].message


def test_takes_that_are_there_are_not_handed_over_twice(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    takes: list[int] = []
    queue.candidate.connect(lambda one: takes.append(one.take))
    with qtbot.waitSignal(queue.finished):
        queue.submit(order_of("twice"))
    assert takes == [0]


def test_an_announced_job_keeps_its_turn_until_it_is_supplied(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    finished: list[int] = []
    queue.finished.connect(finished.append)
    first = queue.announce(order_of("later"))
    second = queue.submit(order_of("ok"))
    assert states(queue) == ["planned", "waiting"]
    assert queue.supply(first, order_of("ok"))
    qtbot.waitUntil(lambda: finished == [first, second])


def test_a_cancelled_announcement_gives_its_turn_up(
    queue_of: QueueOf, order_of: OrderOf, qtbot: QtBot
) -> None:
    queue = queue_of()
    first = queue.announce(order_of("later"))
    queue.submit(order_of("ok"))
    with qtbot.waitSignal(queue.finished):
        queue.cancel(first)
    assert not queue.supply(first, order_of("ok"))
    assert states(queue) == ["cancelled", "finished"]


def test_what_follows_is_announced_before_all_that_wait(
    queue_of: QueueOf, order_of: OrderOf
) -> None:
    queue = queue_of()
    queue.line.hold(True)
    waiting = queue.submit(order_of("ok"))
    following = queue.announce(order_of("later"), first=True)
    assert [job.id for job in queue.line.jobs()] == [following, waiting]


def test_who_announces_knows_the_number_before_anybody_hears_of_it(
    queue_of: QueueOf, order_of: OrderOf
) -> None:
    queue, told = queue_of(), list[tuple[str, int]]()
    queue.line.changed.connect(lambda number: told.append(("heard", number)))
    number = queue.announce(order_of("later"), named=lambda one: told.append(("named", one)))
    assert told == [("named", number), ("heard", number)]
