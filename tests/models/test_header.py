import contextlib
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio import paths
from studio.core.errors import ModelError
from studio.models.header import Tensor, read_header
from tests.models.checkpoints import Written, encoded, header_of


def entry(dtype: str = "F16", shape: Any = (2,), offsets: Any = (0, 4)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def test_names_dtypes_and_shapes_are_read(written: Written) -> None:
    path = written({"a": (2, 3), "b": (), "empty": (0, 5)})
    assert read_header(path) == {
        "a": Tensor("F16", (2, 3)),
        "b": Tensor("F16", ()),
        "empty": Tensor("F16", (0, 5)),
    }


def test_metadata_is_no_tensor(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(encoded({"__metadata__": {"format": "pt"}, "a": entry()}, 4))
    assert list(read_header(path)) == ["a"]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "not a whole"),
        (b"\x01\x02", "not a whole"),
        (struct.pack("<Q", 1 << 62) + b"{}", "not a whole"),
        (struct.pack("<Q", 2) + b"[]", "no list of tensors"),
        (struct.pack("<Q", 2) + b"{{", "cannot be read"),
        (struct.pack("<Q", 4) + b'"\xff\xfe"', "cannot be read"),
        (struct.pack("<Q", 100_000) + b"[" * 100_000, "cannot be read"),
        (struct.pack("<Q", 18) + b'{"a": {}, "a": {}}', "cannot be read"),
        (encoded({"a": entry(dtype="F99")}, 4), "makes no sense"),
        (encoded({"a": entry(shape=[-2])}, 4), "makes no sense"),
        (encoded({"a": entry(shape=[True, 2])}, 4), "makes no sense"),
        (encoded({"a": entry(shape=[2.0])}, 4), "makes no sense"),
        (encoded({"a": entry(shape="2")}, 4), "makes no sense"),
        (encoded({"a": entry(shape=[2**62, 2**62])}, 4), "makes no sense"),
        (encoded({"a": entry(offsets=[0, 6])}, 6), "makes no sense"),
        (encoded({"a": entry(offsets=[4, 0])}, 4), "makes no sense"),
        (encoded({"a": 7}, 4), "makes no sense"),
        (encoded({"a": entry(offsets=[2, 6])}, 6), "holes"),
        (encoded({"a": entry(), "b": entry(offsets=[2, 6])}, 6), "overlap"),
        (encoded({"a": entry()}, 3), "1 of 4 bytes are missing"),
        (encoded({"a": entry()}, 5), "behind its tensors"),
    ],
)
def test_what_does_not_hold_together_is_refused(tmp_path: Path, data: bytes, word: str) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=word):
        read_header(path)


def test_a_list_that_is_far_too_long_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    with path.open("wb") as stream:
        stream.write(struct.pack("<Q", 30_000_000))
        stream.truncate(40_000_000)  # sparse: takes no room
    with pytest.raises(ModelError, match="30,000,000"):
        read_header(path)


def test_too_many_tensors_are_refused(tmp_path: Path) -> None:
    many = {str(number): entry(shape=[0], offsets=[0, 0]) for number in range(100_001)}
    path = tmp_path / "m.safetensors"
    path.write_bytes(encoded(many, 0))
    with pytest.raises(ModelError, match="100,001"):
        read_header(path)


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="gone"):
        read_header(tmp_path / "gone.safetensors")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_changed_it_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray(encoded(*header_of({"a": (2, 3), "b": (4,)})))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "m.safetensors"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    with contextlib.suppress(ModelError):
        assert all(isinstance(one, Tensor) for one in read_header(path).values())


def test_real_files_of_the_starter_are_read() -> None:

    files = sorted(paths.starter_model().rglob("*.safetensors"))
    assert files
    assert all(read_header(one) for one in files)
