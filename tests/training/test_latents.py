from pathlib import Path

import numpy as np
import pytest

from studio.training.starter.latents import MASKS, MOST_THINGS, PART, Latents


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    np.save(tmp_path / "grey.npy", np.zeros((4, 32, 32), np.float16))
    for part in range(2):
        np.savez(
            tmp_path / f"part-{part:04d}.npz",
            whole=np.full((PART, 4, 32, 32), part, np.float16),
            behind=np.zeros((PART, MASKS, 4, 32, 32), np.float16),
            mask=np.zeros((PART, MASKS, 32, 32), np.bool_),
            covered=np.zeros((PART, MASKS, MOST_THINGS), np.float16),
            dry=np.zeros((PART, MASKS), np.bool_),
            spread=np.zeros((PART, MASKS), np.bool_),
        )
    return tmp_path


def test_the_cache_knows_which_picture_each_row_is_of(cache: Path) -> None:
    latents = Latents(cache, 2 * PART)
    assert latents.numbers.tolist() == list(range(2 * PART))
    assert [latents.whole[row, 0, 0, 0] for row in (0, PART)] == [0, 1]


def test_latents_of_pictures_drawn_since_the_start_are_left_out(cache: Path) -> None:
    assert len(Latents(cache, 2 * PART - 1)) == PART


def test_a_cache_without_a_single_part_asks_for_its_stage(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="run the stage 'latents' first"):
        Latents(tmp_path, 1000)
