import json
from dataclasses import replace

import pytest

from studio.core.geometry import Rect, Size
from studio.core.request import Request
from studio.jobs.order import Settings
from studio.jobs.remains import cells_of, told
from tests.jobs.conftest import MODEL

REQUEST = Request(MODEL, "a boat", Rect(0, 0, 64, 64), Size(64, 64))
SETTINGS = Settings(MODEL, "a boat", steps=7, guidance=3.0, seed=9, fill="keep")


def test_settings_come_back_as_they_were() -> None:
    cells = (SETTINGS, replace(SETTINGS, prompt="a house", count=3))
    assert cells_of(json.loads(json.dumps(told(cells))), REQUEST) == cells


@pytest.mark.parametrize("odd", [None, [], [3], {}, [SETTINGS.prompt], [{}] * 5000])
def test_what_is_no_order_is_refused(odd: object) -> None:
    with pytest.raises(ValueError, match="no settings"):
        cells_of(odd, REQUEST)


def test_values_of_another_type_are_left_at_their_default() -> None:
    (found,) = cells_of([{"steps": "many", "seed": 4, "unknown": 1}], REQUEST)
    assert (found.steps, found.seed) == (Settings(MODEL, "").steps, 4)
