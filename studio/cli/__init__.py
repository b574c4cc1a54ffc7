"""The command line: the same jobs as in the window, without one and without a display."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from studio.cli import options
from studio.cli.report import Report
from studio.core.errors import StudioError

#: What a shell expects of a program that was cancelled.
CANCELLED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 done, 2 wrong usage, 3 bad input file, 4 model missing, refused or unusable, 5 engine
        failed, 130 cancelled.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    report = Report("--json" in given)
    try:
        chosen = options.parsed(given)
        # Only now Qt and numpy are loaded: help and slips of the pen are answered at once.
        if chosen.command == "models":
            from studio.cli import models

            models.run(chosen, report)
        elif chosen.command == "check":
            from studio.cli import check

            return check.run(chosen, report)
        elif chosen.command == "convert":
            from studio.cli import convert

            convert.run(chosen, report)
        elif chosen.command == "erase":
            from studio.cli import erase

            erase.run(chosen, report)
        else:
            from studio.cli import generate

            generate.run(chosen, report)
    except StudioError as error:
        report.failed(error)
        return error.exit_code
    except KeyboardInterrupt:
        report.cancelled()
        return CANCELLED
    return 0
