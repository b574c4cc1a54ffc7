import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio import cli, paths
from studio.__main__ import COMMANDS
from studio.cli.canvas import density

PROMPT = ("--prompt", "a tree")


@pytest.fixture
def broken(photo: Path, mask: Path) -> Path:
    """The present folder, with files of every bad kind."""
    folder = photo.parent
    (folder / "empty.png").touch()
    (folder / "text.png").write_text("not a picture")
    (folder / "cut.png").write_bytes(photo.read_bytes()[: photo.stat().st_size // 2])
    (folder / "model.ckpt").write_bytes(b"\x80\x02}q\x00.")
    Image.new("L", (320, 256)).save("black.png")
    Image.new("L", (64, 32), 255).save("small.png")
    return folder


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "COMMAND"),
        (["imagine"], 2, "TEXT"),
        (["imagine", "x", "--size", "big"], 2, "512x384"),
        (["imagine", "x", "--size", "0x64"], 2, "0x64"),
        (["imagine", "x", "--size", "99999x64"], 2, "99999"),
        (["imagine", "x", "--steps", "0"], 2, "Steps"),
        (["imagine", "x", "--steps", "many"], 2, "many"),
        (["imagine", "x", "--strength", "0"], 2, "strength 0"),
        (["imagine", "x", "--guidance", "nan"], 2, "Guidance"),
        (["imagine", "x", "--count", "0"], 2, "Takes"),
        (["imagine", "x", "--seed", "-1"], 2, "seed"),
        (["imagine", "x", "--sampler", "magic"], 2, "magic"),
        (["imagine", "x", "--stepz", "3"], 2, "--stepz"),
        (["imagine", "x" * 100_000], 2, "100,000"),
        (["inpaint", "photo.png", "--mask", "mask.png"], 2, "--prompt"),
        (["inpaint", "photo.png", *PROMPT], 2, "--mask"),
        (["outpaint", "photo.png", *PROMPT], 2, "--left"),
        (["outpaint", "photo.png", "--left", "-8", *PROMPT], 2, "--left"),
        (["outpaint", "photo.png", "--left", "20000", *PROMPT], 2, "too large"),
        (["inpaint", "photo.png", "--task", "remove"], 2, "--mask"),
        (["inpaint", "photo.png", "--mask", "all", "--task", "remove"], 2, "what shall go"),
        (["inpaint", "photo.png", "--mask", "mask.png", "--task", "magic"], 2, "magic"),
        (["inpaint", "photo.png", "--mask", "mask.png", "--task", "expand"], 2, "expand"),
        (["inpaint", "gone.png", "--mask", "mask.png", *PROMPT], 3, "gone.png"),
        (["inpaint", "empty.png", "--mask", "mask.png", *PROMPT], 3, "empty"),
        (["inpaint", "text.png", "--mask", "mask.png", *PROMPT], 3, "not a picture"),
        (["inpaint", "cut.png", "--mask", "mask.png", *PROMPT], 3, "cut"),
        (["inpaint", "photo.png", "--mask", "gone.png", *PROMPT], 3, "gone.png"),
        (["inpaint", "photo.png", "--mask", "small.png", *PROMPT], 3, "64 x 32"),
        (["inpaint", "photo.png", "--mask", "black.png", *PROMPT], 3, "nothing would change"),
        (["erase", "photo.png"], 2, "--mask"),
        (["erase", "photo.png", "--mask", "all"], 2, "nothing to cover it with"),
        (["erase", "photo.png", "--mask", "ellipse", "--fill", "magic"], 2, "magic"),
        (["erase", "photo.png", "--mask", "ellipse", "--seed", "-1"], 2, "seed"),
        (["erase", "gone.png", "--mask", "ellipse"], 3, "gone.png"),
        (["erase", "photo.png", "--mask", "small.png"], 3, "64 x 32"),
        (["erase", "photo.png", "--mask", "ellipse", "--out", "x.gif"], 3, ".gif"),
        (["imagine", "x", "--out", "nowhere/x.png"], 3, "nowhere"),
        (["imagine", "x", "--out", "x.gif"], 3, ".gif"),
        (["imagine", "x", "--out", "."], 3, "."),
        (["imagine", "x", "--model", "nobody"], 4, "nobody"),
        (["imagine", "x", "--model", "model.ckpt"], 4, "pickled"),
        (["models", "add", "gone"], 4, "gone"),
        (["models", "remove", "starter"], 4, "starter"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    broken: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert cli.main(arguments) == code
    output, said = capsys.readouterr()
    assert output == ""
    assert said.count("\n") == 1
    assert words in said


def test_with_json_a_refusal_is_an_event_too(
    photo: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["imagine", "x", "--steps", "0", "--json"]) == 2
    event = json.loads(capsys.readouterr().out)
    assert (event["event"], event["kind"]) == ("failed", "usage")


def test_a_target_that_may_not_be_written_is_refused_before_the_work(
    photo: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # tests may run as root, who may all
    assert cli.main(["imagine", "x", "--out", "x.png"]) == 3
    assert "cannot be written" in capsys.readouterr().err


def test_a_mask_is_its_opacity_where_that_alone_tells_anything() -> None:
    pixels = np.zeros((2, 2, 4), np.uint8)
    pixels[0, 0, 3] = 255
    assert density(pixels).tolist() == [[255, 0], [0, 0]]


def test_a_mask_is_its_brightness_otherwise_and_traces_of_black_are_black() -> None:
    pixels = np.array([[[255, 255, 255, 255], [128, 128, 128, 255], [5, 5, 5, 255]]], np.uint8)
    assert density(pixels).tolist() == [[255, 128, 0]]


def test_no_command_is_taken_for_a_file_to_open(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    commands = set(re.findall(r"^    (\w+)", capsys.readouterr().out, re.MULTILINE))
    assert {"imagine", "erase"} <= commands <= COMMANDS


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_needs_neither_qt_nor_numpy(argument: str) -> None:
    code = (
        "import sys; from studio import cli\n"
        f"try: cli.main(['{argument}'])\n"
        "except SystemExit as end: assert not end.code\n"
        "assert not {'PySide6', 'numpy', 'torch'} & set(sys.modules)"
    )
    root = str(paths.resources().parent)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root, capture_output=True)
