import pytest
import torch

from studio.training.starter.muon import Muon, orthogonal


@pytest.mark.parametrize("shape", [(24, 60), (60, 24), (32, 32)])
def test_an_orthogonal_update_has_singular_values_near_one(shape: tuple[int, int]) -> None:
    torch.manual_seed(0)
    found = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
    assert float(found.min()) > 0.2
    assert float(found.max()) < 1.4


def test_an_orthogonal_update_keeps_the_directions() -> None:
    torch.manual_seed(0)
    left, _ = torch.linalg.qr(torch.randn(16, 4))
    right, _ = torch.linalg.qr(torch.randn(16, 4))
    found = orthogonal(left @ torch.diag(torch.tensor([9.0, 4.0, 2.0, 1.0])) @ right.mT)
    inner = left.mT @ found @ right
    assert torch.all(inner.diag() > 0.5)
    assert float((inner - inner.diag().diag()).abs().max()) < 0.1


def test_the_size_of_an_update_is_that_of_adamw() -> None:
    torch.manual_seed(0)
    weight = torch.nn.Parameter(torch.zeros(64, 32, 3, 3))
    weight.grad = torch.randn_like(weight)
    Muon([weight], lr=1e-3, momentum=0.95, weight_decay=0.0).step()
    assert float(weight.detach().square().mean().sqrt()) == pytest.approx(2e-4, rel=0.3)


def test_a_weight_without_a_gradient_stays() -> None:
    weight = torch.nn.Parameter(torch.ones(4, 4))
    Muon([weight], lr=1.0, momentum=0.9, weight_decay=0.5).step()
    assert torch.equal(weight.detach(), torch.ones(4, 4))
