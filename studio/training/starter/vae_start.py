"""The analytic start of the autoencoder: block-mean colours and edges from the first step."""

import torch
from torch import Tensor, nn

from studio.training.starter.parts import Vae

ANCHOR = 8.0
"""Two constant channels at +-8 fix the scale that a GroupNorm divides by."""

_LINEAR = 5.0
"""Bias in front of a SiLU that keeps it in its linear part."""

_CARRIED = 10
"""Channels that pass through: +-rgb, two anchors, +- one difference taken at the last halving."""

_LIGHTNESS = (0.3, 0.6, 0.1)
_SLOPE = ((-0.75, -0.25), (0.25, 0.75))
"""Lower right minus upper left, a little more down than across: where an edge cuts a block."""


@torch.no_grad()
def analytic_start(vae: Vae, small: float = 0.3, logvar: float = -7.0) -> None:
    """Set the weights of ``vae`` so that it begins as a linear pyramid.

    GroupNorms wipe absolute colour, and a random start needs thousands of steps to carry it
    around them. Here channels 0 to 2 hold rgb, 3 to 5 its negative (so that a group's mean stays
    0), 6 and 7 the anchors; residual branches begin at zero. Latents 0 to 2 are the mean colour of
    an 8 x 8 block, 3 is the slope of its lightness.

    Args:
        vae: built by ``build_vae``: four latent channels, two groups per norm.
        small: factor on the random weights that remain.
        logvar: starting log variance of the posterior, nearly noiseless.
    """
    encoder, decoder = vae.encoder, vae.decoder
    for name, module in vae.named_modules():
        if name.endswith(".conv2"):
            module.weight.zero_()
            module.bias.zero_()
        elif name.endswith("downsamplers.0.conv"):
            _carry(module, [(y, x, 0.25) for y in (0, 1) for x in (0, 1)], small)
        elif name.endswith("upsamplers.0.conv"):
            _carry(module, [(1, 1, 1.0)], small)
        elif name.endswith("conv_shortcut"):
            _carry(module, [(0, 0, 1.0)], small)
    latents = int(vae.config.latent_channels)
    _slope(encoder.down_blocks[2].downsamplers[0].conv)
    _spread(encoder.conv_in, small)
    _spread(decoder.conv_in, small)
    _gather(encoder.conv_norm_out, encoder.conv_out, latents)
    _gather(decoder.conv_norm_out, decoder.conv_out, 3)
    for conv, count in ((vae.quant_conv, 2 * latents), (vae.post_quant_conv, latents)):
        conv.weight.zero_()
        conv.bias.zero_()
        conv.weight[range(count), range(count), 0, 0] = 1
    vae.quant_conv.weight[latents:] *= 0.1
    vae.quant_conv.bias[latents:] = logvar


def _spread(conv: nn.Conv2d, small: float) -> None:
    """First convolution: its first three inputs become +-rgb, and the anchors appear."""
    weight, bias = _weights(conv)
    weight.mul_(small)
    bias.mul_(small)
    weight[:_CARRIED] = 0
    bias[:_CARRIED] = 0
    for channel in range(3):
        weight[channel, channel, 1, 1] = 1
        weight[3 + channel, channel, 1, 1] = -1
    bias[6], bias[7] = ANCHOR, -ANCHOR
    if conv.in_channels > 3:  # the decoder's fourth input is the slope
        weight[8, 3, 1, 1] = 1
        weight[9, 3, 1, 1] = -1


def _carry(conv: nn.Conv2d, taps: list[tuple[int, int, float]], small: float) -> None:
    """Carried rows pass through; the others stay random, and blind to the anchors."""
    weight, bias = _weights(conv)
    weight.mul_(small)
    bias.mul_(small)
    rows = min(_CARRIED, conv.in_channels, conv.out_channels)
    weight[:, 6:8] = 0
    weight[:rows] = 0
    bias[:rows] = 0
    for channel in range(rows):
        for y, x, value in taps:
            weight[channel, channel, y, x] = value


def _slope(conv: nn.Conv2d) -> None:
    """The last halving also takes a difference of the four quarters of each block."""
    weight, bias = _weights(conv)
    weight[8:_CARRIED] = 0
    bias[8:_CARRIED] = 0
    for channel, share in enumerate(_LIGHTNESS):
        for y in (0, 1):
            for x in (0, 1):
                weight[8, channel, y, x] = share * _SLOPE[y][x]
                weight[9, channel, y, x] = -share * _SLOPE[y][x]


def _gather(norm: nn.GroupNorm, conv: nn.Conv2d, outputs: int) -> None:
    """Last norm and convolution: undo the norm's scale, then plus minus minus of each pair."""
    per_group = norm.num_channels // norm.num_groups
    scale = ((2 * ANCHOR**2 + 2 * 3 * 0.33) / per_group) ** 0.5
    norm.weight[:_CARRIED] = scale
    norm.bias[:_CARRIED] = _LINEAR
    weight, bias = _weights(conv)
    weight.mul_(0.15)
    bias.zero_()
    weight[:outputs] *= 0.1
    weight[:, :_CARRIED] = 0
    for output, (plus, minus) in enumerate(((0, 3), (1, 4), (2, 5), (8, 9))[:outputs]):
        weight[output, plus, 1, 1] = 0.5
        weight[output, minus, 1, 1] = -0.5


def _weights(conv: nn.Conv2d) -> tuple[Tensor, Tensor]:
    bias = conv.bias
    if bias is None:
        raise ValueError("the analytic start needs convolutions with a bias")
    return conv.weight, bias
