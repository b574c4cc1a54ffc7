"""Thousands of power cuts, a kill and a failure at every operation of the disk.

`python tests/campaigns/crashes.py [--cuts N] [--seed N] [--json]`; a lost stroke, a wrong picture
or a failure that nobody was told of ends it with an error and the seed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.project.store import crashes, shim
from tests.project.store.crashes import SCENARIOS


def _rows(cuts: int, seed: int, folder: Path) -> Iterator[tuple[str, int]]:
    for name, scenario in SCENARIOS.items():
        with tempfile.TemporaryDirectory(dir=folder) as fresh:
            story = crashes.told(scenario, Path(fresh))
        for end in range(story.begins, len(story.ops) + 1):
            crashes.survived(story, end, None, folder / "after")
        yield f"{name}: kill at every operation", len(story.ops) + 1 - story.begins
        luck = random.Random(seed)
        for _ in range(cuts):
            crashes.survived(story, luck.randint(story.begins, len(story.ops)), luck, folder / "a")
        yield f"{name}: power cut", cuts
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        count = crashes.operations(Path(fresh) / "count")
    for how in ("eio", "full", "full for good", "short"):
        for number in range(1, count + 1):
            crashes.failed(number, how, folder / "fault")
            shim.cleared(folder / "fault").rmdir()
        yield f"strokes: {how} at every operation", count


def main() -> int:
    """Run all and print one row for each kind."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cuts", type=int, default=3000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    rows = {}
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        os.environ["SFUMATO_HOME"] = str(Path(name) / "home")
        began = time.monotonic()
        for kind, count in _rows(given.cuts, given.seed, Path(name)):
            rows[kind] = {"cases": count, "seconds": round(time.monotonic() - began, 1)}
            began = time.monotonic()
            if not given.json:
                print(f"{kind:44} {count:6} cases, none lost anything", flush=True)
    if given.json:
        print(json.dumps({"seed": given.seed, "rows": rows}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
