"""What goes into a project comes out of it, after it was closed and opened as well."""

from __future__ import annotations

from pathlib import Path

import apsw
import numpy as np
import pytest

from studio.core.errors import FileError
from studio.project.store import packing, schema
from studio.project.store.faults import InUse, Refused, Unfit
from studio.project.store.file import ProjectFile
from studio.project.store.values import Gesture
from tests.project.store.strokes import picture, stroke, tile, wipe


def reopened(project: ProjectFile) -> ProjectFile:
    project.close()
    return ProjectFile.open(project.path)[0]


def test_a_new_project_is_empty_and_stands_at_its_base(project: ProjectFile) -> None:
    assert project.head().gesture == project.base
    assert project.line() == []
    assert picture(project) == {}


def test_create_leaves_a_file_that_is_there_alone(path: Path) -> None:
    path.write_bytes(b"mine")
    with pytest.raises(FileError):
        ProjectFile.create(path)
    assert path.read_bytes() == b"mine"


def test_a_gesture_comes_back_with_pixels_tree_and_label(project: ProjectFile) -> None:
    number = project.commit(stroke(5, 7, ((0, -1), (3, 2)), name="Sky 🌄"))
    again = reopened(project)
    assert again.head().gesture == number
    assert again.head().tree == {"seed": 5, "name": "Sky 🌄"}
    assert picture(again) == {(7, (0, -1)): tile(5).tobytes(), (7, (3, 2)): tile(5).tobytes()}
    assert [row.label for row in again.line()] == ["Stroke 5"]
    again.close()


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_tiles_keep_their_shape_and_are_read_only(project: ProjectFile, channels: int) -> None:
    base = project.baseline({}, [(1, (0, 0), tile(3, channels))])
    (name,) = project.tiles(1).values()
    found = project.pixels(name)
    assert base == project.base
    assert np.array_equal(found, tile(3, channels))
    assert found.shape == tile(3, channels).shape
    assert not found.flags.writeable


def test_equal_tiles_are_stored_once(project: ProjectFile) -> None:
    project.commit(stroke(1, keys=tuple((x, 0) for x in range(20))))
    project.commit(stroke(1, grid=9))
    assert len({*project.tiles(2).values(), *project.tiles(9).values()}) == 1


def test_undo_and_redo_move_the_head_by_any_distance(project: ProjectFile) -> None:
    states = [picture(project)]
    numbers = [project.base]
    for seed in range(6):
        numbers.append(project.commit(stroke(seed, keys=((seed % 2, 0),))))
        states.append(picture(project))
    for to in (2, 6, 0, 5, 4):
        project.move_head(numbers[to])
        assert picture(project) == states[to]
    project.step(-3)
    again = reopened(project)
    assert again.head().gesture == numbers[1]
    assert picture(again) == states[1]
    again.close()


def test_a_gesture_after_an_undo_drops_what_was_undone(project: ProjectFile) -> None:
    first = project.commit(stroke(1))
    project.commit(stroke(2))
    project.step(-1)
    third = project.commit(stroke(3))
    assert [row.id for row in project.line()] == [first, third]
    assert third == 4  # ids are never given twice


def test_a_change_says_which_tiles_it_was_before_and_after(project: ProjectFile) -> None:
    project.commit(stroke(1))
    project.commit(wipe(2, (0, 0)))
    ((first,), (second,)) = (row.changes for row in project.line())
    assert first.before is None
    assert first.after == second.before
    assert second.after is None


def test_moving_to_a_gesture_that_is_not_there_is_refused(project: ProjectFile) -> None:
    with pytest.raises(ValueError):
        project.move_head(99)
    for count in (1, -1):
        with pytest.raises(ValueError):
            project.step(count)


def test_a_baseline_starts_over(project: ProjectFile) -> None:
    project.commit(stroke(1))
    base = project.baseline({"name": "opened"}, ((4, (x, 0), tile(x)) for x in range(3)))
    again = reopened(project)
    assert again.base == base
    assert again.line() == []
    assert again.head().tree == {"name": "opened"}
    assert picture(again) == {(4, (x, 0)): tile(x).tobytes() for x in range(3)}
    again.close()


def test_a_gesture_that_fails_half_way_changes_nothing(project: ProjectFile) -> None:
    project.commit(stroke(1))
    before = (project.head(), picture(project), len(project.line()))
    with pytest.raises(ValueError):
        project.commit(stroke(2, bad=float("nan")))
    assert (project.head(), picture(project), len(project.line())) == before


def test_records_are_put_replaced_listed_and_dropped(project: ProjectFile) -> None:
    project.put("job", "a", {"n": 1}, b"state")
    project.put("job", "b", {"n": 2})
    project.put("job", "a", {"n": 3}, b"later")
    project.put("recipe", "a", {})
    project.drop("job", "b")
    project.drop("job", "never")
    again = reopened(project)
    assert [(one.key, one.header, one.blob) for one in again.records("job")] == [
        ("a", {"n": 3}, b"later")
    ]
    assert [one.key for one in again.records("recipe")] == ["a"]
    again.close()


def test_a_second_writer_is_refused(project: ProjectFile) -> None:
    with pytest.raises(InUse):
        ProjectFile.open(project.path)


def test_closing_leaves_nothing_beside_the_file(project: ProjectFile) -> None:
    project.commit(stroke(1))
    project.close()
    assert [one.name for one in project.path.parent.iterdir()] == ["picture.sfumato"]


def test_a_plain_copy_of_an_open_project_has_every_stroke(project: ProjectFile) -> None:
    for seed in range(5):
        project.commit(stroke(seed, keys=((seed, 0),)))
    copy = project.path.with_name("copy.sfumato")
    # Read in another process's way: closing a file would take this process's lock away.
    copy.write_bytes(project.path.read_bytes())
    opened, _ = ProjectFile.open(copy)
    assert picture(opened) == picture(project)
    opened.close()


def test_read_only_refuses_to_write(project: ProjectFile) -> None:
    project.commit(stroke(1))
    project.close()
    opened, found = ProjectFile.open(project.path, read_only=True)
    assert found.read_only
    with pytest.raises(Refused):
        opened.commit(stroke(2))
    assert picture(opened) == {(2, (0, 0)): tile(1).tobytes()}
    opened.close()


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"SQLite format 3\0", b"plain" * 400])
def test_what_is_no_project_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(FileError):
        ProjectFile.open(path)
    assert path.read_bytes() == content


def test_the_library_is_free_of_the_lost_write_of_2026() -> None:
    assert tuple(int(part) for part in apsw.sqlite_lib_version().split(".")) >= (3, 51, 3)


def test_a_file_that_is_not_there_is_said_to_be_missing(path: Path) -> None:
    with pytest.raises(Refused, match="There is no file"):
        ProjectFile.open(path)


def test_what_was_taken_however_large_is_read_again(project: ProjectFile) -> None:
    number = project.commit(Gesture("x" * (40 << 20), {}, ()))
    again = reopened(project)
    assert again.head().gesture == number
    assert [len(row.label) for row in again.line()] == [40 << 20]
    again.close()


@pytest.mark.parametrize(
    "gesture",
    [
        pytest.param(Gesture("x" * schema.MAX_VALUE, {}, ()), id="label"),
        pytest.param(Gesture("", {"name": "x" * packing.MAX_TREE}, ()), id="tree"),
    ],
)
def test_what_could_not_be_read_again_is_not_taken(project: ProjectFile, gesture: Gesture) -> None:
    kept = project.commit(stroke(1))
    with pytest.raises((Unfit, ValueError)):
        project.commit(gesture)
    again = reopened(project)
    assert again.head().gesture == kept
    again.close()
