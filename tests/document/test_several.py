"""Several layers changed as one, merged, and kept from change by locks."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QUndoCommand

from studio.core.errors import UsageError
from studio.core.geometry import Rect
from studio.document import edits
from studio.document.document import Document
from studio.document.layer import Group, Layer
from tests.document.conftest import Noise
from tests.document.test_layers import by_name, names


@pytest.fixture
def stacked(document: Document, noise: Noise) -> Document:
    """The photo, and 'a' to 'd' of translucent noise over it; 'b' and 'c' are a group."""
    for index, name in enumerate("abcd", 1):
        layer = Layer(name, opacity=0.8)
        area = Rect(30 * index, 20 * index, 120, 90)
        layer.pixels.write(area, noise(120, 90, index, opaque=False))
        document.insert_layer(layer, index)
    pair = [by_name(document, "b"), by_name(document, "c")]
    document.history.push(edits.GroupLayers(document, pair, "pair"))
    return document


def some(document: Document, letters: str) -> list[Layer]:
    return [by_name(document, letter) for letter in letters]


def pair(document: Document) -> Group:
    return by_name(document, "c").groups[0]


COMMANDS: list[tuple[Callable[[Document], QUndoCommand], str]] = [
    (lambda one: edits.RemoveLayers(one, some(one, "ac")), "photo (b) d"),
    (lambda one: edits.DuplicateLayers(one, some(one, "a")), "photo a a copy (b c) d"),
    (lambda one: edits.DuplicateLayers(one, some(one, "c")), "photo a (b c c copy) d"),
    (lambda one: edits.DuplicateLayers(one, some(one, "bc")), "photo a (b c b copy c copy) d"),
    (
        lambda one: edits.DuplicateLayers(one, some(one, "abc")),
        "photo a (b c) a copy (b copy c copy) d",
    ),
    (lambda one: edits.MergeLayers(one, some(one, "ab")), "photo (c) b d"),
    (lambda one: edits.MergeLayers(one, some(one, "bc")), "photo a pair d"),
    (lambda one: edits.ArrangeLayers(one, some(one, "ad"), 1, ()), "photo a d (b c)"),
    (
        lambda one: edits.ArrangeLayers(one, some(one, "ad"), 2, (pair(one),)),
        "photo (b a d c)",
    ),
    (lambda one: edits.ArrangeLayers(one, some(one, "bc"), 3, ()), "photo a d (b c)"),
    (lambda one: edits.ArrangeLayers(one, some(one, "b"), 1, ()), "photo b a (c) d"),
]


@pytest.mark.parametrize(("make", "expected"), COMMANDS)
def test_several_are_changed_in_one_step(
    stacked: Document, make: Callable[[Document], QUndoCommand], expected: str
) -> None:
    before, picture = names(stacked), stacked.composite(stacked.bounds)
    steps = stacked.history.count()
    stacked.history.push(make(stacked))
    assert names(stacked) == expected
    assert stacked.history.count() == steps + 1
    after = stacked.composite(stacked.bounds)
    stacked.history.undo()
    assert names(stacked) == before
    assert np.array_equal(stacked.composite(stacked.bounds), picture)
    stacked.history.redo()
    assert np.array_equal(stacked.composite(stacked.bounds), after)


def test_a_copied_group_is_a_group_of_its_own(stacked: Document) -> None:
    stacked.history.push(edits.DuplicateLayers(stacked, some(stacked, "abc")))
    copies = some(stacked, "bc") + [by_name(stacked, f"{each} copy") for each in "bc"]
    assert len({each.groups[0].id for each in copies}) == 2


def test_several_move_and_turn_as_one(stacked: Document) -> None:
    chosen = some(stacked, "ad")
    boxes = [each.pixels.tight_bounds() for each in chosen]
    about = boxes[0].united(boxes[1])
    stacked.history.push(
        edits.TransformLayers(stacked, chosen, to=about.moved(7, -5), degrees=180.0)
    )
    turned = [each.pixels.tight_bounds() for each in chosen]
    assert turned[0].united(turned[1]) == about.moved(7, -5)
    assert turned[0].right == about.right + 7
    stacked.history.undo()
    assert [each.pixels.tight_bounds() for each in chosen] == boxes


@pytest.mark.parametrize("by", ["layer", "group"])
@pytest.mark.parametrize(
    "make",
    [
        lambda one: edits.RemoveLayers(one, some(one, "ac")),
        lambda one: edits.MergeLayers(one, some(one, "cd")),
        lambda one: edits.MergeDown(one, by_name(one, "c")),
    ],
)
def test_what_is_locked_is_left_alone_and_words_say_so(
    stacked: Document, make: Callable[[Document], QUndoCommand], by: str
) -> None:
    if by == "layer":
        stacked.set_layer(by_name(stacked, "c"), locked=True)
    else:
        stacked.history.push(edits.GroupProperties(stacked, pair(stacked), locked=True))
    with pytest.raises(UsageError, match="locked"):
        make(stacked)


def test_nothing_is_merged_into_a_layer_of_locked_alpha(stacked: Document) -> None:
    stacked.set_layer(by_name(stacked, "b"), alpha_locked=True)
    with pytest.raises(UsageError, match="alpha"):
        edits.MergeDown(stacked, by_name(stacked, "c"))


def test_the_last_layer_stays(stacked: Document) -> None:
    with pytest.raises(UsageError, match="at least one"):
        edits.RemoveLayers(stacked, stacked.layers)


@pytest.mark.parametrize("lower", ["normal", "multiply", "screen"])
@pytest.mark.parametrize("upper", ["normal", "multiply", "colour"])
def test_a_merge_says_whether_it_changes_the_look(
    stacked: Document, lower: str, upper: str
) -> None:
    stacked.set_layer(by_name(stacked, "b"), blend=lower)
    stacked.set_layer(by_name(stacked, "c"), blend=upper)
    before = stacked.composite(stacked.bounds).astype(int)
    command = edits.MergeDown(stacked, by_name(stacked, "c"))
    says = command.changes_look
    stacked.history.push(command)
    differs = np.abs(stacked.composite(stacked.bounds).astype(int) - before).max() > 3
    assert says == differs


@pytest.mark.parametrize("lower", ["multiply", "screen", "luminosity"])
@pytest.mark.parametrize("upper", ["normal", "overlay"])
def test_a_merge_can_keep_the_look_over_an_opaque_picture(
    stacked: Document, lower: str, upper: str
) -> None:
    one = by_name(stacked, "d")
    low = by_name(stacked, "a")
    stacked.history.push(edits.ArrangeLayers(stacked, [one], 2, ()))
    stacked.set_layer(low, blend=lower)
    stacked.set_layer(one, blend=upper)
    before = stacked.composite(stacked.bounds).astype(int)
    command = edits.MergeDown(stacked, one, keep_look=True)
    assert not command.changes_look
    stacked.history.push(command)
    assert np.abs(stacked.composite(stacked.bounds).astype(int) - before).max() <= 3


def test_the_same_for_several_is_one_step(stacked: Document) -> None:
    steps = stacked.history.count()
    stacked.history.push(edits.SetLayers(stacked, some(stacked, "ad"), locked=True))
    assert [each.locked for each in stacked.layers] == [False, True, False, False, True]
    stacked.history.undo()
    assert not any(each.locked for each in stacked.layers)
    assert stacked.history.count() == steps + 1
