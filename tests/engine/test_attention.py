from typing import Any

import diffusers
import pytest
import torch
from torch.nn import functional

from studio.engine import attention, devices
from studio.engine.attention import Blocks, attend


def values(*shape: int) -> torch.Tensor:
    torch.manual_seed(sum(shape))
    return torch.randn(shape)


@pytest.mark.parametrize(("count", "words"), [(1500, 1500), (1024, 77), (1, 3)])
def test_it_is_the_attention_of_torch(count: int, words: int) -> None:
    query, key, value = values(2, 4, count, 40), values(2, 4, words, 40), values(2, 4, words, 40)
    exact = functional.scaled_dot_product_attention(query, key, value)
    ours = attend(query.bfloat16(), key.bfloat16(), value.bfloat16())
    theirs = functional.scaled_dot_product_attention(
        query.bfloat16(), key.bfloat16(), value.bfloat16()
    )
    error = (ours.float() - exact).square().mean().sqrt()
    assert error < 2.5 * (theirs.float() - exact).square().mean().sqrt()


@pytest.mark.parametrize("scale", [10.0, 300.0])
def test_scores_too_great_for_bfloat16_are_as_exact_as_those_of_torch(scale: float) -> None:
    query, key, value = (values(1, 2, 300, edge)[..., :40].bfloat16() for edge in (40, 41, 42))
    query[:, 1] *= scale
    theirs = functional.scaled_dot_product_attention(query, key, value)
    ours = attend(query, key, value)
    assert torch.equal(ours[:, 1], theirs[:, 1])
    assert not torch.equal(ours[:, 0], theirs[:, 0])


def test_keys_far_from_zero_keep_their_differences() -> None:
    query, key, value = values(1, 2, 300, 40), values(1, 2, 300, 40) / 8 + 2, values(1, 2, 300, 40)
    query, key, value = query.bfloat16() * 4, key.bfloat16(), value.bfloat16()
    exact = functional.scaled_dot_product_attention(query.float(), key.float(), value.float())
    error = (attend(query, key, value).float() - exact).square().mean().sqrt()
    assert error < 0.02 * exact.square().mean().sqrt()


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_a_denoiser_gives_what_it_gives_with_the_processor_of_diffusers(
    precision: torch.dtype,
) -> None:
    torch.manual_seed(0)
    build: Any = diffusers.UNet2DConditionModel
    unet = build(
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=32,
        attention_head_dim=8,
    ).to(precision)
    noise, words = values(2, 4, 32, 32).to(precision), values(2, 77, 32).to(precision)
    with torch.inference_mode():
        theirs = unet(noise, 500, words).sample.float()
        unet.set_attn_processor(Blocks())
        ours = unet(noise, 500, words).sample.float()
    assert (ours - theirs).abs().max() < (1e-5 if precision == torch.float32 else 0.05)
    assert (ours != theirs).any() == (precision == torch.bfloat16)


def test_only_a_processor_without_tiles_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu = devices.Device(torch.device("cpu"), "CPU", torch.bfloat16)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: True)
    assert not attention.preferable(cpu)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False)
    assert attention.preferable(cpu)
    assert not attention.preferable(devices.Device(torch.device("cpu"), "CPU", torch.float32))
