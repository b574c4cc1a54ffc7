"""kill -9 of the real program; the long run is tests/campaigns/kill.py."""

import signal
import sys
from pathlib import Path

import pytest

from tests.campaigns import kill

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as Unix knows them")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_program_that_is_asked_to_end_writes_everything_first(
    tmp_path: Path, number: signal.Signals
) -> None:
    code, tally = kill.ended(number, 4, tmp_path)
    assert code == 0
    assert tally.in_flight_lost == {0: 1}


def test_nothing_that_was_safe_is_lost_when_the_program_is_killed(tmp_path: Path) -> None:
    tally = kill.run(points=8, engine=0, seed=3, folder=tmp_path)
    assert tally.points == 8
    assert (tally.corrupt, tally.acknowledged_lost, tally.wrong_at_start) == (0, 0, 0)
