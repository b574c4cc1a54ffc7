"""One picture of all fills; `python -m tests.inpaint.fill_sheet` stores it as the golden."""

from pathlib import Path

import numpy as np
from PIL import Image

from studio.core.pixels import Pixels
from studio.core.request import FILLS
from studio.inpaint.fill import filled

GOLDEN = Path(__file__).parents[1] / "goldens" / "inpaint-fills.png"
EDGE = 64
WAYS = tuple(one for one in FILLS if one != "auto")


def scene() -> tuple[Pixels, Pixels]:
    """A sky over a striped floor, a transparent corner, and a mask over the horizon."""
    rows, columns = np.indices((EDGE, EDGE))
    picture = np.full((EDGE, EDGE, 4), 255, np.uint8)
    floor = np.where((columns + rows) // 6 % 2, 150, 90)
    for channel, (top, share) in enumerate(((60, 1.0), (110, 0.8), (200, 0.4))):
        picture[..., channel] = np.where(rows < 34, top + rows, floor * share)
    picture[48:, 48:] = 0
    mask = np.zeros((EDGE, EDGE), np.uint8)
    mask[20:46, 18:44] = 255
    mask[20:46, 10:18] = np.arange(16, 256, 32)
    return picture, mask


def sheet() -> dict[str, Pixels]:
    """What each fill makes of the scene, uint8 `[64, 64, 3]`."""
    picture, mask = scene()
    return {how: filled(picture, mask, how, 1) for how in WAYS}


def stored() -> dict[str, Pixels]:
    """The same as it was when it was last looked at."""
    whole = np.asarray(Image.open(GOLDEN).convert("RGB"))
    return {how: whole[:, at * EDGE : (at + 1) * EDGE] for at, how in enumerate(WAYS)}


if __name__ == "__main__":
    Image.fromarray(np.concatenate(list(sheet().values()), axis=1)).save(GOLDEN, optimize=True)
