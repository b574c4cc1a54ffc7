"""The sample edit: which picture, what to paint into it, and where the result goes."""

from pathlib import Path

from setup_parts.console import Trouble

# The picture of the README's first edit, and words that the starter model is good at.
PICTURE = "lake-house.png"
PROMPT = "a green meadow, hills, on a sunny day"


def picture(root: Path) -> Path:
    """Return the sample picture to begin with.

    Raises:
        Trouble: the copy of the project is not whole.
    """
    path = root / "resources" / "samples" / PICTURE
    if path.is_file():
        return path
    raise Trouble(
        f"This copy of Sfumato is not whole: resources/samples holds no {PICTURE}.",
        "Clone the project again.",
    )


def headless_edit(root: Path) -> tuple[list[str], Path]:
    """Return the command line that paints into the sample without a window, and its result."""
    source, folder = picture(root), root / "out"
    folder.mkdir(exist_ok=True)
    result = folder / f"{source.stem}-edited.png"
    arguments = ["inpaint", str(source), "--mask", "ellipse", "--prompt", PROMPT]
    return [*arguments, "--seed", "7", "--out", str(result)], result
