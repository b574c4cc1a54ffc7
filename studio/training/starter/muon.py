"""Muon: momentum whose update of each matrix is made orthogonal."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from studio.training.starter import peers

_QUINTIC = (3.4445, -4.7750, 2.0315)
_ROUNDS = 5


class Muon(torch.optim.Optimizer):
    """For the matrices of hidden layers; convolutions count as [out, in * height * width].

    The update has the size that AdamW's has at the same rate, so that both share one.

    Source: Jordan et al., Muon: An optimizer for hidden layers in neural networks (2024); the size
    of the update by Liu et al., Muon is Scalable for LLM Training (2025).
    """

    def __init__(
        self, weights: Iterable[nn.Parameter], lr: float, momentum: float, weight_decay: float
    ) -> None:
        """Train ``weights``, of two dimensions or more each."""
        super().__init__(weights, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """One update of all weights that have a gradient.

        Processes that train together make each their share of the updates orthogonal, which takes
        a third of a step otherwise.
        """
        for group in self.param_groups:
            weights = [weight for weight in group["params"] if weight.grad is not None]
            updates = [self._ahead(weight, group["momentum"]) for weight in weights]
            dearest = sorted(range(len(updates)), key=lambda at: -updates[at].numel())
            for turn, at in enumerate(dearest):
                mine = turn % peers.count() == peers.rank()
                updates[at] = orthogonal(updates[at]) if mine else torch.zeros_like(updates[at])
            peers.add_up(updates)
            rate = group["lr"]
            for weight, update in zip(weights, updates, strict=True):
                weight.mul_(1 - rate * group["weight_decay"])
                size = 0.2 * max(update.shape) ** 0.5
                weight.add_(update.view(weight.shape), alpha=-rate * size)

    def _ahead(self, weight: Tensor, keep: float) -> Tensor:
        """Nesterov's momentum of a weight's gradient, as a matrix."""
        state, gradient = self.state[weight], weight.grad
        assert gradient is not None
        if "mean" not in state:
            state["mean"] = torch.zeros_like(weight)
        mean = state["mean"].lerp_(gradient, 1 - keep)
        return gradient.lerp(mean, keep).reshape(len(weight), -1)


def orthogonal(matrix: Tensor) -> Tensor:
    """The orthogonal matrix nearest to ``matrix`` [m, n], roughly: singular values from .7 to 1.2.

    Source: Jordan et al., a quintic Newton-Schulz iteration in bfloat16.
    """
    tall = matrix.shape[0] > matrix.shape[1]
    x = (matrix.mT if tall else matrix).bfloat16()
    x = x / (x.norm() + 1e-7)
    a, b, c = _QUINTIC
    for _ in range(_ROUNDS):
        square = x @ x.mT
        x = torch.addmm(x, torch.addmm(square, square, square, beta=b, alpha=c), x, beta=a)
    return (x.mT if tall else x).to(matrix.dtype)
