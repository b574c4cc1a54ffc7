from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QUndoCommand

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.core.pixels import Pixels
from studio.document import brush, edits
from studio.document.composite import flatten, over
from studio.document.document import Document
from studio.document.edits.groups import groups_at
from studio.document.layer import Group, Layer
from tests.document.conftest import Noise


def plain(name: str, *groups: Group, colour: int = 200, alpha: int = 255) -> Layer:
    layer = Layer(name, groups=groups)
    layer.pixels.fill(Rect(0, 0, 40, 40), (colour, colour, colour, alpha))
    return layer


@pytest.fixture
def stacked(document: Document, noise: Noise) -> Document:
    """The photo, and 'a', 'b', 'c' of translucent noise over it, 'c' active."""
    for index, name in enumerate("abc", 1):
        layer = Layer(name, opacity=0.8)
        area = Rect(40 * index, 20 * index, 120, 90)
        layer.pixels.write(area, noise(120, 90, index, opaque=False))
        document.insert_layer(layer, index)
    document.set_active(document.layers[3])
    return document


def names(document: Document) -> str:
    """'photo a (b c)' when b and c are in a group."""
    parts: list[str] = []
    open_groups: tuple[int, ...] = ()
    for layer in document.layers:
        path = tuple(group.id for group in layer.groups)
        shared = sum(left == right for left, right in zip(open_groups, path, strict=False))
        parts += [")"] * (len(open_groups) - shared) + ["("] * (len(path) - shared) + [layer.name]
        open_groups = path
    return " ".join(parts + [")"] * len(open_groups)).replace("( ", "(").replace(" )", ")")


def by_name(document: Document, name: str) -> Layer:
    return next(layer for layer in document.layers if layer.name == name)


COMMANDS: dict[str, Callable[[Document], QUndoCommand]] = {
    "new layer": edits.AddPaintLayer,
    "duplicate": lambda document: edits.DuplicateLayer(document, by_name(document, "a")),
    "merge down": lambda document: edits.MergeDown(document, by_name(document, "b")),
    "flatten": edits.FlattenLayers,
    "clear": lambda document: edits.ClearLayer(document, by_name(document, "b")),
    "group": lambda document: edits.GroupLayers(
        document, [by_name(document, "a"), by_name(document, "c")]
    ),
    "alpha lock": lambda document: edits.LayerProperties(
        document, by_name(document, "b"), alpha_locked=True
    ),
}


def state(document: Document) -> tuple[object, ...]:
    return (
        document.active,
        [
            (each.id, each.name, each.groups, each.opacity, each.alpha_locked)
            for each in document.layers
        ],
        [each.pixels.read(document.bounds).tobytes() for each in document.layers],
        document.composite(document.bounds).tobytes(),
    )


@pytest.mark.parametrize("make", COMMANDS.values(), ids=list(COMMANDS))
def test_each_is_one_step_and_comes_back(
    stacked: Document, make: Callable[[Document], QUndoCommand]
) -> None:
    before = state(stacked)
    stacked.history.push(make(stacked))
    after = state(stacked)
    assert after != before
    assert stacked.history.undoText()
    stacked.history.undo()
    assert state(stacked) == before
    stacked.history.redo()
    assert state(stacked) == after


def test_a_new_layer_lies_above_the_active_one(stacked: Document) -> None:
    stacked.set_active(by_name(stacked, "a"))
    stacked.history.push(edits.AddPaintLayer(stacked))
    assert names(stacked) == "photo a layer 1 b c"
    assert stacked.active is by_name(stacked, "layer 1")
    assert stacked.active.pixels.nbytes == 0


def test_a_copy_shares_its_pixels(stacked: Document) -> None:
    stacked.history.push(edits.DuplicateLayer(stacked, by_name(stacked, "b")))
    assert names(stacked) == "photo a b b copy c"
    one, two = by_name(stacked, "b"), by_name(stacked, "b copy")
    assert one.id != two.id
    assert two.opacity == 0.8
    assert one.pixels.shares((0, 0), two.pixels)


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_merging_down_looks_the_same(stacked: Document, name: str) -> None:
    before = stacked.composite(stacked.bounds).astype(int)
    stacked.history.push(edits.MergeDown(stacked, by_name(stacked, name)))
    after = stacked.composite(stacked.bounds).astype(int)
    assert len(stacked.layers) == 3
    assert np.abs(after - before).max() <= 3


def test_merging_into_the_photo_keeps_only_touched_tiles(stacked: Document) -> None:
    photo = stacked.layers[0]
    command = edits.MergeDown(stacked, by_name(stacked, "a"))
    stacked.history.push(command)
    merged = stacked.layers[0]
    # 'a' spans x from 40 to 160: the photo's second tile is not touched.
    assert merged.pixels.shares((1, 0), photo.pixels)
    assert not merged.pixels.shares((0, 0), photo.pixels)
    assert command.nbytes == 2 * 256 * 256 * 4


def refuse_lowest(document: Document) -> Layer:
    return document.layers[0]


def refuse_hidden(document: Document) -> Layer:
    document.set_layer(document.layers[1], visible=False)
    return document.layers[2]


def refuse_other_group(document: Document) -> Layer:
    document.set_layer(document.layers[2], groups=(Group("g"),))
    return document.layers[2]


@pytest.mark.parametrize("prepare", [refuse_lowest, refuse_hidden, refuse_other_group])
def test_what_cannot_be_merged_is_said(
    stacked: Document, prepare: Callable[[Document], Layer]
) -> None:
    layer = prepare(stacked)
    with pytest.raises(UsageError) as told:
        edits.MergeDown(stacked, layer)
    assert told.value.hint


def test_flattening_looks_the_same_bit_for_bit(stacked: Document) -> None:
    stacked.history.push(edits.GroupLayers(stacked, stacked.layers[2:]))
    before = stacked.composite(stacked.bounds)
    stacked.history.push(edits.FlattenLayers(stacked))
    assert len(stacked.layers) == 1
    assert np.array_equal(stacked.composite(stacked.bounds), before)


def test_flattening_nothing_visible_is_refused(document: Document) -> None:
    document.set_layer(document.layers[0], visible=False)
    with pytest.raises(UsageError, match="No layer is visible"):
        edits.FlattenLayers(document)


def test_flattening_one_plain_layer_leaves_no_step(document: Document) -> None:
    document.history.push(edits.FlattenLayers(document))
    assert document.history.count() == 0


def test_kinds_tell_where_layers_come_from(document: Document) -> None:
    take = np.full((4, 4, 4), 9, np.uint8)
    document.history.push(edits.AddTake(document, take, Rect(0, 0, 4, 4)))
    document.history.push(edits.AddPaintLayer(document))
    assert [layer.kind for layer in document.layers] == ["image", "result", "paint"]


def test_with_the_alpha_locked_only_colours_change() -> None:
    before = np.array([[(10, 10, 10, 0), (10, 10, 10, 90), (10, 10, 10, 255)]], np.uint8)
    coverage = np.full((1, 3), 255, np.uint8)
    after = brush.painted(before, coverage, (200, 100, 50), alpha_locked=True)
    assert after.tolist() == [[[10, 10, 10, 0], [200, 100, 50, 90], [200, 100, 50, 255]]]


def blended(*layers: tuple[Layer, float, str]) -> Pixels:
    target = np.zeros((40, 40, 4), np.uint8)
    for layer, opacity, blend in layers:
        over(target, layer.pixels.read(Rect(0, 0, 40, 40)), opacity, blend)
    return target


@pytest.mark.parametrize("blend", ["normal", "multiply", "screen"])
def test_a_group_is_mixed_by_itself_first(blend: str) -> None:
    group = Group("g", opacity=0.5, blend=blend)
    below, one, two = plain("below", colour=90), plain("one", group), plain("two", group, alpha=99)
    one.pixels.fill(Rect(0, 0, 20, 40), (0, 0, 0, 0))
    inside = Layer("inside")
    inside.pixels.write(Rect(0, 0, 40, 40), blended((one, 1, "normal"), (two, 1, "normal")))
    expected = blended((below, 1, "normal"), (inside, 0.5, blend))
    assert np.array_equal(flatten([below, one, two], Rect(0, 0, 40, 40)), expected)


def test_a_plain_group_changes_nothing(stacked: Document) -> None:
    for layer in stacked.layers:
        stacked.set_layer(layer, opacity=1.0)
    before = stacked.composite(stacked.bounds).astype(int)
    stacked.history.push(edits.GroupLayers(stacked, stacked.layers))
    assert np.array_equal(stacked.composite(stacked.bounds), before)


def test_a_hidden_group_hides_its_members(stacked: Document) -> None:
    photo = flatten(stacked.layers[:1], stacked.bounds)
    command = edits.GroupLayers(stacked, stacked.layers[1:])
    stacked.history.push(command)
    stacked.history.push(edits.GroupProperties(stacked, command.group, visible=False))
    assert np.array_equal(stacked.composite(stacked.bounds), photo)
    stacked.history.undo()
    assert not np.array_equal(stacked.composite(stacked.bounds), photo)


def test_groups_gather_at_the_topmost_member_and_nest(stacked: Document) -> None:
    stacked.history.push(edits.GroupLayers(stacked, [stacked.layers[1], stacked.layers[3]]))
    assert names(stacked) == "photo b (a c)"
    inner = by_name(stacked, "a").groups[0]
    stacked.history.push(edits.GroupLayers(stacked, stacked.layers[1:]))
    assert names(stacked) == "photo (b (a c))"
    stacked.history.push(edits.Ungroup(stacked, inner))
    assert names(stacked) == "photo (b a c)"


def test_members_leave_a_group_that_stays_behind(stacked: Document) -> None:
    stacked.history.push(edits.GroupLayers(stacked, stacked.layers[1:3]))
    stacked.history.push(edits.GroupLayers(stacked, stacked.layers[2:]))
    assert names(stacked) == "photo (a) (b c)"
    assert len({group.id for layer in stacked.layers for group in layer.groups}) == 2


def test_a_drag_of_a_groups_opacity_is_one_step(stacked: Document) -> None:
    grouping = edits.GroupLayers(stacked, stacked.layers[1:])
    stacked.history.push(grouping)
    for opacity in (0.9, 0.5):
        group = stacked.layers[1].groups[0]
        stacked.history.push(edits.GroupProperties(stacked, group, opacity=opacity))
    assert stacked.history.count() == 2
    stacked.history.undo()
    assert stacked.layers[1].groups == (grouping.group,)


@pytest.mark.parametrize(
    ("start", "to", "expected"),
    [
        (0, 1, "(a photo b) c"),
        (1, 0, "a photo (b) c"),
        (2, 3, "photo (a) c b"),
        (3, 1, "photo c (a b)"),
    ],
)
def test_a_moved_layer_joins_and_leaves_groups(
    stacked: Document, start: int, to: int, expected: str
) -> None:
    stacked.history.push(edits.GroupLayers(stacked, stacked.layers[1:3]))
    stacked.history.push(edits.MoveLayer(stacked, stacked.layers[start], to))
    assert names(stacked) == expected
    stacked.history.undo()
    assert names(stacked) == "photo (a b) c"


def test_the_only_member_takes_its_group_along() -> None:
    group = Group("g")
    layers = [Layer("a", groups=(group,)), Layer("b"), Layer("c")]
    assert groups_at(layers, layers[0], 2) == (group,)
