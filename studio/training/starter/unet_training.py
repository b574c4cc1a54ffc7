"""Training the UNet on cached latents and the states of the text encoder, which stays as it is."""

from pathlib import Path
from random import Random

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.training.starter import peers
from studio.training.starter.architecture import build_scheduler, build_unet
from studio.training.starter.data import HELD_OUT, TRAIN, Pictures
from studio.training.starter.examples import Batch, Examples
from studio.training.starter.export import EXAMPLES
from studio.training.starter.generate import generate, prepared
from studio.training.starter.norms import speed_up_norms
from studio.training.starter.parts import (
    TextEncoder,
    Tokenizer,
    Unet,
    assembled,
    load_text_encoder,
    load_tokenizer,
    load_unet,
    load_vae,
    plain_attention,
)
from studio.training.starter.presets import Preset
from studio.training.starter.progress import contact_sheet, train
from studio.training.starter.run import Run
from studio.training.starter.scenes.masks import Mask, box_mask
from studio.training.starter.text_training import tokenize

_KEPT = 0.15
"""Weight of the area far from what is repainted: easy, but it must stay in agreement."""


_EDGE = 4.0
"""Weight of the cells on either side of the mask's edge: where they disagree there is a seam."""

_CROPS_EVERY = 3
"""One step in three learns things from crops; the layout of a picture needs whole pictures."""

_LOOK_EVERY = 100
"""Steps after which new latents are looked for."""


class Objective:
    """The loss of a batch: the error of the clean latents, weighted by noise level and by mask.

    The latents of flat pictures are smooth, and a small network learns to name what is smooth
    much sooner than to pass noise through: after 20 000 samples of velocity prediction four
    fifths of the noise of the last steps were still in the picture.

    Source: Hang et al., Efficient Diffusion Training via Min-SNR Weighting (2023), for the
    truncation at 5; 1 is added so that pure noise counts too.
    """

    def __init__(self, unet: Unet, text: TextEncoder, tokenizer: Tokenizer) -> None:
        """An objective that trains ``unet`` to follow what ``text`` says.

        The text encoder is not trained on: at the rate that the UNet needs it loses every fact
        that the UNet does not use yet. Trained together for 415 000 samples, what its last state
        told of the backdrop fell from 99.6 to 40 %, and so no picture ever had mountains.
        """
        self._unet, self._text, self._tokenizer = unet, text, tokenizer
        self._device = next(unet.parameters()).device
        kept = build_scheduler().alphas_cumprod.to(self._device)
        ratio = kept / (1 - kept).clamp_min(1e-8)
        self._signal, self._noise = kept.sqrt(), (1 - kept).sqrt()
        self._weight = ratio.clamp_max(5) + 1

    def loss(self, batch: Batch) -> Tensor:
        """Mean over the batch, at stratified noise levels."""
        clean, mask, behind = (
            part.to(self._device) for part in (batch.clean, batch.mask, batch.behind)
        )
        count = len(clean)
        steps = noise_steps(count, len(self._signal)).to(self._device)
        signal, level = (s[steps].view(-1, 1, 1, 1) for s in (self._signal, self._noise))
        noise = torch.randn_like(clean)
        noisy = signal * clean + level * noise
        ids = tokenize(self._tokenizer, batch.words).to(self._device)
        with torch.autocast(self._device.type, torch.bfloat16):
            with torch.no_grad():
                states = self._text(ids).last_hidden_state
            inputs = torch.cat([noisy, mask, behind], 1)
            inputs = inputs.contiguous(memory_format=torch.channels_last)
            guess = self._unet(inputs, steps, states).sample
        weight = error_weights(mask)
        error = (guess.float() - clean).square().mean(1, keepdim=True) * weight
        each = error.sum((1, 2, 3)) / weight.sum((1, 2, 3))
        loss: Tensor = (each * self._weight[steps]).mean()
        return loss


def error_weights(mask: Tensor) -> Tensor:
    """How much each cell's error counts, float [n, 1, h, w] like ``mask``.

    Most at the mask's edge, on both sides: the grey behind the mask reaches into the kept cells
    beside it, and one of them that is named wrongly is the other half of a seam.
    """
    inside, outside = (F.max_pool2d(part, 3, 1, 1) for part in (mask, 1 - mask))
    return torch.where(inside * outside > 0, _EDGE, _KEPT + (1 - _KEPT) * mask)


def noise_steps(count: int, total: int) -> Tensor:
    """Noise levels of a batch, int64 [count]: half spread evenly, half among the noisiest 40 %.

    What a picture shows is decided there; the latents are so smooth that fine noise is soon learnt.
    """
    strata = (torch.randperm(count) + torch.rand(count)) / count
    spread = torch.where(strata < 0.5, 2 * strata, 0.6 + 0.4 * (2 * strata - 1))
    return (spread * total).long().clamp_max(total - 1)


def train_unet(
    folder: Path, preset: Preset, device: torch.device, minutes: float, total: float
) -> None:
    """One slice of the main training; the result is ``folder``/unet.

    The first slice goes on from the weights that lie there, if any.
    """
    pictures, held_out = (Pictures(folder / "pictures", s) for s in (TRAIN, HELD_OUT))
    tokenizer = load_tokenizer(folder / "tokenizer")
    torch.manual_seed(0)
    there = (folder / "unet").exists()
    unet = load_unet(folder / "unet").train() if there else build_unet(preset)
    unet = unet.to(device, memory_format=torch.channels_last)
    text = load_text_encoder(folder / "text_encoder").to(device)
    if device.type == "cpu":
        speed_up_norms(unet)
        unet.set_attn_processor(plain_attention())
    run = Run(folder / "unet.checkpoint", {"unet": unet}, preset.unet_rate, 60 * total, muon=True)
    objective = Objective(unet, text, tokenizer)
    examples = Examples(pictures, folder / "latents")

    def step(number: int) -> tuple[Tensor, int]:
        lot = number * peers.count() + peers.rank()
        random = Random(f"unet {lot}")
        torch.manual_seed(lot)
        if number % _LOOK_EVERY == 0:
            examples.reload()
        if number % _CROPS_EVERY:
            batch = examples.whole(random, preset.unet_batch)
        else:
            batch = examples.crops(random, 2 * preset.unet_batch)
        return objective.loss(batch), len(batch.words)

    def on_save() -> None:
        unet.save_pretrained(folder / "unet")
        _sheet(folder, unet, text, tokenizer, held_out)

    train(run, minutes, step, on_save)


def _sheet(
    folder: Path,
    unet: Unet,
    text: TextEncoder,
    tokenizer: Tokenizer,
    held_out: Pictures,
) -> None:
    """A contact sheet: pictures from nothing, then houses painted anew in held-out scenes."""
    vae = load_vae(folder / "vae").to(unet.device)
    pipeline = prepared(assembled(vae, unet, text, tokenizer, build_scheduler()))
    device = unet.device.type
    with torch.no_grad(), torch.autocast(device, torch.bfloat16):
        made = generate(pipeline, EXAMPLES, seed=1)
        spots = _house_spots(held_out, 4)
        sources = [held_out.pixels(index) for index, _ in spots]
        masks = [mask for _, mask in spots]
        words = ["a blue house with a red roof"] * 2 + ["meadow, hills"] * 2
        painted = generate(pipeline, words, sources, masks, seed=2)
    contact_sheet([*made, *sources, *painted], 8, folder / "unet.sheet.png")


def _house_spots(pictures: Pictures, count: int) -> list[tuple[int, Mask]]:
    """The first ``count`` pictures with a middling house, and a mask over it."""
    spots = []
    for index in range(len(pictures)):
        scene = pictures.scene(index)
        for spot in pictures.placed[index]:
            width = spot.box[2] - spot.box[0]
            if scene.things[spot.index].kind == "house" and spot.visible > 0.9 and 40 < width < 110:
                spots.append((index, box_mask(spot.box, 8)))
        if len(spots) >= count:
            break
    return spots[:count]
