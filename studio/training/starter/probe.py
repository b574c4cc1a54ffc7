"""A judge of generated pictures: a small network that tells a scene's facts from its pixels."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.training.starter import peers
from studio.training.starter.attributes import HEADS, UNKNOWN, labels
from studio.training.starter.data import HELD_OUT, TRAIN, Pictures
from studio.training.starter.generate import Picture
from studio.training.starter.heads import FactHeads, accuracies, facts_loss
from studio.training.starter.progress import train
from studio.training.starter.run import Run

SIDE = 96
"""Pictures are shrunk to this many px; enough to see a house."""

TRUSTED = 0.95
"""Accuracy on real held-out scenes below which a fact is not judged."""

_BATCH = 48
_WIDTHS = (3, 32, 64, 96, 128)


class Probe(nn.Module):
    """Four halvings, then the mean and the maximum over the picture, then a line to each fact."""

    def __init__(self) -> None:
        """A probe with fresh weights."""
        super().__init__()
        stages: list[nn.Module] = []
        for before, after in pairwise(_WIDTHS):
            stages += [nn.Conv2d(before, after, 3, 2, 1), nn.BatchNorm2d(after), nn.ReLU()]
            stages += [nn.Conv2d(after, after, 3, 1, 1), nn.BatchNorm2d(after), nn.ReLU()]
        self.stages = nn.Sequential(*stages)
        self.heads = FactHeads(2 * _WIDTHS[-1])

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """Scores of each fact for pictures, float [n, 3, 96, 96] from -1 to 1."""
        seen = self.stages(pictures)
        scores: list[Tensor] = self.heads(torch.cat([seen.mean((2, 3)), seen.amax((2, 3))], 1))
        return scores


def train_probe(folder: Path, device: torch.device, minutes: float, total: float) -> None:
    """One slice of the probe's training; the result is ``folder``/probe.pt."""
    pictures = Pictures(folder / "pictures", TRAIN)
    torch.manual_seed(0)
    probe = Probe().to(device)
    run = Run(folder / "probe.checkpoint", {"probe": probe}, 2e-3, 60 * total)
    small = torch.cat([_small(pictures, range(i, i + 100)) for i in range(0, len(pictures), 100)])
    truth = torch.tensor([labels(pictures.scene(i), pictures.placed[i]) for i in range(len(small))])

    def step(number: int) -> tuple[Tensor, int]:
        chosen = np.random.default_rng((2, number, peers.rank())).integers(0, len(small), _BATCH)
        batch = small[chosen].to(device).float() / 127.5 - 1
        batch = batch.contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            scores = probe(batch)
        return facts_loss(scores, truth[chosen].to(device)) * len(HEADS) / 4, _BATCH

    def on_save() -> None:
        torch.save(probe.state_dict(), folder / "probe.pt")
        rates = ceilings(probe.eval(), folder)
        print("held out:", {name: round(rate, 3) for name, rate in rates.items()}, flush=True)
        probe.train()

    train(run, minutes, step, on_save)


def load_probe(folder: Path) -> Probe:
    """The trained probe in ``folder``, on the CPU."""
    probe = Probe()
    probe.load_state_dict(torch.load(folder / "probe.pt", map_location="cpu", weights_only=True))
    return probe.eval()


def judged(probe: Probe, pictures: list[Picture]) -> list[Tensor]:
    """Scores of each fact for pictures of any size."""
    small = torch.cat([_shrunk(picture) for picture in pictures]).to(_device(probe))
    with torch.no_grad():
        return [score.cpu() for score in probe(small.float() / 127.5 - 1)]


def ceilings(probe: Probe, folder: Path) -> dict[str, float]:
    """The probe's own accuracy on real held-out scenes, fact by fact."""
    held_out = Pictures(folder / "pictures", HELD_OUT)
    pictures = [held_out.pixels(index) for index in range(len(held_out))]
    truth = [labels(held_out.scene(i), held_out.placed[i]) for i in range(len(held_out))]
    return accuracies(judged(probe, pictures), torch.tensor(truth))


def share_right(scores: list[Tensor], truth: list[list[int]], fact: str) -> float:
    """Share of the pictures whose known ``fact`` the probe sees as it should be."""
    place = list(HEADS).index(fact)
    wanted = torch.tensor([row[place] for row in truth])
    known = wanted != UNKNOWN
    return float((scores[place].argmax(1)[known] == wanted[known]).float().mean())


def _small(pictures: Pictures, indices: range) -> Tensor:
    chosen = [index for index in indices if index < len(pictures)]
    return torch.cat([_shrunk(pictures.pixels(index)) for index in chosen])


def _shrunk(picture: Picture) -> Tensor:
    """A picture as uint8 [1, 3, 96, 96]."""
    batch = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float()
    return F.interpolate(batch, size=(SIDE, SIDE), mode="area").round().to(torch.uint8)


def _device(probe: Probe) -> torch.device:
    return next(probe.parameters()).device
