"""What the library reads from headers is what the models of the engine's tests are."""

from pathlib import Path

import pytest

from studio.core.checkpoint import Checkpoint
from studio.models.inspect import inspect
from tests.engine import tiny


@pytest.mark.parametrize(("family", "channels"), tiny.KINDS)
def test_folders_and_files_are_told_apart_by_their_headers(
    folders: dict[str, Checkpoint], tmp_path: Path, family: str, channels: int
) -> None:
    folder = folders[f"{family}-{channels}"]
    file = tiny.as_file(tmp_path / "one.safetensors", family, channels)
    for made in (folder, file):
        found = inspect(Path(made.path))
        assert (found.family, found.in_channels) == (family, channels)
        assert found.inpainting == made.inpainting
