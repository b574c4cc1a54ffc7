"""A decoder that is shown what is kept around the mask, and the attention that it drags along."""

import inspect
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import AsymmetricAutoencoderKL

from studio.core.checkpoint import Checkpoint
from studio.engine.idle import drop_idle_attention
from studio.engine.runner import Runner
from tests.engine import orders, tiny

WIDTHS = (8, 16, 32, 64)


def autoencoder(silent: bool) -> Any:
    torch.manual_seed(0)
    vae: Any = tiny.parts.AsymmetricAutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        down_block_out_channels=WIDTHS,
        up_block_types=("UpDecoderBlock2D",) * 4,
        up_block_out_channels=WIDTHS,
        norm_num_groups=4,
        sample_size=64,
    )
    for coder in (vae.encoder, vae.decoder):
        for weights in coder.mid_block.attentions[0].to_out.parameters() if silent else ():
            torch.nn.init.zeros_(weights)
    return vae.eval()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    home: Path = tmp_path_factory.mktemp("seeing")
    pipeline = tiny.pipeline(home, "sd15", 9)
    pipeline.register_modules(vae=autoencoder(silent=True))
    pipeline.save_pretrained(home / "model")
    return tiny.checkpoint(home / "model", "sd15", 9)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the decoder is given beside the latents, call by call."""
    decode, calls = AsymmetricAutoencoderKL.decode, list[dict[str, Any]]()

    def noting(self: Any, z: Any, generator: Any = None, **more: Any) -> Any:
        calls.append({name: more[name] for name in ("image", "mask") if name in more})
        return decode(self, z, generator, **more)

    # Its signature says that it can be shown something.
    noting.__signature__ = inspect.signature(decode)  # type: ignore[attr-defined]
    monkeypatch.setattr(AsymmetricAutoencoderKL, "decode", noting)
    return calls


def test_the_decoder_is_shown_the_kept_pixels(
    runner: Runner, model: Checkpoint, shown: list[dict[str, Any]]
) -> None:
    assert len(orders.takes(runner, orders.masked(model))) == 1
    inside = orders.hole() > 0
    assert np.array_equal(shown[-1]["mask"][0, 0].numpy() > 0, inside)
    seen = ((shown[-1]["image"][0].permute(1, 2, 0) + 1) * 127.5).round().numpy()
    assert np.array_equal(seen[~inside], orders.photo()[~inside][:, :3])


def test_a_picture_from_nothing_shows_it_nothing(
    runner: Runner, model: Checkpoint, shown: list[dict[str, Any]]
) -> None:
    assert len(orders.takes(runner, orders.request(model))) == 1
    assert shown == [{}]


def test_attention_whose_answer_is_always_nought_is_dropped() -> None:
    vae = autoencoder(silent=True)
    picture = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        before = vae(picture).sample
        drop_idle_attention(vae)
        after = vae(picture).sample
    assert torch.equal(before, after)
    assert not any("attentions" in name for name, _ in vae.named_parameters())


def test_attention_that_says_something_stays() -> None:
    vae = autoencoder(silent=False)
    had = len(list(vae.parameters()))
    drop_idle_attention(vae)
    assert len(list(vae.parameters())) == had
