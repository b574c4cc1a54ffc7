"""Forgetting, compacting, copying, newer and older versions, and the second window."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from studio.core.errors import FileError
from studio.project.store import migrating, opening, schema, verification
from studio.project.store.faults import InUse, Newer, Refused
from studio.project.store.file import ProjectFile
from studio.project.store.snapshots import Snapshot
from tests.project.store.strokes import picture, stroke, tile

_HOLD = """
import sys
from pathlib import Path
from studio.project.store.file import ProjectFile
from tests.project.store.strokes import stroke
project, _ = ProjectFile.open(Path(sys.argv[1]))
project.commit(stroke(9, keys=((9, 9),)))
print("open", flush=True)
sys.stdin.readline()
"""


def tiles_in(path: Path) -> int:
    database = sqlite3.connect(path)
    (count,) = database.execute("SELECT count(*) FROM tile").fetchone()
    database.close()
    return int(count)


@pytest.fixture
def other_window(project: ProjectFile) -> subprocess.Popen[str]:
    """Another process that has the project open and has painted a stroke."""
    project.commit(stroke(1))
    project.close()
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(project.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def test_forgetting_keeps_the_picture_and_the_later_steps(project: ProjectFile) -> None:
    numbers = [project.commit(stroke(seed, keys=((seed % 2, 0),))) for seed in range(6)]
    states = []
    for number in numbers[2:]:
        project.move_head(number)
        states.append(picture(project))
    project.forget(3)
    assert project.base == numbers[2]
    assert [row.id for row in project.line()] == numbers[3:]
    project.close()
    again, found = ProjectFile.open(project.path, thorough=True)
    assert found.sentences == ()
    for number, state in zip(numbers[2:], states, strict=True):
        again.move_head(number)
        assert picture(again) == state
    again.close()


def test_what_only_forgotten_steps_named_is_dropped(project: ProjectFile) -> None:
    for seed in range(6):
        project.commit(stroke(seed))
    project.forget(4)
    project.close()
    assert tiles_in(project.path) == 3


def test_tiles_of_dropped_redo_are_dropped(project: ProjectFile) -> None:
    for seed in range(4):
        project.commit(stroke(seed))
    project.step(-3)
    project.commit(stroke(9))
    project.close()
    assert tiles_in(project.path) == 2


def test_steps_that_are_not_there_cannot_be_forgotten(project: ProjectFile) -> None:
    project.commit(stroke(1))
    project.step(-1)
    for count in (1, -1, 7):
        with pytest.raises(ValueError):
            project.forget(count)


def test_compacting_gives_room_back_and_keeps_all(project: ProjectFile) -> None:
    for seed in range(40):
        project.commit(stroke(seed, keys=((seed % 3, 0),)))
    project.put("job", "a", {"n": 1}, b"x")
    project.forget(38)
    before, shown = project.path.stat().st_size, picture(project)
    inode = project.path.stat().st_ino
    project.compact()
    assert project.path.stat().st_size < before
    assert project.path.stat().st_ino != inode
    assert picture(project) == shown
    project.commit(stroke(99))
    assert [one.key for one in project.records("job")] == ["a"]
    assert not list(project.path.parent.glob(".*"))


def test_a_copy_is_a_project_of_its_own(project: ProjectFile) -> None:
    project.commit(stroke(1))
    target = project.path.with_name("ünïcödé 🎨 copy.sfumato")
    project.copy_to(target)
    project.commit(stroke(2))
    copy, _ = ProjectFile.open(target)
    assert picture(copy) == {(2, (0, 0)): tile(1).tobytes()}
    with pytest.raises(InUse):
        project.copy_to(target)
    copy.close()
    project.copy_to(target)
    again, _ = ProjectFile.open(target)
    assert picture(again) == picture(project)
    again.close()


@pytest.mark.parametrize("name", ["a" * 239, "🎨" * 59])
def test_a_name_may_be_as_long_as_its_journal_allows(tmp_path: Path, name: str) -> None:
    path = tmp_path / f"{name}.sfumato"
    project = ProjectFile.create(path)
    project.commit(stroke(1))
    project.close()
    with pytest.raises(FileError, match="shorter"):
        ProjectFile.create(tmp_path / f"{name}{'b' * 9}.sfumato")
    assert list(tmp_path.iterdir()) == [path]


def test_a_second_window_is_refused_and_reads_what_is_safe(
    other_window: subprocess.Popen[str], path: Path
) -> None:
    with pytest.raises(InUse):
        ProjectFile.open(path)
    project, found = ProjectFile.open(path, read_only=True)
    assert found.read_only
    assert set(picture(project)) == {(2, (0, 0)), (2, (9, 9))}
    project.close()
    other_window.communicate("\n")
    again, _ = ProjectFile.open(path)
    again.close()


def test_a_killed_window_leaves_no_lock(other_window: subprocess.Popen[str], path: Path) -> None:
    other_window.kill()
    other_window.communicate()
    project, found = ProjectFile.open(path)
    assert found.sentences == ()
    assert len(picture(project)) == 2
    project.close()


def test_reading_the_file_elsewhere_in_the_process_keeps_the_lock(
    other_window: subprocess.Popen[str], path: Path
) -> None:
    path.read_bytes()  # closing it drops what SQLite has locked on POSIX systems
    with pytest.raises(InUse):
        ProjectFile.open(path)
    other_window.communicate("\n")


def test_a_snapshot_while_somebody_paints_is_a_whole_project(project: ProjectFile) -> None:
    halt = threading.Event()
    taken: list[int] = []

    def look() -> None:
        while not halt.is_set():
            opened, found = ProjectFile.open(project.path, read_only=True)
            assert found.sentences == ()
            taken.append(len(opened.line()))
            opened.close()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        for seed in range(40):
            project.commit(stroke(seed, keys=((seed % 5, 0),)))
    finally:
        halt.set()
        thread.join(60)
    assert taken == sorted(taken)


def test_a_project_on_a_read_only_disk_is_shown_and_says_why(
    project: ProjectFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.commit(stroke(1))
    project.close()
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    opened, found = ProjectFile.open(project.path)
    assert "write-protected" in found.read_only
    assert opened.read_only
    assert len(picture(opened)) == 1
    opened.close()
    assert [one.name for one in project.path.parent.iterdir()] == [project.path.name]


def test_a_newer_project_is_shown_but_not_changed(project: ProjectFile) -> None:
    project.commit(stroke(1))
    project.close()
    database = sqlite3.connect(project.path)
    database.execute("CREATE TABLE more (id INTEGER PRIMARY KEY) STRICT")
    database.execute("PRAGMA user_version=2")
    database.close()
    before = project.path.read_bytes()
    opened, found = ProjectFile.open(project.path)
    assert "newer" in found.read_only
    assert len(picture(opened)) == 1
    opened.close()
    assert project.path.read_bytes() == before


def test_a_newer_project_of_another_kind_is_refused(project: ProjectFile) -> None:
    project.close()
    database = sqlite3.connect(project.path)
    database.execute("DROP TABLE cell")
    database.execute("PRAGMA user_version=2")
    database.close()
    with pytest.raises(Newer):
        ProjectFile.open(project.path)


@pytest.fixture
def version_2(monkeypatch: pytest.MonkeyPatch) -> None:
    """The present version becomes an old one: the next has one table more."""
    table = "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"
    rows = schema.SCHEMAS[1] | {("table", "note", "note", table)}
    monkeypatch.setattr(schema, "VERSION", 2)
    monkeypatch.setattr(schema, "TABLES", {**schema.TABLES, "note": table})
    monkeypatch.setattr(schema, "SCHEMAS", {1: schema.SCHEMAS[1], 2: rows})
    monkeypatch.setattr(migrating, "STEPS", {1: (table,)})


def test_an_older_project_is_brought_up_to_date(
    project: ProjectFile, request: pytest.FixtureRequest
) -> None:
    project.commit(stroke(1))
    project.close()
    request.getfixturevalue("version_2")
    for read_only in (True, False, False):
        opened, found = ProjectFile.open(project.path, read_only)
        assert found.sentences == ()
        assert len(picture(opened)) == 1
        opened.close()
        assert schema.version_of(project.path) == (1 if read_only else 2)


def test_an_older_project_of_another_kind_is_not_brought_up_to_date(
    project: ProjectFile, request: pytest.FixtureRequest
) -> None:
    project.close()
    database = sqlite3.connect(project.path)
    database.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT")
    database.close()
    request.getfixturevalue("version_2")
    opened, found = ProjectFile.open(project.path)
    opened.close()
    assert found.sentences


def test_a_copy_that_cannot_be_verified_takes_no_name(
    project: ProjectFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.commit(stroke(1))
    target = project.path.with_name("copy.sfumato")

    def broken(*_: object, **__: object) -> None:
        raise OSError(5, "the disk reads something else")

    monkeypatch.setattr(verification, "read", broken)
    with pytest.raises(FileError, match="not saved"):
        project.copy_to(target)
    assert not target.exists()
    assert not [one for one in target.parent.iterdir() if one.suffix == ".part"]


def test_a_snapshot_leaves_nothing_behind(project: ProjectFile) -> None:
    one = Snapshot(project.path)
    folder = one.path.parent
    one.remove()
    assert not folder.exists()


def test_a_folder_that_is_protected_meanwhile_leaves_the_file_to_others(
    home: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = ProjectFile.create(path)
    project.commit(stroke(1))
    with monkeypatch.context() as protected:
        protected.setattr(opening, "writable", lambda _: False)
        project.compact()
    assert project.read_only
    with pytest.raises(Refused):
        project.commit(stroke(2))
    project.close()
    again, found = ProjectFile.open(path)
    assert (len(again.line()), found.sentences) == (1, ())
    again.close()
