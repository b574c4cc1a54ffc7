"""Linear classifiers for the facts of a scene, shared by the text warm-up and the probe."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.training.starter.attributes import HEADS, UNKNOWN


class FactHeads(nn.Module):
    """One linear layer that scores every class of every fact."""

    def __init__(self, width: int) -> None:
        """Heads that read features of ``width`` numbers."""
        super().__init__()
        self.sizes = [len(classes) for classes in HEADS.values()]
        self.linear = nn.Linear(width, sum(self.sizes))

    def forward(self, features: Tensor) -> list[Tensor]:
        """Scores [n, classes] of each fact from features [n, width]."""
        return list(self.linear(features).split(self.sizes, dim=1))


def facts_loss(scores: list[Tensor], labels: Tensor) -> Tensor:
    """Mean cross-entropy over the known facts; ``labels`` is int64 [n, facts]."""
    total = torch.zeros((), device=labels.device)
    for fact, score in enumerate(scores):
        known = labels[:, fact] != UNKNOWN
        if bool(known.any()):
            total = total + F.cross_entropy(score.float()[known], labels[known, fact])
    return total / len(scores)


def accuracies(scores: list[Tensor], labels: Tensor) -> dict[str, float]:
    """Mean of the accuracies of the classes that occur, for each fact that is ever known."""
    result = {}
    for fact, (name, score) in enumerate(zip(HEADS, scores, strict=True)):
        guess = score.argmax(1)
        truth = labels[:, fact]
        rates = [
            float((guess[truth == label] == label).float().mean())
            for label in sorted(set(truth.tolist()))
            if label != UNKNOWN
        ]
        if rates:
            result[name] = sum(rates) / len(rates)
    return result
