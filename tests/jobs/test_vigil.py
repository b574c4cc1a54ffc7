import pytest

from studio.core.messages import Beat, Message, Stepped
from studio.jobs.vigil import Limits, Vigil
from studio.jobs.vitals import Vitals, parsed

IDLE, BUSY = Vitals(False, False, 0.0), Vitals(False, False, 60.0)
STOPPED, BLOCKED = Vitals(True, False, 60.0), Vitals(False, True, 0.0)


def beat(phase: str, progress: int = 1, seconds: float = 0.0, accelerated: bool = False) -> Beat:
    return Beat(1, phase, seconds, progress, accelerated)


def watched(*heard: tuple[float, Message]) -> Vigil:
    """A vigil from 0 s on that heard these and looked at the process each time."""
    vigil = Vigil(0.0)
    for now, message in heard:
        vigil.heard(message, now)
        vigil.verdict(now, IDLE)
    return vigil


@pytest.mark.parametrize(
    ("vitals", "now", "hung"),
    [
        (IDLE, 1.1, False),
        (IDLE, 1.3, True),
        (STOPPED, 1.3, True),
        (BUSY, 1.3, False),
        (BLOCKED, 1.3, False),
        (None, 5.9, False),
        (None, 6.1, True),
    ],
)
def test_silence_counts_unless_there_is_work_to_be_silent_for(
    vitals: Vitals | None, now: float, hung: bool
) -> None:
    vigil = watched((0.0, beat("step")))
    assert bool(vigil.verdict(now, vitals)) == hung


def beating(phase: str, seconds: float, until: int, accelerated: bool = False) -> Vigil:
    """It beats once a second and gets no further."""
    beats = [(float(now), beat(phase, 1, seconds, accelerated)) for now in range(until + 1)]
    return watched(*beats)


@pytest.mark.parametrize(
    ("phase", "seconds", "now", "vitals", "hung"),
    [
        ("step", 0.1, 1, IDLE, False),
        ("step", 0.1, 3, IDLE, True),
        ("step", 4.0, 7, IDLE, False),
        ("step", 4.0, 9, IDLE, True),
        ("step", 0.1, 9, BUSY, False),
        ("step", 0.1, 11, BUSY, True),
        ("step", 20.0, 39, BUSY, False),
        ("step", 20.0, 41, BUSY, True),
        ("loading", 0.0, 9, IDLE, False),
        ("loading", 0.0, 11, IDLE, True),
        ("loading", 0.0, 599, BUSY, False),
        ("idle", 0.0, 9999, IDLE, False),
    ],
)
def test_who_beats_and_gets_no_further_is_stuck_after_twice_its_step(
    phase: str, seconds: float, now: int, vitals: Vitals, hung: bool
) -> None:
    assert bool(beating(phase, seconds, now).verdict(now, vitals)) == hung


def test_a_graphics_device_computes_where_the_processor_does_not() -> None:
    assert not beating("step", 0.1, 9, accelerated=True).verdict(9.0, IDLE)


def test_progress_is_no_hang_however_long_it_goes_on() -> None:
    vigil = watched(*((float(now), beat("step", now)) for now in range(100)))
    assert not vigil.verdict(99.5, IDLE)


def test_a_step_is_progress() -> None:
    vigil = beating("step", 0.1, 2)
    vigil.heard(Stepped(1, 0, 1, 4, None), 2.0)
    assert not vigil.verdict(3.0, IDLE)


def test_an_idle_engine_that_does_not_take_up_its_job_is_stuck() -> None:
    vigil = beating("idle", 0.0, 100)
    vigil.asked(100.0)
    assert not vigil.verdict(100.5, IDLE, asked=True)
    vigil.heard(beat("idle"), 102.5)
    assert vigil.verdict(102.5, IDLE, asked=True)


def test_a_sleep_of_the_machine_is_no_hang() -> None:
    vigil = watched((0.0, beat("step")))
    vigil.resumed(5000.0)
    assert not vigil.verdict(5001.0, IDLE)


def test_the_verdict_names_what_it_was_at() -> None:
    vigil = Vigil(0.0, Limits(silence=0.1))
    vigil.heard(beat("decoding"), 0.0)
    assert "decoding" in vigil.verdict(1.0, STOPPED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 (py) S 1 2 3 4 5 6 7 8 9 10 150 50 0", Vitals(False, False, 2.0)),
        ("7 (a) T (b) T 1 2 3 4 5 6 7 8 9 10 0 0 0", Vitals(True, False, 0.0)),
        ("7 (py) D 1 2 3 4 5 6 7 8 9 10 0 100 0", Vitals(False, True, 1.0)),
        ("7 (py)", None),
        ("", None),
    ],
)
def test_the_kernels_line_is_read_whatever_the_name(text: str, expected: Vitals | None) -> None:
    assert parsed(text, 100) == expected
