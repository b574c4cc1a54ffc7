"""The real command line with the real engine and the starter model, in processes of their own."""

import json
import os
import signal
import subprocess
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio import cli, paths
from studio.cli.saving import targets
from studio.core.pixels import Pixels
from studio.document.document import Document
from studio.document.files.image import open_image

# Two steps are enough for every claim here; two threads would only contend on a small machine.
QUICK = ("--steps", "2", "--seed", "7")


@pytest.fixture
def environment(own_folders: Path) -> dict[str, str]:
    root = str(paths.resources().parent)
    return {**os.environ, "PYTHONPATH": root, "OMP_NUM_THREADS": "1"}


def ran(environment: dict[str, str], *arguments: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "studio", *arguments, *QUICK, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def pixels(name: str) -> Pixels:
    return open_image(Path(name)).pixels


def test_imagine_tells_every_step_and_the_files(photo: Path, environment: dict[str, str]) -> None:
    events = ran(
        environment, "imagine", "a red house \U0001f3e0", "--size", "128x96", "--count", "2"
    )
    steps = [event for event in events if event["event"] == "step"]
    assert [(event["take"], event["step"], event["total"]) for event in steps] == [
        (1, 1, 2),
        (1, 2, 2),
        (2, 1, 2),
        (2, 2, 2),
    ]
    files = ["a-red-house.png", "a-red-house-2.png"]
    assert events[-1] | {"seconds": 0} == {
        "event": "finished",
        "files": files,
        "seed": 7,
        "seconds": 0,
    }
    assert [pixels(name).shape for name in files] == [(96, 128, 4)] * 2
    recipe = open_image(Path(files[1])).recipe
    assert recipe is not None
    assert (recipe.seed, recipe.steps) == (8, 2)


def test_inpaint_changes_no_pixel_outside_the_mask(mask: Path, environment: dict[str, str]) -> None:
    events = ran(environment, "inpaint", "photo.png", "--mask", "mask.png", "--prompt", "a tree")
    before, after = pixels("photo.png"), pixels(events[-1]["files"][0])
    changed = (before != after).any(axis=-1)
    masked = pixels("mask.png")[..., 0] > 0
    assert changed.sum() > masked.sum() / 2
    assert not changed[~masked].any()


def test_outpaint_carries_on_and_keeps_the_picture(
    photo: Path, environment: dict[str, str]
) -> None:
    given = ("--left", "64", "--bottom", "8", "--prompt", "", "--out", "wide.png")
    ran(environment, "outpaint", "photo.png", *given)
    after = pixels("wide.png")
    assert after.shape == (264, 384, 4)
    assert after[..., 3].min() == 255
    assert np.array_equal(after[:256, 64:], pixels("photo.png"))


def test_a_report_shows_that_the_promise_was_kept(mask: Path, environment: dict[str, str]) -> None:
    given = ("--mask", "mask.png", "--prompt", "a tree", "--count", "2", "--report")
    last = ran(environment, "inpaint", "photo.png", *given)[-1]
    assert len(last["report"]) == len(last["files"]) == 2
    for figures in last["report"]:
        assert figures["kept"]
        assert figures["changed_outside"] == 0
        assert 0 < figures["changed_inside"] <= 40 * 40
        assert figures["seam"] > 0


def test_parts_of_a_mask_far_apart_are_painted_one_after_another(
    photo: Path, environment: dict[str, str]
) -> None:
    wide = np.tile(pixels("photo.png"), (1, 4, 1))
    holes = np.zeros(wide.shape[:2], np.uint8)
    holes[20:60, 20:60] = holes[150:190, 1200:1240] = 255
    Image.fromarray(wide).save("wide.png")
    Image.fromarray(holes).save("holes.png")
    events = ran(environment, "inpaint", "wide.png", "--mask", "holes.png", "--prompt", "a tree")
    steps = [(one["part"], one["parts"], one["step"]) for one in events if one["event"] == "step"]
    assert steps == [(1, 2, 1), (1, 2, 2), (2, 2, 1), (2, 2, 2)]
    changed = (wide != pixels(events[-1]["files"][0])).any(axis=-1)
    assert changed[20:60, 20:60].any()
    assert changed[150:190, 1200:1240].any()
    assert not changed[holes == 0].any()


def test_a_large_outpaint_is_made_in_passes(photo: Path, environment: dict[str, str]) -> None:
    given = ("--right", "100", "--top", "60", "--prompt", "", "--out", "wide.png", "--report")
    events = ran(environment, "outpaint", "photo.png", *given)
    after = pixels("wide.png")
    assert max(one.get("part", 0) for one in events) > 2
    assert after.shape == (316, 420, 4)
    assert after[..., 3].min() == 255
    assert np.array_equal(after[60:, :320], pixels("photo.png"))
    assert events[-1]["report"][0]["kept"]


@pytest.mark.parametrize("task", ["remove", "background", "refine"])
def test_a_task_keeps_what_is_not_its_own(
    mask: Path, environment: dict[str, str], task: str
) -> None:
    given = ("--mask", "mask.png", "--task", task, "--prompt", "a tree", "--report")
    last = ran(environment, "inpaint", "photo.png", *given)[-1]
    assert last["report"][0]["kept"]
    changed = (pixels("photo.png") != pixels(last["files"][0])).any(axis=-1)
    masked = pixels("mask.png")[..., 0] > 0
    assert changed[masked].any() == (task != "background")
    assert changed[~masked].any() == (task == "background")


def test_zooming_out_needs_no_sides(photo: Path, environment: dict[str, str]) -> None:
    ran(environment, "outpaint", "photo.png", "--task", "zoom_out", "--out", "wide.png")
    after = pixels("wide.png")
    assert after.shape == (384, 480, 4)
    assert np.array_equal(after[64:320, 80:400], pixels("photo.png"))


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child alone")
def test_an_interrupt_cancels(photo: Path, environment: dict[str, str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "studio", "imagine", "x", "--steps", "1000", "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if '"step"' in line)
        process.send_signal(signal.SIGINT)
        assert json.loads(process.stdout.read().splitlines()[-1]) == {"event": "cancelled"}
    assert process.returncode == 130
    assert [one.name for one in photo.parent.iterdir()] == ["photo.png"]


@pytest.mark.usefixtures("photo", "qapp")
def test_an_engine_that_does_not_start_is_exit_code_5(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dies = [sys.executable, "-c", "raise SystemExit('no such device')"]
    monkeypatch.setattr("studio.jobs.link.worker_command", lambda: dies)
    assert cli.main(["imagine", "x"]) == 5
    assert "engine does not start" in capsys.readouterr().err


def test_no_file_is_overwritten_unless_it_was_asked_for(photo: Path) -> None:
    Path("a-house.png").touch()
    chosen = Namespace(out=None, command="imagine", text="A house!")
    assert [path.name for path in targets(chosen, Document(), 2)] == [
        "a-house-2.png",
        "a-house-3.png",
    ]
