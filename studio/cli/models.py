"""`models list|add|remove`."""

from __future__ import annotations

import argparse

from studio import paths
from studio.cli.report import Report
from studio.models.library import Library


def library() -> Library:
    """The list of models that the window shows too."""
    return Library(paths.starter_model(), paths.data() / "models.json")


def run(chosen: argparse.Namespace, report: Report) -> None:
    """Do what was chosen.

    Raises:
        ModelError: It cannot be done.
    """
    if chosen.action == "add":
        report.added(library().add(chosen.path).as_dict())
    elif chosen.action == "remove":
        library().remove(chosen.key)
        report.removed(chosen.key)
    else:
        report.models([one.as_dict() for one in library().all()])
