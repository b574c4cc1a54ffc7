"""Converting from the command line, in this process and through every kind of file."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio import cli
from studio.document.files import ora
from studio.document.files.exchange import open_picture
from studio.document.layered import Layered
from studio.project.exchange import open_project
from tests.document.files.pictures import described, rich, same_pixels


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder, with a rich picture in it."""
    monkeypatch.chdir(tmp_path)
    with Path("rich.ora").open("wb") as file:
        ora.write(rich(), file)
    return tmp_path


def read(name: str) -> Layered:
    return open_project(Path(name)) if name.endswith(".sfumato") else open_picture(Path(name))


@pytest.mark.parametrize("suffix", [".sfumato", ".ora"])
@pytest.mark.usefixtures("folder")
def test_everything_survives_our_own_formats(suffix: str) -> None:
    assert cli.main(["convert", "rich.ora", f"out{suffix}"]) == 0
    found, first = read(f"out{suffix}"), read("rich.ora")
    assert described(found) == described(first)
    assert same_pixels(found, first)
    assert [each.strength for each in found.masks] == [each.strength for each in first.masks]
    assert found.frame == first.frame


@pytest.mark.usefixtures("folder")
def test_a_chain_through_all_layered_formats_keeps_every_pixel() -> None:
    steps = ["rich.ora", "one.sfumato", "two.psd", "three.sfumato", "four.ora"]
    for source, target in pairwise(steps):
        assert cli.main(["convert", source, target]) == 0
    assert same_pixels(read("four.ora"), read("rich.ora"))


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif", ".jpg"])
@pytest.mark.usefixtures("folder")
def test_a_flat_file_shows_the_picture(suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["convert", "rich.ora", f"flat{suffix}"]) == 0
    assert "layers became one" in capsys.readouterr().err
    found, seen = read(f"flat{suffix}").flat(), read("rich.ora").flat()
    assert found.shape == seen.shape
    if suffix in (".png", ".tif"):
        assert np.array_equal(found, seen)


def test_an_image_becomes_a_project_of_one_layer(photo: Path) -> None:
    assert cli.main(["convert", photo.name, "photo.sfumato"]) == 0
    (layer,) = read("photo.sfumato").layers
    assert layer.name == "photo"
    with Image.open(photo) as image:
        assert np.array_equal(read("photo.sfumato").flat()[..., :3], np.asarray(image))


@pytest.mark.usefixtures("folder")
def test_json_tells_what_was_lost(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["convert", "rich.ora", "out.psd", "--json"]) == 0
    event = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert event["event"] == "finished"
    assert event["files"] == ["out.psd"]
    assert event["layers"] == 14
    assert any("masks" in each for each in event["notes"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.ora", "out.ora"], "none.ora"),
        (["none.sfumato", "out.ora"], "none.sfumato"),
        (["rich.ora", "out.xcf"], "out.xcf"),
        (["rich.ora", "nowhere/out.png"], "nowhere"),
        (["rich.ora", "rich.ora"], "itself"),
        (["text.txt", "out.ora"], "text.txt"),
        (["text.sfumato", "out.ora"], "text.sfumato"),
    ],
)
def test_what_cannot_be_converted_ends_with_3(
    folder: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "text.txt").write_bytes(b"no picture")
    (folder / "text.sfumato").write_bytes(b"no picture")
    before = sorted(path.name for path in folder.iterdir())
    assert cli.main(["convert", *arguments]) == 3
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert said in line
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_missing_target_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["convert", "only.ora"]) == 2
    assert "OUT" in capsys.readouterr().err
