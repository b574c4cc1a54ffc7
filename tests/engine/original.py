"""A pipeline's weights under the names and shapes of the original single-file layout."""

import re
from collections.abc import Mapping
from typing import Any

import torch

Weights = dict[str, torch.Tensor]

_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
_UNET_ENDS = {
    "conv_in": "input_blocks.0.0",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
_VAE_NAMES = {
    "conv_norm_out": "norm_out",
    "conv_shortcut": "nin_shortcut",
    "mid_block.resnets.0": "mid.block_1",
    "mid_block.resnets.1": "mid.block_2",
    "mid_block.attentions.0": "mid.attn_1",
    "group_norm": "norm",
    "to_q": "q",
    "to_k": "k",
    "to_v": "v",
    "to_out.0": "proj_out",
}
_OPEN_CLIP = {
    "self_attn.out_proj": "attn.out_proj",
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}
_OPEN_CLIP_ENDS = {
    "embeddings.token_embedding.weight": "token_embedding.weight",
    "embeddings.position_embedding.weight": "positional_embedding",
    "final_layer_norm.weight": "ln_final.weight",
    "final_layer_norm.bias": "ln_final.bias",
}


def layout(pipeline: Any) -> Weights:
    """All weights of a Stable Diffusion 1.5 or XL pipeline, ready to be saved as one file."""
    per_block = pipeline.unet.config.layers_per_block
    levels = len(pipeline.vae.config.block_out_channels)
    weights = {
        "model.diffusion_model." + _unet_name(name, per_block): value
        for name, value in pipeline.unet.state_dict().items()
    }
    for name, value in pipeline.vae.state_dict().items():
        is_attention = "attentions" in name and value.ndim == 2
        shaped = value[:, :, None, None] if is_attention else value
        weights["first_stage_model." + _vae_name(name, levels)] = shaped
    large = "text_encoder_2" in pipeline.components
    clip = "conditioner.embedders.0" if large else "cond_stage_model"
    for name, value in _plain(pipeline.text_encoder.state_dict()).items():
        weights[f"{clip}.transformer.text_model.{name}"] = value
    if large:
        weights |= _open_clip(_plain(pipeline.text_encoder_2.state_dict()))
    return {name: value.contiguous().clone() for name, value in weights.items()}


def _plain(weights: Mapping[str, torch.Tensor]) -> Weights:
    """Without the prefix that one of the two text model classes has."""
    return {name.removeprefix("text_model."): value for name, value in weights.items()}


def _unet_name(name: str, per_block: int) -> str:
    for new, old in _UNET_ENDS.items():
        if name.startswith(new + "."):
            return name.replace(new, old, 1)
    if found := re.match(r"mid_block\.(resnets|attentions)\.(\d)\.(.*)", name):
        index = 1 if found[1] == "attentions" else 2 * int(found[2])
        return f"middle_block.{index}.{_inner(found[3])}"
    found = re.match(r"(down|up)_blocks\.(\d)\.(resnets|attentions)\.(\d)\.(.*)", name)
    if found:
        row = int(found[2]) * (per_block + 1) + int(found[4])
        start = f"input_blocks.{row + 1}" if found[1] == "down" else f"output_blocks.{row}"
        return f"{start}.{int(found[3] == 'attentions')}.{_inner(found[5])}"
    if found := re.match(r"down_blocks\.(\d)\.downsamplers\.0\.conv\.(.*)", name):
        return f"input_blocks.{(int(found[1]) + 1) * (per_block + 1)}.0.op.{found[2]}"
    found = re.match(r"up_blocks\.(\d)\.upsamplers\.0\.conv\.(.*)", name)
    assert found, name
    row = int(found[1]) * (per_block + 1) + per_block
    # An upsampler follows the attention where its block has one; in these models the first has.
    return f"output_blocks.{row}.{2 if found[1] == '0' else 1}.conv.{found[2]}"


def _inner(name: str) -> str:
    for new, old in _RESNET.items():
        if name.startswith(new + "."):
            return name.replace(new, old, 1)
    return name


def _vae_name(name: str, levels: int) -> str:
    for new, old in _VAE_NAMES.items():
        name = name.replace(new, old)
    name = re.sub(r"down_blocks\.(\d)\.resnets", r"down.\1.block", name)
    name = re.sub(r"down_blocks\.(\d)\.downsamplers\.0", r"down.\1.downsample", name)
    found = re.match(r"(.*)up_blocks\.(\d)\.(resnets|upsamplers\.0)(.*)", name)
    if found:
        part = "block" if found[3] == "resnets" else "upsample"
        return f"{found[1]}up.{levels - 1 - int(found[2])}.{part}{found[4]}"
    return name


def _open_clip(weights: Weights) -> Weights:
    done: Weights = {}
    for name, value in weights.items():
        if name in _OPEN_CLIP_ENDS:
            done[_OPEN_CLIP_ENDS[name]] = value
        elif name == "text_projection.weight":
            done["text_projection"] = value.T
        elif found := re.match(r"encoder\.layers\.(\d+)\.self_attn\.q_proj\.(weight|bias)", name):
            parts = [weights[name.replace("q_proj", f"{one}_proj")] for one in "qkv"]
            done[f"transformer.resblocks.{found[1]}.attn.in_proj_{found[2]}"] = torch.cat(parts)
        elif "k_proj" not in name and "v_proj" not in name:
            renamed = name.replace("encoder.layers", "transformer.resblocks")
            for new, old in _OPEN_CLIP.items():
                renamed = renamed.replace(new, old)
            done[renamed] = value
    return {"conditioner.embedders.1.model." + name: value for name, value in done.items()}
