from typing import Any

import pytest
import torch

from studio.engine.tiling import tile
from tests.engine.test_kept import autoencoder

GRID = 8


def blocks(vae: Any) -> list[tuple[int, ...]]:
    """Replaces the work by plain arithmetic without a view beyond a cell; notes the sizes."""
    sizes: list[tuple[int, ...]] = []

    def decode(cells: torch.Tensor, _generator: Any = None, **more: Any) -> Any:
        sizes.append(tuple(cells.shape[-2:]))
        large = torch.nn.functional.interpolate(cells, scale_factor=GRID)
        more.pop("return_dict", None)
        return (large + sum(more.values()),)

    vae.decode = decode
    return sizes


@pytest.fixture
def vae() -> Any:
    return autoencoder(silent=True)


@pytest.mark.parametrize(("high", "wide"), [(70, 9), (48, 48), (61, 130), (1, 49), (56, 57)])
def test_tiles_are_joined_to_the_same_whole(vae: Any, high: int, wide: int) -> None:
    sizes = blocks(vae)
    whole = vae.decode
    tile(vae, 48, GRID)
    torch.manual_seed(0)
    cells = torch.randn(1, 4, high, wide)
    image, mask = torch.randn(2, 1, 1, high * GRID, wide * GRID)
    expected = whole(cells, image=image, mask=mask)[0]
    sizes.clear()
    found = vae.decode(cells, image=image, mask=mask).sample
    assert torch.allclose(found, expected, atol=1e-5)
    assert max(max(size) for size in sizes) <= 48
    assert len(sizes) > 1 or max(high, wide) <= 48


def test_a_real_autoencoder_changes_little(vae: Any) -> None:
    torch.manual_seed(0)
    picture = torch.nn.functional.interpolate(torch.rand(1, 3, 6, 6), (512, 256), mode="bilinear")
    mask = torch.zeros(1, 1, 512, 256)
    mask[..., 100:300, 60:200] = 1

    def made() -> tuple[torch.Tensor, torch.Tensor]:
        with torch.inference_mode():
            cells = vae.encode(picture).latent_dist.mean
            return cells, vae.decode(cells, image=picture, mask=mask).sample

    cells, plain = made()
    tile(vae, 48, GRID)
    tiled_cells, tiled = made()
    assert tiled.shape == plain.shape
    # Its norms see a tile, not the whole; weights that were never trained show that most.
    assert 0 < float((tiled_cells - cells).abs().mean()) < 0.3 * float(cells.std())
    assert 0 < float((tiled - plain).abs().mean()) < 0.3 * float(plain.std())


def test_a_tuple_comes_back_where_one_is_wanted(vae: Any) -> None:
    tile(vae, 48, GRID)
    with torch.inference_mode():
        cells = vae.encode(torch.rand(1, 3, 64, 64), return_dict=False)[0].mean
        assert cells.shape == (1, 4, 8, 8)
        assert vae.decode(cells, return_dict=False)[0].shape == (1, 3, 64, 64)
