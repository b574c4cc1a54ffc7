"""The cache that the UNet trains on: latents of each picture, whole and behind masks."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.training.starter.data import TRAIN, Pictures
from studio.training.starter.parts import load_vae
from studio.training.starter.presets import LATENT, LATENT_CHANNELS, PICTURE
from studio.training.starter.scenes.masks import (
    Mask,
    coverage,
    on_dry_ground,
    sample_mask,
    thing_mask,
)
from studio.training.starter.vae_training import as_batch

_SHRINK = PICTURE // LATENT
_BATCH = 10
PART = 250

MASKS = 2
"""Masks to a picture: one of any kind, and one around a thing."""

MOST_THINGS = 12
"""More things than any scene holds."""

Encode = Callable[[Tensor], NDArray[np.float16]]


def cache_latents(folder: Path, device: torch.device, share: tuple[int, int]) -> Iterator[int]:
    """Encode what is missing, in parts; yields how many parts are done.

    Args:
        folder: the working folder with 'pictures' and 'vae'; the cache goes to its 'latents'.
        device: where to encode.
        share: (which, of) - this process takes each ``of``-th part from ``which`` on.
    """
    pictures = Pictures(folder / "pictures", TRAIN)
    vae = load_vae(folder / "vae").to(device)
    out = folder / "latents"
    out.mkdir(parents=True, exist_ok=True)

    def encode(batch: Tensor) -> NDArray[np.float16]:
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
            mean = vae.encode(batch.to(device)).latent_dist.mean
        half: NDArray[np.float16] = mean.half().cpu().numpy()
        return half

    grey = encode(torch.zeros(1, 3, PICTURE, PICTURE).contiguous(memory_format=torch.channels_last))
    np.save(out / "grey.npy", grey[0])
    for part in range(share[0], len(pictures) // PART, share[1]):
        file = out / f"part-{part:04d}.npz"
        if not file.exists():
            unfinished = file.with_suffix(".unfinished.npz")
            np.savez(unfinished, allow_pickle=False, **_encode_part(pictures, part, encode))
            unfinished.replace(file)
        yield part + 1


class Latents:
    """All parts of the cache in memory.

    Attributes:
        whole: float16 [n, 4, 32, 32], the picture.
        behind: float16 [n, masks, 4, 32, 32], the picture with mid grey under the mask.
        mask: bool [n, masks, 32, 32], nearest sample of the mask as the pipeline takes it.
        covered: float16 [n, masks, 12], share of each thing's box that the mask covers; -1: none.
        dry: bool [n, masks], whether the mask holds nothing but dry ground.
        spread: bool [n, masks], whether the mask leaves only a part of the picture (outpainting).
        grey: float16 [4, 32, 32], what a wholly masked picture looks like.
    """

    def __init__(self, folder: Path, pictures: int) -> None:
        """Load the cache in ``folder``, as far as it is of the first ``pictures`` pictures.

        More may have been drawn and encoded since somebody counted them.

        Raises:
            FileNotFoundError: there is no cache.
        """
        files = cached(folder, pictures)
        if not files:
            raise FileNotFoundError(f"no latents in {folder}: run the stage 'latents' first")
        self.numbers = np.concatenate([np.arange(PART) + PART * _number(f) for f in files])
        parts = [np.load(file) for file in files]
        self.whole: NDArray[np.float16] = np.concatenate([part["whole"] for part in parts])
        self.behind: NDArray[np.float16] = np.concatenate([part["behind"] for part in parts])
        self.mask: NDArray[np.bool_] = np.concatenate([part["mask"] for part in parts])
        self.covered: NDArray[np.float16] = np.concatenate([part["covered"] for part in parts])
        self.dry: NDArray[np.bool_] = np.concatenate([part["dry"] for part in parts])
        self.spread: NDArray[np.bool_] = np.concatenate([part["spread"] for part in parts])
        self.grey: NDArray[np.float16] = np.load(folder / "grey.npy")

    def __len__(self) -> int:
        """Number of cached pictures."""
        return len(self.whole)


def cached(folder: Path, pictures: int) -> list[Path]:
    """The parts in ``folder`` that are of the first ``pictures`` pictures."""
    files = sorted(f for f in folder.glob("part-*.npz") if "unfinished" not in f.name)
    return [file for file in files if PART * (_number(file) + 1) <= pictures]


def _number(file: Path) -> int:
    return int(file.stem.rsplit("-", 1)[1])


def _encode_part(pictures: Pictures, part: int, encode: Encode) -> dict[str, NDArray[Any]]:
    first = part * PART
    whole = np.empty((PART, LATENT_CHANNELS, LATENT, LATENT), np.float16)
    behind = np.empty((PART, MASKS, LATENT_CHANNELS, LATENT, LATENT), np.float16)
    mask = np.empty((PART, MASKS, LATENT, LATENT), np.bool_)
    covered = np.full((PART, MASKS, MOST_THINGS), -1, np.float16)
    dry, spread = np.zeros((PART, MASKS), np.bool_), np.zeros((PART, MASKS), np.bool_)
    random = Random(f"masks {part}")
    for start in range(0, PART, _BATCH):
        chosen = [first + start + offset for offset in range(_BATCH)]
        rows = slice(start, start + _BATCH)
        batch = as_batch([pictures.pixels(index) for index in chosen])
        whole[rows] = encode(batch)
        drawn = [_masks(random, pictures, index) for index in chosen]
        for turn in range(MASKS):
            masks = [of_picture[turn] for of_picture in drawn]
            for row, (index, (full, kind)) in enumerate(zip(chosen, masks, strict=True), start):
                mask[row, turn] = full[::_SHRINK, ::_SHRINK] > 127
                for thing, value in coverage(full, pictures.placed[index]).items():
                    covered[row, turn, thing] = value
                dry[row, turn] = on_dry_ground(full, pictures.scene(index))
                spread[row, turn] = kind in ("outpaint", "keep")
            kept = torch.from_numpy(np.stack([full for full, _ in masks]) <= 127)[:, None]
            behind[rows, turn] = encode(batch * kept)
    return {
        "whole": whole,
        "behind": behind,
        "mask": mask,
        "covered": covered,
        "dry": dry,
        "spread": spread,
    }


def _masks(random: Random, pictures: Pictures, index: int) -> list[tuple[Mask, str]]:
    """The masks of one picture and their kinds; without a thing the second is of any kind, too."""
    placed = pictures.placed[index]
    around = thing_mask(random, pictures.scene(index), placed)
    second = sample_mask(random, placed) if around is None else (around, "object")
    return [sample_mask(random, placed), second]
