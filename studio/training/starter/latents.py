"""The cache that the UNet trains on: latents of each picture, whole and behind a mask."""

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
from studio.training.starter.scenes.masks import coverage, on_dry_ground, sample_mask
from studio.training.starter.vae_training import as_batch

_SHRINK = PICTURE // LATENT
_BATCH = 10
PART = 250

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
        behind: float16 [n, 4, 32, 32], the picture with mid grey under the mask.
        mask: bool [n, 32, 32], nearest sample of the mask as the pipeline takes it.
        covered: float16 [n, 12], share of each thing's box that the mask covers; -1: no such thing.
        dry: bool [n], whether the mask holds nothing but dry ground.
        spread: bool [n], whether the mask leaves only a part of the picture (outpainting).
        grey: float16 [4, 32, 32], what a wholly masked picture looks like.
    """

    def __init__(self, folder: Path, pictures: int) -> None:
        """Load the cache in ``folder``, as far as it is of the first ``pictures`` pictures.

        More may have been drawn and encoded since somebody counted them.

        Raises:
            FileNotFoundError: there is no cache.
        """
        files = sorted(f for f in folder.glob("part-*.npz") if "unfinished" not in f.name)
        files = [file for file in files if PART * (_number(file) + 1) <= pictures]
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


def _number(file: Path) -> int:
    return int(file.stem.rsplit("-", 1)[1])


def _encode_part(pictures: Pictures, part: int, encode: Encode) -> dict[str, NDArray[Any]]:
    first = part * PART
    whole = np.empty((PART, LATENT_CHANNELS, LATENT, LATENT), np.float16)
    behind = np.empty_like(whole)
    mask = np.empty((PART, LATENT, LATENT), np.bool_)
    covered = np.full((PART, MOST_THINGS), -1, np.float16)
    dry, spread = np.zeros(PART, np.bool_), np.zeros(PART, np.bool_)
    random = Random(f"masks {part}")
    for start in range(0, PART, _BATCH):
        chosen = [first + start + offset for offset in range(_BATCH)]
        masks = []
        for offset, index in enumerate(chosen):
            full, kind = sample_mask(random, pictures.placed[index])
            masks.append(full)
            row = start + offset
            mask[row] = full[::_SHRINK, ::_SHRINK] > 127
            for thing, value in coverage(full, pictures.placed[index]).items():
                covered[row, thing] = value
            dry[row] = on_dry_ground(full, pictures.scene(index))
            spread[row] = kind in ("outpaint", "keep")
        batch = as_batch([pictures.pixels(index) for index in chosen])
        kept = torch.from_numpy(np.stack(masks) <= 127)[:, None]
        whole[start : start + _BATCH] = encode(batch)
        behind[start : start + _BATCH] = encode(batch * kept)
    return {
        "whole": whole,
        "behind": behind,
        "mask": mask,
        "covered": covered,
        "dry": dry,
        "spread": spread,
    }
