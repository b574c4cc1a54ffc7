import numpy as np
import pytest
import torch

from studio.core.checkpoint import Checkpoint
from studio.core.errors import EngineError
from studio.engine import previews, samplers
from studio.engine.runner import Runner
from tests.engine import orders
from tests.engine.test_samplers import EPSILON, KEYS


def _linear_vae(pictures: torch.Tensor) -> torch.Tensor:
    """Four channels that are sums and differences of the mean colours of 8 x 8 px."""
    means = torch.nn.functional.avg_pool2d(pictures, 8)
    red, green, blue = means.unbind(1)
    return torch.stack([red + green, green - blue, blue * 3 + 1, red], 1)


def test_the_fit_finds_the_colours_of_a_linear_vae() -> None:
    colours = previews.fitted(_linear_vae)
    picture = torch.rand(1, 3, 64, 96, generator=torch.Generator().manual_seed(3)) * 2 - 1
    latents = _linear_vae(picture)
    cells = latents[0].permute(1, 2, 0) @ colours.matrix[:-1] + colours.matrix[-1]
    wanted = torch.nn.functional.avg_pool2d(picture / 2 + 0.5, 8)[0].permute(1, 2, 0)
    assert torch.allclose(cells, wanted, atol=0.01)


@pytest.mark.parametrize(
    ("cells", "size"), [((32, 32), (256, 256)), ((16, 64), (64, 256)), ((200, 2), (256, 3))]
)
def test_a_preview_keeps_proportions_within_256_px(
    cells: tuple[int, int], size: tuple[int, int]
) -> None:
    shown = previews.fitted(_linear_vae).preview(torch.randn(1, 4, *cells))
    assert shown.shape == (*size, 3)
    assert shown.dtype == np.uint8


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused_instead_of_shown_black(value: float) -> None:
    latents = torch.zeros(1, 4, 8, 8)
    latents[0, 2, 3, 4] = value
    with pytest.raises(EngineError, match="made no picture"):
        previews.fitted(_linear_vae).preview(latents)


@pytest.mark.parametrize("key", KEYS)
def test_every_sampler_tells_what_it_expects_the_picture_to_be(key: str) -> None:
    scheduler = samplers.make(key, "default", EPSILON, 4)
    estimate = previews.watched(scheduler)
    clean = torch.full((1, 4, 4, 4), 0.5)
    noise = torch.randn(1, 4, 4, 4, generator=torch.Generator().manual_seed(0))
    time = scheduler.timesteps[0]
    noisy = scheduler.add_noise(clean, noise, time[None])
    scheduler.scale_model_input(noisy, time)
    assert len(scheduler.step(noise, time, noisy, return_dict=False)) == 1
    guess = estimate()
    assert guess is not None
    # LCM mixes in a little of the input by design.
    assert torch.allclose(guess, clean, atol=0.05 if key == "lcm" else 1e-3)


def test_the_last_preview_looks_like_the_picture(runner: Runner, starter: Checkpoint) -> None:
    wanted = orders.request(starter, steps=6)
    last = orders.steps(runner, wanted)[-1].preview
    (take,) = orders.takes(runner, wanted)
    assert last is not None
    cells = np.asarray(last, np.float32).reshape(8, 32, 8, 32, 3).mean(axis=(1, 3))
    means = take.pixels[..., :3].astype(np.float32).reshape(8, 8, 8, 8, 3).mean(axis=(1, 3))
    assert np.corrcoef(cells.ravel(), means.ravel())[0, 1] > 0.9
