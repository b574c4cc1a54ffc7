"""`check`: whether a project is as it was written, and what can be saved when it is not."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from studio.cli.report import Report
from studio.core.errors import FileError
from studio.project.store import checking
from studio.project.store.checking import Findings

#: What a damaged project ends the command with, like any other file that is not as it should be.
DAMAGED = FileError.exit_code


def run(chosen: argparse.Namespace, report: Report) -> int:
    """Check, and salvage when that was asked for and the project is damaged.

    Returns:
        0 sound, 3 damaged.

    Raises:
        FileError: It is no project, cannot be read, or what was salvaged cannot be written.
    """
    found = checking.check(chosen.file)
    saved = ""
    if not found.sound and found.savable and chosen.salvage is not None:
        found = checking.salvage(chosen.file, chosen.salvage)
        saved = str(chosen.salvage)
    values = {"file": str(chosen.file), **asdict(found), "salvaged": saved}
    report.checked(values, _lines(found, chosen.file.name, saved))
    return 0 if found.sound else DAMAGED


def _lines(found: Findings, name: str, saved: str) -> list[str]:
    if found.sound:
        return [
            (
                f"'{name}' is sound: {found.steps} steps, {found.tiles} tiles, "
                f"{found.records} records, every one as it was written."
            )
        ]
    lines = [f"'{name}' is damaged.", *found.sentences]
    if saved:
        return [*lines, f"What is whole was saved as '{saved}'; '{name}' was not touched."]
    if found.savable:
        can = f"{found.tiles} tiles of the picture and {found.steps} steps can be saved"
        lines.append(f"{can}: open it in the studio, or give --salvage OUT.")
    return lines
