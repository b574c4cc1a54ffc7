"""Several processes that train one model together: one on each core, or on each card.

Two processes of one thread each do twice as many steps on two cores; two threads in one process
do 1.4 times as many. ``torchrun --nproc-per-node 2 -m studio.training.starter unet ...`` starts
them; started plainly a process is alone, and nothing here costs anything.
"""

import os
from collections.abc import Sequence

import torch
import torch.distributed as dist
from torch import Tensor


def join() -> None:
    """Meet the other processes that ``torchrun`` started, if it did."""
    if "WORLD_SIZE" in os.environ and not dist.is_initialized():
        cards = torch.cuda.is_available()
        if cards:
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        dist.init_process_group("nccl" if cards else "gloo")


def part() -> None:
    """End the company, if there is any."""
    if dist.is_initialized():
        dist.destroy_process_group()


def rank() -> int:
    """Number of this process; 0 writes the files."""
    return dist.get_rank() if dist.is_initialized() else 0


def count() -> int:
    """How many processes train together."""
    return dist.get_world_size() if dist.is_initialized() else 1


def average(gradients: Sequence[Tensor], number: float) -> float:
    """Put the mean over all processes into each of ``gradients``; returns that of ``number``.

    The clock goes along, so that all of them agree on the learning rate and on the end.
    """
    if count() == 1:
        return number
    clock = torch.tensor([number], device=gradients[0].device)
    add_up([*gradients, clock])
    for gradient in gradients:
        gradient /= count()
    return float(clock) / count()


def add_up(parts: Sequence[Tensor]) -> None:
    """Put the sum over all processes into each of ``parts``, float32, in one message."""
    if count() == 1:
        return
    flat = torch.cat([part.reshape(-1) for part in parts])
    dist.all_reduce(flat)
    pieces = torch.split(flat, [part.numel() for part in parts])
    for part, piece in zip(parts, pieces, strict=True):
        part.copy_(piece.view(part.shape))
