"""Thousands of damaged projects: flipped bits, every truncation, every page lost.

`python tests/campaigns/damage.py [--flips N] [--seed N] [--json]`; ends with 1 if a wrong pixel was
shown, anything but a refusal was raised, or less than 95 % of the undamaged tiles came back.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.project.store import damage

_SHARE = 0.95


def _kinds(data: bytes, flips: int, seed: int) -> dict[str, Iterator[bytes]]:
    return {
        f"{flips} flipped bits": damage.flips(data, flips, seed),
        "every 512 bytes cut": damage.cuts(data),
        "every page zeroed": damage.blanks(data),
        "page 1, three bits a byte": _first_page(data),
    }


def _first_page(data: bytes) -> Iterator[bytes]:
    for at in range(4096):
        for bit in (0, 3, 7):
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            yield bytes(changed)


def main() -> int:
    """Run all kinds and print one row for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--flips", type=int, default=5000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    rows = {}
    with tempfile.TemporaryDirectory(dir=_fast()) as folder:
        os.environ["SFUMATO_HOME"] = str(Path(folder) / "home")
        path = Path(folder) / "work" / "picture.sfumato"
        path.parent.mkdir()
        truth = damage.sample(path)
        for kind, damaged in _kinds(truth.data, given.flips, given.seed).items():
            began = time.monotonic()
            words, share = damage.campaign(damaged, truth, path)
            rows[kind] = _row(words, share, time.monotonic() - began)
            if not given.json:
                print(f"{kind:28} {rows[kind]}", flush=True)
    if given.json:
        print(json.dumps({"seed": given.seed, "rows": rows}))
    return int(any(row["share"] < _SHARE for row in rows.values()))


def _row(words: Counter[str], share: float, seconds: float) -> dict[str, float]:
    return {**words, "share": round(share, 4), "seconds": round(seconds, 1)}


def _fast() -> str | None:
    """Memory in place of a disk, where there is such a folder: nothing here is about speed."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


if __name__ == "__main__":
    sys.exit(main())
