"""The tables of a project file, and the connection that is safe to use on a stranger's."""

from __future__ import annotations

import os
import stat
import struct
from pathlib import Path

import apsw

from studio.project.store.faults import Newer, Refused, damaged

#: "Sfum"; stands in the header of the file, where `file` and the desktop can see it.
APPLICATION = 0x5366756D
VERSION = 1
SUFFIX = ".sfumato"
_MAGIC = b"SQLite format 3\0"
_HEADER = 100
#: Pages of 4096 bytes, and a journal that is rolled back.
_LAYOUT = b"\x10\0\1\1"
_NO_VERSION = 1 << 15
#: No value of a project is longer; a longer one is not read.
MAX_VALUE = 1 << 26

# What is long comes last in its row: what is short then survives when a page of the rest is lost.
# For the same reason the head says once more what its gesture says, and a tile, where it was first
# used: the head lies at the start of the file, a tile beside its pixels.
_COLUMNS = {
    "head": "id INTEGER PRIMARY KEY, gesture INTEGER NOT NULL, last INTEGER NOT NULL, "
    "next INTEGER NOT NULL, chain BLOB NOT NULL, state BLOB NOT NULL, seal BLOB NOT NULL, "
    "tree BLOB NOT NULL",
    "gesture": "id INTEGER PRIMARY KEY, base INTEGER NOT NULL, label TEXT NOT NULL, "
    "state BLOB NOT NULL, sum BLOB NOT NULL, seal BLOB NOT NULL, chain BLOB NOT NULL, "
    "tree BLOB NOT NULL, changes BLOB NOT NULL",
    "cell": "grid INTEGER NOT NULL, tx INTEGER NOT NULL, ty INTEGER NOT NULL, "
    "tile BLOB NOT NULL, PRIMARY KEY (grid, tx, ty)",
    "tile": "id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, grid INTEGER NOT NULL, "
    "tx INTEGER NOT NULL, ty INTEGER NOT NULL, data BLOB NOT NULL",
    "record": "id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, "
    "header BLOB NOT NULL, data BLOB NOT NULL, seal BLOB NOT NULL, UNIQUE (kind, key)",
}
TABLES = {
    name: f"CREATE TABLE {name} ({columns}) STRICT{', WITHOUT ROWID' if name == 'cell' else ''}"
    for name, columns in _COLUMNS.items()
}
#: The rows of sqlite_schema: kind, name, table, text.
_ROWS = frozenset(
    {
        *(("table", name, name, sql) for name, sql in TABLES.items()),
        ("index", "sqlite_autoindex_tile_1", "tile", None),
        ("index", "sqlite_autoindex_record_1", "record", None),
    }
)
#: Of every version that there has been.
SCHEMAS: dict[int, frozenset[tuple[str, str, str, str | None]]] = {VERSION: _ROWS}


def version_of(path: Path) -> int:
    """Which version wrote the file, by its first bytes alone.

    Raises:
        Refused: It is no project.
        Damaged: It is one no more.
        OSError: It cannot be read.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise Refused(f"'{path.name}' is not an ordinary file.", "Choose a project, .sfumato.")
    with path.open("rb") as file:
        start = file.read(_HEADER)
    if not start.strip(b"\0"):
        raise damaged(path, "it is empty")
    version, application = struct.unpack_from(">I4xI", start.ljust(_HEADER, b"\0"), 60)
    fitting = start[:16] == _MAGIC and application == APPLICATION
    if not fitting and path.suffix.lower() != SUFFIX:
        raise Refused(f"'{path.name}' is not a project of Sfumato.", "Choose another file.")
    if not fitting or start[16:20] != _LAYOUT or not 1 <= version <= _NO_VERSION:
        raise damaged(path, "its first bytes are wrong")
    return int(version)


def connected(path: Path, flags: int, uri: bool = False) -> apsw.Connection:
    """A connection on which nothing in the file can run, grow without bound or be shared."""
    name = f"{path.as_uri()}?immutable=1" if uri else os.fspath(path)
    connection = apsw.Connection(name, flags | (apsw.SQLITE_OPEN_URI if uri else 0))
    for option, on in (
        (apsw.SQLITE_DBCONFIG_DEFENSIVE, 1),
        (apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
        (apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
        (apsw.SQLITE_DBCONFIG_ENABLE_VIEW, 0),
        (apsw.SQLITE_DBCONFIG_DQS_DDL, 0),
        (apsw.SQLITE_DBCONFIG_DQS_DML, 0),
    ):
        connection.config(option, on)
    connection.limit(apsw.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    for pragma, value in (
        ("trusted_schema", "OFF"),
        ("cell_size_check", "ON"),
        ("mmap_size", "0"),
        ("temp_store", "MEMORY"),
        ("locking_mode", "EXCLUSIVE"),
    ):
        connection.execute(f"PRAGMA {pragma}={value}")
    return connection


def make_durable(connection: apsw.Connection) -> None:
    """A commit that has returned survives a power cut; a copy of the file is a project."""
    connection.execute("PRAGMA journal_mode=TRUNCATE")
    connection.execute("PRAGMA synchronous=FULL")


def lay(connection: apsw.Connection) -> None:
    """Write the tables of a new project; within the caller's transaction."""
    connection.execute(f"PRAGMA application_id={APPLICATION}")
    connection.execute(f"PRAGMA user_version={VERSION}")
    for table in TABLES.values():
        connection.execute(table)


def check(connection: apsw.Connection, path: Path, version: int) -> None:
    """Compare the schema text by text, before a row of any table is read.

    Raises:
        Refused: There are views, triggers or the like, which may be harmful.
        Newer: A newer program made it, and what this one reads is not in it.
        Damaged: It is not the one of that version.
    """
    rows: frozenset[tuple[str, str, str, str | None]] = frozenset(
        connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    )
    if any(kind in ("view", "trigger") or not _plain(sql) for kind, _, _, sql in rows):
        raise Refused(
            f"'{path.name}' holds more than a picture and may be harmful; it was not opened.",
            "Do not trust where it came from.",
        )
    if version > VERSION and not rows >= SCHEMAS[VERSION]:
        raise Newer(
            f"'{path.name}' was made by a newer Sfumato that keeps pictures in another way.",
            "Open it there, or bring this one up to date.",
        )
    if version <= VERSION and rows != SCHEMAS.get(version):
        raise damaged(path, "its tables are not those of a project")


def _plain(sql: object) -> bool:
    """Whether nothing but rows can be in there: a virtual table runs code."""
    return sql is None or not str(sql).upper().startswith("CREATE VIRTUAL")
