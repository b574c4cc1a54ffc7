"""What a family of models must offer to the runner."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from studio.core.pixels import Pixels
from studio.core.point import Point
from studio.core.request import Request


class Stopped(Exception):
    """The artist has cancelled; raised through whatever is running, which frees what it holds."""


class Enough(Exception):
    """The artist takes the picture as it is foreseen now; raised by `OnStep`."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What a model starts from, at the working size.

    Attributes:
        picture: uint8 `[h, w, 3]` sRGB with a fill under the mask.
        mask: uint8 `[h, w]`: what is above 0 may change, and by so much: density is strength.
    """

    picture: Pixels
    mask: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """One denoising step is done.

    Attributes:
        step: 1 to total.
        total: Steps of this run.
        preview: Makes a preview: uint8 `[h, w, 3]` sRGB of the whole working area.
        state: Makes that of the `core.point.Point` from which the run can go on.
    """

    step: int
    total: int
    preview: Callable[[], Pixels]
    state: Callable[[], Pixels]


#: Called after each denoising step; may raise Stopped or Enough.
OnStep = Callable[[Done], None]


class Family(Protocol):
    """A loaded model.

    Attributes:
        samplers: Keys of the samplers that it can run, each with its schedules.
        betas: Members of `core.samplers.BETAS` that it can be run with.
        guiders: Keys of `core.guiders.GUIDERS` that it can be run with.
        reuses: Members of `core.request.REUSES` that it can be run with.
        negative: Whether a negative prompt has an effect.
        guided: Whether a guidance scale has an effect.
        pipeline: That of diffusers, for what is done to all kinds alike.
        bytes: What its weights take.
        channels: Of its decoder's last stage; see `core.memory.working`.
    """

    samplers: Mapping[str, tuple[str, ...]]
    betas: tuple[str, ...]
    guiders: tuple[str, ...]
    reuses: tuple[str, ...]
    negative: bool
    guided: bool
    pipeline: Any
    bytes: int
    channels: int

    def forget(self) -> bool:
        """Let go of what was kept for later runs; whether there was anything."""
        ...

    def generate(
        self,
        request: Request,
        scene: Scene | None,
        seed: int,
        on_step: OnStep,
        point: Point | None = None,
    ) -> Pixels:
        """Make one picture.

        Args:
            request: What to make; its pixels are not read.
            scene: What to start from, or None: text to image.
            seed: Of all noise.
            on_step: Told of each step.
            point: Where an earlier run of the same request and seed had come to; None: nowhere.

        Returns:
            uint8 `[h, w, 3]` sRGB of the working size.

        Raises:
            Stopped: `on_step` raised it.
            StudioError: The request cannot be run by this model, or the result is unusable.
        """
        ...
