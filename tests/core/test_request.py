from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.core.request import MAX_SEED, Request, seed_of


def request(**changes: Any) -> Request:
    model = Checkpoint("m", "M", "/m", "sd15", 9, True, 512, 20, 7.0, "dpmpp_2m")
    return replace(Request(model, "a house", Rect(0, 0, 64, 64), Size(64, 64)), **changes)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"steps": 0}, "Steps"),
        ({"steps": 1001}, "Steps"),
        ({"strength": 0.0}, "nothing would change"),
        ({"strength": 0.01, "steps": 10}, "nothing would change"),
        ({"strength": 1.5}, "Strength"),
        ({"guidance": float("inf")}, "Guidance"),
        ({"guidance": float("nan")}, "Guidance"),
        ({"count": 0}, "Takes"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "cannot be 4294967296."),
        ({"sampler": "magic"}, "magic"),
        ({"schedule": "bus"}, "bus"),
        ({"fill": "sand"}, "sand"),
        ({"working": Size(60, 64)}, "multiples of 8"),
        ({"working": Size(0, 64)}, "0 x 64"),
        ({"working": Size(2**31, 64)}, "2147483648 x 64"),
        ({"prompt": "x" * 100_000}, "100,000"),
        ({"mask": np.zeros((32, 64), np.uint8)}, "64 x 32"),
        ({"picture": np.zeros((64, 65, 4), np.uint8)}, "65 x 64"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(UsageError) as raised:
        request(**changes).checked()
    assert word in str(raised.value)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("a\ud800b", "a?b"),
        ("\u202eright to left שלום", "\u202eright to left שלום"),
        ("a cat \U0001f408 here\nand\tthere", "a cat \U0001f408 here\nand\tthere"),
        ("bell\x07 and nul\x00", "bell and nul"),
    ],
)
def test_prompts_are_made_safe_and_otherwise_kept(typed: str, kept: str) -> None:
    assert request(prompt=typed, negative=typed).checked().prompt == kept


@pytest.mark.parametrize(
    ("seed", "take", "own"), [(7, 0, 7), (7, 3, 10), (MAX_SEED, 0, MAX_SEED), (MAX_SEED, 2, 1)]
)
def test_every_take_has_a_seed_that_can_be_ordered(seed: int, take: int, own: int) -> None:
    assert request(seed=seed_of(seed, take)).checked().seed == own
