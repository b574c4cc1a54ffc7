"""A project with a damaged tile is mended while it is opened, and that is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.project.loading import load
from studio.project.store.file import ProjectFile
from tests.project.store.strokes import stroke


def test_a_tile_found_damaged_while_reading_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFUMATO_HOME", str(tmp_path / "home"))
    path = tmp_path / "tower.sfumato"
    project = ProjectFile.create(path)
    project.commit(stroke(1))
    project.commit(stroke(2))
    raw = project.packed(project.tiles(2)[(0, 0)])
    project.close()
    path.write_bytes(path.read_bytes().replace(raw[30:60], bytes(30)))
    loaded = load(path, 1 << 20)
    assert any("earlier step" in said for said in loaded.repairs)
    assert loaded.project is not None
    loaded.project.close()
    assert (tmp_path / "tower (damaged).sfumato").exists()
