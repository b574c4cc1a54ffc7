"""Runner: one request to its takes, step by step."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from studio.core.checkpoint import Checkpoint
from studio.core.errors import UsageError
from studio.core.geometry import Rect, Size
from studio.core.messages import Candidate, Eased, Event, Finished, Loaded, Stepped
from studio.core.pixels import Pixels, mask_bounds, resize, size_of
from studio.core.point import Point
from studio.core.request import Request, seed_of
from studio.engine import density, devices
from studio.engine.failures import out_of_memory
from studio.engine.family import Done, Enough, Family, Scene, Stopped
from studio.engine.ladder import Rung
from studio.engine.models import Models
from studio.inpaint import blend, fill

Report = Callable[[Event], None]

#: Least time between two previews, seconds; the first and the last step always have one.
PACE = 0.1
_REHEARSAL = Size(64, 64)


class Runner:
    """Loads models and runs requests; keeps models warm while they fit."""

    def __init__(self, configs: Path) -> None:
        """Find the device.

        Args:
            configs: Folder of the configurations that single-file checkpoints lack.
        """
        self._device = devices.choose()
        self._models = Models(configs, self._device)

    def warm(self, model: Checkpoint, report: Report, job: int = 0) -> Family:
        """Have that model in memory, and say what it can do.

        Raises:
            ModelError: It cannot be loaded.
            MemoryShortage: It does not fit.
        """
        family = self._models.get(model, _told(report, job))
        report(
            Loaded(
                job,
                model.key,
                self._device.title,
                tuple(family.samplers),
                family.negative,
                model.native,
                tuple(family.samplers.values()),
                family.betas,
                family.guiders,
                family.guided,
                self._models.reading(family),
                family.reuses,
            )
        )
        return family

    def release(self) -> None:
        """Give the memory of all models back to the system."""
        self._models.release()

    def rehearse(self, model: Checkpoint) -> None:
        """Take one small step with that model, so that the first real one is not the slowest.

        The first pass allocates, compiles kernels and reads the weights from disk.
        """
        request = Request(model, "", Rect.of(_REHEARSAL), _REHEARSAL, steps=1, guidance=2.0)
        self.warm(model, lambda _: None).generate(request, None, 0, lambda _: None)

    def run(
        self,
        request: Request,
        report: Report,
        stopped: Callable[[], bool] = lambda: False,
        job: int = 1,
        point: Point | None = None,
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        """Make all takes of a request: Loaded, then Stepped and a Candidate for each, Finished.

        Args:
            request: What to make.
            report: Is handed every event.
            stopped: Asked after each step whether to give up.
            job: Number that the events carry.
            point: Where an earlier run of this request had come to; None: nowhere.
            enough: Asked after each step whether to hand over the picture as it is foreseen.

        Raises:
            Stopped: `stopped` said so.
            StudioError: The request cannot be done.
        """
        began = time.monotonic()
        request = request.checked()
        family = self.warm(request.model, report, job)
        told = _told(report, job)
        self._models.prepare(request.model.path, family, request.working, told)
        self._models.gauge.begin()
        may_change = None
        if request.picture is not None:
            may_change = blend.effective_mask(request.picture, request.mask)
            if not may_change.any():
                raise UsageError("Nothing is masked, so nothing would change.", "Paint a mask.")
        for take in range(0 if point is None else point.take, request.count):
            _give_up(stopped)
            steps = _Steps(job, take, report, stopped, enough)
            scene = _scene(request, may_change, seed_of(request.seed, take))
            generated = self._generate(family, request, scene, steps, point)
            point = None  # the takes after it begin at their beginning
            _give_up(stopped)
            generated = resize(generated, request.box.size)
            report(_candidate(job, take, request, may_change, generated, steps.cut))
            if steps.cut:
                break
        report(Finished(job, time.monotonic() - began, self._models.reading(family)))

    def _generate(
        self,
        family: Family,
        request: Request,
        scene: Scene | None,
        steps: _Steps,
        point: Point | None,
    ) -> Pixels:
        """One take; when memory runs short, in the next best way, from its last step on."""
        tried, seed = set[str](), seed_of(request.seed, steps.take)
        while True:
            try:
                return family.generate(request, scene, seed, steps, point)
            except (MemoryError, RuntimeError) as error:
                if not out_of_memory(error):
                    raise
            # Out here, as the error held everything that was in use when it was raised.
            point = steps.point or point
            rung = self._models.ease(request.model.path, family, tried)
            steps.report(Eased(steps.job, rung.key, rung.words))


class _Steps:
    """Reports the steps of one take, with a preview when one is due.

    Attributes:
        cut: Whether the artist had enough before the last step.
        point: Where the take can go on from; None before its first step.
    """

    def __init__(
        self,
        job: int,
        take: int,
        report: Report,
        stopped: Callable[[], bool],
        enough: Callable[[], bool],
    ) -> None:
        self.job, self.take = job, take
        self.report, self._stopped, self._enough = report, stopped, enough
        self._last = -PACE
        self.cut = False
        self.point: Point | None = None

    def __call__(self, done: Done) -> None:
        _give_up(self._stopped)
        now = time.monotonic()
        due = done.step in (1, done.total) or now - self._last >= PACE
        if due:
            self._last = now
        shown, state = done.preview() if due else None, done.state()
        self.point = Point(self.take, done.step, done.total, state)
        self.report(Stepped(self.job, self.take, done.step, done.total, shown, state))
        if done.step < done.total and self._enough():
            self.cut = True
            raise Enough


def _told(report: Report, job: int) -> Callable[[Rung], None]:
    return lambda rung: report(Eased(job, rung.key, rung.words))


def _give_up(stopped: Callable[[], bool]) -> None:
    if stopped():
        raise Stopped


def _scene(request: Request, may_change: Pixels | None, seed: int) -> Scene | None:
    """What the model starts from; None for text to image."""
    if request.picture is None or may_change is None:
        return None
    picture = resize(request.picture, request.working)
    mask = covered(_strengths(request.picture, may_change), request.working)
    outpaint = bool((request.picture[..., 3][may_change > 0] < fill.OPAQUE).any())
    how = request.fill
    if how == "auto":
        how = fill.choose(request.strength, outpaint, request.model.inpainting)
    if density.soft(mask):
        # What is masked in part starts from what is there, so only the rest is filled.
        return Scene(fill.filled(picture, np.where(mask < 255, np.uint8(0), mask), how, seed), mask)
    return Scene(fill.filled(picture, mask, how, seed), mask)


def _strengths(picture: Pixels, mask: Pixels) -> Pixels:
    """The densities that a model is given: in full where there is nothing to keep a part of."""
    return np.where((mask > 0) & (picture[..., 3] < fill.OPAQUE), np.uint8(255), mask)


def covered(mask: Pixels, size: Size) -> Pixels:
    """A mask at another size in which no masked pixel is lost, however thin.

    Args:
        mask: uint8 `[h, w]`.
        size: Wanted size.

    Returns:
        uint8 `[size.height, size.width]`: the greatest value within each pixel's area.
    """
    had = size_of(mask)
    for axis, (old, new) in enumerate(((had.height, size.height), (had.width, size.width))):
        starts = np.arange(new) * old // new
        mask = np.maximum.reduceat(mask, starts, axis) if new < old else mask.take(starts, axis)
    return mask


def _candidate(
    job: int,
    take: int,
    request: Request,
    may_change: Pixels | None,
    generated: Pixels,
    partial: bool,
) -> Candidate:
    """The finished take, cut down to what changed."""
    bounds = Rect.of(request.box.size)
    if request.picture is None or may_change is None:
        opaque = np.full((*generated.shape[:2], 1), 255, np.uint8)
        layer = np.concatenate([generated, opaque], axis=2)
    else:
        layer = blend.finished(request.picture, generated, may_change, graded=False)
        bounds = mask_bounds(may_change)
    area = bounds.moved(request.box.x, request.box.y)
    pixels = np.ascontiguousarray(layer[bounds.rows, bounds.columns])
    return Candidate(job, take, seed_of(request.seed, take), area, pixels, partial)
