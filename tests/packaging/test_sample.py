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


def test_a_copy_without_the_sample_is_called_not_whole(tmp_path: Path) -> None:
    _samples(tmp_path, "other.png")
    with pytest.raises(Trouble, match="not whole"):
        sample.picture(tmp_path)


def test_the_edit_leaves_the_sample_alone_and_writes_to_out(tmp_path: Path) -> None:
    _samples(tmp_path, sample.PICTURE)
    arguments, result = sample.headless_edit(tmp_path)
    assert result == tmp_path / "out" / "lake-house-edited.png"
    assert arguments[-2:] == ["--out", str(result)]
    assert result.parent.is_dir()


def test_the_project_ships_a_sample() -> None:
    assert sample.picture(ROOT).is_file()
