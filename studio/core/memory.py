"""Memory: what a device has, what a model takes of it, and what a picture needs at the least."""

from __future__ import annotations

from dataclasses import dataclass

#: Bytes that decoding one pixel needs for each channel of the decoder's last stage, in float32:
#: about a dozen layers' worth at the full size, some of them twice as wide, and the convolutions'
#: own room.
_DECODING = 64
#: The same, beyond doubt: what goes into the widest of these layers and what comes out of it.
_LEAST = 16
#: Bytes for a pixel of the denoiser's own work, for each channel of its first stage: it sees an
#: eighth of each edge, twice for the two answers of guidance.
_DENOISING = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """A device at one moment.

    Attributes:
        kind: 'cpu', 'cuda' or 'mps'.
        total: All of it, bytes; 0: not known.
        free: What nobody uses, bytes.
        weights: What the model of the moment takes, bytes.
        resting: What this process used before the run, bytes.
        peak: The most that it used in the run, bytes; 0: not known.
        precision: Bytes of a number of the denoiser.
    """

    kind: str
    total: int
    free: int
    weights: int
    resting: int = 0
    peak: int = 0
    precision: int = 4


@dataclass(frozen=True, slots=True)
class Weights:
    """The sizes of a model, as its files tell them.

    Attributes:
        narrow: Numbers that come in the device's precision: the denoiser's, and a T5's.
        wide: Numbers that come in float32.
        channels: Of the decoder's last stage.
    """

    narrow: int
    wide: int
    channels: int

    def bytes(self, precision: int) -> int:
        """What they take when a number of the denoiser has so many bytes."""
        return self.narrow * precision + self.wide * 4


def working(channels: int, area: int) -> int:
    """About so many bytes are needed beside the weights to make a picture.

    Args:
        channels: Of the decoder's last stage; 128 for all known models.
        area: Working pixels.
    """
    return _DECODING * channels * area + denoising(channels, area)


def denoising(channels: int, area: int) -> int:
    """About so many of them are the denoiser's own; the rest can be had in tiles."""
    return _DENOISING * channels * area


def least(channels: int, area: int) -> int:
    """So many bytes are certainly needed to decode a picture in one piece; see `working`."""
    return _LEAST * channels * area
