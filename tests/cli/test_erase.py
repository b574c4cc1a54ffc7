"""Erasing from the command line: no engine, so within this process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio import cli, paths
from studio.core.pixels import Pixels

PARTS = (slice(20, 40), slice(20, 40)), (slice(200, 220), slice(900, 920))


def saved(name: str) -> Pixels:
    with Image.open(name) as image:
        return np.asarray(image.convert("RGB"))


@pytest.fixture
def spotted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A grey picture with two red spots far apart, and a mask over both."""
    monkeypatch.chdir(tmp_path)
    picture, mask = np.full((256, 1000, 3), 120, np.uint8), np.zeros((256, 1000), np.uint8)
    for part in PARTS:
        picture[part], mask[part] = (250, 20, 20), 255
    Image.fromarray(picture).save("spots.png")
    Image.fromarray(mask).save("mask.png")
    return tmp_path


@pytest.mark.parametrize("how", ["patch", "smooth"])
@pytest.mark.usefixtures("spotted")
def test_what_is_masked_is_gone_and_the_rest_is_as_it_was(
    how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["erase", "spots.png", "--mask", "mask.png", "--fill", how, "--json"]) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["files"] == ["spots-erase.png"]
    before, after, mask = saved("spots.png"), saved("spots-erase.png"), saved("mask.png")
    assert np.array_equal(after[mask == 0], before[mask == 0])
    assert np.abs(after.astype(int) - 120).max() < 3


@pytest.mark.usefixtures("spotted")
def test_the_report_is_a_short_table_after_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["erase", "spots.png", "--mask", "mask.png", "--report"]) == 0
    name, heading, figures = capsys.readouterr().out.splitlines()
    assert name == "spots-erase.png"
    assert heading.startswith("outside the mask")
    assert figures.split()[:4] == ["bit-identical", "0", "800", "-"]
    assert len(figures.split()) == len(heading.split()) - 7


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["erase", "spots.png", "--mask", "mask.png"], 0),
        (["erase", "spots.png", "--mask", "mask.png", "--fill", "magic"], 2),
        (["inpaint", "spots.png", "--mask", "mask.png", "--prompt", "", "--steps", "0"], 2),
    ],
    ids=["done", "refused", "refused with an engine"],
)
def test_a_program_that_has_masked_something_ends_with_its_own_code(
    spotted: Path, own_folders: Path, arguments: list[str], code: int
) -> None:
    root = str(paths.resources().parent)
    done = subprocess.run(
        [sys.executable, "-m", "studio", *arguments],
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        check=False,
    )
    assert done.returncode == code
