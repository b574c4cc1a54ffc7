"""The whole fault matrix with the limits that artists get, as a table.

python -m tests.campaigns.faults [--stages start ready ...]
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

import psutil
from PySide6.QtCore import QCoreApplication

from tests.jobs.faults import STAGES, WAYS, Bench, Outcome


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--stages", nargs="*", default=STAGES)
    parser.add_argument("--ways", nargs="*", default=WAYS)
    options = parser.parse_args()
    application = QCoreApplication([])
    found: dict[tuple[str, str], Outcome] = {}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for way in options.ways:
            for stage in options.stages:
                found[way, stage] = outcome = bench.meet(way, stage)
                if not outcome.served:
                    print(f"not served after {way} at {stage}: {outcome}", flush=True)
        bench.stop()
        left = psutil.Process().children(recursive=True)
    table(found, options.ways)
    print(f"\nlongest gap of the event loop {bench.gap * 1000:.0f} ms; processes left {len(left)}")
    application.quit()
    return 0 if all(one.served for one in found.values()) and not left else 1


def table(found: dict[tuple[str, str], Outcome], ways: list[str]) -> None:
    """One line for each way."""
    print("| way | stages | job kept | next served | found, s (max) | back, s (median / max) |")
    print("|---|---|---|---|---|---|")
    for way in ways:
        rows = [one for (each, _), one in found.items() if each == way]
        jobs = [one for one in rows if one.first and one.first != "cancelled"]
        kept = sum(one.first == "finished" for one in jobs)
        back = [one.back for one in rows]
        print(
            f"| {way} | {len(rows)} | {kept} of {len(jobs)} "
            f"| {sum(one.served for one in rows)} of {len(rows)} "
            f"| {max(one.found for one in rows):.2f} "
            f"| {statistics.median(back):.2f} / {max(back):.2f} |"
        )


if __name__ == "__main__":
    sys.exit(main())
