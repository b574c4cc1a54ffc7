"""Teaching the decoder to meet what is kept: the seam goes where the picture is developed.

A denoiser names the cells at the mask's edge a little beside their neighbours' hue, and an
autoencoder rounds what lies on the edge. Both show as a seam, and a decoder that is shown the kept
pixels can mend both.
"""

from pathlib import Path
from random import Random

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from studio.training.starter import peers
from studio.training.starter.conditioned import conditioned
from studio.training.starter.data import HELD_OUT, TRAIN, Pictures
from studio.training.starter.norms import speed_up_norms
from studio.training.starter.parts import Vae, load_vae
from studio.training.starter.presets import PICTURE, Preset
from studio.training.starter.progress import contact_sheet, train
from studio.training.starter.run import Run
from studio.training.starter.scenes.masks import FULL, Mask, sample_mask
from studio.training.starter.vae_training import (
    as_batch,
    as_pictures,
    difference,
    psnr,
    round_trip,
)

_CELL = 8
_FULL = 0.2
"""Share of examples without a kept part: the decoder must serve whole pictures as before."""

_TRUE = 0.3
"""Share of examples whose latents are the encoder's own; the others are off, as a denoiser's."""

_OFF, _NOISE = 0.5, 0.06
"""How far off at most, in standard deviations: by hue over large parts, and cell by cell."""

_AROUND = 0.3
"""Weight of the picture as it is decoded everywhere, beside that of what is pasted into place."""


def train_decoder(
    folder: Path, preset: Preset, device: torch.device, minutes: float, total: float
) -> None:
    """One slice; the result takes the place of ``folder``/vae, whose encoder stays as it is.

    The latents of the cache stay valid, and so does the denoiser.
    """
    pictures, held_out = (Pictures(folder / "pictures", split) for split in (TRAIN, HELD_OUT))
    torch.manual_seed(0)
    vae = conditioned(load_vae(folder / "vae"), preset)
    vae = vae.to(device, memory_format=torch.channels_last).requires_grad_(False)
    if device.type == "cpu":
        speed_up_norms(vae)
    vae.decoder.requires_grad_(True).mid_block.attentions.requires_grad_(False)
    trained = {"decoder": vae.decoder}
    run = Run(folder / "decoder.checkpoint", trained, preset.decoder_rate, 60 * total)

    def step(number: int) -> tuple[Tensor, int]:
        lot = number * peers.count() + peers.rank()
        random = Random(f"decoder {lot}")
        torch.manual_seed(lot)
        kept, mask = crops(pictures, random, preset.vae_batch, preset.vae_crop)
        return decoder_loss(vae, kept.to(device), mask.to(device)), len(kept)

    def on_save() -> None:
        vae.save_pretrained(folder / "vae")
        _look(folder, vae, held_out)

    train(run, minutes, step, on_save)


def decoder_loss(vae: Vae, kept: Tensor, mask: Tensor) -> Tensor:
    """How far what is decoded is from the picture, on its own and pasted into the mask.

    Pasted in, a step over the mask's edge counts as the error that an artist sees.

    Args:
        vae: with a decoder that takes a picture and a mask.
        kept: float [n, 3, h, w], -1 to 1: the pictures.
        mask: float [n, 1, h, w], 1 where they are repainted.
    """
    with torch.autocast(kept.device.type, torch.bfloat16):
        with torch.no_grad():
            latents = off(vae.encode(kept).latent_dist.mean.float(), mask)
            latents = latents.contiguous(memory_format=torch.channels_last)
        made = vae.decode(latents, image=kept, mask=mask).sample.float()
    pasted = mask * made + (1 - mask) * kept
    loss: Tensor = _AROUND * difference(made, kept) + difference(pasted, kept)
    return loss


def off(latents: Tensor, mask: Tensor) -> Tensor:
    """Latents (float [n, c, h, w], unit variance) as far off as a denoiser's may be.

    By one hue over all, by one that changes slowly, and by a little in each cell; where nothing is
    kept nothing could tell the hue, so it is right there.

    Args:
        latents: the true ones.
        mask: float [n, 1, 8 h, 8 w], 1 where repainted.
    """
    count, channels = latents.shape[:2]
    place = latents.device
    some = (mask.amin((1, 2, 3)) < 1) & (torch.rand(count, device=place) > _TRUE)
    most = _OFF * torch.rand(count, 1, 1, 1, device=place) * some.view(-1, 1, 1, 1)
    slow = F.interpolate(
        torch.randn(count, channels, 4, 4, device=place), latents.shape[2:], mode="bicubic"
    )
    hue = torch.randn(count, channels, 1, 1, device=place)
    return latents + most * 0.7 * (slow + hue) + _NOISE * torch.randn_like(latents)


def crops(pictures: Pictures, random: Random, count: int, side: int) -> tuple[Tensor, Tensor]:
    """Square crops around the edges of masks: pictures [n, 3, s, s] and masks [n, 1, s, s]."""
    parts, masks = [], []
    for _ in range(count):
        index = random.randrange(len(pictures))
        whole = random.random() < _FULL
        mask = FULL if whole else sample_mask(random, pictures.placed[index])[0]
        rows, columns = _window(mask, random, side)
        flip = slice(None, None, random.choice((1, -1)))
        parts.append(pictures.pixels(index)[rows, columns][:, flip])
        masks.append(mask[rows, columns][:, flip])
    inside = torch.from_numpy(np.stack(masks) > 127)[:, None].float()
    return as_batch(parts), inside


def _window(mask: Mask, random: Random, side: int) -> tuple[slice, slice]:
    """A part of that side around a point of the mask's edge, on the grid of cells."""
    inside = mask > 127
    edge = np.concatenate([np.argwhere(np.diff(inside, axis=axis)) for axis in (0, 1)])
    y, x = edge[random.randrange(len(edge))] if len(edge) else _anywhere(random)
    starts = []
    for middle in (int(y), int(x)):
        start = middle - side // 2 + random.randint(-side // 4, side // 4)
        starts.append(min(PICTURE - side, max(0, start // _CELL * _CELL)))
    return slice(starts[0], starts[0] + side), slice(starts[1], starts[1] + side)


def _anywhere(random: Random) -> tuple[int, int]:
    return random.randrange(PICTURE), random.randrange(PICTURE)


def _look(folder: Path, vae: Vae, held_out: Pictures) -> None:
    """Say how well it decodes, and show pictures with a masked part that is off."""
    rows = [held_out.pixels(index) for index in range(32)]
    print(f"held-out PSNR {psnr(rows, round_trip(vae, rows)):.2f} dB", flush=True)
    random = Random("look")
    masks = [sample_mask(random, held_out.placed[index])[0] for index in range(8)]
    torch.manual_seed(0)
    batch = as_batch(rows[:8]).to(vae.device)
    mask = torch.from_numpy(np.stack(masks) > 127)[:, None].float().to(vae.device)
    with torch.no_grad():
        latents = off(vae.encode(batch).latent_dist.mean, mask)
        made: list[NDArray[np.uint8]] = as_pictures(vae.decode(latents, None, batch, mask).sample)
    shown = [
        np.where(m[..., None] > 127, g, p) for p, g, m in zip(rows[:8], made, masks, strict=True)
    ]
    contact_sheet([*rows[:8], *shown, *made], 8, folder / "decoder.sheet.png")
