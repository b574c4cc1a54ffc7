"""Writing the trained parts as an ordinary StableDiffusionInpaintPipeline folder."""

import json
import shutil
from pathlib import Path

from studio.training.starter.architecture import build_scheduler
from studio.training.starter.parts import (
    TextEncoder,
    Tokenizer,
    Unet,
    Vae,
    assembled,
    load_text_encoder,
    load_tokenizer,
    load_unet,
    load_vae,
)

EXAMPLES = (
    "a blue house with a red roof",
    "a green meadow, hills, on a sunny day",
    "watercolour of a meadow at dawn, hills",
    "a lake in a meadow at sunset",
    "in the snow at night, mountains, stars",
    "a pine tree",
    "meadow, hills",
    "just grass",
)
RECOMMENDED: dict[str, object] = {
    "native": 256,
    "steps": 10,
    "guidance": 2.5,
    "sampler": "dpmpp_2m",
}


def export(
    vae: Vae,
    unet: Unet,
    text_encoder: TextEncoder,
    tokenizer: Tokenizer,
    folder: Path,
) -> None:
    """Write the pipeline to ``folder``.

    UNet and VAE go out in fp16, the text encoder in fp32: transformers 5 loads it in the stored
    type while diffusers comes up in fp32, so a plain ``from_pretrained`` needs it so.
    """
    parts = (vae.cpu().half(), unet.cpu().half(), text_encoder.cpu().float())
    pipeline = assembled(*parts, tokenizer, build_scheduler())
    pipeline.save_pretrained(folder, max_shard_size="14MB")
    _keep_old_reader_files(tokenizer, folder / "tokenizer")
    _tidy(folder)
    write_settings(folder)
    for path in folder.rglob("*"):
        # save_pretrained leaves weight shards readable by their owner only.
        path.chmod(0o755 if path.is_dir() else 0o644)


def export_from(work: Path, folder: Path) -> None:
    """Export what the stages have left in ``work``, and put it in place of ``folder`` at once.

    Whoever is reading the folder meanwhile has either the old model or the new one.
    """
    fresh, old = folder.with_name(f"{folder.name}.new"), folder.with_name(f"{folder.name}.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    export(
        load_vae(work / "vae"),
        load_unet(work / "unet"),
        load_text_encoder(work / "text_encoder"),
        load_tokenizer(work / "tokenizer"),
        fresh,
    )
    if folder.exists():
        folder.rename(old)
    fresh.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    print(f"{folder}: {folder_bytes(folder) / 1e6:.1f} MB")


def write_settings(folder: Path) -> None:
    """Write sfumato.json: what the studio needs to offer the model to an artist."""
    settings = {
        "title": "Starter: picture-book world",
        "description": (
            "A small model trained by Sfumato itself: it paints houses, trees and water into a "
            "mask, and soft landscapes in four styles and times of day. It knows this one "
            "picture-book world; for other work, add a model of your own."
        ),
        **RECOMMENDED,
        "examples": list(EXAMPLES),
        "licence": "Apache-2.0",
    }
    text = json.dumps(settings, indent=2, ensure_ascii=False) + "\n"
    (folder / "sfumato.json").write_text(text, encoding="utf-8")


def folder_bytes(folder: Path) -> int:
    """Size of all files below ``folder`` in bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _tidy(folder: Path) -> None:
    """Take out of the configurations where the parts lay on this machine, and what is not read.

    An AsymmetricAutoencoderKL notes two values that it warns of when it is loaded again.
    """
    for file in folder.glob("*/config.json"):
        values = json.loads(file.read_text(encoding="utf-8"))
        unread = {"_name_or_path"}
        if "up_block_out_channels" in values:
            unread |= {"block_out_channels", "force_upcast"}
        kept = {name: value for name, value in values.items() if name not in unread}
        file.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _keep_old_reader_files(tokenizer: Tokenizer, folder: Path) -> None:
    state = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    merges = [m if isinstance(m, str) else " ".join(m) for m in state["merges"]]
    (folder / "vocab.json").write_text(
        json.dumps(state["vocab"], ensure_ascii=False), encoding="utf-8"
    )
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges, ""]), encoding="utf-8")
