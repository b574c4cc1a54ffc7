"""Loading: a folder or a single file to a pipeline, from this machine alone."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from diffusers.utils import logging as diffusers_logging
from transformers.utils import logging as transformers_logging

from studio.core.checkpoint import Checkpoint
from studio.core.errors import ModelError
from studio.engine import attention
from studio.engine.devices import Device
from studio.engine.failures import named, out_of_memory
from studio.engine.idle import drop_idle_attention
from studio.engine.kinds import denoiser_of
from studio.engine.words import tokenizers

#: Libraries that a folder may name for its components; anything else would be code of its own.
_LIBRARIES = ("diffusers", "transformers", None)
_DENOISERS = ("unet", "transformer")
#: Their bars would fill the log; neither function is annotated.
_LOGGING: tuple[Any, ...] = (diffusers_logging, transformers_logging)
#: Components left out: no checker, and so nothing that prepares pictures for one.
_LEFT_OUT = ("safety_checker", "feature_extractor", "image_encoder")


def load(
    kind: type[Any],
    checkpoint: Checkpoint,
    configs: Path,
    device: Device,
    settle: Callable[[Any], None] | None = None,
) -> Any:
    """Bring a checkpoint into memory as that kind of pipeline.

    The denoiser comes in the device's precision and channels_last, the rest in float32: text
    encoder and VAE are a small part of the time, and the latter overflows in halves.

    It is not compiled. Tried on a CPU with bfloat16, whole, its weights frozen, by processor time:
    Stable Diffusion 1.5 at 512 x 512 took 122 s and 1.2 GB for 4.5 s a step instead of 4.9 s, the
    starter 97 s and 0.2 GB for 22 ms instead of 32 ms; in pieces around `attention.attend` neither
    gained anything. It needs a C++ compiler, which few artists have, and each size of picture
    anew; and its sums are other bits, so that a picture would depend on when it was ready, and a
    journal could not be gone on with across that moment. Recorded by `torch.jit.trace` the starter
    took 43 ms instead of 65 ms in the same bits, after 1.1 s for each size of picture; but torch
    has announced that it will go.

    Args:
        kind: A diffusers pipeline class.
        checkpoint: What to load.
        configs: Folder of the configurations that single files lack.
        device: Where to.
        settle: Places the parts of the pipeline, which stay off the device until then.

    Raises:
        ModelError: It is gone, damaged or not what its header said.
        MemoryShortage: It does not fit.
    """
    path = Path(checkpoint.path)
    if not path.exists():
        raise ModelError(
            f"The model '{checkpoint.title}' is no longer at {path}.",
            "Add it again from its new place, or choose another model.",
        )
    for library in _LOGGING:
        library.disable_progress_bar()
    try:
        if path.is_dir():
            pipeline = _from_folder(kind, path, device)
        else:
            pipeline = _from_file(kind, checkpoint, configs)
        pipeline = _settled(pipeline, device, torch.device("cpu") if settle else device.place)
        if settle is not None:
            settle(pipeline)
        return pipeline
    except (ModelError, MemoryError):
        raise
    except Exception as error:
        if out_of_memory(error):
            raise named(error) from error
        raise ModelError(
            f"The model '{checkpoint.title}' cannot be loaded; its files do not fit together.",
            "They may be damaged or incomplete: get them again, or choose another model.",
        ) from error


def _from_folder(kind: type[Any], folder: Path, device: Device) -> Any:
    index = json.loads((folder / "model_index.json").read_text(encoding="utf-8"))
    for name, part in index.items():
        if isinstance(part, list) and part[0] not in _LIBRARIES:
            raise ModelError(
                f"The model wants to run code of its own ('{part[0]}' for its {name}).",
                "Sfumato loads models that are data alone. Choose another one.",
            )
    return kind.from_pretrained(
        str(folder),
        dtype={**_precisions(index, device), "default": torch.float32},
        local_files_only=True,
        use_safetensors=True,
        variant=_variant(folder / ("unet" if "unet" in index else "transformer")),
        **_absent(index),
        **_without(kind),
    )


def _absent(index: dict[str, Any]) -> dict[str, None]:
    """Arguments for the parts that a folder names and lacks, such as the largest text encoder."""
    return {
        name: None
        for name, part in index.items()
        if part == [None, None] and name.startswith(("text_encoder", "tokenizer"))
    }


def _precisions(index: dict[str, Any], device: Device) -> dict[str, torch.dtype]:
    """The parts that come in the device's precision: denoisers, and the text encoders of 5 GB."""
    return {
        name: device.precision
        for name, part in index.items()
        if name in _DENOISERS or (isinstance(part, list) and str(part[1]).startswith("T5"))
    }


def _from_file(kind: type[Any], checkpoint: Checkpoint, configs: Path) -> Any:
    folder = configs / (checkpoint.family + ("-inpaint" if checkpoint.inpainting else ""))
    words = tokenizers(configs / "clip" / "merges.txt.gz")
    accepted = inspect.signature(kind.__init__).parameters
    return kind.from_single_file(
        checkpoint.path,
        config=str(folder),
        local_files_only=True,
        **_without(kind),
        **{name: one for name, one in words.items() if name in accepted},
    )


def _without(kind: type[Any]) -> dict[str, Any]:
    """Arguments that leave out what is not wanted, where this pipeline knows it."""
    accepted = inspect.signature(kind.__init__).parameters
    left_out: dict[str, Any] = {name: None for name in _LEFT_OUT if name in accepted}
    if "requires_safety_checker" in accepted:
        left_out["requires_safety_checker"] = False
    return left_out


def _variant(folder: Path) -> str | None:
    """'fp16' where a folder holds only halves under that name."""
    plain = any(folder.glob("diffusion_pytorch_model.safetensors*")) or any(
        folder.glob("diffusion_pytorch_model-0*.safetensors")
    )
    return "fp16" if not plain and any(folder.glob("*.fp16*.safetensors")) else None


def _settled(pipeline: Any, device: Device, place: torch.device) -> Any:
    for name, part in pipeline.components.items():
        if isinstance(part, torch.nn.Module):
            narrow = name in _DENOISERS or type(part).__name__.startswith("T5")
            precision = device.precision if narrow else torch.float32
            part.to(place, precision).eval().requires_grad_(False)
    denoiser_of(pipeline).to(memory_format=torch.channels_last)
    if "unet" in pipeline.components and attention.preferable(device):
        pipeline.unet.set_attn_processor(attention.Blocks())
    pipeline.vae.to(memory_format=torch.channels_last)
    drop_idle_attention(pipeline.vae)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
