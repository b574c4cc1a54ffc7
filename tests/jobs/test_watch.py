from typing import Any, cast

import pytest

from studio.core.messages import Beat
from studio.jobs.child import Child
from studio.jobs.vitals import Vitals
from studio.jobs.watch import Clocks, Watch


class Asked:
    asked = False


class Process:
    """What the watch needs of a child."""

    number, talk = 1, Asked()

    def __init__(self) -> None:
        self.dismissed: list[bool] = []

    def dismiss(self, halted: bool) -> None:
        self.dismissed.append(halted)


class Hands:
    """Clocks that a test sets."""

    def __init__(self) -> None:
        self.now = self.slept = 0.0
        self.vitals = Vitals(False, False, 0.0)
        self.clocks = Clocks(lambda: self.now, lambda: self.slept, lambda _: self.vitals)


@pytest.fixture
def hands() -> Hands:
    return Hands()


def looked_after(hands: Hands, accelerated: bool = False) -> tuple[Watch, Process]:
    watch, process = Watch(clocks=hands.clocks), Process()
    watch.begin(cast(Child, cast(Any, process)))
    watch.heard(Beat(1, "step", 0.1, 1, accelerated))
    watch.look()
    return watch, process


def passed(watch: Watch, hands: Hands, seconds: float) -> None:
    """So much time passes, and it is looked every quarter of a second."""
    for _ in range(round(seconds * 4)):
        hands.now += 0.25
        watch.look()


def test_a_silent_process_is_dismissed_once_and_within_two_seconds(hands: Hands) -> None:
    watch, process = looked_after(hands)
    passed(watch, hands, 1.5)
    assert process.dismissed == [False]
    passed(watch, hands, 5.0)
    assert process.dismissed == [False]
    assert "silent" in watch.leave()


def test_one_that_is_halted_is_not_asked_for_last_words(hands: Hands) -> None:
    watch, process = looked_after(hands)
    hands.vitals = Vitals(True, False, 0.0)
    passed(watch, hands, 1.5)
    assert process.dismissed == [True]


def test_after_a_sleep_the_time_begins_anew(hands: Hands) -> None:
    watch, process = looked_after(hands)
    passed(watch, hands, 1.0)
    hands.slept = 3600.0
    passed(watch, hands, 1.0)
    assert process.dismissed == []


def test_after_a_sleep_an_engine_with_a_graphics_device_is_replaced(hands: Hands) -> None:
    watch, process = looked_after(hands, accelerated=True)
    hands.slept = 3600.0
    passed(watch, hands, 0.25)
    assert len(process.dismissed) == 1
    assert "slept" in watch.leave()


def test_who_was_not_awake_itself_blames_nobody(hands: Hands) -> None:
    watch, process = looked_after(hands)
    hands.now += 60.0
    watch.look()
    assert process.dismissed == []


def test_nobody_is_dismissed_when_nobody_is_looked_after(hands: Hands) -> None:
    watch, process = looked_after(hands)
    assert watch.leave() == ""
    passed(watch, hands, 5.0)
    assert process.dismissed == []
