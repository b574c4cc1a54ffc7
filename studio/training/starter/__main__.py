"""``python -m studio.training.starter STAGE``: one resumable command per stage."""

import argparse
import os
import sys
from pathlib import Path

import torch

from studio.training.starter import peers
from studio.training.starter.presets import PRESETS
from studio.training.starter.stages import STAGES, Order


def main() -> None:
    """Run the stage named on the command line; exit code 1 where it failed its measures."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    order = Order(
        preset=PRESETS[options.preset],
        work=options.work,
        out=options.out,
        samples=options.samples,
        device=torch.device("cuda" if torch.cuda.is_available() else "cpu"),
        minutes=options.minutes,
        total=options.total or options.minutes,
        processes=options.processes,
        share=(options.which, options.of),
        count=options.count,
    )
    peers.join()
    done = STAGES[options.stage](order)
    peers.part()
    sys.exit(0 if done else 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m studio.training.starter", description=__doc__)
    parser.add_argument("stage", choices=tuple(STAGES))
    parser.add_argument("--preset", choices=sorted(PRESETS), default="cpu")
    parser.add_argument("--work", type=Path, default=Path("out/starter"), help="checkpoints")
    parser.add_argument("--out", type=Path, default=Path("resources/models/starter"))
    parser.add_argument("--samples", type=Path, default=Path("resources/samples"))
    parser.add_argument("--minutes", type=float, default=10.0, help="length of this slice")
    parser.add_argument("--total", type=float, help="planned minutes of all slices")
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    parser.add_argument("--processes", type=int, default=1, help="for drawing")
    parser.add_argument("--which", type=int, default=0, help="this process's share of the latents")
    parser.add_argument("--of", type=int, default=1, help="processes that share the latents")
    parser.add_argument("--count", type=int, default=100, help="scenes for each measure of accept")
    return parser


if __name__ == "__main__":
    main()
