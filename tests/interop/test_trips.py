from pathlib import Path

import pytest

from tests.interop.trips import Trip, made, trips

#: The script makes all trips; the suite one through each program and format, for Krita takes ten
#: seconds to start.
_SOME = [each for each in trips() if each.source == each.target]


@pytest.mark.skipif(not _SOME, reason="neither Krita, GIMP nor MyPaint is installed")
@pytest.mark.parametrize("trip", _SOME or [None], ids=str)
def test_layers_come_back_from_another_program(trip: Trip, tmp_path: Path) -> None:
    found = made(trip, tmp_path)
    assert found.faults(trip) == {}
    assert found.size
