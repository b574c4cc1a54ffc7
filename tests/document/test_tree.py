"""Groups in groups and several layers at a time, undone and redone, against plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from PIL import Image

from studio.core.geometry import Rect, Size
from studio.core.pixels import Pixels
from studio.document import edits
from studio.document.composite import flattened, over
from studio.document.document import Document
from studio.document.layer import Group, Layer

#: Around the corner where four tiles meet; arrays of the model begin here.
PLANE = Rect(-48, -48, 96, 96)
SEEDS = st.integers(0, 2**16)
INDEX = st.integers(0, 99)
SOME = st.sets(INDEX, min_size=1, max_size=3)
AREAS = st.builds(
    Rect, st.integers(-48, 30), st.integers(-48, 30), st.integers(1, 40), st.integers(1, 40)
).map(lambda area: area.intersected(PLANE))


@dataclass(frozen=True)
class Plain:
    """A layer as one array, with the groups around it by value."""

    pixels: Pixels
    opacity: float
    path: tuple[Group, ...]


#: Bottom to top by id, the picture's rectangle, and the frame.
State = tuple[dict[int, Plain], Rect, Rect]


def place(plane: Pixels, area: Rect) -> Pixels:
    at = area.moved(-PLANE.x, -PLANE.y)
    return plane[at.rows, at.columns]


def noise(area: Rect, seed: int) -> Pixels:
    shape = (area.height, area.width, 4)
    pixels = np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
    pixels[..., 3] = np.where(pixels[..., 3] < 90, 0, 255)
    return pixels


def mixed(layers: list[Plain], depth: int) -> Pixels:
    """What layers show together, those in deeper groups mixed among themselves first."""
    shown = np.zeros((PLANE.height, PLANE.width, 4), np.uint8)
    first = True
    while layers:
        head = layers[0].path[depth : depth + 1]
        path = ids(layers[0].path[: depth + 1])
        count = 1
        while head and count < len(layers) and ids(layers[count].path[: depth + 1]) == path:
            count += 1
        inner, layers = layers[:count], layers[count:]
        part = mixed(inner, depth + 1) if head else inner[0].pixels
        opacity = head[0].opacity if head else inner[0].opacity
        if head and not head[0].visible:
            continue
        if first and opacity == 1:
            shown[...] = part
        else:
            over(shown, part, opacity, head[0].blend if head else "normal")
        first = False
    return shown


def ids(path: tuple[Group, ...]) -> list[int]:
    return [group.id for group in path]


@settings(
    max_examples=200, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
class Tree(RuleBasedStateMachine):
    """Order and groups are read from the document after a gesture; pixels are the model's own.

    What is undone and redone has to bring back both, as they were.
    """

    @initialize(seed=SEEDS)
    def open(self, seed: int) -> None:
        bounds = Rect(-40, -40, 80, 80)
        self.document = Document()
        self.document.open_blank(bounds.size, None, "picture")
        self.document.reshape([], [], bounds, bounds)
        self.pixels: dict[int, Pixels] = {}
        for number in range(3):
            layer = Layer(f"layer {number}")
            layer.pixels.write(bounds, noise(bounds, seed + number))
            self.document.insert_layer(layer, number + 1)
        for layer in self.document.layers:
            self.pixels[layer.id] = layer.pixels.read(PLANE)
        self.past: list[State] = []
        self.future: list[State] = []

    def state(self) -> State:
        layers = {
            each.id: Plain(self.pixels[each.id], each.opacity, each.groups)
            for each in self.document.layers
        }
        return layers, self.document.bounds, self.document.frame

    def some(self, numbers: set[int]) -> list[Layer]:
        layers = self.document.layers
        return [layers[number] for number in sorted({each % len(layers) for each in numbers})]

    def push(self, command: Any, pixels: dict[int, Pixels] | None = None) -> None:
        before, count = self.state(), self.document.history.index()
        self.document.history.push(command)
        if self.document.history.index() > count:
            self.past.append(before)
            self.future.clear()
            self.pixels.update(pixels or {})

    def group_at(self, index: int) -> Group | None:
        found = {group.id: group for layer in self.document.layers for group in layer.groups}
        return list(found.values())[index % len(found)] if found else None

    @rule(numbers=SOME, opacity=st.sampled_from([1.0, 0.5]))
    def group(self, numbers: set[int], opacity: float) -> None:
        self.push(edits.GroupLayers(self.document, self.some(numbers), opacity=opacity))

    @rule(index=INDEX)
    def ungroup(self, index: int) -> None:
        if (group := self.group_at(index)) is not None:
            self.push(edits.Ungroup(self.document, group))

    @rule(index=INDEX, visible=st.booleans(), blend=st.sampled_from(["normal", "multiply"]))
    def change_group(self, index: int, visible: bool, blend: str) -> None:
        if (group := self.group_at(index)) is not None:
            self.push(edits.GroupProperties(self.document, group, visible=visible, blend=blend))

    @rule(numbers=SOME, at=INDEX)
    def arrange(self, numbers: set[int], at: int) -> None:
        moved = self.some(numbers)
        others = [each for each in self.document.layers if each not in moved]
        index = at % (len(others) + 1)
        below = others[index - 1].groups if index else ()
        above = others[index].groups if index < len(others) else ()
        path = edits.common(below, above)
        self.push(edits.ArrangeLayers(self.document, moved, index, (*path, *below[len(path) :])))

    @rule(numbers=SOME)
    def remove(self, numbers: set[int]) -> None:
        gone = self.some(numbers)
        if len(gone) < len(self.document.layers):
            self.push(edits.RemoveLayers(self.document, gone))

    @precondition(lambda self: len(self.document.layers) < 9)
    @rule(numbers=SOME)
    def duplicate(self, numbers: set[int]) -> None:
        originals = self.some(numbers)
        command = edits.DuplicateLayers(self.document, originals)
        copies = zip(command.copies, originals, strict=True)
        self.push(command, {copy.id: self.pixels[each.id] for copy, each in copies})

    @rule(numbers=SOME)
    def merge(self, numbers: set[int]) -> None:
        chosen = self.some(numbers)
        if len(chosen) > 1 and all(each.shown for each in chosen):
            command = edits.MergeLayers(self.document, chosen)
            self.push(command)
            one = self.document.active
            assert one is not None
            self.pixels[one.id] = one.pixels.read(PLANE)

    @rule(numbers=SOME, dx=st.integers(-5, 5), dy=st.integers(-5, 5))
    def move(self, numbers: set[int], dx: int, dy: int) -> None:
        chosen = [each for each in self.some(numbers) if each.pixels.keys()]
        about = Rect(0, 0, 0, 0)
        for each in chosen:
            about = about.united(each.pixels.tight_bounds())
        if chosen and PLANE.contains(about.moved(dx, dy)):
            after = {}
            for each in chosen:
                after[each.id] = np.roll(self.pixels[each.id], (dy, dx), (0, 1))
            command = edits.TransformLayers(self.document, chosen, to=about.moved(dx, dy))
            self.push(command, after)

    @rule(area=AREAS, seed=SEEDS, index=INDEX)
    def paint(self, area: Rect, seed: int, index: int) -> None:
        layer = self.document.layers[index % len(self.document.layers)]
        after = self.pixels[layer.id].copy()
        place(after, area)[...] = noise(area, seed)
        before = layer.pixels.read(area)
        self.push(
            edits.LayerStroke(self.document, layer, area, before, noise(area, seed)),
            {layer.id: after},
        )

    @rule(area=AREAS)
    def crop(self, area: Rect) -> None:
        if not area.intersected(self.document.bounds).empty:
            self.push(edits.Crop(self.document, area.intersected(self.document.bounds)))

    @rule(width=st.integers(1, 40), height=st.integers(1, 40))
    def resize_canvas(self, width: int, height: int) -> None:
        self.push(edits.ResizeCanvas(self.document, Size(width, height), (0.0, 0.0)))

    @rule()
    def halve(self) -> None:
        old = self.document.bounds
        if old.width % 2 or old.height % 2 or not PLANE.contains(old):
            return
        new = Rect(old.x, old.y, old.width // 2, old.height // 2)
        after = {}
        for layer in self.document.layers:
            plane = np.zeros_like(self.pixels[layer.id])
            part = Image.fromarray(np.ascontiguousarray(place(self.pixels[layer.id], old)))
            small = part.resize((new.width, new.height), Image.Resampling.NEAREST)
            place(plane, new)[...] = np.asarray(small)
            after[layer.id] = plane
        self.push(edits.ResizeImage(self.document, new.size, "nearest"), after)

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        self.future.append(self.state())
        self.document.history.undo()
        self.back_to(self.past.pop())

    @precondition(lambda self: self.future)
    @rule()
    def redo(self) -> None:
        self.past.append(self.state())
        self.document.history.redo()
        self.back_to(self.future.pop())

    def back_to(self, wanted: State) -> None:
        layers, bounds, frame = wanted
        self.pixels.update({key: each.pixels for key, each in layers.items()})
        assert [each.id for each in self.document.layers] == list(layers)
        for each in self.document.layers:
            assert (each.opacity, each.groups) == (layers[each.id].opacity, layers[each.id].path)
        assert (self.document.bounds, self.document.frame) == (bounds, frame)

    @invariant()
    def looks_the_same(self) -> None:
        for layer in self.document.layers:
            assert np.array_equal(layer.pixels.read(PLANE), self.pixels[layer.id])
        layers, bounds, _ = self.state()
        inside = np.zeros((PLANE.height, PLANE.width, 4), np.uint8)
        seen = bounds.intersected(PLANE)
        if not seen.empty:
            place(inside, seen)[...] = place(mixed(list(layers.values()), 0), seen)
        assert np.array_equal(self.document.composite(PLANE), inside)

    @invariant()
    def no_group_lies_at_two_places(self) -> None:
        closed: set[int] = set()
        before: tuple[Group, ...] = ()
        for layer in self.document.layers:
            held = set(ids(layer.groups))
            assert not held & closed
            closed |= set(ids(before)) - held
            before = layer.groups

    @invariant()
    def members_agree_on_their_group(self) -> None:
        values: dict[int, Group] = {}
        for group in (group for layer in self.document.layers for group in layer.groups):
            assert values.setdefault(group.id, group) == group

    @invariant()
    def flattened_it_looks_the_same(self) -> None:
        flat = flattened(self.document.layers).read(self.document.bounds)
        assert np.array_equal(flat, self.document.composite(self.document.bounds))


TestTree = Tree.TestCase
