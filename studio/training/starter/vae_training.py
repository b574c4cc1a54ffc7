"""Training the autoencoder, and folding the scale of its latents into its weights."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from studio.training.starter.architecture import build_vae
from studio.training.starter.data import Pictures
from studio.training.starter.norms import speed_up_norms
from studio.training.starter.parts import Vae, load_vae
from studio.training.starter.presets import LATENT_CHANNELS, PICTURE, Preset
from studio.training.starter.progress import contact_sheet, train
from studio.training.starter.run import Run
from studio.training.starter.vae_start import analytic_start

_KL = 1e-4
_LATENT_NOISE = 0.06
_STEADY = 2.5
"""Weights that are past their analytic start bear a rate so many times as high."""


def train_vae(
    folder: Path, preset: Preset, device: torch.device, minutes: float, total: float
) -> None:
    """One slice of the autoencoder's training; the result is ``folder``/vae.

    The first slice goes on from the weights that lie there, if any.

    Args:
        folder: the working folder; pictures are in its 'pictures'.
        preset: sizes and rates.
        device: where to train.
        minutes: length of this slice.
        total: planned length of all slices, for the learning rate.
    """
    pictures, held_out = (Pictures(folder / "pictures", s) for s in ("train", "held-out"))
    torch.manual_seed(0)
    rate = preset.vae_rate
    if (folder / "vae").exists():
        vae, rate = load_vae(folder / "vae").train(), _STEADY * rate
    else:
        vae = build_vae(preset)
        analytic_start(vae)
    vae = vae.to(device, memory_format=torch.channels_last)
    if device.type == "cpu":
        speed_up_norms(vae)
    run = Run(folder / "vae.checkpoint", {"vae": vae}, rate, 60 * total)

    def step(number: int) -> tuple[Tensor, int]:
        late = run.progress > 0.66
        batch = _crops(pictures, preset, number, PICTURE if late else preset.vae_crop)
        return vae_loss(vae, batch.to(device), noise=_LATENT_NOISE if late else 0.0), len(batch)

    def on_save() -> None:
        rows = [held_out.pixels(index) for index in range(32)]
        decoded = round_trip(vae, rows)
        print(f"held-out PSNR {psnr(rows, decoded):.2f} dB", flush=True)
        contact_sheet([*rows[:8], *decoded[:8]], 8, folder / "vae.sheet.png")
        vae.save_pretrained(folder / "vae-raw")

    train(run, minutes, step, on_save)
    fold_scale(load_vae(folder / "vae-raw"), pictures).save_pretrained(folder / "vae")


def vae_loss(vae: Vae, batch: Tensor, noise: float) -> Tensor:
    """Reconstruction at three scales, gradients, and a weak pull to a unit normal.

    Args:
        vae: the autoencoder.
        batch: float [n, 3, h, w], -1 to 1.
        noise: standard deviation, relative to each latent channel's, of what the decoder must bear.
    """
    with torch.autocast(batch.device.type, torch.bfloat16):
        posterior = vae.encode(batch).latent_dist
        latents = posterior.sample()
        if noise:
            spread = latents.detach().std(dim=(0, 2, 3), keepdim=True)
            latents = latents + noise * spread * torch.randn_like(latents)
        decoded = vae.decode(latents.contiguous(memory_format=torch.channels_last)).sample
    mean, logvar = posterior.mean.float(), posterior.logvar.float()
    divergence = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean()
    loss: Tensor = difference(decoded.float(), batch) + _KL * divergence
    return loss


def difference(first: Tensor, second: Tensor) -> Tensor:
    """L1 and squared error, L1 of three octaves of a Laplacian pyramid, L1 of the gradients.

    Args:
        first: float [n, 3, h, w], -1 to 1.
        second: likewise.
    """
    error = first - second
    loss = error.abs().mean() + 4 * error.square().mean()
    octave = error
    for _ in range(3):
        smaller = F.avg_pool2d(octave, 2)
        loss = loss + 0.6 * (octave - F.interpolate(smaller, scale_factor=2)).abs().mean()
        octave = smaller
    across = (error[..., 1:] - error[..., :-1]).abs().mean()
    down = (error[..., 1:, :] - error[..., :-1, :]).abs().mean()
    return loss + 0.4 * octave.abs().mean() + 0.5 * (across + down)


def round_trip(vae: Vae, pictures: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    """Encode and decode pictures (uint8 [h, w, 3]), by the mean of the posterior, in fp32."""
    decoded: list[NDArray[np.uint8]] = []
    with torch.no_grad():
        for start in range(0, len(pictures), 16):
            batch = as_batch(pictures[start : start + 16]).to(vae.device)
            decoded += as_pictures(vae.decode(vae.encode(batch).latent_dist.mean).sample)
    return decoded


def psnr(first: Sequence[NDArray[np.uint8]], second: Sequence[NDArray[np.uint8]]) -> float:
    """Mean over the pairs of the peak signal to noise ratio in dB."""
    errors = [
        np.square(a.astype(np.float64) - b).mean() for a, b in zip(first, second, strict=True)
    ]
    return float(np.mean([10 * np.log10(255**2 / max(error, 1e-6)) for error in errors]))


def as_batch(pictures: Sequence[NDArray[np.uint8]]) -> Tensor:
    """Pictures (uint8 [h, w, 3]) as float [n, 3, h, w] from -1 to 1, channels last in memory."""
    stacked = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2)
    return (stacked.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def as_pictures(batch: Tensor) -> list[NDArray[np.uint8]]:
    """The inverse of ``as_batch``; values out of range are clamped."""
    scaled = ((batch.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return list(scaled.permute(0, 2, 3, 1).cpu().numpy())


@torch.no_grad()
def fold_scale(vae: Vae, pictures: Pictures, count: int = 256) -> Vae:
    """Make each latent channel N(0, 1) by changing the two 1 x 1 convolutions, in place.

    The scaling factor is then 1 and no shift is needed, which inpainting pipelines ignore.
    """
    latents = []
    for start in range(0, min(count, len(pictures)), 16):
        batch = as_batch([pictures.pixels(index) for index in range(start, start + 16)])
        latents.append(vae.encode(batch).latent_dist.mean)
    every = torch.cat(latents)
    mean, std = every.mean((0, 2, 3)), every.std((0, 2, 3))
    into, out, c = vae.quant_conv, vae.post_quant_conv, LATENT_CHANNELS
    into.weight[:c] /= std[:, None, None, None]
    into.bias[:c] = (into.bias[:c] - mean) / std
    into.bias[c:] -= 2 * std.log()
    out.bias += out.weight[:, :, 0, 0] @ mean
    out.weight *= std[None, :, None, None]
    return vae


def _crops(pictures: Pictures, preset: Preset, step: int, crop: int) -> Tensor:
    """Square crops of random pictures; half of the steps keep to the latent grid."""
    random = np.random.default_rng((1, step))
    torch.manual_seed(step)
    indices = random.integers(
        0, len(pictures), max(1, preset.vae_batch * preset.vae_crop**2 // crop**2)
    )
    y, x = random.integers(0, PICTURE - crop + 1, 2)
    if random.random() < 0.5:
        y, x = y // 8 * 8, x // 8 * 8
    mirrored = random.random() < 0.5
    parts = [pictures.pixels(int(index))[y : y + crop, x : x + crop] for index in indices]
    return as_batch([part[:, ::-1] if mirrored else part for part in parts])
