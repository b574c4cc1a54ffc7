"""Projects from a stranger: refused or mended in a moment, and nothing in them runs."""

from __future__ import annotations

import os
import sqlite3
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import zstandard

from studio.core.errors import FileError
from studio.project.store import packing
from studio.project.store.faults import Damaged, Refused
from studio.project.store.file import ProjectFile
from studio.project.store.values import Repairs
from tests.project.store.strokes import picture, stroke, tile

#: A project may not make the studio take more memory than this.
_MEMORY = 256 << 20
_ENDLESS = (
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) "
    "SELECT n AS id, zeroblob(16) AS digest, 0 AS grid, 0 AS tx, 0 AS ty, zeroblob(9) AS data "
    "FROM c"
)

Harm = Callable[[sqlite3.Connection], None]


def run(*statements: str) -> Harm:
    def harm(database: sqlite3.Connection) -> None:
        for statement in statements:
            database.execute(statement)

    return harm


def packed_bomb(database: sqlite3.Connection) -> None:
    """A tree that says it is small and is a gigabyte."""
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(1 << 28))
    database.execute("UPDATE gesture SET tree = ?", (bomb,))


def tile_bomb(database: sqlite3.Connection) -> None:
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(1 << 28))
    database.execute("UPDATE tile SET data = ?", (bomb,))


HARMFUL: dict[str, Harm] = {
    "a view in the place of a table": run("DROP TABLE tile", f"CREATE VIEW tile AS {_ENDLESS}"),
    "a view beside": run(f"CREATE VIEW other AS {_ENDLESS}"),
    "a trigger on the head": run(
        "CREATE TRIGGER t AFTER INSERT ON gesture BEGIN DELETE FROM tile; END"
    ),
    "a virtual table": run("CREATE VIRTUAL TABLE v USING fts5(a)"),
    "a virtual table of files": run("CREATE VIRTUAL TABLE v USING rtree(a, b, c)"),
}

WRONG: dict[str, Harm] = {
    "another table": run("CREATE TABLE other (a)"),
    "another index": run("CREATE INDEX i ON cell (tile)"),
    "a column more": run("ALTER TABLE cell ADD COLUMN more INT"),
    "a table less": run("DROP TABLE record"),
    "a generated column": run("ALTER TABLE cell ADD COLUMN g INT AS (tx + 1)"),
    "a tree that is a bomb": packed_bomb,
    "tiles that are bombs": tile_bomb,
    "no head": run("DELETE FROM head"),
    "two heads": run(
        "INSERT INTO head SELECT 2, gesture, last, next, chain, state, seal, tree FROM head"
    ),
    "a head that is nowhere": run("UPDATE head SET gesture = 77"),
    "a head of the largest number": run("UPDATE head SET next = 9223372036854775807"),
    "no gesture": run("DELETE FROM gesture"),
    "a gesture less": run("DELETE FROM gesture WHERE id = 3"),
    "gestures in another order": run("UPDATE gesture SET id = 100 - id"),
    "a gesture of another base": run("UPDATE gesture SET base = 1"),
    "changes that are none": run("UPDATE gesture SET changes = zeroblob(7)"),
    "a giant label": run("UPDATE gesture SET label = hex(zeroblob(20000000)) WHERE id = 3"),
    "giant changes": run("UPDATE gesture SET changes = zeroblob(60000000) WHERE id = 3"),
    "no tile": run("DELETE FROM tile"),
    "tiles of zeros": run("UPDATE tile SET data = zeroblob(300)"),
    "a giant tile": run("UPDATE tile SET data = zeroblob(100000000) WHERE id = 1"),
    "short digests": run("UPDATE cell SET tile = x'00'"),
    "cells far away": run("UPDATE cell SET tx = tx + 4000000000"),
    "no cell": run("DELETE FROM cell"),
    "a record that is a bomb": run("INSERT INTO record VALUES (9,'job','x',x'00',zeroblob(5),x'')"),
    "a journal in another mode": run("PRAGMA journal_mode=WAL"),
    "small pages": run("PRAGMA page_size=512", "VACUUM"),
    "a version of nothing": run("PRAGMA user_version=-5"),
    "another application": run("PRAGMA application_id=77"),
}


@pytest.fixture
def victim(path: Path) -> Path:
    """A project of five strokes."""
    project = ProjectFile.create(path)
    for seed in range(5):
        project.commit(stroke(seed, keys=((seed, 0),)))
    project.put("job", "a", {"prompt": "a tower"})
    project.close()
    return path


def harmed(path: Path, harm: Harm) -> bytes:
    database = sqlite3.connect(path, isolation_level=None)
    harm(database)
    database.close()
    return path.read_bytes()


@pytest.mark.parametrize("name", HARMFUL)
def test_what_could_run_is_refused(victim: Path, name: str) -> None:
    data = harmed(victim, HARMFUL[name])
    for read_only in (False, True):
        with pytest.raises(Refused):
            ProjectFile.open(victim, read_only)
    assert victim.read_bytes() == data


@pytest.mark.parametrize("name", WRONG)
def test_what_makes_no_sense_is_mended_or_refused(victim: Path, name: str) -> None:
    data = harmed(victim, WRONG[name])
    ever = {tile(seed).tobytes() for seed in range(5)}
    try:
        project, found = _opened(victim)
    except FileError:
        assert victim.read_bytes() == data
        return
    assert found.sentences
    assert set(picture(project).values()) <= ever
    project.records("job")
    project.close()
    assert found.kept is not None
    assert found.kept.read_bytes() == data


def _opened(path: Path) -> tuple[ProjectFile, Repairs]:
    """Opened with a bound on what that takes."""
    tracemalloc.start()
    try:
        return ProjectFile.open(path, thorough=True)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < _MEMORY


def test_a_tile_that_says_it_is_large_is_not_unpacked() -> None:
    for size in (0, 1, 65535, 65537, 1 << 20, 1 << 28):
        with pytest.raises(ValueError):
            packing.unpacked(zstandard.ZstdCompressor().compress(bytes(size)))


def test_a_tile_that_does_not_say_how_large_it_is_is_not_unpacked() -> None:
    stream = zstandard.ZstdCompressor(write_content_size=False).compressobj()
    data = stream.compress(np.zeros((256, 256, 4), np.uint8).tobytes()) + stream.flush()
    with pytest.raises(ValueError):
        packing.unpacked(data)


@pytest.mark.parametrize("text", ["[1]", '{"a":', "[" * 100_000, '"text"', "nul"])
def test_a_tree_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        packing.unpacked_json(zstandard.ZstdCompressor().compress(text.encode()))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe needs a POSIX system")
def test_a_pipe_and_a_folder_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.sfumato")
    (tmp_path / "folder.sfumato").mkdir()
    for name in ("pipe", "folder", "nothing"):
        with pytest.raises(FileError):
            ProjectFile.open(tmp_path / f"{name}.sfumato")


def test_a_journal_of_another_file_does_no_harm(victim: Path) -> None:
    whole = victim.read_bytes()
    victim.with_name("picture.sfumato-journal").write_bytes(os.urandom(5000))
    project, _ = ProjectFile.open(victim)
    assert len(picture(project)) == 5
    project.close()
    assert victim.read_bytes()[:16] == whole[:16]


def test_nothing_left_is_said_and_left_alone(path: Path) -> None:
    path.write_bytes(os.urandom(100_000))
    before = path.read_bytes()
    with pytest.raises(Damaged):
        ProjectFile.open(path)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]
