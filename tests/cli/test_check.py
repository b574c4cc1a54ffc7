"""`sfumato check`: sound or damaged, in words, in JSON and in the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.cli import main
from studio.project.store.file import ProjectFile
from tests.project.store.strokes import picture, stroke


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of three strokes."""
    monkeypatch.setenv("SFUMATO_HOME", str(tmp_path / "home"))
    path = tmp_path / "tower.sfumato"
    project = ProjectFile.create(path)
    for seed in range(3):
        project.commit(stroke(seed, keys=((seed, 0),)))
    project.close()
    return path


@pytest.fixture
def damaged(sound: Path) -> Path:
    """The same with a tile that is not as it was written."""
    project, _ = ProjectFile.open(sound)
    raw = project.packed(project.tiles(2)[(1, 0)])
    project.close()
    sound.write_bytes(sound.read_bytes().replace(raw[30:60], bytes(30)))
    return sound


def test_a_sound_project_ends_with_0(sound: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(sound)]) == 0
    assert "is sound: 3 steps, 3 tiles" in capsys.readouterr().out


def test_a_damaged_one_ends_with_3_and_says_what_can_be_saved(
    damaged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = damaged.read_bytes()
    assert main(["check", str(damaged)]) == 3
    assert "2 tiles of the picture and 3 steps can be saved" in capsys.readouterr().out
    assert damaged.read_bytes() == before


def test_json_is_one_event(damaged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(damaged), "--json"]) == 3
    (event,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert event["event"] == "checked"
    assert (event["sound"], event["tiles"], event["empty"]) == (False, 2, 1)


def test_salvage_writes_what_is_whole(damaged: Path) -> None:
    out = damaged.with_name("saved.sfumato")
    assert main(["check", str(damaged), "--salvage", str(out)]) == 3
    project, found = ProjectFile.open(out)
    assert len(picture(project)) == 2
    assert found.sentences == ()
    project.close()
    assert main(["check", str(out)]) == 0


def test_salvage_never_overwrites(damaged: Path, sound: Path) -> None:
    other = damaged.with_name("other.sfumato")
    other.write_bytes(b"mine")
    assert main(["check", str(damaged), "--salvage", str(other)]) == 3
    assert main(["check", str(damaged), "--salvage", str(damaged)]) == 3
    assert other.read_bytes() == b"mine"


def test_an_open_project_can_be_checked(sound: Path) -> None:
    project, _ = ProjectFile.open(sound)
    assert main(["check", str(sound)]) == 0
    project.close()


@pytest.mark.parametrize("content", [b"", b"text", b"\x89PNG\r\n"])
def test_what_is_no_project_ends_with_3(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFUMATO_HOME", str(tmp_path / "home"))
    other = tmp_path / "picture.png"
    other.write_bytes(content)
    assert main(["check", str(other)]) == 3
    assert main(["check", str(tmp_path / "nothing.sfumato")]) == 3
