"""Opening pictures: through the decoder process against decoding here, in the same run.

`python tests/bench/images.py [--sizes 4096 8192 16384] [--kinds PNG JPEG TIFF] [--json]`
Each figure is the least of its rounds, in seconds; the pipe is what the process would cost if the
pixels came through a pipe instead of shared memory.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from studio.core.pixels import Pixels
from studio.document.files.decode import decode
from studio.document.files.image import open_image, warm

Image.MAX_IMAGE_PIXELS = None
_PART = 1 << 20


def painted(edge: int) -> Pixels:
    """A picture as artists have them: soft colours with some grain, `[edge, edge, 3]`."""
    chance = np.random.default_rng(1)
    tile = chance.integers(0, 6, (512, 512, 3), dtype=np.uint8)
    ramp = np.linspace(0, 200, edge).astype(np.uint8)
    pixels = np.tile(tile, (-(-edge // 512), -(-edge // 512), 1))[:edge, :edge].copy()
    pixels[..., 0] += ramp[None, :]
    pixels[..., 1] += ramp[:, None]
    return pixels


def write(pixels: Pixels, kind: str, path: Path) -> None:
    """Write the picture as other programs would."""
    every: dict[str, dict[str, Any]] = {
        "PNG": {"compress_level": 3},
        "JPEG": {"quality": 92},
        "TIFF": {"compression": "tiff_lzw"},
    }
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **every[kind])
    path.write_bytes(buffer.getvalue())


def through_a_pipe(nbytes: int) -> None:
    """As many bytes as a picture has, from one thread to another."""
    come, go = os.pipe()
    data = bytearray(nbytes)

    def write_all() -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(go, rest[:_PART]) :]
        os.close(go)

    writer = threading.Thread(target=write_all)
    writer.start()
    target = memoryview(bytearray(nbytes))
    with os.fdopen(come, "rb", 0) as stream:
        while target:
            target = target[stream.readinto(target[:_PART]) or len(target) :]
    writer.join()


def here(path: Path) -> None:
    """Decode in this process."""
    with path.open("rb") as stream:
        decode(stream, path.name)


def least(act: Callable[[], object], rounds: int) -> float:
    """Seconds of the fastest round."""
    times = []
    for _ in range(rounds):
        gc.collect()
        begun = time.perf_counter()
        act()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[4096, 8192, 16384])
    parser.add_argument("--kinds", nargs="+", default=["PNG", "JPEG", "TIFF"])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    begun = time.perf_counter()
    warm()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for edge in chosen.sizes:
            pixels = painted(edge)
            for kind in chosen.kinds:
                path = Path(folder) / f"x.{kind.lower()}"
                write(pixels, kind, path)
                rows.append(
                    {
                        "edge": edge,
                        "kind": kind,
                        "file MB": round(path.stat().st_size / 1e6, 1),
                        "child s": round(least(partial(open_image, path), chosen.rounds), 3),
                        "here s": round(least(partial(here, path), chosen.rounds), 3),
                    }
                )
            size = edge * edge * 4
            pipe = least(partial(through_a_pipe, size), chosen.rounds)
            rows.append({"edge": edge, "kind": "pipe alone", "child s": round(pipe, 3)})
    print(json.dumps(rows) if chosen.json else "\n".join(str(row) for row in rows))
    print(f"{time.perf_counter() - begun:.0f} s in all")


if __name__ == "__main__":
    main()
