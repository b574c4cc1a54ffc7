"""Places: where a project file may be written into as one paints, and where only copies may go.

On a network share locks and flushes may be promises that nobody keeps, and a program that carries
a folder into a cloud uploads, renames and replaces a file while it is written into.
"""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePath

_SHARES = {
    *("9p", "afpfs", "afs", "ceph", "cifs", "davfs", "glusterfs", "ncpfs", "nfs", "nfs4"),
    *("smb3", "smbfs", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.onedriver", "fuse.rclone"),
    *("fuse.google-drive-ocamlfuse", "fuse.sshfs"),
}
_CLOUDS = (
    *("creative cloud files", "dropbox", "google drive", "googledrive", "icloud", "my drive"),
    *("mobile documents", "nextcloud", "onedrive", "owncloud", "pclouddrive", "seafile"),
)
_MOUNTS = Path("/proc/self/mountinfo")


def lives_here(path: Path) -> bool:
    """Whether a project may be written into at that path, stroke by stroke."""
    target = Path(os.path.realpath(path))
    if in_cloud(target) or str(target).startswith("\\\\"):
        return False
    try:
        mounts = _MOUNTS.read_text("utf-8", "surrogateescape")
    except OSError:
        return True  # only Linux has that file
    return kind_of_disk(target, mounts) not in _SHARES


def in_cloud(path: PurePath) -> bool:
    """Whether a folder above it has the name that a cloud's program gives its own."""
    return any(part.casefold().startswith(_CLOUDS) for part in path.parts[:-1])


def kind_of_disk(path: PurePath, mounts: str) -> str:
    """The file system on which a path lies; empty when nothing is said of it.

    Args:
        path: Absolute, without links.
        mounts: As in /proc/self/mountinfo (proc(5)).
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        before, found, after = line.partition(" - ")
        columns = before.split(" ")
        if not found or len(columns) < 5:
            continue
        # The kernel writes space, tab, newline and backslash as octal numbers.
        point = re.sub(r"\\(\d{3})", lambda each: chr(int(each[1], 8)), columns[4])
        if PurePath(point) in (path, *path.parents) and len(point) > best:
            best, kind = len(point), after.split(" ")[0]
    return kind
