"""Sizes of the starter model: one preset for a plain CPU, one for a CUDA machine."""

from dataclasses import dataclass

PICTURE = 256
"""Side of a training picture in px; also the native size of the model."""

LATENT = 32
"""Side of its latent grid: the autoencoder shrinks eightfold."""

LATENT_CHANNELS = 4
"""Eight would be sharper, but the inpainting pipeline takes UNets of 4 or 9 inputs only."""

MAX_TOKENS = 77
"""Length of a padded prompt. Prompt tools assume CLIP's 77, and the cost is small."""


@dataclass(frozen=True, slots=True)
class Preset:
    """What differs between a model trained on a CPU and one trained on a GPU."""

    name: str
    vae_channels: tuple[int, int, int, int]
    unet_channels: tuple[int, ...]
    text_width: int
    text_layers: int
    pictures: int  # scenes drawn for training
    vae_batch: int
    vae_crop: int  # px
    vae_rate: float
    decoder_rate: float
    unet_batch: int
    unet_rate: float


CPU = Preset(
    name="cpu",
    vae_channels=(16, 32, 64, 128),
    unet_channels=(32, 64, 128, 192),
    text_width=128,
    text_layers=3,
    pictures=24_000,
    vae_batch=4,
    vae_crop=128,
    vae_rate=8e-5,
    decoder_rate=3e-4,
    unet_batch=32,
    unet_rate=1e-3,
)

GPU = Preset(
    name="gpu",
    vae_channels=(32, 64, 128, 128),
    unet_channels=(96, 160, 192),
    text_width=192,
    text_layers=4,
    pictures=100_000,
    vae_batch=64,
    vae_crop=256,
    vae_rate=3e-4,
    decoder_rate=3e-4,
    unet_batch=512,
    unet_rate=1e-3,
)

PRESETS = {preset.name: preset for preset in (CPU, GPU)}
