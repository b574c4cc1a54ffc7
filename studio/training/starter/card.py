"""The model card that lies in the exported folder."""

import json
from pathlib import Path

from studio.training.starter.export import EXAMPLES, RECOMMENDED

_HEAD = """\
# Starter: picture-book world

A latent diffusion model for inpainting, trained from nothing by the Sfumato project on picture-book
scenes that the project draws itself. It is there so that the studio works the moment it is
installed, without a network and on any CPU. It knows this one small world and is no general
painter: for other work, add a model of your own.

The folder is an ordinary `StableDiffusionInpaintPipeline`. Paint from nothing by giving it a
mid-grey picture and a white mask at strength 1; text-to-image pipelines cannot run an inpainting
UNet.

## What to expect of this release
It was trained on a CPU for about four hours, a part of what it needs. In a mask it paints houses in
the asked colours of wall and roof, trees and other things, and takes up what is around it; their
shapes are simple and their edges soft, doors and windows blurred. Whole pictures follow the words
in time of day, style, ground and water; far mountains dissolve, and in one house out of four what
was asked for is a blot or missing. A mask that is to be emptied outside a meadow sometimes gets a
tree. The table below says what it reaches and what it is meant to.

## What it was shown
- Four times of day (day, dawn, sunset, night) with sun, moon, stars, clouds, rainbow, birds.
- Meadow, desert and snow, with hills or mountains; lake, river and sea; path, bridge and snowfall.
- Houses (ten wall colours, seven roof colours), castles, lighthouses, sailing boats, balloons.
- Pine, leafy, palm and autumn trees; flowers, a fence; a cat, a snowman, a tulip, a mushroom.
- Four styles: flat illustration, watercolour, pencil, neon.
- Asking for nothing: 'just grass', 'remove', 'empty', 'nothing', 'background'.
"""

_MAKING = """\
## How it was made
Scenes are sampled from seeds and drawn at 256 x 256 by `studio/training/starter/scenes`; captions
name only what a picture shows, and a mask gets the words of what it covers. The autoencoder
(f = 8, four channels) starts analytically; the text encoder learns to tell a scene's facts
from its caption, and stays so; then the UNet learns to name the clean latents, from pure noise on,
on whole pictures and on quarter crops, with masks around things more often than elsewhere, and the
cells at a mask's edge counting most. Beside that the decoder learns to see what is kept around a
mask (Zhu et al., Designing a Better Asymmetric VQGAN for StableDiffusion, 2023): latents that are
a little off in hue have to meet the kept pixels. Weights are means over the last steps.

Seeds: scene `i` of a split is drawn from the seed "train i" or "held-out i", step `n` of a stage
from `n`. `python -m studio.training.starter STAGE` repeats every stage: draw, vae, text, latents,
unet, decoder, probe, export, accept.

These weights went on from those of earlier releases, by the stage `begin`: the autoencoder from
8,000 samples, the UNet from 334,000 (the first 20,000 of them learnt as v-prediction, before it was
switched to naming the clean latents). The text encoder is that of the release before, of 129,000
captions. Since then:
"""

_LICENCE = """\
## Licence
The project's own, Apache-2.0, as the code: no picture and no word of anybody else's is in it.
"""


_STAGES = {
    "vae": "autoencoder",
    "decoder": "decoder",
    "text": "text encoder",
    "unet": "UNet",
}


def write_card(work: Path, folder: Path) -> None:
    """Write README.md into ``folder`` from the logs and the last acceptance in ``work``."""
    text = [_HEAD, "## Example prompts", *(f"- {example}" for example in EXAMPLES), ""]
    settings = f"{RECOMMENDED['steps']} steps of DPM++ 2M, guidance {RECOMMENDED['guidance']}"
    text += [f"Recommended: {settings}, 256 x 256.", "", _MAKING, *_trained(work), ""]
    text += ["## Acceptance, on held-out scenes", _table(work), _LICENCE]
    (folder / "README.md").write_text("\n".join(text), encoding="utf-8")


def _trained(work: Path) -> list[str]:
    """One line a stage: samples seen and minutes."""
    lines = []
    for stage, name in _STAGES.items():
        log = work / f"{stage}.jsonl"
        if log.exists():
            last = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
            minutes = last["seconds"] / 60
            lines.append(f"- {name}: {last['seen']} samples in {minutes:.0f} minutes")
    return lines


def _table(work: Path) -> str:
    file = work / "acceptance.md"
    return file.read_text(encoding="utf-8") if file.exists() else "Not measured yet.\n"
