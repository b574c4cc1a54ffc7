"""One resumable training run: weights, their running mean, optimiser, clock and checkpoint."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn


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
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """A run whose checkpoint is ``file``, taken up again where there is one.

        Args:
            file: the checkpoint.
            modules: what is trained, by name, on the device it is trained on.
            rate: the highest learning rate.
            total: planned training time in seconds.
            decay: of the running mean of the weights.
            clock: seconds that only ever grow.
        """
        self.file = file
        self.step = self.seen = 0
        self.seconds = 0.0
        self._modules = modules
        self._weights = [p for m in modules.values() for p in m.parameters()]
        self._mean = [p.detach().clone() for p in self._weights]
        self._rate, self._total, self._decay = rate, total, decay
        self._optimiser = torch.optim.AdamW(
            self._weights, lr=rate, betas=(0.9, 0.99), weight_decay=0.01
        )
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
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate * self._factor()
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = float(nn.utils.clip_grad_norm_(self._weights, 1.0))
        if not math.isfinite(norm):
            raise FloatingPointError(f"the gradient of step {self.step} is not finite")
        self._optimiser.step()
        keep = min(self._decay, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(self._mean, [p.detach() for p in self._weights], 1 - keep)
        self.step += 1
        self.seen += samples
        now = self._clock()
        self.seconds += now - self._last
        self._last = now
        return norm

    def save(self) -> None:
        """Write the checkpoint, at once under its name, so that a kill cannot halve it."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        state = {
            "modules": {name: module.state_dict() for name, module in self._modules.items()},
            "mean": self._mean,
            "optimiser": self._optimiser.state_dict(),
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
        self._optimiser.load_state_dict(state["optimiser"])
        self.step, self.seen, self.seconds = state["step"], state["seen"], state["seconds"]
