import json

import pytest

from studio.jobs.grid import Grid

GRID = Grid(("red", "blue"), ("steps 10",), ((0, 0), (1, 0)), 1, 7)


def test_a_grid_comes_back_as_it_was() -> None:
    assert Grid.of(json.loads(json.dumps(GRID.told()))) == GRID


@pytest.mark.parametrize(
    "changes",
    [
        {"columns": 3},
        {"columns": ["red"]},
        {"places": [[0, 5]]},
        {"places": [[0]]},
        {"places": []},
        {"places": [[0, 0]] * 5000},
        {"made": None},
        {"made": -1},
    ],
)
def test_what_is_no_grid_is_none(changes: dict[str, object]) -> None:
    assert Grid.of(GRID.told() | changes) is None


@pytest.mark.parametrize("odd", [None, [], "grid", 3, {}])
def test_anything_else_is_none(odd: object) -> None:
    assert Grid.of(odd) is None
