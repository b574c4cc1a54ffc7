"""Read every tile and record of a project and compare it with its digest."""

from __future__ import annotations

from pathlib import Path

import apsw

from studio.project.store import contents, packing, seals
from studio.project.store.contents import Contents
from studio.project.store.faults import damaged


def read(connection: apsw.Connection, path: Path, thorough: bool) -> tuple[Contents, int]:
    """What a project says, verified.

    When `thorough`, every tile and record is compared with its digest as well, which takes about
    a millisecond for each.

    Returns:
        Its contents, and how many tiles they name.

    Raises:
        Damaged: Something is missing or is not as it was written.
        apsw.Error: It cannot be read.
    """
    held = contents.read(connection, path)
    there = {name for (name,) in connection.execute("SELECT digest FROM tile")}
    named = held.named()
    if not named <= there:
        raise damaged(path, f"{len(named - there)} of its tiles are missing")
    if thorough:
        for (said,) in connection.execute("PRAGMA integrity_check(1)"):
            if said != "ok":
                raise damaged(path, "how it is stored does not fit together")
        wrong = len(_wrong(connection) & named)
        if wrong:
            raise damaged(path, f"{wrong} of its tiles are not as they were written")
        for kind, key, header, blob, sealed in connection.execute(
            "SELECT kind, key, header, data, seal FROM record"
        ):
            if sealed != seals.seal(kind, key, header, blob):
                raise damaged(path, "a record is not as it was written")
    return held, len(named)


def _wrong(connection: apsw.Connection) -> set[bytes]:
    """Digests of the tiles that are not as they were written."""
    rows = connection.execute("SELECT digest, data FROM tile")
    return {name for name, whole in packing.whole_all(rows) if not whole}
