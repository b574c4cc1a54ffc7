"""Any order of painting, undoing, forgetting, compacting, crashing: as a dictionary would do it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from studio.project.store.file import ProjectFile
from studio.project.store.values import Gesture, TileChange
from tests.project.store.strokes import Picture, picture, tile

_PLACES = st.tuples(st.integers(1, 2), st.tuples(st.integers(-1, 1), st.integers(0, 1)))
_CHANGES = st.dictionaries(_PLACES, st.one_of(st.none(), st.integers(0, 5)), max_size=4)


class Painting(RuleBasedStateMachine):
    """The model is a list of pictures and an index."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=_fast()))
        self.patch = pytest.MonkeyPatch()
        self.patch.setenv("SFUMATO_HOME", str(self.folder / "home"))
        self.project = ProjectFile.create(self.folder / "picture.sfumato")
        self.line: list[tuple[Picture, int]] = [({}, -1)]
        self.at = 0
        self.records: dict[str, int] = {}
        self.number = 0

    def teardown(self) -> None:
        self.project.close()
        self.patch.undo()
        shutil.rmtree(self.folder)

    def _gesture(self, changes: dict[tuple[int, tuple[int, int]], int | None]) -> Picture:
        after = dict(self.line[self.at][0])
        for place, seed in changes.items():
            if seed is None:
                after.pop(place, None)
            else:
                after[place] = tile(seed).tobytes()
        self.number += 1
        return after

    def _as_gesture(self, changes: dict[tuple[int, tuple[int, int]], int | None]) -> Gesture:
        tiles = tuple(
            TileChange(grid, key, None, None if seed is None else tile(seed))
            for (grid, key), seed in changes.items()
        )
        return Gesture(f"Stroke {self.number}", {"number": self.number}, tiles)

    @rule(changes=_CHANGES)
    def paint(self, changes: dict[tuple[int, tuple[int, int]], int | None]) -> None:
        after = self._gesture(changes)
        self.project.commit(self._as_gesture(changes))
        self.line[self.at + 1 :] = [(after, self.number)]
        self.at += 1

    @precondition(lambda self: self.at > 0)
    @rule(changes=_CHANGES)
    def amend(self, changes: dict[tuple[int, tuple[int, int]], int | None]) -> None:
        after = self._gesture(changes)
        self.project.amend(self._as_gesture(changes))
        self.line[self.at :] = [(after, self.number)]

    @rule(data=st.data())
    def go(self, data: st.DataObject) -> None:
        to = data.draw(st.integers(0, len(self.line) - 1))
        self.project.step(to - self.at)
        self.at = to

    @rule(data=st.data())
    def forget(self, data: st.DataObject) -> None:
        count = data.draw(st.integers(0, self.at))
        self.project.forget(count)
        del self.line[:count]
        self.at -= count

    @rule()
    def compact(self) -> None:
        self.project.compact()

    @rule(changes=_CHANGES)
    def open_another(self, changes: dict[tuple[int, tuple[int, int]], int | None]) -> None:
        self.number += 1
        tiles = [(*place, tile(seed)) for place, seed in changes.items() if seed is not None]
        self.project.baseline({"number": self.number}, tiles)
        self.line = [({(grid, key): array.tobytes() for grid, key, array in tiles}, self.number)]
        self.at = 0

    @rule(key=st.sampled_from("abc"))
    def keep(self, key: str) -> None:
        self.number += 1
        self.project.put("job", key, {"number": self.number})
        self.records[key] = self.number

    @rule(key=st.sampled_from("abc"))
    def drop(self, key: str) -> None:
        self.project.drop("job", key)
        self.records.pop(key, None)

    @rule()
    def reopen(self) -> None:
        self.project.close()
        self.project, found = ProjectFile.open(self.folder / "picture.sfumato", thorough=True)
        assert found.sentences == ()

    @rule()
    def crash(self) -> None:
        """Go on with the file as it is while the project is open."""
        data = self.project.path.read_bytes()
        self.project.close()
        self.project.path.write_bytes(data)
        self.project, found = ProjectFile.open(self.folder / "picture.sfumato")
        assert found.sentences == ()

    @rule()
    def break_off(self) -> None:
        """Something ends a transaction in the middle."""
        with pytest.raises(KeyboardInterrupt):
            self._broken_off()

    def _broken_off(self) -> None:
        with self.project._disk.transaction() as connection:
            connection.execute("DELETE FROM cell")
            connection.execute("DELETE FROM tile")
            raise KeyboardInterrupt

    @invariant()
    def the_picture_is_the_models(self) -> None:
        shown, number = self.line[self.at]
        assert picture(self.project) == shown
        assert self.project.head().tree.get("number", -1) == number
        assert [row.tree["number"] for row in self.project.line()] == [
            number for _, number in self.line[1:]
        ]
        kept = {one.key: one.header["number"] for one in self.project.records("job")}
        assert kept == self.records


def _fast() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


Painting.TestCase.settings = settings(
    max_examples=int(os.environ.get("SFUMATO_EXAMPLES", "40")),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestPainting = Painting.TestCase
