"""The four parts of the starter model, built from a preset with fresh weights."""

from studio.training.starter.parts import (
    Scheduler,
    TextEncoder,
    Tokenizer,
    Unet,
    Vae,
    library,
    text_library,
)
from studio.training.starter.presets import (
    LATENT,
    LATENT_CHANNELS,
    MAX_TOKENS,
    PICTURE,
    Preset,
)


def build_vae(preset: Preset) -> Vae:
    """An autoencoder, f = 8, without attention, so that its cost grows with the area only.

    Two groups per GroupNorm, because the analytic start (``vae_start``) fixes their scale.
    """
    return library.AutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=preset.vae_channels,
        layers_per_block=1,
        latent_channels=LATENT_CHANNELS,
        norm_num_groups=2,
        sample_size=PICTURE,
        scaling_factor=1.0,
        mid_block_add_attention=False,
    )


def build_conditioned_vae(preset: Preset) -> Vae:
    """The same autoencoder with a decoder that takes the kept part of a picture, too.

    This kind cannot be built without attention in its middle; see ``conditioned``, and
    ``engine.loading``, which drops it.

    Source: Zhu et al., Designing a Better Asymmetric VQGAN for StableDiffusion (2023).
    """
    return library.AsymmetricAutoencoderKL(
        in_channels=3,
        out_channels=3,
        down_block_types=("DownEncoderBlock2D",) * 4,
        down_block_out_channels=preset.vae_channels,
        layers_per_down_block=1,
        up_block_types=("UpDecoderBlock2D",) * 4,
        up_block_out_channels=preset.vae_channels,
        layers_per_up_block=1,
        latent_channels=LATENT_CHANNELS,
        norm_num_groups=2,
        sample_size=PICTURE,
        scaling_factor=1.0,
    )


def build_unet(preset: Preset) -> Unet:
    """An inpainting UNet: noisy latents, one mask channel, latents of the masked picture."""
    widths = preset.unet_channels
    attended = ("CrossAttnDownBlock2D",) * (len(widths) - 1)
    return library.UNet2DConditionModel(
        sample_size=LATENT,
        in_channels=2 * LATENT_CHANNELS + 1,
        out_channels=LATENT_CHANNELS,
        layers_per_block=1,
        block_out_channels=widths,
        down_block_types=("DownBlock2D", *attended),
        up_block_types=("CrossAttnUpBlock2D",) * (len(widths) - 1) + ("UpBlock2D",),
        cross_attention_dim=preset.text_width,
        attention_head_dim=tuple(width // 32 for width in widths),
        norm_num_groups=16,
    )


def build_text_encoder(preset: Preset, tokenizer: Tokenizer) -> TextEncoder:
    """A CLIP text encoder; the special ids must be named, its defaults point at CLIP's own."""
    return text_library.CLIPTextModel(
        text_library.CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=preset.text_width,
            intermediate_size=4 * preset.text_width,
            num_hidden_layers=preset.text_layers,
            num_attention_heads=preset.text_width // 32,
            max_position_embeddings=MAX_TOKENS,
            hidden_act="gelu",
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.eos_token_id,
            projection_dim=preset.text_width,
        )
    )


def build_scheduler() -> Scheduler:
    """The noise schedule of training and inference.

    Zero terminal SNR: the pictures are flat fields whose mean is the attribute (night against
    day), which is what a plain schedule leaks at its last step. It needs 'trailing' spacing.
    Source: Lin et al., Common Diffusion Noise Schedules and Sample Steps are Flawed (2023).
    """
    return library.DDIMScheduler(
        num_train_timesteps=1000,
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="sample",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=1,  # unused under 'trailing', but 0 makes diffusers warn at every load
    )
