"""Projects on a temporary disk, and what the tests put into them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.project.store.file import ProjectFile


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the locks lie."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("SFUMATO_HOME", str(folder))
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "picture.sfumato"


@pytest.fixture
def project(home: Path, path: Path) -> Iterator[ProjectFile]:
    made = ProjectFile.create(path)
    yield made
    made.close()
