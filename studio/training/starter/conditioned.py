"""A decoder that also sees what is kept around the mask: built from the trained autoencoder."""

import torch
from torch import nn

from studio.training.starter.architecture import build_conditioned_vae
from studio.training.starter.parts import Vae
from studio.training.starter.presets import Preset
from studio.training.starter.vae_start import ANCHOR

_NEW = ("mid_block.attentions.", "decoder.condition_encoder.")


@torch.no_grad()
def conditioned(vae: Vae, preset: Preset) -> Vae:
    """The autoencoder ``vae`` with a decoder that takes a picture and a mask as well.

    Without them it decodes to the same values as before. With them it begins with the kept
    pixels as they are: its condition encoder is a pyramid of plain colours.

    Args:
        vae: built by ``build_vae`` and trained; or what this function returned, which comes back.
        preset: its sizes.
    """
    if hasattr(vae.decoder, "condition_encoder"):
        return vae
    whole = build_conditioned_vae(preset)
    missing, unknown = whole.load_state_dict(vae.state_dict(), strict=False)
    others = [name for name in missing if not any(new in name for new in _NEW)]
    if unknown or others:
        raise ValueError(f"the autoencoders do not fit each other: {unknown + others}")
    for coder in (whole.encoder, whole.decoder):
        for weights in coder.mid_block.attentions.parameters():
            weights.zero_()
    _pyramid(list(whole.decoder.condition_encoder.layers))
    return whole.eval().to(memory_format=torch.channels_last)


def _pyramid(layers: list[nn.Conv2d]) -> None:
    """Let the layers hold what the decoder carries: +-rgb and the anchors (see ``vae_start``).

    A ReLU lies between two of them, and c is relu(c) - relu(-c).
    """
    for layer in layers:
        weight, bias = layer.weight, layer.bias
        weight.mul_(0.3)
        weight[:10] = 0
        weight[:, 6:8] = 0
        if bias is None:
            raise ValueError("the condition encoder needs convolutions with a bias")
        bias.zero_()
        bias[6], bias[7] = ANCHOR, -ANCHOR
        taps = [(1, 1)] if weight.shape[-1] == 3 else [(1, 1), (1, 2), (2, 1), (2, 2)]
        for channel in range(3):
            for y, x in taps:
                for row, sign in ((channel, 1.0), (3 + channel, -1.0)):
                    weight[row, channel, y, x] = sign / len(taps)
                    if weight.shape[1] > 3:
                        weight[row, 3 + channel, y, x] = -sign / len(taps)
