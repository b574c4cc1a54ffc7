"""The whole vocabulary of the pipe between the GUI process and the engine process."""

from __future__ import annotations

from dataclasses import dataclass

from studio.core.checkpoint import Checkpoint
from studio.core.geometry import Rect
from studio.core.memory import Memory
from studio.core.pixels import Pixels
from studio.core.point import Point
from studio.core.request import Request

#: Raised when a message changes; both sides refuse another version.
PROTOCOL = 3


@dataclass(frozen=True, slots=True)
class Warm:
    """Load this model ahead of the first job; answered by a Loaded or a Failed of job 0."""

    model: Checkpoint


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """Run this request; jobs run one after another in the order of their arrival.

    Attributes:
        point: Where an earlier run of it had come to, to go on from there; None: from the start.
    """

    job: int
    request: Request
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Drop that job, waiting or running; answered by Cancelled."""

    job: int


@dataclass(frozen=True, slots=True)
class Keep:
    """End that running job after this step and hand over what is there: a partial Candidate."""

    job: int


@dataclass(frozen=True, slots=True)
class Freeze:
    """End that running job after this step and give its memory back; answered by Frozen.

    Of job 0 it is for an engine that has nothing to do: its models leave the memory.
    """

    job: int


@dataclass(frozen=True, slots=True)
class Attend:
    """You are the engine now, no longer a spare: let it be heard that you are alive (`Beat`)."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The process is up and listens."""

    protocol: int
    device: str


@dataclass(frozen=True, slots=True)
class Beat:
    """The process is alive; sent by a thread of its own, whatever the others do.

    Attributes:
        job: The job it is at; 0: none.
        phase: What it is at, a key of `jobs.vigil.PHASES`.
        seconds: How long a step takes, as measured so far; 0: not known yet.
        progress: Grows whenever something was done. A process that beats without growing is stuck.
        accelerated: Whether it has opened a graphics device, which a sleep of the machine spoils.
    """

    job: int
    phase: str
    seconds: float
    progress: int
    accelerated: bool


@dataclass(frozen=True, slots=True)
class Accepted:
    """That job is taken up. Until then it is as if it had never been sent."""

    job: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model of that job (0: of a Warm) is in memory; what it can honour.

    Attributes:
        device: For an artist: 'CPU', 'NVIDIA GeForce ...'.
        samplers: Keys of the samplers that it can run.
        negative: Whether a negative prompt has an effect.
        native: Edge in px of the square area it works best at.
        schedules: Of each of these samplers the members of `samplers.SCHEDULES` that it can have.
        betas: The members of `samplers.BETAS` that it can be run with.
        guiders: Keys of `guiders.GUIDERS` that it can be run with.
        guided: Whether a guidance scale has an effect.
        memory: The device, with that model in it.
        reuses: Members of `request.REUSES` that it can be run with.
    """

    job: int
    model: str
    device: str
    samplers: tuple[str, ...]
    negative: bool
    native: int
    schedules: tuple[tuple[str, ...], ...] = ()
    betas: tuple[str, ...] = ("default",)
    guiders: tuple[str, ...] = ("plain",)
    guided: bool = True
    memory: Memory | None = None
    reuses: tuple[str, ...] = ("none",)


@dataclass(frozen=True, slots=True)
class Eased:
    """Memory ran short in that job (0: of a Warm), which goes on in another way.

    Attributes:
        rung: A key of `engine.ladder.LADDER`.
        words: What was done about it, for an artist.
    """

    job: int
    rung: str
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Stepped:
    """One denoising step is done.

    Attributes:
        take: 0 to count - 1.
        step: 1 to total.
        preview: uint8 `[h, w, 3]` sRGB of the whole box, small, display only; None between
            previews.
        state: uint8 `[n]`, that of the `Point` from which the job can go on.
    """

    job: int
    take: int
    step: int
    total: int
    preview: Pixels | None
    state: Pixels | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """One finished take: the changed rectangle only.

    Attributes:
        seed: The seed it was made with.
        area: Where it belongs, document px.
        pixels: uint8 `[area.height, area.width, 4]`; alpha 0 wherever the mask is 0, the
            finished composite elsewhere, so that a layer of it over the picture is the result.
        partial: Whether the artist had it before its last step: the picture as it was foreseen.
    """

    job: int
    take: int
    seed: int
    area: Rect
    pixels: Pixels
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """All takes of that job are out.

    Attributes:
        seconds: From its begin on, loading included.
        memory: The device, with the most that the job used of it.
    """

    job: int
    seconds: float
    memory: Memory | None = None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """That job was dropped; nothing more of it will come."""

    job: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """That job rests, to go on from its last step; no model is in memory any more. Job 0: none."""

    job: int


@dataclass(frozen=True, slots=True)
class Failed:
    """That job cannot be done.

    `kind`, `message` and `hint` are those of errors.StudioError; `details` is for a log.
    """

    job: int
    kind: str
    message: str
    hint: str
    details: str = ""


Command = Attend | Warm | Start | Cancel | Keep | Freeze
Event = (
    Ready
    | Beat
    | Accepted
    | Loaded
    | Eased
    | Stepped
    | Candidate
    | Finished
    | Cancelled
    | Frozen
    | Failed
)
Message = Command | Event
