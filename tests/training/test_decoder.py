"""The decoder that is shown what is kept: how it begins, what it learns from, that it learns."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
import torch

from studio.training.starter.architecture import build_vae
from studio.training.starter.conditioned import conditioned
from studio.training.starter.data import TRAIN, Pictures, draw_pictures
from studio.training.starter.decoder_training import crops, decoder_loss, off
from studio.training.starter.presets import PRESETS
from studio.training.starter.run import Run
from studio.training.starter.vae_start import analytic_start
from studio.training.starter.vae_training import as_batch, as_pictures, psnr

PRESET = replace(PRESETS["cpu"], vae_channels=(16, 32, 64, 64))


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    folder: Path = tmp_path_factory.mktemp("pictures")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("studio.training.starter.data.PART", 6)
        assert list(draw_pictures(folder, TRAIN, 6)) == [6]
        return Pictures(folder, TRAIN)


@pytest.fixture
def plain() -> Any:
    torch.manual_seed(0)
    vae = build_vae(PRESET)
    analytic_start(vae)
    return vae.eval()


@pytest.fixture
def seeing(plain: Any) -> Any:
    return conditioned(plain, PRESET)


def test_shown_nothing_it_decodes_as_before(plain: Any, seeing: Any, pictures: Pictures) -> None:
    batch = as_batch([pictures.pixels(index) for index in range(2)])
    with torch.no_grad():
        latents = plain.encode(batch).latent_dist.mean
        assert torch.equal(seeing.encode(batch).latent_dist.mean, latents)
        assert torch.equal(seeing.decode(latents).sample, plain.decode(latents).sample)


def test_what_is_kept_comes_through_before_any_step(seeing: Any, pictures: Pictures) -> None:
    shown = [pictures.pixels(index) for index in range(2)]
    batch, mask = as_batch(shown), torch.zeros(2, 1, 256, 256)
    with torch.no_grad():
        blank = torch.zeros(2, 4, 32, 32)
        assert psnr(shown, as_pictures(seeing.decode(blank, None, batch, mask).sample)) > 35


def test_built_upon_once_it_stays(seeing: Any) -> None:
    assert conditioned(seeing, PRESET) is seeing


def test_an_autoencoder_of_another_size_is_refused(plain: Any) -> None:
    with pytest.raises(RuntimeError):
        conditioned(plain, replace(PRESET, vae_channels=(16, 32, 64, 128)))


def test_crops_lie_on_the_grid_and_most_show_an_edge(pictures: Pictures) -> None:
    random = Random(0)
    shown, masks = crops(pictures, random, 40, 64)
    assert shown.shape == (40, 3, 64, 64)
    assert masks.shape == (40, 1, 64, 64)
    shares = masks.mean((1, 2, 3))
    assert 0.6 < float(((shares > 0) & (shares < 1)).float().mean()) < 1
    assert float((shares == 1).float().mean()) > 0.05


def test_the_same_lot_gives_the_same_crops(pictures: Pictures) -> None:
    one, other = (crops(pictures, Random(3), 2, 64) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


def test_latents_are_off_by_hue_only_where_something_is_kept() -> None:
    torch.manual_seed(0)
    latents = torch.zeros(60, 4, 8, 8)
    mask = torch.ones(60, 1, 64, 64)
    mask[30:, :, :32] = 0
    by = off(latents, mask).mean((2, 3)).abs().mean(1)
    assert float(by[:30].max()) < 0.03
    assert float((by[30:] > 0.05).float().mean()) > 0.3


def test_steps_lower_the_loss_and_leave_the_encoder(
    seeing: Any, pictures: Pictures, tmp_path: Path
) -> None:
    before = {name: w.clone() for name, w in seeing.encoder.state_dict().items()}
    seeing.requires_grad_(False).decoder.requires_grad_(True)
    seeing.decoder.mid_block.attentions.requires_grad_(False)
    run = Run(tmp_path / "decoder", {"decoder": seeing.decoder}, 1e-3, total=100)
    kept, mask = crops(pictures, Random(1), 2, 64)
    losses = []
    for _ in range(10):
        torch.manual_seed(1)
        loss = decoder_loss(seeing, kept, mask)
        losses.append(float(loss.detach()))
        run.learn(loss, 2)
    assert losses[-1] < losses[0]
    after = seeing.encoder.state_dict()
    assert all(np.array_equal(before[name], after[name]) for name in before)
    attentions = seeing.decoder.mid_block.attentions
    assert not any(bool(weights.any()) for weights in attentions.parameters())
