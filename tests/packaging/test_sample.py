"""The sample edit that runs without a window."""

from pathlib import Path

import pytest

from setup_parts import sample
from setup_parts.console import Trouble
from setup_parts.place import ROOT


def _samples(root: Path, *names: str) -> None:
    folder = root / "resources" / "samples"
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).touch()


def test_the_first_picture_by_name_is_the_sample(tmp_path: Path) -> None:
    _samples(tmp_path, "b.png", "a.txt", "c.png")
    assert sample.picture(tmp_path).name == "b.png"


def test_a_copy_without_samples_is_called_not_whole(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="not whole"):
        sample.picture(tmp_path)


def test_the_edit_leaves_the_sample_alone_and_writes_to_out(tmp_path: Path) -> None:
    _samples(tmp_path, "sea.png")
    arguments, result = sample.headless_edit(tmp_path)
    assert result == tmp_path / "out" / "sea-edited.png"
    assert arguments[-2:] == ["--out", str(result)]
    assert result.parent.is_dir()


def test_the_project_ships_a_sample() -> None:
    assert sample.picture(ROOT).is_file()
