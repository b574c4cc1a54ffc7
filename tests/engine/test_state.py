"""Values as bytes and back: the same bits, the same memory, and nothing executed."""

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from studio.core.errors import EngineError
from studio.engine.state import pack, unpack

CPU = torch.device("cpu")
TENSORS = {
    "float": torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0)),
    "bfloat": torch.linspace(0, 1, 7, dtype=torch.bfloat16),
    "whole": torch.arange(9, dtype=torch.int64).reshape(3, 3),
    "flags": torch.tensor([True, False]),
    "single": torch.tensor(0.1, dtype=torch.float64),
    "empty": torch.zeros(0, 4),
    "numberless": torch.tensor([float("nan"), float("inf"), -0.0]),
}


def bits(tensor: torch.Tensor) -> bytes:
    return tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()


def there_and_back(value: Any) -> Any:
    return unpack(pack({"value": value}), CPU)["value"]


@pytest.mark.parametrize("name", TENSORS)
def test_a_tensor_comes_back_bit_by_bit(name: str) -> None:
    tensor = TENSORS[name]
    back = there_and_back(tensor)
    assert (back.dtype, back.shape, bits(back)) == (tensor.dtype, tensor.shape, bits(tensor))


def test_a_tensor_lies_in_memory_as_it_did() -> None:
    tensor = TENSORS["float"].to(memory_format=torch.channels_last)
    back = there_and_back(tensor)
    assert back.stride() == tensor.stride()
    assert torch.equal(back, tensor)


@pytest.mark.parametrize(
    "value",
    [None, True, 7, 0.1, "word", [1, None, [2.5]], (1, (2, "x")), np.float32(0.1), np.int64(3)],
)
def test_a_plain_value_keeps_its_kind(value: Any) -> None:
    back = there_and_back(value)
    assert (type(back), back) == (type(value), value)


def test_lists_hold_tensors_and_gaps() -> None:
    back = there_and_back([None, TENSORS["whole"], np.arange(3.0)])
    assert back[0] is None
    assert torch.equal(back[1], TENSORS["whole"])
    assert np.array_equal(back[2], np.arange(3.0))


def test_what_would_need_code_is_refused() -> None:
    with pytest.raises(TypeError, match="object cannot be noted"):
        pack({"value": object()})


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(EngineError):
        unpack(np.frombuffer(data, np.uint8), CPU)
