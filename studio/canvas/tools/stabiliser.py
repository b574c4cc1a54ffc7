"""Stabiliser: makes a trembling hand's way smooth, and a fast hand's corners round."""

from __future__ import annotations

import math

from studio.document.brush import Point

#: Share of its way that the strongest smoothing lets a point go towards the hand.
LEAST_WAY = 0.08
#: Longest straight part of a curve, document px.
CHORD = 4.0
#: Parts of one curve at most: at a far zoom a hand covers much of the picture at once.
MOST = 24


class Stabiliser:
    """A weighted average of where the hand was, joined by a curve through the averages.

    Without smoothing points pass as they are. With it the paint is one event behind the hand and
    reaches it at the end.

    Source: Catmull and Rom 1974, A class of local interpolating splines (uniform, tension 0.5).
    """

    def __init__(self, smoothing: float) -> None:
        """A stabiliser of one stroke.

        Args:
            smoothing: 0 (none) to 1.
        """
        self._smoothing = min(max(smoothing, 0.0), 1.0)
        self._ends: list[Point] = []
        self._hand: Point | None = None

    def to(self, hand: Point) -> list[Point]:
        """Where to paint next, now that the hand is there."""
        if self._smoothing <= 0.0:
            return [hand]
        self._hand = hand
        if not self._ends:
            self._ends = [hand, hand]
            return [hand]
        share = 1.0 - self._smoothing * (1.0 - LEAST_WAY)
        return self._on(_between(self._ends[-1], hand, share))

    def end(self) -> list[Point]:
        """What is missing up to where the hand was lifted."""
        hand, self._hand = self._hand, None
        if hand is None:
            return []
        return self._on(hand) + self._on(hand)

    def _on(self, point: Point) -> list[Point]:
        """The curve up to the last but one point, now that the one after it is known."""
        self._ends = [*self._ends[-3:], point]
        return curve(*self._ends) if len(self._ends) == 4 else []


def curve(before: Point, start: Point, end: Point, after: Point) -> list[Point]:
    """Points on the way from `start` (without it) to `end`, bent by their neighbours."""
    length = math.hypot(end.x - start.x, end.y - start.y)
    parts = min(MOST, max(1, math.ceil(length / CHORD)))
    return [_on_spline(before, start, end, after, (i + 1) / parts) for i in range(parts)]


def _on_spline(before: Point, start: Point, end: Point, after: Point, t: float) -> Point:
    weights = (
        ((2 - t) * t - 1) * t / 2,
        ((3 * t - 5) * t * t + 2) / 2,
        ((4 - 3 * t) * t + 1) * t / 2,
        (t - 1) * t * t / 2,
    )
    points = (before, start, end, after)
    x = sum(w * p.x for w, p in zip(weights, points, strict=True))
    y = sum(w * p.y for w, p in zip(weights, points, strict=True))
    return Point(x, y, start.pressure + (end.pressure - start.pressure) * t)


def _between(start: Point, end: Point, share: float) -> Point:
    return Point(
        start.x + (end.x - start.x) * share,
        start.y + (end.y - start.y) * share,
        start.pressure + (end.pressure - start.pressure) * share,
    )
