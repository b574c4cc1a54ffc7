from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import numpy as np
import pytest
import torch

from studio.training.starter.architecture import (
    build_scheduler,
    build_text_encoder,
    build_unet,
    build_vae,
)
from studio.training.starter.attributes import HEADS, UNKNOWN, labels, local_labels
from studio.training.starter.examples import Batch
from studio.training.starter.norms import speed_up_norms
from studio.training.starter.parts import Tokenizer, load_unet
from studio.training.starter.presets import PRESETS, Preset
from studio.training.starter.run import Run
from studio.training.starter.scenes.render import render
from studio.training.starter.scenes.sampling import sample_scene
from studio.training.starter.stages import STAGES, Order
from studio.training.starter.text_training import build_tokenizer
from studio.training.starter.tokenizer import COMMON_WORDS, train_tokenizer
from studio.training.starter.unet_training import Objective, error_weights, noise_steps
from studio.training.starter.vae_start import analytic_start
from studio.training.starter.vae_training import as_batch, as_pictures, psnr, round_trip, vae_loss

TINY = Preset(
    name="tiny",
    vae_channels=(16, 16, 16, 32),
    unet_channels=(32, 32),
    text_width=32,
    text_layers=1,
    pictures=10,
    vae_batch=2,
    vae_crop=64,
    vae_rate=1e-4,
    decoder_rate=1e-3,
    unet_batch=2,
    unet_rate=1e-3,
)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    return train_tokenizer(COMMON_WORDS * 2, tmp_path_factory.mktemp("tokenizer"), size=600)


def ticking() -> Callable[[], float]:
    """A clock that goes on by a second at each look."""
    seconds = iter(range(10_000))
    return lambda: float(next(seconds))


def batch_of(seed: int) -> Batch:
    torch.manual_seed(seed)
    clean = torch.ones(4, 4, 8, 8) * torch.randn(4, 4, 1, 1)
    mask = torch.ones(4, 1, 8, 8)
    return Batch(clean, mask, torch.zeros_like(clean), ["a red house", "a cat", "", "snow"])


def test_the_analytic_start_shows_the_picture_before_any_step() -> None:
    vae = build_vae(TINY)
    analytic_start(vae)
    pictures = [render(sample_scene(Random(seed)))[0] for seed in range(4)]
    assert psnr(pictures, round_trip(vae, pictures)) > 20


def test_pictures_survive_the_way_to_a_batch_and_back() -> None:
    picture = render(sample_scene(Random(1)))[0]
    assert np.array_equal(as_pictures(as_batch([picture]))[0], picture)


def test_steps_of_the_autoencoder_lower_its_loss(tmp_path: Path) -> None:
    torch.manual_seed(0)
    vae = build_vae(TINY)
    analytic_start(vae)
    run = Run(tmp_path / "vae", {"vae": vae}, 1e-4, total=100, clock=ticking())
    batch = as_batch([render(sample_scene(Random(seed)))[0][96:160, 96:160] for seed in range(2)])
    losses = []
    for _ in range(8):
        loss = vae_loss(vae, batch, noise=0.0)
        losses.append(float(loss.detach()))
        run.learn(loss, 2)
    assert losses[-1] < losses[0]


def test_steps_of_the_unet_lower_its_loss(tmp_path: Path, tokenizer: Tokenizer) -> None:
    torch.manual_seed(0)
    unet, text = build_unet(TINY), build_text_encoder(TINY, tokenizer)
    objective = Objective(unet, text, tokenizer)
    run = Run(tmp_path / "unet", {"unet": unet}, 1e-2, total=100, clock=ticking())
    losses = []
    for _ in range(12):
        torch.manual_seed(1)
        loss = objective.loss(batch_of(1))
        losses.append(float(loss.detach()))
        run.learn(loss, 4)
    assert losses[-1] < losses[0]


def test_the_text_encoder_stays_as_it_is(tmp_path: Path, tokenizer: Tokenizer) -> None:
    unet, text = build_unet(TINY), build_text_encoder(TINY, tokenizer)
    run = Run(tmp_path / "unet", {"unet": unet}, 1e-2, total=100, clock=ticking())
    run.learn(Objective(unet, text, tokenizer).loss(batch_of(1)), 4)
    assert all(weight.grad is None for weight in text.parameters())


def test_cells_on_both_sides_of_the_edge_count_most() -> None:
    mask = torch.zeros(1, 1, 9, 9)
    mask[..., :5, :] = 1
    weights = error_weights(mask)[0, 0]
    far_inside, beside, kept = weights[:4], weights[4:6], weights[6:]
    assert float(beside.min()) > float(far_inside.max()) == 1
    assert 0 < float(kept.max()) < 1


def test_a_picture_from_nothing_counts_alike_everywhere() -> None:
    assert torch.all(error_weights(torch.ones(1, 1, 6, 6)) == 1)


def test_a_tokenizer_once_learnt_is_kept(tmp_path: Path) -> None:
    train_tokenizer(["one red house"] * 9, tmp_path / "tokenizer", size=560)
    before = (tmp_path / "tokenizer" / "tokenizer.json").read_bytes()
    build_tokenizer(tmp_path)
    assert (tmp_path / "tokenizer" / "tokenizer.json").read_bytes() == before


def test_a_resumed_run_is_the_same_as_one_that_never_stopped(tmp_path: Path) -> None:
    def trained(file: Path, slices: list[int]) -> torch.Tensor:
        clock = ticking()
        for steps in slices:
            torch.manual_seed(0)
            module = torch.nn.Linear(3, 1)
            run = Run(file, {"line": module}, 1e-2, total=20, clock=clock)
            for _ in range(steps):
                torch.manual_seed(run.step)
                run.learn(module(torch.randn(5, 3)).square().mean(), 5)
            run.save()
        return module.weight.detach()

    # A resumed run looks at its clock once more, but counts only what it trained.
    assert torch.equal(trained(tmp_path / "a", [8]), trained(tmp_path / "b", [3, 5]))


def test_the_running_mean_is_put_in_and_taken_out_again(tmp_path: Path) -> None:
    module = torch.nn.Linear(2, 1)
    run = Run(tmp_path / "x", {"line": module}, 1e-1, total=20, clock=ticking())
    for _ in range(3):
        run.learn(module(torch.ones(1, 2)).square().mean(), 1)
    before = module.weight.detach().clone()
    with run.averaged():
        assert not torch.equal(module.weight, before)
    assert torch.equal(module.weight, before)


def test_a_gradient_that_is_not_finite_stops_the_run(tmp_path: Path) -> None:
    module = torch.nn.Linear(2, 1)
    run = Run(tmp_path / "x", {"line": module}, 1e-1, total=20, clock=ticking())
    with pytest.raises(FloatingPointError):
        run.learn((module(torch.ones(1, 2)) * float("nan")).mean(), 1)


def test_fast_norms_have_the_gradients_of_the_slow_ones() -> None:
    torch.manual_seed(0)
    slow = torch.nn.GroupNorm(2, 8)
    fast = torch.nn.GroupNorm(2, 8)
    speed_up_norms(fast)
    x = torch.randn(2, 8, 4, 4, requires_grad=True)
    grads = [
        torch.autograd.grad((norm(x) ** 3).sum(), [x, norm.weight, norm.bias])
        for norm in (slow, fast)
    ]
    for one, other in zip(*grads, strict=True):
        assert torch.allclose(one, other, atol=1e-4)


def test_the_last_noise_level_is_pure_noise() -> None:
    assert float(build_scheduler().alphas_cumprod[-1]) == pytest.approx(0, abs=1e-6)


def test_noise_levels_cover_the_range_and_favour_the_noisy_end() -> None:
    torch.manual_seed(0)
    steps = noise_steps(400, 1000)
    assert int(steps.min()) < 20
    assert int(steps.max()) > 980
    assert float((steps >= 600).float().mean()) > 0.6


def test_labels_say_what_the_scene_says() -> None:
    scene = sample_scene(Random(3))
    row = dict(zip(HEADS, labels(scene, render(scene)[1]), strict=True))
    assert HEADS["time"][row["time"]] == scene.time
    assert HEADS["water"][row["water"]] == scene.water.kind


def test_local_labels_leave_the_mood_unsaid() -> None:
    row = dict(zip(HEADS, local_labels(sample_scene(Random(3)), ()), strict=True))
    assert row["time"] == row["style"] == UNKNOWN
    assert row["has house"] == 0


def test_training_goes_on_from_the_exported_weights(tmp_path: Path) -> None:
    for part in ("vae", "tokenizer", "text_encoder"):
        (tmp_path / "model" / part).mkdir(parents=True)
        (tmp_path / "model" / part / "config.json").write_text(part)
    build_unet(TINY).save_pretrained(tmp_path / "model" / "unet", max_shard_size="100KB")
    assert len(list((tmp_path / "model" / "unet").glob("*.safetensors"))) > 1
    (tmp_path / "work" / "vae").mkdir(parents=True)
    (tmp_path / "work" / "vae" / "config.json").write_text("trained since")
    order = Order(
        PRESETS["cpu"],
        work=tmp_path / "work",
        out=tmp_path / "model",
        samples=tmp_path,
        device=torch.device("cpu"),
        minutes=1,
        total=1,
        processes=1,
        share=(0, 1),
        count=1,
    )
    assert STAGES["begin"](order)
    build_unet(TINY).save_pretrained(tmp_path / "work" / "unet")  # the next checkpoint
    assert load_unet(tmp_path / "work" / "unet").config.in_channels == 9
    assert (tmp_path / "work" / "text_encoder" / "config.json").read_text() == "text_encoder"
    assert (tmp_path / "work" / "vae" / "config.json").read_text() == "trained since"
