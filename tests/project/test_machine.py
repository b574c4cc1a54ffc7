"""Any order of steps, undo, saving, crash and reopening, against a plain picture of arrays."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from pytestqt.qtbot import QtBot

from studio.core.pixels import Pixels
from studio.document.edits import (
    AddMask,
    AddPaintLayer,
    Crop,
    DuplicateLayer,
    FlattenLayers,
    GroupLayers,
    LayerProperties,
    MaskInvert,
    MaskProperties,
    MergeDown,
    MoveLayer,
    RemoveLayer,
    ShiftLayer,
    TurnPicture,
)
from tests.project.conftest import Room

State = tuple[Any, ...]


def state_of(room: Room) -> State:
    """All that an artist could see of a document, as plain values."""
    document = room.document
    layers = [
        (
            each.name,
            each.visible,
            each.opacity,
            each.blend,
            tuple((group.name, group.opacity) for group in each.groups),
            _bytes(dict(each.pixels.items())),
        )
        for each in document.layers
    ]
    masks = [
        (each.name, each.strength, _bytes(dict(each.pixels.items()))) for each in document.masks.all
    ]
    return tuple(layers), tuple(masks), document.bounds


def _bytes(tiles: dict[tuple[int, int], Pixels]) -> tuple[tuple[tuple[int, int], bytes], ...]:
    return tuple((key, tiles[key].tobytes()) for key in sorted(tiles))


class Machine(RuleBasedStateMachine):
    """The model is the list of states that the steps went through, and where undo stands."""

    home: Path
    qtbot: QtBot

    def __init__(self) -> None:
        super().__init__()
        shutil.rmtree(self.home, ignore_errors=True)
        self.room = Room(self.home, self.qtbot)
        self.states: list[State] = []
        self.at = 0

    @initialize()
    def begin(self) -> None:
        self.room.blank(300, 280)
        self.states, self.at = [state_of(self.room)], 0

    def did(self) -> None:
        """Note a step, if it was one."""
        history = self.room.document.history
        if history.index() < self.at:
            # A drag that came back to where it began leaves no step; the file may still have it
            # behind the head, until the next one.
            self.at = history.index()
            del self.states[self.at + 1 :]
            self.paint(1, 1, 200 + len(self.states) % 50)
            return
        if history.index() == self.at + 1 or history.count() != len(self.states) - 1:
            del self.states[self.at + 1 :]
            self.states.append(state_of(self.room))
        else:
            self.states[self.at] = state_of(self.room)
        self.at = history.index()
        assert len(self.states) == history.count() + 1

    @rule(x=st.integers(-40, 300), y=st.integers(-40, 280), value=st.integers(0, 255))
    def paint(self, x: int, y: int, value: int) -> None:
        self.room.paint(x, y, value)
        self.did()

    @rule(
        what=st.sampled_from(
            [AddPaintLayer, AddMask, FlattenLayers, MaskInvert, "merge", "double", "remove"]
        )
    )
    def restack(self, what: Any) -> None:
        document = self.room.document
        active, several = document.active, len(document.layers) > 1
        assert active is not None
        if what == "merge":
            if not several or active is document.layers[0]:
                return
            what = lambda document: MergeDown(document, active)  # noqa: E731
        elif what == "double":
            what = lambda document: DuplicateLayer(document, active)  # noqa: E731
        elif what == "remove":
            if not several:
                return
            what = lambda document: RemoveLayer(document, active)  # noqa: E731
        document.history.push(what(document))
        self.did()

    @rule(opacity=st.sampled_from([0.2, 0.5, 0.8]), gesture=st.integers(1, 2))
    def slide(self, opacity: float, gesture: int) -> None:
        document = self.room.document
        assert document.active is not None
        document.history.push(
            LayerProperties(document, document.active, gesture=gesture, opacity=opacity)
        )
        self.did()

    @rule(dx=st.integers(-30, 30), gesture=st.integers(0, 1))
    def shift(self, dx: int, gesture: int) -> None:
        document = self.room.document
        assert document.active is not None
        document.history.push(ShiftLayer(document, document.active, dx, 3, gesture))
        self.did()

    @rule(strength=st.sampled_from([0.3, 0.6]))
    def weaken(self, strength: float) -> None:
        self.room.document.history.push(MaskProperties(self.room.document, strength=strength))
        self.did()

    @rule(turn=st.sampled_from(["right", "across"]))
    def turn(self, turn: str) -> None:
        self.room.document.history.push(TurnPicture(self.room.document, turn))
        self.did()

    @rule(edge=st.integers(100, 400))
    def crop(self, edge: int) -> None:
        bounds = self.room.document.bounds
        self.room.document.history.push(
            Crop(self.room.document, type(bounds)(bounds.x, bounds.y, edge, edge))
        )
        self.did()

    @precondition(lambda self: len(self.room.document.layers) > 1)
    @rule()
    def group(self) -> None:
        document = self.room.document
        document.history.push(GroupLayers(document, document.layers[:1]))
        self.did()

    @precondition(lambda self: len(self.room.document.layers) > 1)
    @rule()
    def lift(self) -> None:
        document = self.room.document
        document.history.push(MoveLayer(document, document.layers[0], 1))
        self.did()

    @rule(to=st.floats(0, 1))
    def go(self, to: float) -> None:
        history = self.room.document.history
        self.at = round(to * history.count())
        history.setIndex(self.at)
        assert state_of(self.room) == self.states[self.at]

    @rule(name=st.sampled_from(["one", "two"]))
    def save(self, name: str) -> None:
        self.room.settle()
        if self.room.session.path is not None:
            self.room.save_as(self.home / f"{name}.sfumato")

    @rule()
    def restart(self) -> None:
        self.room.settle()
        path = self.room.session.path
        self.room.leave()
        self.room = Room(self.home, self.qtbot)
        if path is None:
            self.begin()
            return
        self.room.open(path)
        history = self.room.document.history
        assert not self.room.refused
        assert (history.index(), history.count()) == (self.at, len(self.states) - 1)
        assert state_of(self.room) == self.states[self.at]

    def teardown(self) -> None:
        self.room.leave()


@pytest.mark.parametrize("examples", [5])
def test_a_restored_document_is_the_one_that_was_left(
    own_folders: Path, qtbot: QtBot, examples: int
) -> None:
    class Bound(Machine):
        home = own_folders / "machine"

    Bound.qtbot = qtbot
    case = Bound.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    case("runTest").runTest()
