"""Any mixture of gestures, undone and redone, against plain arrays."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document import edits
from studio.document.composite import over
from studio.document.document import Document
from studio.document.layer import Layer

#: All that is ever touched, crossing tile edges on all sides; arrays of the model begin here.
PLANE = Rect(-40, -40, 310, 310)

AREAS = st.builds(
    Rect, st.integers(-40, 260), st.integers(-40, 260), st.integers(1, 90), st.integers(1, 90)
).map(lambda area: area.intersected(PLANE))
SEEDS = st.integers(0, 2**16)
INDEX = st.integers(0, 99)


def noise(area: Rect, seed: int) -> Pixels:
    shape = (area.height, area.width, 4)
    pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    pixels[..., 3] = np.where(pixels[..., 3] < 60, 0, 255)
    return pixels


def place(plane: Pixels, area: Rect) -> Pixels:
    at = area.moved(-PLANE.x, -PLANE.y)
    return plane[at.rows, at.columns]


class PlainLayer:
    """A layer as one array."""

    def __init__(self, area: Rect, pixels: Pixels) -> None:
        self.pixels = np.zeros((PLANE.height, PLANE.width, 4), np.uint8)
        place(self.pixels, area)[...] = pixels
        self.visible, self.opacity = True, 1.0


class PlainDocument:
    """The document as arrays, copied whole for each step of undo."""

    def __init__(self) -> None:
        self.layers: list[PlainLayer] = []
        self.mask = np.zeros((PLANE.height, PLANE.width), np.uint8)
        self.bounds = self.frame = Rect(0, 0, 0, 0)

    def composite(self) -> Pixels:
        shown = np.zeros((PLANE.height, PLANE.width, 4), np.uint8)
        for number, layer in enumerate(one for one in self.layers if one.visible):
            if number == 0 and layer.opacity == 1:
                shown[...] = layer.pixels
            else:
                over(shown, layer.pixels, layer.opacity)
        inside = np.zeros_like(shown)
        place(inside, self.bounds)[...] = place(shown, self.bounds)
        return inside


@settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
class History(RuleBasedStateMachine):
    """Every rule does one gesture to both, every invariant compares them."""

    @initialize(seed=SEEDS)
    def open(self, seed: int) -> None:
        bounds = Rect(0, 0, 270, 200)
        self.document = Document.from_pixels(noise(bounds, seed), "photo")
        self.plain = PlainDocument()
        self.plain.layers.append(PlainLayer(bounds, noise(bounds, seed)))
        self.plain.bounds = self.plain.frame = bounds
        self.past: list[PlainDocument] = []
        self.future: list[PlainDocument] = []

    def push(self, command: Any) -> PlainDocument:
        """Push, and give the plain document to do the same to."""
        before, count = copy.deepcopy(self.plain), self.document.history.index()
        self.document.history.push(command)
        if self.document.history.index() > count:
            self.past.append(before)
            self.future.clear()
        return self.plain

    @precondition(lambda self: self.document.layers)
    @rule(area=AREAS, seed=SEEDS, index=INDEX, live=st.booleans())
    def stroke(self, area: Rect, seed: int, index: int, live: bool) -> None:
        index %= len(self.document.layers)
        layer = self.document.layers[index]
        if live:
            before = layer.pixels.snapshot()
            self.document.paint(layer, area, noise(area, seed))
            command = edits.LayerStroke.since(self.document, layer, before)
        else:
            old = layer.pixels.read(area)
            command = edits.LayerStroke(self.document, layer, area, old, noise(area, seed))
        plain = self.push(command)
        place(plain.layers[index].pixels, area)[...] = noise(area, seed)

    @rule(area=AREAS, density=st.integers(0, 255), live=st.booleans())
    def mask(self, area: Rect, density: int, live: bool) -> None:
        after = np.full((area.height, area.width), density, np.uint8)
        if live:
            before = self.document.mask.pixels.snapshot()
            self.document.write_mask(area, after)
            plain = self.push(edits.MaskStroke.since(self.document, before))
        else:
            plain = self.push(edits.MaskWrite(self.document, area, after))
        place(plain.mask, area)[...] = density

    @rule()
    def invert_mask(self) -> None:
        plain = self.push(edits.MaskInvert(self.document))
        inside = place(plain.mask, plain.bounds)
        inside[...] = 255 - inside

    @rule()
    def clear_mask(self) -> None:
        self.push(edits.MaskClear(self.document)).mask[...] = 0

    @rule(area=AREAS, seed=SEEDS)
    def take(self, area: Rect, seed: int) -> None:
        pixels = noise(area, seed)
        plain = self.push(edits.AddTake(self.document, pixels, area))
        plain.layers.append(PlainLayer(area, pixels))
        ys, xs = np.nonzero(pixels[..., 3])
        if len(ys):
            content = Rect.between(
                area.x + int(xs.min()),
                area.y + int(ys.min()),
                area.x + int(xs.max()) + 1,
                area.y + int(ys.max()) + 1,
            )
            plain.bounds = plain.bounds.united(content)

    @rule(area=AREAS, seed=SEEDS, index=INDEX)
    def add_layer(self, area: Rect, seed: int, index: int) -> None:
        index %= len(self.document.layers) + 1
        layer = Layer("paint")
        layer.pixels.write(area, noise(area, seed))
        plain = self.push(edits.AddLayer(self.document, layer, index))
        plain.layers.insert(index, PlainLayer(area, noise(area, seed)))

    @precondition(lambda self: self.document.layers)
    @rule(index=INDEX)
    def remove_layer(self, index: int) -> None:
        index %= len(self.document.layers)
        self.push(edits.RemoveLayer(self.document, self.document.layers[index])).layers.pop(index)

    @precondition(lambda self: self.document.layers)
    @rule(start=INDEX, end=INDEX)
    def move_layer(self, start: int, end: int) -> None:
        start, end = start % len(self.document.layers), end % len(self.document.layers)
        plain = self.push(edits.MoveLayer(self.document, self.document.layers[start], end))
        plain.layers.insert(end, plain.layers.pop(start))

    @precondition(lambda self: self.document.layers)
    @rule(index=INDEX, visible=st.booleans(), opacity=st.sampled_from([1.0, 0.6]))
    def properties(self, index: int, visible: bool, opacity: float) -> None:
        index %= len(self.document.layers)
        layer = self.document.layers[index]
        command = edits.LayerProperties(self.document, layer, visible=visible, opacity=opacity)
        plain = self.push(command)
        plain.layers[index].visible, plain.layers[index].opacity = visible, opacity

    @rule(bounds=AREAS)
    def set_bounds(self, bounds: Rect) -> None:
        follows = self.plain.frame == self.plain.bounds
        plain = self.push(edits.SetBounds(self.document, bounds))
        plain.bounds = bounds
        plain.frame = bounds if follows else plain.frame

    @rule(frame=AREAS, gesture=SEEDS)
    def move_frame(self, frame: Rect, gesture: int) -> None:
        # A number of its own for each, so that no two merge.
        self.push(edits.MoveFrame(self.document, frame, gesture=id(frame) + gesture)).frame = frame

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        self.document.history.undo()
        self.future.append(self.plain)
        self.plain = self.past.pop()

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        self.document.history.redo()
        self.past.append(self.plain)
        self.plain = self.future.pop()

    @invariant()
    def looks_the_same(self) -> None:
        assert self.document.bounds == self.plain.bounds
        assert self.document.frame == self.plain.frame
        assert np.array_equal(self.document.mask.read(PLANE), self.plain.mask)
        assert np.array_equal(self.document.composite(PLANE), self.plain.composite())

    @invariant()
    def counts_the_same_steps(self) -> None:
        assert self.document.history.index() == len(self.past)


TestHistory = History.TestCase
