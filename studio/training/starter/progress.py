"""What a training run tells on the way: a line, a log, a loss curve, a contact sheet."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from torch import Tensor

from studio.training.starter import peers
from studio.training.starter.run import Run

_LINE_SECONDS = 15.0
_SAVE_SECONDS = 285.0


def train(
    run: Run,
    minutes: float,
    step: Callable[[int], tuple[Tensor, int]],
    on_save: Callable[[], None],
) -> None:
    """Train for ``minutes``, telling and saving on the way and at the end.

    Args:
        run: what is trained.
        minutes: length of this slice.
        step: takes the step's number, returns its loss and how many samples it saw.
        on_save: called after each checkpoint, with the averaged weights in place.
    """
    # The run's own clock, which processes that train together agree upon.
    end = run.seconds + 60 * minutes
    told = saved = run.seconds
    losses: list[float] = []
    first = run.seen
    while run.seconds < end:
        loss, samples = step(run.step)
        run.learn(loss, samples)
        losses.append(float(loss.detach()))
        now = run.seconds
        if now - told > _LINE_SECONDS:
            pace = (run.seen - first) / (now - told)
            _tell(run, float(np.mean(losses)), pace, end - now)
            told, first, losses = now, run.seen, []
        if now - saved > _SAVE_SECONDS:
            _save(run, on_save)
            saved = now
    _save(run, on_save)


def contact_sheet(pictures: Sequence[NDArray[np.uint8]], columns: int, file: Path) -> None:
    """Write equal pictures (uint8 [h, w, 3]) side by side, ``columns`` to a row."""
    height, width = pictures[0].shape[:2]
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (width + 2), rows * (height + 2)), "white")
    for index, picture in enumerate(pictures):
        row, column = divmod(index, columns)
        sheet.paste(Image.fromarray(picture), (column * (width + 2), row * (height + 2)))
    sheet.save(file)


def loss_curve(log: Path, file: Path) -> None:
    """Draw the losses of a log (one JSON object a line) against the samples seen."""
    records = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    if len(records) < 2:
        return
    seen = np.array([record["seen"] for record in records], float)
    losses = np.array([record["loss"] for record in records], float)
    image = Image.new("RGB", (640, 320), "white")
    draw = ImageDraw.Draw(image)
    low, high = losses.min(), max(losses.max(), losses.min() + 1e-6)
    xs = 40 + 580 * (seen - seen[0]) / max(1.0, seen[-1] - seen[0])
    ys = 290 - 270 * (losses - low) / (high - low)
    draw.line(list(zip(xs.tolist(), ys.tolist(), strict=True)), fill="black", width=2)
    draw.text((4, 4), f"{high:.4f}", fill="black")
    draw.text((4, 290), f"{low:.4f}", fill="black")
    draw.text((520, 300), f"{int(seen[-1])} samples", fill="black")
    image.save(file)


def _tell(run: Run, loss: float, pace: float, left: float) -> None:
    if peers.rank():
        return
    record = {
        "step": run.step,
        "seen": run.seen,
        "seconds": round(run.seconds),
        "loss": round(loss, 4),
        "per_second": round(pace, 1),
        "seconds_left": round(left),
    }
    line = json.dumps(record)
    print(line, flush=True)
    log = run.file.with_suffix(".jsonl")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    loss_curve(log, run.file.with_suffix(".curve.png"))


def _save(run: Run, on_save: Callable[[], None]) -> None:
    if peers.rank():
        return
    run.save()
    with run.averaged():
        on_save()
