"""Batches by the real command line with the starter model, and what they refuse."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from studio import cli
from studio.cli import batching
from studio.cli.options import parsed
from studio.core.errors import UsageError
from studio.jobs.order import Settings
from tests.cli.test_generate import environment, ran
from tests.jobs.conftest import MODEL

__all__ = ["environment"]


def batch(*options: str, prompt: str = "a boat", **values: Any) -> Any:
    settings = Settings(MODEL, prompt, **values)
    return batching.planned(parsed(["imagine", prompt, *options]), settings)


def test_a_plain_order_is_no_batch() -> None:
    assert batch(count=4) is None


@pytest.mark.parametrize(
    ("options", "prompt", "count", "columns", "rows"),
    [
        (("--across", "steps=10,20"), "a boat", 1, 2, 1),
        (("--across", "steps=10,20", "--down", "guidance=3,5,7"), "a boat", 1, 2, 3),
        (("--down", "seed=1-4"), "a boat", 1, 1, 4),
        (("--across", "steps=10,20"), "a boat", 3, 2, 3),
        ((), "a {red|blue|grey} boat", 1, 3, 1),
        ((), "a {red|blue|grey} boat", 2, 3, 2),
    ],
)
def test_axes_choices_and_takes_make_a_grid(
    options: tuple[str, ...], prompt: str, count: int, columns: int, rows: int
) -> None:
    made = batch(*options, prompt=prompt, count=count)
    assert (len(made.columns), len(made.rows)) == (columns, rows)
    assert len(made.cells) == columns * rows


@pytest.mark.parametrize(
    ("options", "count", "says"),
    [
        (("--across", "steps"), 1, "--across takes NAME=VALUES"),
        (("--across", "colour=red"), 1, "'colour' cannot vary"),
        (("--down", "steps=many"), 1, "'many' is no value"),
        (("--across", "steps=1,2", "--down", "guidance=1,2"), 2, "--count has no place"),
    ],
)
def test_what_makes_no_sense_is_refused(options: tuple[str, ...], count: int, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        batch(*options, count=count)


def test_a_sheet_of_one_picture_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["imagine", "a boat", "--sheet", "sheet.png"]) == 2
    assert "needs several pictures" in capsys.readouterr().err


def test_a_grid_is_saved_with_its_contact_sheet(photo: Path, environment: dict[str, str]) -> None:
    size = ("--size", "64x64", "--sheet", "sheet.png")
    events = ran(environment, "imagine", "a {red|blue} boat", "--down", "guidance=1,4", *size)
    names = ["a-red-blue-boat.png", *(f"a-red-blue-boat-{number}.png" for number in (2, 3, 4))]
    assert events[-1]["files"] == [*names, "sheet.png"]
    assert {event["takes"] for event in events if event["event"] == "step"} == {4}
    with Image.open("sheet.png") as sheet:
        assert sheet.width > 2 * 64
        assert sheet.height > 2 * 64
