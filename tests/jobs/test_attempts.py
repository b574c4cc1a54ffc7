import numpy as np

from studio.core.point import Point
from studio.jobs.attempts import Attempts

FAR = Point(0, 3, 9, np.zeros(1, np.uint8))


def test_a_job_that_ends_two_engines_at_one_place_is_given_up() -> None:
    attempts = Attempts()
    attempts.begin(1, None)
    assert attempts.worthwhile(1, None)
    attempts.begin(1, None)
    assert not attempts.worthwhile(1, None)


def test_a_job_that_got_further_goes_on() -> None:
    attempts = Attempts()
    attempts.begin(1, None)
    attempts.begin(1, None)
    assert attempts.worthwhile(1, FAR)


def test_what_no_engine_has_taken_up_is_sent_three_times() -> None:
    attempts, sent = Attempts(), 0
    while attempts.worthwhile(1, None):
        attempts.begin(1, None)
        attempts.void(1)
        sent += 1
    assert sent == 3
