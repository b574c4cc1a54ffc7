"""Bring a project of an older version up to date, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import apsw

from studio.project.store import schema

#: What makes version n + 1 of version n: statements, for every n below the present version.
STEPS: Mapping[int, Sequence[str]] = {}


def migrate(connection: apsw.Connection, version: int) -> None:
    """Do what is missing; the file is as before until all of it is on the disk.

    Raises:
        apsw.Error: It cannot be done.
    """
    if version >= schema.VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    for number in range(version, schema.VERSION):
        for statement in STEPS[number]:
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version={schema.VERSION}")
    connection.execute("COMMIT")
