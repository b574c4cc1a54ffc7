"""Files that are no model, told by their first bytes and their name: each with its sentence."""

from __future__ import annotations

from pathlib import Path

from studio.core.errors import ModelError

#: Endings under which pickled weights travel.
PICKLED = frozenset({".ckpt", ".pt", ".pth", ".bin", ".pkl", ".pickle"})
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"})

_SAFE = (
    "Look for the .safetensors file of the same model, or convert it in the program that made it."
)


def refuse_file(path: Path) -> None:
    """Let a file pass that may be a .safetensors file.

    Raises:
        ModelError: It is something else, as its content or its name says.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(64)
    except OSError as error:
        raise ModelError(
            f"The model {path.name} cannot be read: {error.strerror}.",
            "Check the path and that you may read it.",
        ) from error
    suffix = path.suffix.lower()
    if suffix in PICKLED or _is_pickle(head):
        raise pickled(path.name)
    if head.startswith(b"version https://git-lfs"):
        raise ModelError(
            f"{path.name} only names the model; the model itself was not downloaded.",
            "Fetch the file itself: in a git folder with 'git lfs pull'.",
        )
    if head.startswith(b"GGUF") or suffix == ".gguf":
        raise ModelError(
            f"{path.name} is a GGUF file, which the studio cannot load yet.",
            "Take the .safetensors file of the same model.",
        )
    if head.lstrip()[:1] == b"<":
        raise ModelError(
            f"{path.name} is a web page, not a model.",
            "The download led to a log-in or error page: fetch the file again.",
        )
    if suffix in _PICTURES:
        raise ModelError(
            f"{path.name} is a picture, not a model.", "Open it in the studio instead."
        )
    if suffix not in {".safetensors", ".sft"}:
        raise ModelError(
            f"{path.name} is not a model that the studio knows.",
            "Take a .safetensors file or a diffusers folder (one with a model_index.json).",
        )


def pickled(name: str) -> ModelError:
    """The refusal of a pickled file."""
    return ModelError(
        f"{name} is a pickled model: loading it could run a program hidden in it.", _SAFE
    )


def _is_pickle(head: bytes) -> bool:
    """A zip archive (torch.save since 1.6) or a bare pickle of protocol 2 to 5."""
    if head[8:9] == b"{":
        return False  # a .safetensors header whose length happens to look like a pickle's opening
    return head.startswith((b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"))
