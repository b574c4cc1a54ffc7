import random
import struct
import sys
from pathlib import Path

import pytest

from studio.core.errors import FileError
from studio.core.geometry import Rect
from studio.document.files import psd
from studio.document.layered import Layered
from tests.document.files.pictures import layer


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("psd") / "good.psd"
    layers = (layer("a", Rect(0, 0, 24, 20), 1), layer("b", Rect(4, 3, 12, 12), 2))
    with path.open("wb") as file:
        psd.write(Layered(Rect(0, 0, 24, 20), layers), file)
    return path.read_bytes()


def opened(folder: Path, data: bytes) -> Layered:
    path = folder / "gift.psd"
    path.write_bytes(data)
    with path.open("rb") as file:
        return psd.read(file, path.name)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(12))
def test_damage_is_refused_or_harmless(good: bytes, tmp_path: Path, seed: int) -> None:
    data, dice = bytearray(good), random.Random(seed)
    for _ in range(6):
        data[dice.randrange(26, len(data))] = dice.randrange(256)
    try:
        opened(tmp_path, bytes(data))
    except FileError as error:
        assert "gift.psd" in error.message  # noqa: PT017
        assert error.hint  # noqa: PT017
    assert [path.name for path in tmp_path.iterdir()] == ["gift.psd"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (0, 5), (2**31 - 1, 1)])
def test_a_size_that_no_picture_has_is_refused_at_once(
    good: bytes, tmp_path: Path, width: int, height: int
) -> None:
    with pytest.raises(FileError, match=r"gift\.psd"):
        opened(tmp_path, good[:14] + struct.pack(">II", height, width) + good[22:])


@pytest.mark.timeout(60)
def test_a_layer_far_larger_than_the_picture_is_refused(good: bytes, tmp_path: Path) -> None:
    place = struct.pack(">4i", 3, 4, 15, 16)
    assert good.count(place) == 1
    huge = good.replace(place, struct.pack(">4i", 0, 0, 60_000, 60_000))
    with pytest.raises(FileError, match=r"gift\.psd"):
        opened(tmp_path, huge)


@pytest.mark.parametrize(
    "told",
    [b'{"kind": "picture", "dpi": [1, 1]}', b'{"kind": "layer", "area": [Infinity, 0, 1, 1]}'],
)
def test_a_child_that_was_taken_over_is_not_believed(
    good: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: bytes
) -> None:
    frames = b'{"kind": "picture"}', told, b"[" * 50_000
    answer = b"".join(struct.pack(">I", len(frame)) + frame for frame in frames)
    talk = f"import sys; sys.stdout.buffer.write({answer!r})"
    monkeypatch.setattr(psd, "_BOOT", talk)
    with pytest.raises(FileError, match="damaged"):
        opened(tmp_path, good)


def test_a_child_that_cannot_be_started_is_told(
    good: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    with pytest.raises(FileError, match="could not be started"):
        opened(tmp_path, good)
