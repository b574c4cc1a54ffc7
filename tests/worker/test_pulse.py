import threading

import pytest

from studio.core.messages import Beat, Eased, Event, Stepped
from studio.worker.pulse import Pulse
from tests.jobs.test_conversation import EVENTS

LOADED, CANDIDATE, FINISHED = (EVENTS[name](1) for name in ("Loaded", "Candidate", "Finished"))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def told(*events: tuple[float, Event]) -> Beat:
    """What is beaten after these events."""
    clock = Clock()
    pulse = Pulse(lambda _: None, clock)
    for clock.now, event in events:
        pulse.send(event)
    return pulse.beat()


def step(number: int) -> Stepped:
    return Stepped(1, 0, number, 4, None)


@pytest.mark.parametrize(
    ("events", "phase"),
    [
        ([LOADED], "first"),
        ([LOADED, step(1)], "step"),
        ([LOADED, step(4)], "decoding"),
        ([LOADED, step(4), CANDIDATE], "first"),
        ([LOADED, step(4), CANDIDATE, FINISHED], "idle"),
    ],
)
def test_the_phase_follows_from_the_events(events: list[Event], phase: str) -> None:
    assert told(*((0.0, event) for event in events)).phase == phase


def test_the_slowest_of_the_last_steps_is_declared() -> None:
    beat = told((0.0, LOADED), (9.0, step(1)), (10.0, step(2)), (12.5, step(3)))
    assert (beat.job, beat.seconds) == (1, 2.5)


def test_after_a_shortage_of_memory_nothing_is_known_of_the_steps() -> None:
    eased = Eased(1, "groups", "Layer by layer.")
    beat = told((0.0, LOADED), (9.0, step(1)), (10.0, step(2)), (10.5, eased))
    assert (beat.phase, beat.seconds) == ("first", 0.0)


def test_every_event_is_progress() -> None:
    progress = [told(*[(0.0, step(1))] * count).progress for count in range(4)]
    assert progress == sorted(set(progress))


def test_a_spare_is_silent_until_it_is_the_engine() -> None:
    heard, beaten, stop = list[Event](), threading.Event(), threading.Event()

    def send(event: Event) -> None:
        heard.append(event)
        beaten.set()

    pulse = Pulse(send, period=0.001)
    pulse.start(stop)
    assert heard == []
    pulse.attend()
    assert beaten.wait(10)
    stop.set()
    assert isinstance(heard[0], Beat)
