"""One resumable training run: weights, their running mean, optimiser, clock and checkpoint."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn

from studio.training.starter import peers
from studio.training.starter.muon import Muon


class Run:
    """Everything a stage needs to stop at any step and go on as if it had not.

    A step draws its random numbers from generators seeded by the step's number, so that no
    generator state needs keeping. The learning rate follows the trained time, of which ``total``
    is planned: warm-up, a plateau, and a cosine over the last half.
    """

    def __init__(
        self,
        file: Path,
        modules: Mapping[str, nn.Module],
        rate: float,
        total: float,
        decay: float = 0.998,
        muon: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """A run whose checkpoint is ``file``, taken up again where there is one.

        Args:
            file: the checkpoint.
            modules: what is trained, by name, on the device it is trained on.
            rate: the highest learning rate.
            total: planned training time in seconds.
            decay: of the running mean of the weights.
            muon: whether matrices are trained by Muon; all else is by AdamW.
            clock: seconds that only ever grow.
        """
        self.file = file
        self.step = self.seen = 0
        self.seconds = 0.0
        self._modules = modules
        self._weights = [p for m in modules.values() for p in m.parameters()]
        self._mean = [p.detach().clone() for p in self._weights]
        self._rate, self._total, self._decay = rate, total, decay
        self._optimisers = _optimisers(self._weights, rate, muon)
        self._clock, self._last = clock, clock()
        if file.exists():
            self._load()

    @property
    def progress(self) -> float:
        """Share of the planned time that is over, 0 to 1."""
        return min(1.0, self.seconds / self._total)

    def learn(self, loss: Tensor, samples: int) -> float:
        """One optimiser step on ``loss``; returns the norm of the gradient before clipping.

        Raises:
            FloatingPointError: the gradient is not finite; the checkpoint is the way back.
        """
        for weight in self._weights:
            weight.grad = None
        loss.backward()  # type: ignore[no-untyped-call]
        now = self._clock()
        gradients = [w.grad for w in self._weights if w.grad is not None]
        self.seconds += peers.average(gradients, now - self._last)
        self._last = now
        norm = float(nn.utils.clip_grad_norm_(self._weights, 1.0))
        if not math.isfinite(norm):
            raise FloatingPointError(f"the gradient of step {self.step} is not finite")
        for optimiser in self._optimisers:
            for group in optimiser.param_groups:
                group["lr"] = self._rate * self._factor()
            optimiser.step()
        keep = min(self._decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(self._mean, [p.detach() for p in self._weights], 1 - keep)
        self.step += 1
        self.seen += samples * peers.count()
        return norm

    def save(self) -> None:
        """Write the checkpoint, at once under its name, so that a kill cannot halve it."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        state = {
            "modules": {name: module.state_dict() for name, module in self._modules.items()},
            "mean": self._mean,
            "optimisers": [optimiser.state_dict() for optimiser in self._optimisers],
            "step": self.step,
            "seen": self.seen,
            "seconds": self.seconds,
        }
        unfinished = self.file.with_suffix(".unfinished")
        torch.save(state, unfinished)
        unfinished.replace(self.file)

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """Within, the modules hold the running mean of their weights."""
        kept = [p.detach().clone() for p in self._weights]
        self._put(self._mean)
        try:
            yield
        finally:
            self._put(kept)

    def _factor(self) -> float:
        warm = min(1.0, (self.step + 1) / 100)
        late = max(0.0, (self.progress - 0.5) / 0.5)
        return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * late)))

    def _put(self, values: list[Tensor]) -> None:
        with torch.no_grad():
            for weight, value in zip(self._weights, values, strict=True):
                weight.copy_(value)

    def _load(self) -> None:
        state = torch.load(self.file, map_location=self._weights[0].device, weights_only=True)
        for name, module in self._modules.items():
            module.load_state_dict(state["modules"][name])
        self._mean = state["mean"]
        for optimiser, kept in zip(self._optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
        self.step, self.seen, self.seconds = state["step"], state["seen"], state["seconds"]


def _optimisers(
    weights: list[nn.Parameter], rate: float, muon: bool
) -> list[torch.optim.Optimizer]:
    """AdamW, or Muon for what is a matrix and AdamW for the rest."""
    matrices = [w for w in weights if muon and w.dim() > 1]
    others = [w for w in weights if not muon or w.dim() < 2]
    found: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.99), weight_decay=0.01)
    ]
    if matrices:
        found.append(Muon(matrices, lr=rate, momentum=0.95, weight_decay=0.01))
    return found
