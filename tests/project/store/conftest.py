"""Projects on a temporary disk, and what the tests put into them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.project.store.file import ProjectFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "picture.sfumato"


@pytest.fixture
def project(path: Path) -> Iterator[ProjectFile]:
    made = ProjectFile.create(path)
    yield made
    made.close()
