"""Any mixture of gestures, undone and redone, against plain arrays."""

from __future__ import annotations

import copy
from itertools import groupby
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from studio.core.geometry import Rect
from studio.core.pixels import Pixels, mask_bounds
from studio.document import edits, mask_ops
from studio.document.composite import over
from studio.document.document import Document
from studio.document.history import BUDGET
from studio.document.layer import Layer
from studio.document.resample import TURNS, turned_rect
from studio.document.tiles import TileGrid

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
        self.group = 0  # 0 for none; groups of this test do not nest


class PlainMask:
    """A mask as one array."""

    def __init__(self) -> None:
        self.pixels = np.zeros((PLANE.height, PLANE.width), np.uint8)
        self.visible, self.strength = True, 1.0


class PlainDocument:
    """The document as arrays, copied whole for each step of undo."""

    def __init__(self) -> None:
        self.layers: list[PlainLayer] = []
        self.masks = [PlainMask()]
        self.bounds = self.frame = Rect(0, 0, 0, 0)

    def composite(self) -> Pixels:
        parts: list[tuple[Pixels, float]] = []
        shown = [layer for layer in self.layers if layer.visible]
        for group, members in groupby(shown, lambda layer: layer.group):
            run = [(layer.pixels, layer.opacity) for layer in members]
            parts += [(flat(run), 0.5)] if group else run
        inside = np.zeros((PLANE.height, PLANE.width, 4), np.uint8)
        place(inside, self.bounds)[...] = place(flat(parts), self.bounds)
        return inside

    def effective_mask(self) -> Pixels:
        shown = [mask for mask in self.masks if mask.visible]
        # What is masked at all stays masked.
        scaled = [np.maximum(np.rint(one.pixels * one.strength), one.pixels > 0) for one in shown]
        nothing = np.zeros((PLANE.height, PLANE.width), np.uint8)
        strongest: Pixels = np.max([nothing, *scaled], axis=0).astype(np.uint8)
        return strongest

    def content(self) -> Rect:
        """The rectangle around everything, and the picture."""
        whole = self.bounds
        arrays = [layer.pixels.max(axis=2) for layer in self.layers]
        for array in (*arrays, *(mask.pixels for mask in self.masks)):
            found = mask_bounds(array)
            whole = whole.united(found.moved(PLANE.x, PLANE.y) if not found.empty else found)
        return whole.united(self.frame)


def flat(parts: list[tuple[Pixels, float]]) -> Pixels:
    shown = np.zeros((PLANE.height, PLANE.width, 4), np.uint8)
    for number, (pixels, opacity) in enumerate(parts):
        if number == 0 and opacity == 1:
            shown[...] = pixels
        else:
            over(shown, pixels, opacity)
    return shown


def turned(plane: Pixels, turn: str, content: Rect, bounds: Rect) -> Pixels:
    result = np.zeros_like(plane)
    ways = {"right": -1, "left": 1, "half": 2}
    part = place(plane, content)
    target = place(result, turned_rect(content, turn, bounds))
    if turn in ways:
        target[...] = np.rot90(part, ways[turn])
    else:
        target[...] = part[:, ::-1] if turn == "across" else part[::-1]
    return result


@settings(
    max_examples=200, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
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

    def active(self, plain: PlainDocument) -> PlainMask:
        return plain.masks[self.document.masks.all.index(self.document.masks.active)]

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
            before = self.document.masks.active.pixels.snapshot()
            self.document.masks.write(area, after)
            plain = self.push(edits.MaskStroke.since(self.document, before))
        else:
            plain = self.push(edits.MaskWrite(self.document, area, after))
        place(self.active(plain).pixels, area)[...] = density

    @rule()
    def invert_mask(self) -> None:
        plain = self.push(edits.MaskInvert(self.document))
        inside = place(self.active(plain).pixels, plain.bounds)
        inside[...] = 255 - inside

    @rule()
    def clear_mask(self) -> None:
        self.active(self.push(edits.MaskClear(self.document))).pixels[...] = 0

    @rule(radius=st.integers(1, 9), grow=st.booleans())
    def reshape_mask(self, radius: int, grow: bool) -> None:
        plain = self.push((edits.MaskGrow if grow else edits.MaskShrink)(self.document, radius))
        inside = place(self.active(plain).pixels, plain.bounds.united(plain.frame))
        inside[...] = (mask_ops.grow if grow else mask_ops.shrink)(inside, radius)

    @rule(area=AREAS, how=st.sampled_from(mask_ops.COMBINATIONS))
    def select(self, area: Rect, how: str) -> None:
        chosen = TileGrid(1)
        chosen.fill(area, (200,))
        plain = self.push(edits.MaskSelect(self.document, chosen, how))
        mask = self.active(plain)
        mask.pixels = mask_ops.combine(mask.pixels, chosen.read(PLANE), how)

    @rule()
    def add_mask(self) -> None:
        self.push(edits.AddMask(self.document)).masks.append(PlainMask())

    @precondition(lambda self: len(self.document.masks.all) > 1)
    @rule(index=INDEX)
    def remove_mask(self, index: int) -> None:
        index %= len(self.document.masks.all)
        self.push(edits.RemoveMask(self.document, self.document.masks.all[index])).masks.pop(index)

    @rule(index=INDEX)
    def choose_mask(self, index: int) -> None:
        self.document.masks.select(self.document.masks.all[index % len(self.document.masks.all)])

    @rule(visible=st.booleans(), strength=st.sampled_from([1.0, 0.5]))
    def mask_properties(self, visible: bool, strength: float) -> None:
        number = self.document.masks.all.index(self.document.masks.active)
        command = edits.MaskProperties(self.document, visible=visible, strength=strength)
        mask = self.push(command).masks[number]
        mask.visible, mask.strength = visible, strength

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
        for one, layer in zip(plain.layers, self.document.layers, strict=True):
            one.group = layer.groups[0].id if layer.groups else 0

    @precondition(lambda self: self.document.layers)
    @rule(index=INDEX)
    def duplicate(self, index: int) -> None:
        index %= len(self.document.layers)
        command = edits.DuplicateLayer(self.document, self.document.layers[index])
        plain = self.push(command)
        plain.layers.insert(index + 1, copy.deepcopy(plain.layers[index]))

    @precondition(lambda self: len(self.document.layers) > 1)
    @rule(index=INDEX)
    def merge_down(self, index: int) -> None:
        index = 1 + index % (len(self.document.layers) - 1)
        lower, upper = self.plain.layers[index - 1 : index + 1]
        if lower.visible and upper.visible and lower.opacity == 1 and lower.group == upper.group:
            layer = self.document.layers[index]
            plain = self.push(edits.MergeDown(self.document, layer))
            upper = plain.layers.pop(index)
            over(plain.layers[index - 1].pixels, upper.pixels, upper.opacity)

    @precondition(lambda self: self.document.layers)
    @rule(start=INDEX, length=st.integers(1, 3))
    def group(self, start: int, length: int) -> None:
        start %= len(self.document.layers)
        chosen = slice(start, start + length)
        around = self.plain.layers[max(0, start - 1) : start + length + 1]
        if not any(layer.group for layer in around):
            command = edits.GroupLayers(self.document, self.document.layers[chosen], opacity=0.5)
            for layer in self.push(command).layers[chosen]:
                layer.group = command.group.id

    @rule(turn=st.sampled_from(sorted(TURNS)))
    def turn_picture(self, turn: str) -> None:
        content, bounds = self.plain.content(), self.plain.bounds
        if not bounds.empty and PLANE.contains(turned_rect(content, turn, bounds)):
            plain = self.push(edits.TurnPicture(self.document, turn))
            for layer in plain.layers:
                layer.pixels = turned(layer.pixels, turn, content, bounds)
            for mask in plain.masks:
                mask.pixels = turned(mask.pixels, turn, content, bounds)
            plain.bounds = turned_rect(bounds, turn, bounds)
            plain.frame = turned_rect(plain.frame, turn, bounds)

    @rule(budget=st.integers(0, 400_000))
    def forget(self, budget: int) -> None:
        self.document.set_history_budget(budget)
        self.document.set_history_budget(BUDGET)
        kept = self.document.history.index()
        self.past = self.past[len(self.past) - kept :]

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
        for mask, plain in zip(self.document.masks.all, self.plain.masks, strict=True):
            assert np.array_equal(mask.read(PLANE), plain.pixels)
        assert np.array_equal(self.document.masks.effective(PLANE), self.plain.effective_mask())
        assert np.array_equal(self.document.composite(PLANE), self.plain.composite())

    @invariant()
    def counts_the_same_steps(self) -> None:
        assert self.document.history.index() == len(self.past)


TestHistory = History.TestCase
