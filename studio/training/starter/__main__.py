"""``python -m studio.training.starter STAGE``: one resumable command per stage."""

import argparse
import os
import sys
from pathlib import Path

import torch

from studio.training.starter.data import HELD_OUT, TRAIN, draw_pictures
from studio.training.starter.presets import PRESETS, Preset
from studio.training.starter.samples import write_samples


def main() -> None:
    """Run the stage named on the command line."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    preset = PRESETS[options.preset]
    folder: Path = options.folder
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    total: float = options.total or options.minutes
    if options.stage == "draw":
        _draw(folder, preset, options.processes)
    elif options.stage == "vae":
        from studio.training.starter.vae_training import train_vae

        train_vae(folder, preset, device, options.minutes, total)
    elif options.stage == "text":
        from studio.training.starter.text_training import train_text

        train_text(folder, preset, device, options.minutes, total)
    elif options.stage == "latents":
        from studio.training.starter.latents import cache_latents

        for part in cache_latents(folder, device, (options.which, options.of)):
            print(f"latents: part {part}", flush=True)
    elif options.stage == "unet":
        from studio.training.starter.unet_training import train_unet

        train_unet(folder, preset, device, options.minutes, total)
    elif options.stage == "probe":
        from studio.training.starter.probe import train_probe

        train_probe(folder, device, options.minutes, total)
    elif options.stage == "export":
        from studio.training.starter.export import export_from

        export_from(folder, options.out)
    elif options.stage == "samples":
        for file in write_samples(Path("resources/samples")):
            print(file, file.stat().st_size)
    elif options.stage == "accept":
        from studio.training.starter.accept import accept

        sys.exit(0 if accept(folder, options.out, options.count) else 1)


def _draw(folder: Path, preset: Preset, processes: int) -> None:
    for split, count in ((HELD_OUT, 1500), (TRAIN, preset.pictures)):
        for done in draw_pictures(folder / "pictures", split, count, processes):
            print(f"{split}: {done} of {count} pictures", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m studio.training.starter", description=__doc__)
    parser.add_argument(
        "stage",
        choices=("draw", "vae", "text", "latents", "unet", "probe", "export", "accept", "samples"),
    )
    parser.add_argument("--preset", choices=sorted(PRESETS), default="cpu")
    parser.add_argument("--folder", type=Path, default=Path("out/starter"))
    parser.add_argument("--minutes", type=float, default=10.0, help="length of this slice")
    parser.add_argument("--total", type=float, help="planned minutes of all slices")
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    parser.add_argument("--processes", type=int, default=1, help="for drawing")
    parser.add_argument("--which", type=int, default=0, help="this process's share of the parts")
    parser.add_argument("--of", type=int, default=1, help="processes that share the parts")
    parser.add_argument("--out", type=Path, default=Path("resources/models/starter"))
    parser.add_argument("--count", type=int, default=100, help="scenes for each measure of accept")
    return parser


if __name__ == "__main__":
    main()
