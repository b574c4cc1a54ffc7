"""Which errors of torch mean that memory ran out."""

import pytest
import torch

from studio.core.errors import EngineError, MemoryShortage
from studio.engine.failures import named


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory"
        ),
        RuntimeError("CUBLAS_STATUS_ALLOC_FAILED when calling cublasCreate(handle)"),
        RuntimeError("std::bad_alloc"),
        RuntimeError("could not create a primitive"),
    ],
    ids=str,
)
def test_a_shortage_of_memory_is_known_in_all_its_words(error: Exception) -> None:
    assert isinstance(named(error), MemoryShortage)


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("could not create a primitive descriptor for a matmul primitive"),
        RuntimeError("mat1 and mat2 shapes cannot be multiplied"),
        ValueError("out of memory"),
    ],
    ids=str,
)
def test_other_errors_are_not_taken_for_it(error: Exception) -> None:
    assert isinstance(named(error), EngineError)
    assert not isinstance(named(error), MemoryShortage)
