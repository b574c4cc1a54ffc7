from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A picture of 320 x 256 px in the present folder, a different colour at every pixel."""
    monkeypatch.chdir(tmp_path)
    y, x = np.mgrid[0:256, 0:320]
    pixels = np.stack([x % 256, y, (x + y) % 256], axis=-1).astype(np.uint8)
    Image.fromarray(pixels).save("photo.png")
    return tmp_path / "photo.png"


@pytest.fixture
def mask(photo: Path) -> Path:
    """A mask of the photo's size with a white square."""
    pixels = np.zeros((256, 320), np.uint8)
    pixels[100:140, 200:240] = 255
    Image.fromarray(pixels).save("mask.png")
    return photo.with_name("mask.png")


@pytest.fixture(autouse=True)
def application(qapp: QCoreApplication) -> None:
    """Commands that run in this process take the application there is, as windows need more."""
