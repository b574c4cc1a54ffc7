"""The stages of training, in the order in which they are run."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from studio.training.starter.accept import accept
from studio.training.starter.card import write_card
from studio.training.starter.data import HELD_OUT, TRAIN, draw_pictures
from studio.training.starter.decoder_training import train_decoder
from studio.training.starter.export import export_from
from studio.training.starter.latents import cache_latents
from studio.training.starter.parts import load_unet
from studio.training.starter.presets import Preset
from studio.training.starter.probe import train_probe
from studio.training.starter.samples import write_samples
from studio.training.starter.text_training import train_text
from studio.training.starter.unet_training import train_unet
from studio.training.starter.vae_training import train_vae

HELD_OUT_PICTURES = 1500


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asks for."""

    preset: Preset
    work: Path  # pictures, checkpoints, logs and sheets
    out: Path  # the exported pipeline
    samples: Path  # pictures for an empty studio
    device: torch.device
    minutes: float  # length of this slice
    total: float  # planned minutes of all slices of the stage
    processes: int  # for drawing
    share: tuple[int, int]  # (which, of): this process's part of the latents
    count: int  # scenes for each measure of the acceptance


def _begin(order: Order) -> bool:
    """Take up an exported model, so that training goes on from it."""
    for part in ("vae", "tokenizer", "text_encoder", "unet"):
        if (order.work / part).exists():
            continue
        if part == "unet":  # exported in shards, whose index would outlive the next checkpoint
            load_unet(order.out / part).save_pretrained(order.work / part)
        else:
            shutil.copytree(order.out / part, order.work / part)
        print(f"{part}: as in {order.out}", flush=True)
    return True


def _draw(order: Order) -> bool:
    for split, count in ((HELD_OUT, HELD_OUT_PICTURES), (TRAIN, order.preset.pictures)):
        for done in draw_pictures(order.work / "pictures", split, count, order.processes):
            print(f"{split}: {done} of {count} pictures", flush=True)
    return True


def _vae(order: Order) -> bool:
    train_vae(order.work, order.preset, order.device, order.minutes, order.total)
    return True


def _decoder(order: Order) -> bool:
    train_decoder(order.work, order.preset, order.device, order.minutes, order.total)
    return True


def _text(order: Order) -> bool:
    train_text(order.work, order.preset, order.device, order.minutes, order.total)
    return True


def _latents(order: Order) -> bool:
    for part in cache_latents(order.work, order.device, order.share):
        print(f"latents: part {part}", flush=True)
    return True


def _unet(order: Order) -> bool:
    train_unet(order.work, order.preset, order.device, order.minutes, order.total)
    return True


def _probe(order: Order) -> bool:
    train_probe(order.work, order.device, order.minutes, order.total)
    return True


def _export(order: Order) -> bool:
    export_from(order.work, order.out)
    write_card(order.work, order.out)
    return True


def _accept(order: Order) -> bool:
    accepted = accept(order.work, order.out, order.count)
    write_card(order.work, order.out)
    return accepted


def _samples(order: Order) -> bool:
    for file in write_samples(order.samples):
        print(f"{file}: {file.stat().st_size / 1000:.0f} kB", flush=True)
    return True


STAGES: dict[str, Callable[[Order], bool]] = {
    "begin": _begin,
    "draw": _draw,
    "vae": _vae,
    "decoder": _decoder,
    "text": _text,
    "latents": _latents,
    "unet": _unet,
    "probe": _probe,
    "export": _export,
    "accept": _accept,
    "samples": _samples,
}
"""Each stage by name; False means that it did not come to what it should."""
