"""Bits that flip and files that end too early: nothing wrong is shown, and most comes back.

The long campaign is tests/campaigns/damage.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.project.store.file import ProjectFile
from tests.project.store import damage
from tests.project.store.damage import Truth, campaign, judged
from tests.project.store.strokes import picture, stroke, tile

#: Of the tiles that are whole in a damaged file so many come back.
SHARE = 0.95


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Truth]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SFUMATO_HOME", str(tmp_path_factory.mktemp("home")))
        yield damage.sample(tmp_path_factory.mktemp("truth") / "sample.sfumato")


def test_every_truncation_shows_no_wrong_pixel(truth: Truth, path: Path) -> None:
    words, share = campaign(damage.cuts(truth.data), truth, path)
    assert share >= SHARE
    assert words["whole"] == 0


def test_every_page_may_be_lost(truth: Truth, path: Path) -> None:
    words, share = campaign(damage.blanks(truth.data), truth, path)
    assert share >= SHARE
    assert words["refused"] == 0


@pytest.mark.parametrize(("count", "most"), [(100, None), (60, 4096)])
def test_flipped_bits_show_no_wrong_pixel(
    truth: Truth, path: Path, count: int, most: int | None
) -> None:
    words, share = campaign(damage.flips(truth.data, count, 5, most), truth, path)
    assert share >= SHARE
    assert words["refused"] == 0


def test_a_damaged_tile_is_shown_as_it_was_before(path: Path) -> None:
    project = ProjectFile.create(path)
    project.commit(stroke(1))
    project.commit(stroke(2))
    (name,) = project.tiles(2).values()
    raw = project.packed(name)
    project.close()
    data = path.read_bytes()
    path.write_bytes(data.replace(raw[20:40], bytes(20)))
    again, found = ProjectFile.open(path, thorough=True)
    assert picture(again) == {(2, (0, 0)): tile(1).tobytes()}
    assert any("earlier step" in said for said in found.sentences)
    again.close()


def test_the_damaged_file_is_kept_each_time(truth: Truth, path: Path) -> None:
    hurt = truth.data[:4096] + bytes(4096) + truth.data[8192:]
    kept = []
    for _ in range(2):
        path.write_bytes(hurt)
        project, found = ProjectFile.open(path)
        project.close()
        kept.append(found.kept)
    assert [one and one.name for one in kept] == [
        "picture (damaged).sfumato",
        "picture (damaged 2).sfumato",
    ]
    assert all(one is not None and one.read_bytes() == hurt for one in kept)


def test_a_mended_project_goes_on_as_any_other(truth: Truth, path: Path) -> None:
    path.write_bytes(truth.data[:100_000])
    project, _ = ProjectFile.open(path)
    steps = len(project.line())
    project.commit(stroke(7))
    project.step(-steps - 1)
    project.close()
    again, found = ProjectFile.open(path, thorough=True)
    assert found.sentences == ()
    assert again.head().gesture == again.base
    again.close()


def test_a_damaged_file_opened_for_reading_is_left_alone(truth: Truth, path: Path) -> None:
    hurt = truth.data[:150_000]
    path.write_bytes(hurt)
    project, found = ProjectFile.open(path, read_only=True)
    assert found.sentences
    assert found.read_only
    assert project.head().tree
    project.close()
    assert path.read_bytes() == hurt
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_sound_project_is_as_it_was(truth: Truth, path: Path) -> None:
    assert judged(truth.data, truth, path) == ("whole", len(truth.head), len(truth.head))
