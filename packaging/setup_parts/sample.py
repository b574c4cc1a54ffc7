"""The sample edit: which picture, what to paint into it, and where the result goes."""

from pathlib import Path

from setup_parts.console import Trouble

PROMPT = "a red balloon"


def picture(root: Path) -> Path:
    """Return the first sample picture that ships with the studio.

    Raises:
        Trouble: the copy of the project is not whole.
    """
    for path in sorted((root / "resources" / "samples").glob("*.png")):
        return path
    raise Trouble(
        "This copy of Sfumato is not whole: resources/samples holds no picture.",
        "Clone the project again.",
    )


def headless_edit(root: Path) -> tuple[list[str], Path]:
    """Return the command line that paints into the sample without a window, and its result."""
    source, folder = picture(root), root / "out"
    folder.mkdir(exist_ok=True)
    result = folder / f"{source.stem}-edited.png"
    arguments = ["inpaint", str(source), "--mask", "ellipse", "--prompt", PROMPT]
    return [*arguments, "--seed", "7", "--out", str(result)], result
